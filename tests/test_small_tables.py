"""Some of the small tables of `bench/tables.py`: none of them comes in silently wrong, hardly any is asked about."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).parent.parent / "bench"


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(BENCH))
    before = set(sys.modules)
    yield import_module("tables")
    for name in set(sys.modules) - before:
        if name in ("tables", "measure"):
            del sys.modules[name]


def became(
    tables: Any, count: int, folder: Path, change: Callable[[Any], Any] = lambda one: one
) -> Counter[str]:
    made = enumerate(tables.made(count, seed=2026))
    return Counter(tables.outcome(change(one), folder / str(number)).became for number, one in made)


def test_small_tables_in_five_languages_and_many_encodings_come_in_right_or_are_asked_about(
    tables: Any, tmp_path: Path
) -> None:
    found = became(tables, 40, tmp_path)
    assert set(found) <= {"right", "asked"}, found
    assert found["asked"] <= 4


def test_the_generator_sees_a_name_that_came_in_wrong(tables: Any, tmp_path: Path) -> None:
    def otherwise(one: Any) -> Any:
        people = tuple(each._replace(name=f"{each.name}ń") for each in one.people)
        return one.__class__(**{**vars(one), "people": people, "is_broken": False})

    found = became(tables, 6, tmp_path, otherwise)
    assert "right" not in found and found["wrong"]
