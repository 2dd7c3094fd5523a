"""Begins the journal of an incident that lived on paper only."""

from __future__ import annotations

from typing import NamedTuple

from bcp.app.incident.start import first_entry
from bcp.app.load_office import office_for_one
from bcp.app.office import person_in
from bcp.app.session import Session
from bcp.errors import InputError
from bcp.event import Entry
from bcp.times import is_to_come, parse_moment


class PaperStart(NamedTuple):
    """The name of an incident that is to be, and its first event; nothing is written yet."""

    stream: str
    entry: Entry


def paper_start(session: Session, runbook: str, kind: str, by: str | None, started: str | None) -> PaperStart:
    """The beginning of an incident that lived on paper only. `started` is its T0. Raises InputError."""
    office = office_for_one(session, runbook)
    doer = person_in(session, office.office, by)
    zone, now = office.office.zone, session.clock.now()
    try:
        moment = parse_moment(started or "", now, zone)
    except (ValueError, OverflowError):
        raise InputError(
            "when did it begin?", 'give its T0 as it stands on the sheet: --started "26.11. 7:50"'
        ) from None
    if is_to_come(moment, now):
        raise InputError(f"{started} is still to come", "look at T0 on the first page of the sheet")
    entry = first_entry(office, runbook, kind, doer, "paper")._replace(at=moment, recorded_by=doer)
    prefix = "drill-" if kind == "drill" else ""
    return PaperStart(f"{prefix}{moment.astimezone(zone).date().isoformat()}-{runbook}", entry)
