"""What a watch sees, gathered for a moment: a thousand checks that begin are not a thousand flushes to the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

from bcp.check.span import Seen
from bcp.check.sure_spans import SureSpans
from bcp.check.troubles import Troubles

_WITHIN = 0.05
"""Seconds."""


class GatheredLooks:
    """Hands the looks to the spans, and says how the store took them. All of it happens in the event loop."""

    def __init__(self, spans: SureSpans, troubles: Troubles, bug: Callable[[BaseException], None]) -> None:
        self._spans, self._troubles, self._bug = spans, troubles, bug
        self._seen: list[tuple[Seen, timedelta]] = []

    def add(self, seen: Seen, gap: timedelta) -> None:
        """Keep this in a moment, with what else is seen until then; `gap` is that of `Spans.note`."""
        if not self._seen:
            asyncio.get_running_loop().call_later(_WITHIN, self.keep)
        self._seen.append((seen, gap))

    def keep(self, all_of_it: bool = False) -> None:
        """Keep it now; with `all_of_it` also what is only counted so far, and what the store refused before."""
        seen, self._seen = self._seen, []
        try:
            if seen:
                self._spans.note(seen)
            if all_of_it:
                self._spans.flush()
            self._troubles.of_store(self._spans.trouble)
        except Exception as error:  # noqa: BLE001 - a bug of ours, and it ends no look
            self._bug(error)
