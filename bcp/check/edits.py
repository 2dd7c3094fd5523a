"""Edits of the files that a watch goes by: taken up, or told as a mistake while the last good checks stay."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from bcp.check.troubles import Troubles
from bcp.check.wiring import WatchPlan, Wiring
from bcp.errors import InputError, SourceError
from bcp.i18n import _

_LASTING = 60.0
"""Seconds after which a mistake in a file is no half-saved file any more, and people are told of it."""


class Edits:
    """The files as they were last read."""

    def __init__(self, wiring: Wiring, troubles: Troubles) -> None:
        self._wired, self._troubles = wiring, troubles
        self._stamp = _stamp(wiring.files())

    def plan(self) -> WatchPlan | None:
        """The plan of an edit; None where there was none, or it does not load, which is said once."""
        stamp = _stamp(self._wired.files())
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        try:
            plan = self._wired.load()
        except InputError as error:
            mistakes = [str(mistake) for mistake in error.mistakes] if isinstance(error, SourceError) else []
            told = "; ".join(mistakes[:3]) or error.message
            words = _("the last good checks stay, because of a mistake: {told}").format(told=told)
            self._wired.say(words)
            asyncio.get_running_loop().call_later(_LASTING, self._still_wrong, stamp, words)
            return None
        self._troubles.over("files")
        return plan

    def _still_wrong(self, stamp: object, words: str) -> None:
        """Nobody mended a mistake for a minute: people hear of it."""
        if stamp == self._stamp:
            self._troubles.failed("files", words)


def _stamp(files: Iterable[Path]) -> tuple[tuple[str, int, int], ...]:
    found = []
    for file in files:
        with suppress(OSError):
            stat = file.stat()
            found.append((str(file), stat.st_mtime_ns, stat.st_size))
    return tuple(found)
