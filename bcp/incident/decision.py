"""A decision of a running incident: when it falls due, and what has become of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from bcp.runbook.compiled import PlanDecision
from bcp.times import next_clock, on_day, parse_clock

Why = Literal["time", "broken-promises", "cost"]
ANNOUNCE_BEFORE = timedelta(minutes=30)
_SATURDAY = 5


@dataclass(eq=False)
class DecisionState:
    """One question with its deadline, as the journal tells it. `announced` and `fired` are said of this deadline."""

    id: str
    plan: PlanDecision
    runbook: str
    since: datetime
    due: datetime
    announced: bool = False
    fired: bool = False
    overridden_by: str = ""
    override_reason: str = ""
    answer: str | None = None
    answered_at: datetime | None = None
    answered_by: str = ""
    reason: str = ""
    by_default: bool = False

    @property
    def open(self) -> bool:
        """Whether nobody has answered it."""
        return self.answer is None

    @property
    def question(self) -> str:
        """What is asked."""
        return self.plan.question

    @property
    def who(self) -> str:
        """The role that decides, or nothing where the runbook names none."""
        return self.plan.who or ""

    @property
    def default(self) -> str:
        """The answer that is prepared when nobody answers."""
        return self.plan.default

    @property
    def answers(self) -> dict[str, str | None]:
        """The answers, each with the runbook that it starts, if it starts one."""
        return {choice.answer: choice.runbook for choice in self.plan.answers}

    @property
    def announced_from(self) -> datetime:
        """From when on people are told that it is coming: half an hour before, or at half its time."""
        return self.due - min(ANNOUNCE_BEFORE, (self.due - self.since) / 2)

    def why_due(self, now: datetime, broken: int, spent: Mapping[str, Decimal]) -> Why | None:
        """Why it is due; None while it is not. After an override only its new time counts.

        `broken` is how many promises were broken, `spent` what was spent in each currency.
        """
        if not self.open:
            return None
        if now >= self.due:
            return "time"
        if self.overridden_by:
            return None
        wanted = self.plan.or_broken_promises
        if wanted is not None and broken >= wanted:
            return "broken-promises"
        limit, _blank, currency = (self.plan.or_cost or "").partition(" ")
        if limit and spent.get(currency, Decimal(0)) >= Decimal(limit):
            return "cost"
        return None


def due_at(at: float | str, since: datetime, zone: ZoneInfo) -> datetime:
    """The deadline of a decision: so many seconds after `since`, or a clock time on the next working day.

    A clock time on a Saturday or Sunday is not meant: nobody is there to decide.
    """
    if not isinstance(at, str):
        return since + timedelta(seconds=at)
    found = next_clock(parse_clock(at), since, zone)
    while (day := found.astimezone(zone).date()).weekday() >= _SATURDAY:
        found = on_day(day + timedelta(days=1), parse_clock(at), zone)
    return found
