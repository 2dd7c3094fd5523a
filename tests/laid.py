"""Layers at the levers of an office, written down as the deeds of steps write them, and as they were written before."""

from __future__ import annotations

from typing import Any

from bcp.event import Log
from bcp.lever.line.ledger import LineJournal
from bcp.lever.number.ledger import NumberJournal
from bcp.lever.older import CALLS, WAY_OUT
from bcp.lever.stack import StepKey


def switched(log: Log, incident: str, line: str, saved: dict[str, Any], *, step: str = "") -> LineJournal:
    """The office was switched to a line."""
    lines = LineJournal(log, "anna")
    lines.lay(
        WAY_OUT, StepKey(incident, step or line), {line: {}}, {line: {"way_out": "eth0", "saved": saved}}
    )
    return lines


def forwarded(
    log: Log,
    incident: str,
    to: str,
    saved: dict[str, Any] | None = None,
    *,
    by: str = "anna",
    step: str = "f",
) -> NumberJournal:
    """The calls of the number `office` were sent elsewhere."""
    numbers = NumberJournal(log, by)
    put = {CALLS: {"to": to, "whose": "Anna Nowak"}}
    numbers.lay("office", StepKey(incident, step), put, {CALLS: saved or {}})
    return numbers


def lift(ledger: LineJournal | NumberJournal, lever: str, incident: str) -> None:
    """All that an incident laid at a lever is gone."""
    ledger.lift(lever, ledger.stack(lever).of(incident))
