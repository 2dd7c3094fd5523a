"""The courier of a watch: a thread that tells people what waits as soon as it is due, and delays no look."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Event, Thread

from bcp.alert.alert import Alert
from bcp.app.alert.post import AlertPost
from bcp.app.session import Session
from bcp.check.notifier import carefully
from bcp.office.model import Office

_LONGEST = 60.0
"""Seconds after which it looks anyway: another process may have left something."""
_PATIENCE = 15.0
"""Seconds that a way may hang before the others are looked after again."""
LAST_WORDS = 8.0
"""Seconds that the end waits for what nobody was tried with yet: that nobody looks any more is told now or never."""
_OLD_WORDS = 0.6
"""The same for what was tried before: it is kept, and told by the next watch or pass."""


class Courier:
    """Keeps alerts at once and tells them in a thread of its own."""

    def __init__(
        self, session: Session, office: Callable[[], Office], say: Callable[[str], None],
        guarded: Callable[[Callable[[], None]], Callable[[], None]],
    ) -> None:  # fmt: skip
        """`session` is for its thread alone; a bug in it goes to what `guarded` makes of a deed."""
        self._post = AlertPost(session, office, say)
        self._clock, self._say = session.clock, say
        self._wakes, self._is_over = Event(), False
        self._has_new = self._tells_new = False
        self._deliver = guarded(self._look_after)
        self._wait = 0.0
        self._thread = Thread(target=self._run, daemon=True, name="courier")

    def start(self) -> None:
        """Begin with what an earlier process left."""
        self._thread.start()

    def keep(self, alerts: Iterable[Alert]) -> None:
        """Keep alerts; they are told soon after `wake`."""
        if every := list(alerts):
            self._post.keep(every)
            self._has_new = True

    def wake(self) -> None:
        """There is something to tell."""
        self._wakes.set()

    def end(self, patience: float = LAST_WORDS) -> None:
        """Tell what is new and can be told within `patience` seconds; the rest is kept."""
        self._is_over = True
        self._wakes.set()
        if self._has_new and self._thread.ident is None:
            self._thread.start()
        if self._thread.is_alive():
            self._thread.join(patience if self._has_new or self._tells_new else _OLD_WORDS)

    def _run(self) -> None:
        while self._has_new or not self._is_over:
            if not self._is_over:
                self._wakes.wait(self._wait)
            self._wakes.clear()
            self._wait = _LONGEST
            # In this order: at no moment it looks as if nothing new were to be told.
            self._tells_new = self._tells_new or self._has_new
            self._has_new = False
            carefully(self._deliver, self._say)
            self._tells_new = False

    def _look_after(self) -> None:
        due = self._post.deliver(_PATIENCE)
        if due is not None:
            ahead = (due - self._clock.now()).total_seconds()
            self._wait = min(max(ahead, 0.2), _LONGEST)
