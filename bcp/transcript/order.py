"""Which lines of a sheet do not stand in its order: two people work side by side, so that is a mark and no mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from bcp.i18n import _
from bcp.incident.answer import to_the_minute
from bcp.incident.state import Incident


class _Timed(NamedTuple):
    """A step with the time at which it was carried out; what the journal knows weighs more than what is typed."""

    step: str
    at: datetime
    weight: int


def not_in_order() -> str:
    """What the record says of such a line."""
    return _("(not in the sheet's order)")


def out_of_order(incident: Incident, typed: Mapping[str, datetime]) -> frozenset[str]:
    """The fewest of the `typed` steps, with their times, that stand out of the order of their sheet.

    Order holds within one runbook, and not in a phase whose steps may be taken in any order.
    """
    found: set[str] = set()
    for _sheet, steps in groupby(_in_order(incident, typed), key=lambda each: each.step.rpartition("/")[0]):
        every = list(steps)
        kept = _heaviest(every)
        found.update(each.step for each in every if each.step in typed and each not in kept)
    return frozenset(found)


def _in_order(incident: Incident, typed: Mapping[str, datetime]) -> Iterator[_Timed]:
    """The steps with a time as they stand on their sheets, one sheet behind the other."""
    steps = [step for phase in incident.phases if not phase.any_order for step in phase.steps]
    for step in sorted(steps, key=lambda step: step.id.rpartition("/")[0]):
        at = typed.get(step.id, step.at if step.answered and not step.entered else None)
        if at is not None:
            yield _Timed(step.id, to_the_minute(at), 1 if step.id in typed else 2)


def _heaviest(steps: list[_Timed]) -> list[_Timed]:
    """Of all the rows of steps with ascending times the one that weighs most."""
    best: list[tuple[int, list[_Timed]]] = []
    for each in steps:
        before = [row for row in best if row[1][-1].at <= each.at]
        weight, row = max(before, key=lambda row: row[0], default=(0, []))
        best.append((weight + each.weight, [*row, each]))
    return max(best, key=lambda row: row[0])[1] if best else []
