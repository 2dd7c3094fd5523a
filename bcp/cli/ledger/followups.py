"""Gathers the follow-ups of all incidents, and prints them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bcp.app.session import Session
from bcp.cli.terminal.time_input import book_of
from bcp.errors import Exit
from bcp.i18n import _
from bcp.incident.journal import STARTED, Book, of_kind
from bcp.incident.ledger import FollowUp
from bcp.incident.state import Incident


@dataclass(frozen=True, slots=True)
class Found:
    """A follow-up, and the incident that it comes from."""

    incident: Incident
    follow_up: FollowUp
    is_overdue: bool


def every(session: Session, asked: str | None) -> list[Found]:
    """Those of one incident, or the open ones of all, the most urgent first."""
    if asked is not None:
        return _of(session, book_of(session, asked).incident)
    incidents = [
        Book(session.log, stream).incident for stream in of_kind(session.log.streams(STARTED), "incident")
    ]
    found = [
        each for incident in incidents for each in _of(session, incident) if each.follow_up.done_at is None
    ]
    return sorted(found, key=lambda each: each.follow_up.due)


def line(found: Found) -> str:
    """`f1  buy a second SIM · Anna Nowak, by 2026-12-15 · OVERDUE  (2026-11-26-internet-outage)`."""
    each = found.follow_up
    words = _("{who}, by {day}").format(who=found.incident.name_of(each.owner), day=each.due.isoformat())
    state = _("done") if each.done_at else _("OVERDUE") if found.is_overdue else ""
    return (
        " · ".join(filter(None, [f"{each.id}  {each.what}", words, state, each.note]))
        + f"  ({found.incident.id})"
    )


def as_data(found: Found) -> Mapping[str, Any]:
    """A follow-up as `followup list --json` prints it."""
    each = found.follow_up
    return {
        "incident": found.incident.id,
        "followup": each.id,
        "what": each.what,
        "owner": each.owner,
        "due": each.due.isoformat(),
        "state": "done" if each.done_at else "overdue" if found.is_overdue else "open",
        "note": each.note,
    }


def exit_of(found: Sequence[Found]) -> int:
    """8 while something is overdue."""
    return Exit.DUE if any(each.is_overdue for each in found) else Exit.OK


def _of(session: Session, incident: Incident) -> list[Found]:
    today = session.clock.now().astimezone(incident.zone).date()
    return [Found(incident, each, each.is_overdue(today)) for each in incident.follow_ups.values()]
