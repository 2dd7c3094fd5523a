"""What is wrong with a watch itself: each is told once, and once when it is over."""

from __future__ import annotations

from collections.abc import Callable

from bcp.errors import BcpError, Locked, StoreError
from bcp.files import in_words
from bcp.i18n import _


class Troubles:
    """What is wrong now. All of it happens in the event loop."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        """`tell` gets a sentence for people."""
        self._tell = tell
        self._now: dict[str, str] = {}
        self._was_locked = False

    def failed(self, about: str, words: str) -> None:
        """Something failed; what is said already, of this or of something else, is not said again."""
        is_new = words not in self._now.values()
        self._now[about] = words
        if is_new:
            self._tell(words)

    def over(self, about: str) -> None:
        """It works, again or as before."""
        words = self._now.pop(about, None)
        if words is not None and words not in self._now.values():
            self._tell(_("This is over: {words}").format(words=words))

    def of_store(self, trouble: StoreError | None) -> None:
        """How the store took what was to be kept. Another program may hold it for a moment: that is told from the
        second time in a row on."""
        if trouble is None:
            self.over("store")
        elif not isinstance(trouble, Locked) or self._was_locked:
            self.failed("store", of_store(trouble))
        self._was_locked = isinstance(trouble, Locked)


def of_store(error: StoreError) -> str:
    """What a store that takes nothing means for whoever watches."""
    words = _("What the watch sees is kept in memory only. {why}: {hint}")
    return words.format(why=error.message[:1].upper() + error.message[1:], hint=error.hint)


def of_duty(error: BaseException) -> str:
    """What a duty of the watch failed with; a bug of ours is told as such, and where it was kept is in the log."""
    if isinstance(error, StoreError):
        return of_store(error)
    if isinstance(error, BcpError):
        return f"{error.message}: {error.hint}" if error.hint else error.message
    if isinstance(error, OSError):
        return in_words(error)
    return _("Something that the watch does failed: a fault of bcp. The watch goes on; its log says more.")


def of_looks() -> str:
    """Looks that ended as none may."""
    return _("The watch could not look: a fault of bcp. It tries again. Look yourself: bcp check diagnose")
