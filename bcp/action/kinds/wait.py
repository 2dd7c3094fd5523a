"""wait: until a time or for a while, as stored state: the process may end meanwhile."""

from __future__ import annotations

from datetime import timedelta

from pydantic import ConfigDict, Field, model_validator

from bcp.action.base import Action, Deed, Tools, Wait
from bcp.i18n import _
from bcp.times import next_clock, say_duration
from bcp.yaml.rules import exactly_one
from bcp.yaml.types import ClockTime, SomeDuration


class WaitFor(Action):
    """Wait for a while, or until the office's clock shows a time."""

    model_config = ConfigDict(json_schema_extra=exactly_one("for", "until"))

    length_: SomeDuration | None = Field(
        default=None, alias="for", examples=["10m"], description="how long to wait"
    )
    until: ClockTime | None = Field(
        default=None, examples=['"14:00"'], description="the time of day to wait for"
    )

    @model_validator(mode="after")
    def _one_of_them(self) -> WaitFor:
        if (self.length_ is None) == (self.until is None):
            raise ValueError('expected either for: or until:, such as {for: 10m} or {until: "14:00"}')
        return self

    def describe(self) -> str:
        """How long."""
        if self.length_:
            return _("Wait {time}").format(time=say_duration(self.length_))
        return _("Wait until {time}").format(time=f"{self.until:%H:%M}")

    def is_repeatable(self) -> bool:
        """Waiting does no harm."""
        return True

    def length(self) -> timedelta:
        """How long it takes; until a clock time is not known beforehand."""
        return self.length_ or timedelta(0)

    def least(self) -> timedelta:
        """All of it."""
        return self.length()

    def run(self, tools: Tools) -> Deed:
        """Name the moment; the engine keeps it."""
        now = tools.clock.now()
        if self.length_ is not None:
            return Wait(now + self.length_)
        assert self.until is not None
        return Wait(next_clock(self.until, now, tools.zone))


Kind = WaitFor
