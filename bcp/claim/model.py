"""Rule: what a law or a contract grants for which trouble; Deadline: by when something must be asked.

Certainty: A the primary text was read, B a regulator's page, C a secondary page, R from memory, X not found or
contradictory. Only A and B go into a letter unless a person vouches for the rule.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from bcp.claim.formula import check as check_formula
from bcp.office.model import CustomerClass
from bcp.yaml.types import Day, Id, Line, Model, Text, YesNoUnknown

Trouble = Literal["outage", "late-switch", "late-porting", "late-start", "missed-appointment"]
Certainty = Literal["A", "B", "C", "R", "X"]
DayKind = Literal["calendar", "working"]
CERTAIN = frozenset({"A", "B"})
CONTRACT = "bcp.yaml"


def _formula(value: Any) -> Any:
    return check_formula(value) if isinstance(value, str) else value


def _currency(value: Any) -> Any:
    return value.strip().upper() if isinstance(value, str) else value


Formula = Annotated[str, BeforeValidator(_formula), Field(examples=["max(5, monthly_fee * 10/100)"])]
Currency = Annotated[str, BeforeValidator(_currency), Field(pattern=r"^[A-Z]{3}$", examples=["EUR"])]


class ClaimSpan(Model):
    """A number of days of one kind."""

    days: int = Field(ge=0, le=400)
    kind: DayKind = "calendar"


class Count(Model):
    """Which days are paid: from the day `since` or the one after it, without the first `free` days.

    The day of restoration is never counted. With `only_over`, nothing is due unless more days than that passed;
    then all are paid. `of: appointments` pays each missed appointment instead.
    """

    of: Literal["days", "appointments"] = "days"
    since: Literal["outage", "report", "agreed"] = Field(
        default="outage", description="the first failure, the report's receipt, or the agreed day"
    )
    first: Literal["same-day", "next-day"] = "same-day"
    free: ClaimSpan = ClaimSpan(days=0)
    only_over: ClaimSpan = ClaimSpan(days=0)
    paid: DayKind = "calendar"


class Tier(Model):
    """What each paid day brings, from the paid day number `day` on until the next tier."""

    day: int = Field(default=1, ge=1, alias="from", examples=[3])
    amount: Formula


class ClaimRule(Model):
    """What is owed for one kind of trouble."""

    rule: Id
    title: Line
    event: list[Trouble] = Field(min_length=1)
    classes: list[CustomerClass] = Field(alias="for", min_length=1)
    waivable: bool = Field(default=False, description="a firm may have given it up in its contract")
    valid_from: Day
    valid_to: Day | None = None
    law: Line
    article: Line
    source: Line
    read_on: Day
    certainty: Certainty
    count: Count
    per_day: list[Tier] = Field(min_length=1)
    currency: Currency
    note: Text | None = Field(default=None, description="what was assumed, or must be looked at first")

    @model_validator(mode="after")
    def _tiers_rise(self) -> ClaimRule:
        days = [tier.day for tier in self.per_day]
        if days[0] != 1 or days != sorted(set(days)):
            raise ValueError("expected tiers that begin with the first day and rise")
        return self

    @property
    def is_certain(self) -> bool:
        """Whether it may stand in a letter without a person's word."""
        return self.certainty in CERTAIN

    @property
    def origin(self) -> str:
        """Where it stands: law, article, the page that was read and when; for a contract, bcp.yaml."""
        if self.source == CONTRACT:
            return f"{self.law}: {self.article}"
        return f"{self.law}, {self.article}; {self.source}, {self.read_on}"

    @property
    def formula(self) -> str:
        """All tiers in one line."""
        if len(self.per_day) == 1:
            return self.per_day[0].amount
        return "; ".join(f"from day {tier.day}: {tier.amount}" for tier in self.per_day)


class Deadline(Model):
    """By when something must be asked, or answered."""

    deadline: Id
    title: Line
    after: Literal["report", "restored", "complaint", "answer"]
    months: int = Field(default=0, ge=0, le=120)
    days: int = Field(default=0, ge=0, le=3650)
    whose: Literal["ours", "provider"] = "ours"
    consequence: Line
    source: Line
    certainty: Certainty


class Country(Model):
    """The rules of one country."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    subdivision: Line | None = Field(default=None, description="whose public holidays are counted")
    authority: Line
    authority_open: YesNoUnknown = Field(description="whether a firm may bring its dispute there")
    rules: list[ClaimRule] = Field(min_length=1)
    deadlines: list[Deadline] = Field(default_factory=list)
