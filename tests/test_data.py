"""Results as data: whatever a deed returns becomes the JSON that a program reads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path
from typing import NamedTuple

import pytest

from bcp.app.data import data_of


class Colour(Enum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


class Point(NamedTuple):
    x: int
    when: datetime


@dataclass(frozen=True)
class Line:
    name: str
    points: tuple[Point, ...]
    fee: Decimal | None = None


MOMENT = datetime(2026, 11, 26, 8, 50, 0, 123456, timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (None, None),
        (True, True),
        (1.5, 1.5),
        ("Ł", "Ł"),
        (MOMENT, "2026-11-26T07:50:00.123Z"),
        (date(2026, 11, 26), "2026-11-26"),
        (timedelta(minutes=1, milliseconds=500), 60.5),
        (Decimal("70.00"), "70.00"),
        (Path("a") / "b", str(Path("a") / "b")),
        (Colour.RED, "red"),
        (Level.HIGH, 3),
        ({1: (2, [3])}, {"1": [2, [3]]}),
        (Point(1, MOMENT.astimezone(UTC)), {"x": 1, "when": "2026-11-26T07:50:00.123Z"}),
        (
            Line("main", (Point(1, MOMENT),)),
            {"name": "main", "points": [{"x": 1, "when": "2026-11-26T07:50:00.123Z"}], "fee": None},
        ),
        ((each for each in "ab"), ["a", "b"]),
    ],
)
def test_what_a_deed_returns_has_one_form_as_data(value: object, data: object) -> None:
    found = data_of(value)
    assert found == data and type(found) is type(data)
    assert json.loads(json.dumps(found)) == data


@pytest.mark.parametrize("value", [b"bytes", object(), Line])
def test_what_has_no_form_as_data_is_a_mistake_of_the_caller(value: object) -> None:
    with pytest.raises(TypeError, match="has no form as data"):
        data_of(value)
