"""One pass for those who have no loop of their own: look at the checks, and say what is wrong where one fails."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bcp.check.diagnose import Diagnosis, diagnose
from bcp.check.model import Check
from bcp.check.network_path import References
from bcp.check.round import Outcome, Round
from bcp.check.span import Span, states
from bcp.probe.base import Shared, works


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass found: an outcome for each check, and a diagnosis where something newly failed.

    `held` are the spans of the checks, from which it follows since when a state lasts that is no news.
    """

    outcomes: tuple[Outcome, ...]
    diagnosis: Diagnosis | None
    held: Mapping[str, Span] = field(default_factory=dict)

    def since(self, outcome: Outcome) -> datetime:
        """Since when the check is as this outcome says."""
        span = self.held.get(outcome.check)
        lasts = span is not None and span.state == outcome.state and not outcome.is_news
        return span.first if span is not None and lasts else outcome.since

    @property
    def news(self) -> list[Outcome]:
        """What people want to hear of."""
        return [outcome for outcome in self.outcomes if outcome.is_news]


def look(
    checks: Mapping[str, Check],
    held: Mapping[str, Span],
    due: Iterable[str],
    *,
    shared: Shared,
    zone: ZoneInfo,
    references: References,
    found: Callable[[Outcome], None] = lambda _outcome: None,
) -> Pass:
    """Look at the checks `due`; `held` are the spans that we hold of them. `found` is called with each outcome at once.

    The diagnosis begins with the first failure, beside the looks that confirm it.
    """

    async def passing() -> Pass:
        diagnosing: list[asyncio.Task[Diagnosis]] = []

        def suspect() -> None:
            if not diagnosing:
                diagnosing.append(
                    asyncio.create_task(diagnose(checks, shared, references, under_way=a_round))
                )

        a_round = Round(checks, states(held), shared, zone, references=references, suspected=suspect)
        outcomes = tuple(await a_round.run(due, found))
        for task in diagnosing:
            if any(outcome.is_news and not works(outcome.state) for outcome in outcomes):
                diagnosis = await task
                told = tuple(diagnosis.excused(each, checks[each.check]) for each in outcomes)
                return Pass(told, diagnosis.resolved(told, checks), held)
            task.cancel()
        return Pass(outcomes, None, held)

    with _nothing_collected():
        return asyncio.run(passing())


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """One pass leaves little garbage and ends soon; to search for it takes a fifth of its CPU."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
