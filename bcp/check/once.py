"""One pass for those who have no loop of their own: look at the checks, and say what is wrong where one fails."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bcp.check.diagnose import Diagnosis, diagnose
from bcp.check.model import Check
from bcp.check.round import Outcome, Round
from bcp.probe.base import Shared, State


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass found: an outcome for each check, and a diagnosis where something newly failed."""

    outcomes: tuple[Outcome, ...]
    diagnosis: Diagnosis | None

    @property
    def news(self) -> list[Outcome]:
        """What people want to hear of."""
        return [outcome for outcome in self.outcomes if outcome.is_news]


def look(
    checks: Mapping[str, Check], held: Mapping[str, State], shared: Shared, zone: ZoneInfo, due: Iterable[str]
) -> Pass:
    """Look at the checks `due`; `held` are the states that we hold of them."""
    return asyncio.run(look_and_diagnose(checks, held, shared, zone, due))


async def look_and_diagnose(
    checks: Mapping[str, Check], held: Mapping[str, State], shared: Shared, zone: ZoneInfo, due: Iterable[str]
) -> Pass:
    """As `look`. The diagnosis begins with the first failure, beside the looks that confirm it."""
    diagnosing: asyncio.Task[Diagnosis] | None = None

    def suspect() -> None:
        nonlocal diagnosing
        if diagnosing is None:
            diagnosing = asyncio.create_task(diagnose(checks, shared))

    outcomes = tuple(await Round(checks, held, shared, zone, suspected=suspect).run(due))
    if diagnosing is None:
        return Pass(outcomes, None)
    if any(outcome.is_news and outcome.state != "up" for outcome in outcomes):
        return Pass(outcomes, await diagnosing)
    diagnosing.cancel()
    return Pass(outcomes, None)
