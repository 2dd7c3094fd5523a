"""Counting days: calendar and working days of a country, its public holidays left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bcp.claim.model import ClaimSpan, Count, DayKind
from bcp.errors import InputError

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of a country."""

    country: str
    subdivision: str = ""

    def working(self, first: date, last: date) -> Callable[[date], bool]:
        """Whether a day between these two is a working day: Monday to Friday, and no public holiday.

        Raises InputError where the holidays are not known.
        """
        import holidays

        known = holidays.list_supported_countries()
        if self.subdivision not in ("", *known.get(self.country, ())) or self.country not in known:
            place = f"{self.subdivision}, {self.country}" if self.subdivision else self.country
            raise InputError(
                f"the public holidays of {place} are not known, so working days cannot be counted",
                f"write another subdivision: in claims/{self.country.lower()}.yaml, or none",
            )
        free = holidays.country_holidays(
            self.country, subdiv=self.subdivision or None, years=range(first.year, last.year + 1)
        )
        return lambda day: day.weekday() < SATURDAY and day not in free


@dataclass(frozen=True, slots=True)
class Counted:
    """The days that are paid, and those that were passed over, in their order."""

    paid: tuple[date, ...]
    free: tuple[date, ...] = ()
    too_short: bool = False


def count_days(count: Count, since: date, restored: date, calendar: Calendar) -> Counted:
    """The paid days from `since` to the day before `restored`, by the rule's `count`."""
    first = since + timedelta(days=count.first == "next-day")
    all_days = tuple(_days(first, restored))
    is_working = calendar.working(first, restored)

    def of_kind(kind: DayKind, days: tuple[date, ...]) -> tuple[date, ...]:
        return tuple(day for day in days if kind == "calendar" or is_working(day))

    if count.only_over.days and len(of_kind(count.only_over.kind, all_days)) <= count.only_over.days:
        return Counted((), all_days, too_short=True)
    rest = _behind(count.free, all_days, of_kind)
    paid = of_kind(count.paid, rest)
    return Counted(paid, all_days[: len(all_days) - len(rest)], too_short=not paid)


def _behind(
    free: ClaimSpan, days: tuple[date, ...], of_kind: Callable[[DayKind, tuple[date, ...]], tuple[date, ...]]
) -> tuple[date, ...]:
    """The days behind the last of the free ones; nothing where there are not even so many."""
    counting = of_kind(free.kind, days)[: free.days]
    if not free.days:
        return days
    return days[days.index(counting[-1]) + 1 :] if len(counting) == free.days else ()


def _days(first: date, end: date) -> Iterator[date]:
    for ahead in range(max(0, (end - first).days)):
        yield first + timedelta(days=ahead)
