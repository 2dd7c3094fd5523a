"""Check: the model of a file in checks/, a named thing that is looked at in one or more ways."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from bcp.probe.base import Probe
from bcp.times import parse_duration, write_duration
from bcp.yaml.keyed import OneKey, fail, told
from bcp.yaml.rules import said, unsaid
from bcp.yaml.shape import Shape, any_case
from bcp.yaml.types import ONE_OR_MORE, ClockTime, Day, Id, Line, Model, SomeDuration, Text

PROBES = "bcp.probe.kinds"
MOST_LOOKS = 20
LINE_RUNBOOK = "internet-outage"
"""The runbook that a broken line leads to; a check that leads there looks at the line, unless it says otherwise."""

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CONFIRM = re.compile(r"(\d{1,3})(?: of (\d{1,3}))? looks? in (\S+)")


class Confirm(Model):
    """How often a change must be seen before it is believed, of how many looks, and in what time.

    `3 looks in 4s` are three in a row: three of three.
    """

    looks: int = Field(ge=1, le=MOST_LOOKS)
    of: int = Field(ge=1, le=MOST_LOOKS)
    within: timedelta

    @property
    def pause(self) -> float:
        """Seconds from the beginning of one look to that of the next."""
        return self.within.total_seconds() / max(1, self.of - 1)

    def __str__(self) -> str:
        """`3 looks in 4s` or `3 of 5 looks in 10s`, as the file says it."""
        count = str(self.looks) if self.of == self.looks else f"{self.looks} of {self.of}"
        return f"{count} look{'' if self.of == 1 else 's'} in {write_duration(self.within)}"


def _confirm(value: Any) -> Any:
    if isinstance(value, Confirm):
        return value
    found = _CONFIRM.fullmatch(" ".join(value.split()).lower()) if isinstance(value, str) else None
    wrong = ValueError("expected a number of looks and a time, such as 3 looks in 4s or 3 of 5 looks in 10s")
    if not found:
        raise wrong
    try:
        looks, of, within = int(found[1]), int(found[2] or found[1]), parse_duration(found[3])
    except ValueError:
        raise wrong from None
    if not (1 <= looks <= MOST_LOOKS and 1 <= of <= MOST_LOOKS):
        raise ValueError(f"expected 1 to {MOST_LOOKS} looks, such as 3 looks in 4s")
    if looks > of:
        raise ValueError(f"expected no more than all of the looks, such as {of} of {looks} looks in 10s")
    return Confirm(looks=looks, of=of, within=within)


_AS_TEXT = PlainSerializer(str, return_type=str)
_COUNT = rf"0*(?:[1-9]|1\d|{MOST_LOOKS})"
_CONFIRM_SHAPE = Shape(
    rf"^\s*{_COUNT}(?:\s+{any_case('of')}\s+{_COUNT})?\s+{any_case('look')}[sS]?\s+{any_case('in')}\s+[0-9wdhmsWDHMS]+\s*$",
    f"1 to {MOST_LOOKS} looks and a time, such as 3 looks in 4s or 3 of 5 looks in 10s",
    (),
    {"examples": ["3 looks in 4s", "3 of 5 looks in 10s"]},
)
ConfirmRule = Annotated[Confirm, BeforeValidator(_confirm), _AS_TEXT, _CONFIRM_SHAPE]


def _day_name(value: Any) -> Any:
    return value.strip().lower()[:3] if isinstance(value, str) and value.strip().isalpha() else value


WeekdayName = Annotated[
    Weekday,
    BeforeValidator(_day_name),
    Shape(rf"^\s*{any_case(*WEEKDAYS)}[A-Za-z]*\s*$", "a weekday such as mon or Sunday"),
]


class Hours(Model):
    """A time of day, on some weekdays, every day, or on one date; it may go past midnight."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [unsaid("on"), unsaid("days")]})

    days: Annotated[list[WeekdayName], ONE_OR_MORE] = Field(
        default=[], description="weekdays by name; every day where nothing is said", examples=["[sat, sun]"]
    )
    on: Day | None = Field(default=None, description="one date instead", examples=["2026-12-24"])
    begin: ClockTime = Field(alias="from", examples=['"22:00"'], description="when it begins")
    end: ClockTime = Field(
        alias="to", examples=['"06:00"'], description="when it ends; earlier than from: the next day"
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Hours:
        if self.begin == self.end:
            fail(
                "Hours", [told(("to",), "from and to are the same time", 'a whole day is "00:00" to "23:59"')]
            )
        if self.days and self.on:
            fail("Hours", [told(("on",), "either days: or on:, not both", "write two entries")])
        return self


def _need(value: Any) -> Any:
    if isinstance(value, str) and value.strip().lower() in ("all", "any"):
        return value.strip().lower()
    if isinstance(value, str | int) and str(value).strip().isdecimal() and int(value) >= 1:
        return int(value)
    raise ValueError("expected all, any or a number of probes, such as 2")


Need = Annotated[
    Literal["all", "any"] | int,
    BeforeValidator(_need),
    Shape(
        rf"^\s*(?:{any_case('all', 'any')}|0*[1-9]\d*)\s*$",
        "all, any or a number of probes, such as 2",
        ("integer",),
        {"minimum": 1},
    ),
]


AnyProbe = Annotated[Probe, OneKey(PROBES, "probe", "{tcp: {host: 192.168.1.1, port: 80}}")]


class Check(Model):
    """A named thing that is looked at."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["start"], "properties": {"start": {"const": "auto"}}},
            "then": said("runbook"),
        }
    )

    check: Id = Field(description="a short name", examples=["internet"])
    title: Line = Field(
        max_length=100, description="what is looked at, in words", examples=["The office's internet"]
    )
    every: SomeDuration = Field(default=timedelta(minutes=1), description="how often `bcp watch` looks")
    need: Need = Field(default="all", description="how many probes must see it", examples=["all", "any", "2"])
    confirm: ConfirmRule = Field(
        default=Confirm(looks=3, of=3, within=timedelta(seconds=4)),
        description="how often a change must be seen before it is believed; in a row, or of how many looks",
        examples=["3 looks in 4s", "3 of 5 looks in 10s"],
    )
    confirm_up: ConfirmRule | None = Field(
        default=None,
        description="the same for its way back up; as confirm where nothing is said",
        examples=["5 looks in 20s"],
    )
    probes: list[AnyProbe] = Field(
        min_length=1, description="the ways of looking", examples=["[{tcp: {host: 192.168.1.1, port: 80}}]"]
    )
    depends_on: Annotated[list[Id], ONE_OR_MORE] = Field(
        default=[], description="checks without which this one can tell nothing", examples=["[internet]"]
    )
    own_path: bool | None = Field(
        default=None,
        description="yes: it looks at our own line, so a broken line makes it down, not inconclusive",
    )
    runbook: Id | None = Field(
        default=None, description="what to do when it is down", examples=["internet-outage"]
    )
    start: Literal["ask", "auto"] = Field(
        default="ask",
        description="ask: it proposes the runbook, and a person starts it; auto: the check starts it itself",
    )
    maintenance: Annotated[list[Hours], ONE_OR_MORE] = Field(
        default=[],
        description="times at which nobody looks",
        examples=['[{days: [sun], from: "02:00", to: "04:00"}]'],
    )
    quiet: Annotated[list[Hours], ONE_OR_MORE] = Field(
        default=[],
        description="times at which nobody is reminded",
        examples=['[{from: "22:00", to: "06:00"}]'],
    )
    remind: SomeDuration | None = Field(
        default=None, description="how often to remind people while it is not simply up", examples=["1h"]
    )
    note: Text | None = Field(default=None, description="what else is to be known")

    @model_validator(mode="after")
    def _fits_together(self) -> Check:
        fail("Check", list(self._mistakes()))
        return self

    def _mistakes(self) -> Iterator[Any]:
        count = len(self.probes)
        if isinstance(self.need, int) and self.need > count:
            words = f"need is {self.need}, but there {'is' if count == 1 else 'are'} only {count}"
            yield told(("need",), f"{words} probe{'' if count == 1 else 's'}", "add a probe or lower need")
        if self.check in self.depends_on:
            yield told(("depends_on",), "it depends on itself", "name another check, or take it away")
        if self.start == "auto" and self.runbook is None:
            yield told(("start",), "start: auto without a runbook", "add runbook: or take start: away")

    def rule(self, is_up: bool) -> Confirm:
        """What confirms that it is up again, or that it is not."""
        return self.confirm_up or self.confirm if is_up else self.confirm

    @property
    def needed(self) -> int:
        """How many probes must see it."""
        match self.need:
            case "all":
                return len(self.probes)
            case "any":
                return 1
            case number:
                return number

    @property
    def is_about_path(self) -> bool:
        """Whether it looks at our own line, so that a broken line is what it is there to find."""
        return self.runbook == LINE_RUNBOOK if self.own_path is None else self.own_path

    def targets(self) -> set[str]:
        """The hosts that its probes look at."""
        return {host for probe in self.probes for host in probe.targets()}
