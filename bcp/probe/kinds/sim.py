"""sim: the SIM card of a stand-by line will carry us: it lives on, with data and credit; else a warning.

It goes by what bcp.yaml says of the line (`sim_expires`, `data_left`, `credit`), which somebody looked up; an old
figure warns, too. Where nothing is known, nobody can tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import Field

from bcp.i18n import _
from bcp.office.line import OfficeLine
from bcp.probe.base import Attempt, Probe, Result
from bcp.probe.trouble import Trouble
from bcp.times import say_duration
from bcp.yaml.types import Id, Money, SomeDuration


class Sim(Probe):
    """A stand-by line has a SIM card that lives, with data and credit."""

    line: Id = Field(description="the line of bcp.yaml that the card belongs to", examples=["mobile"])
    days: int = Field(default=30, ge=0, le=3650, description="a warning when the card ends in fewer days")
    gigabytes: float | None = Field(
        default=None, ge=0, description="a warning when less data is left", examples=[5]
    )
    credit: Money | None = Field(
        default=None, description="a warning when less credit is left", examples=["10 PLN"]
    )
    seen_within: SomeDuration = Field(
        default=timedelta(days=90), description="a warning when somebody looked them up longer ago"
    )

    def describe(self) -> str:
        """One line: whose card."""
        return _("see that the SIM card of the line {line} is good for {days} more days").format(
            line=self.line, days=self.days
        )

    async def see(self, attempt: Attempt) -> Result:
        """Compare what is known of the card with today."""
        line = attempt.shared.line(self.line)
        if line is None:
            raise Trouble(_("bcp.yaml has no line {line}").format(line=self.line), "inconclusive")
        now = attempt.shared.clock.now()
        known = list(_known(line))
        if not known:
            words = _(
                "bcp.yaml does not say how the SIM card of {line} is: add sim_expires, data_left or credit"
            )
            raise Trouble(words.format(line=self.line), "inconclusive")
        wrong = list(self._wrong(line, now))
        evidence: dict[str, Any] = {"sim_expires": line.sim_expires, "known": known}
        return Result("warning" if wrong else "up", ". ".join(wrong or known), evidence=evidence)

    def _wrong(self, line: OfficeLine, now: datetime) -> Iterator[str]:
        if line.sim_expires is not None:
            left = (date.fromisoformat(line.sim_expires) - now.date()).days
            if left < 0:
                yield _("the SIM card expired on {day}").format(day=line.sim_expires)
            elif left < self.days:
                words = _("the SIM card ends in {left} days, sooner than {days}: use it or top it up")
                yield words.format(left=left, days=self.days)
        data, credit = line.data_left, line.credit
        if data is not None and self.gigabytes is not None and data.gigabytes < self.gigabytes:
            words = _("{left:g} GB are left, less than {wanted:g} GB")
            yield words.format(left=data.gigabytes, wanted=self.gigabytes)
        if credit is not None and self.credit is not None and _is_less(credit.amount, self.credit):
            yield _("{left} of credit is left, less than {wanted}").format(
                left=credit.amount, wanted=self.credit
            )
        for seen in sorted({each.seen for each in (data, credit) if each is not None}):
            age = timedelta(days=(now.date() - date.fromisoformat(seen)).days)
            if age > self.seen_within:
                words = _("what is left was looked up {age} ago: look again, and write it into bcp.yaml")
                yield words.format(age=say_duration(age))


def _known(line: OfficeLine) -> Iterator[str]:
    if line.sim_expires is not None:
        yield _("the SIM card lives until {day}").format(day=line.sim_expires)
    if line.data_left is not None:
        words = _("{left:g} GB left as of {seen}")
        yield words.format(left=line.data_left.gigabytes, seen=line.data_left.seen)
    if line.credit is not None:
        words = _("{amount} of credit left as of {seen}")
        yield words.format(amount=line.credit.amount, seen=line.credit.seen)


def _is_less(left: str, wanted: str) -> bool:
    """Of two sums; of two currencies nobody can tell."""
    one, two = left.split(), wanted.split()
    return one[1] == two[1] and float(one[0]) < float(two[0])


Kind = Sim
