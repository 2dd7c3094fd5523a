"""The words that stand on paper in one language: labels, dates and clock times in that language's form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bcp.errors import InputError

FOLDER = Path(__file__).parent / "labels"


@cache
def languages() -> tuple[str, ...]:
    """The languages that there are labels for."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


class Labels:
    """The labels of one language; `words("latest")`, `words("page", page=1, pages=4)`."""

    def __init__(self, language: str) -> None:
        """Raises InputError for a language without labels."""
        if language not in languages():
            known = ", ".join(languages())
            raise InputError(
                f'there are no printed labels in "{language}"', f"choose one with --lang: {known}"
            )
        self.language = language
        text = (FOLDER / f"{language}.json").read_text(encoding="utf-8")
        self._labels: dict[str, Any] = json.loads(text)

    def __call__(self, key: str, **values: object) -> str:
        """The label `key` with its values filled in."""
        label: str = self._labels[key]
        return label.format(**values) if values else label

    def date(self, day: date) -> str:
        """`26 November 2026` in the language's form; its months are in the case that goes with a day."""
        month = self._labels["months"][day.month - 1]
        return self("date_form", day=day.day, month=month, year=day.year)

    def clock(self, moment: datetime) -> str:
        """`07:50` in the language's form, by the zone that `moment` has."""
        return self("clock_form", hour=moment.hour, minute=moment.minute)

    def moment(self, moment: datetime, zone: ZoneInfo) -> str:
        """`26 November 2026, 07:50` in the language's form, by the clock of `zone`."""
        here = moment.astimezone(zone)
        return f"{self.date(here.date())}, {self.clock(here)}"

    def after_start(self, seconds: float) -> str:
        """A deadline counted in seconds from the start: `T+15 min`, `T+4 h`, `T+2 d`."""
        for size, unit in ((86400, "unit_d"), (3600, "unit_h")):
            if seconds >= size and not seconds % size:
                return f"T+{seconds / size:g} {self(unit)}"
        return f"T+{seconds / 60:g} {self('unit_min')}"

    def length(self, length: timedelta) -> str:
        """How long something took, two units at most: `2 h 5 min`, `3 d`, `40 s`."""
        days, rest = divmod(int(length.total_seconds()), 86400)
        hours, rest = divmod(rest, 3600)
        counts = (days, hours, *divmod(rest, 60))
        first = next((number for number, count in enumerate(counts) if count), len(counts) - 1)
        units: list[str] = self._labels["length_units"]
        pairs = list(zip(counts, units, strict=True))
        told = [f"{count} {unit}" for count, unit in pairs[first : first + 2] if count]
        return " ".join(told) or f"0 {units[-1]}"

    def one_of(self, values: Sequence[str]) -> str:
        """`a`, `a or b`, `a, b or c`."""
        if len(values) < 2:
            return "".join(values)
        return f"{', '.join(values[:-1])} {self('or')} {values[-1]}"
