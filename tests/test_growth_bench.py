"""The bench of growth judges numbers rightly: what grows as it may is held, and what grows faster is not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).parent.parent / "bench"


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(BENCH))
    before = set(sys.modules)
    yield import_module("growing.judge")
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in ("growing", "growth", "measure"):
            del sys.modules[name]


def points(judge: Any, start: float, *costs: float, memory: float = 50.0) -> list[Any]:
    sizes = (10, 100, 1000)
    return [judge.Point(size, start + cost, memory) for size, cost in zip(sizes, costs, strict=True)]


@pytest.mark.parametrize(
    ("costs", "power"),
    [((0.1, 1.0, 10.0), 1.0), ((0.1, 10.0, 1000.0), 2.0), ((0.5, 0.5, 0.5), 0.0), ((0.001, 0.01, 0.02), 0.0)],
    ids=["linear", "square", "flat", "lost in the noise"],
)
def test_the_exponent_is_that_of_the_cost_above_the_bare_start(
    judge: Any, costs: tuple[float, ...], power: float
) -> None:
    assert judge.exponent(points(judge, 0.7, *costs), 0.7) == pytest.approx(power, abs=0.01)


def test_a_cost_that_begins_to_grow_faster_at_the_end_is_found_out(judge: Any) -> None:
    assert judge.exponent(points(judge, 0.3, 0.1, 1.0, 60.0), 0.3) == pytest.approx(1.78, abs=0.01)


@pytest.mark.parametrize(
    ("costs", "holds", "words"),
    [
        ((0.1, 1.0, 10.0), {"kind": "linear"}, []),
        ((0.1, 2.0, 40.0), {"kind": "linear"}, ["grows with the power 1.30"]),
        ((0.0, 0.05, 0.1), {"kind": "flat"}, []),
        ((0.0, 0.3, 0.9), {"kind": "flat"}, ["takes 2.80 x the smallest"]),
        ((0.0, 0.3, 0.9), {"kind": "flat", "flattest": 3.0}, []),
        ((0.1, 1.0, 10.0), {"kind": "linear", "memory": 49}, ["holds 50 MB"]),
        ((0.1, 1.0, 9.5), {"kind": "linear", "most": 101.0}, []),
        ((0.1, 1.0, 9.5), {"kind": "linear", "most": 99.0}, ["takes 100.0 x the bare imports"]),
        ((0.1, 1.0, 9.5), {"kind": "linear", "against": 1.5}, ["takes 2.00 x the same with no past"]),
        ((0.1, 1.0, 5.5), {"kind": "linear", "against": 1.5}, []),
        ((0.1, 3.0, 90.0), {"kind": "linear", "memory": 10, "most": 3.0}, ["power", "MB", "bare"]),
    ],
)
def test_what_is_not_held_is_said_and_nothing_else(
    judge: Any, costs: tuple[float, ...], holds: dict[str, Any], words: list[str]
) -> None:
    found = judge.judged(
        points(judge, 0.5, *costs), judge.Holds(**holds), start=0.5, bare=0.1, empty=5.0
    ).missed
    assert len(found) == len(words)
    assert all(any(word in each for each in found) for word in words)


def test_every_cost_of_the_table_is_measured_at_three_sizes_or_is_that_of_the_shipped_office(
    monkeypatch: pytest.MonkeyPatch, judge: Any
) -> None:
    found = import_module("growth").SUBJECTS
    names = [each.name for each in found]
    assert len(set(names)) == len(names)
    for each in found:
        assert each.sizes == tuple(sorted(each.sizes))
        assert len(each.sizes) == 3 or ("shipped" in each.name and each.holds.most is not None)
