"""What was switched, forwarded and published moves to the next computer with its incident, or it is said what stays."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bcp.app.incident.lever_events import LINES, MOVED, STREAMS, event_of
from bcp.app.session import Session
from bcp.errors import Conflict, InputError
from bcp.event import NOTHING, Entry, Event, Head, Log, moment, stamp, unseal
from bcp.i18n import _
from bcp.incident.evidence.bundle import Bundle
from bcp.incident.journal import STARTED, IncidentJournal
from bcp.incident.state import Incident
from bcp.lever.journal import LeverEvent, stacks_of
from bcp.lever.line.base import LineDriver
from bcp.lever.number import ledger as numbers
from bcp.lever.number import register as published
from bcp.lever.place import ledger as places
from bcp.normalize import say_phone
from bcp.office.line import OfficeLine
from bcp.stream import Overtaken

FILE = "levers.jsonl"
"""One line an event of these streams: `{stream, kind, at, by, data, moved: {seq, hash}}`."""

_ON_THE_WEB = (places.STREAM, published.STREAM)


def pack(session: Session, incident: str, whole: bool = False) -> bytes:
    """What was done for an incident, each event with what it was at first.

    With `whole` what belongs to no incident comes along, and all that is read on the web: a status page shows what was
    told before, too. What was switched or forwarded for another incident is put back where that one goes on.
    """
    told = map(_told, _of_incident(session, incident, whole))
    lines = (json.dumps(each, ensure_ascii=False, sort_keys=True) for each in told)
    return "".join(line + "\n" for line in lines).encode("utf-8", "surrogatepass")


def read(bundle: Bundle) -> list[dict[str, Any]]:
    """The events that `pack` told, each with the fields of its kind. Raises InputError for anything else."""
    try:
        return [event_of(told) for told in bundle.json_lines(FILE)]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        words = _("{file} in this file cannot be read").format(file=FILE)
        raise InputError(words, _("ask for a new file: bcp incident hand-over FILE")) from None


def take_in(session: Session, events: Sequence[Mapping[str, Any]], incident: Incident, by: str) -> list[str]:
    """Write down what was done there and is not known here; a sentence for each thing that a person must know.

    How one computer leads out is nobody else's affair: that stays there, and is said. Twice is as good as
    once.
    """
    journal = session.stores.levers
    stays = _stay(events, incident)
    for name in STREAMS:
        new = [each for each in events if each["stream"] == name and not _is_of_one_computer(each, incident)]
        _append(journal, name, new, by)
    return [*_still_there(events, stays, incident), *_forwarded(journal, incident)]


def on_here(session: Session, incident: Incident) -> list[str]:
    """What this computer itself goes on doing for an incident that goes on elsewhere."""
    events = [_told(event) for event in _of_incident(session, incident.id)]
    stays = _stay(events, incident)
    words = _("this computer stays switched to {line}: put it back by hand when the line is well again")
    return [words.format(line=name) for name in _switched(events, stays, incident)]


def elsewhere(session: Session, incident: str) -> str:
    """What is to be said besides of what an incident set, where it goes on at another computer; else nothing."""
    known = incident in session.log.streams(STARTED)
    if not known or not IncidentJournal(session.log, incident).incident.handed_over:
        return ""
    return _(" (that incident goes on at another computer: ask there)")


def _of_incident(session: Session, incident: str, whole: bool = False) -> Iterator[Event]:
    """What was done for an incident, in all streams; with `whole` as `pack` says."""
    for name in STREAMS:
        for event in _events(session.stores.levers, name):
            is_common = whole and (name in _ON_THE_WEB or "incident" not in event.data)
            if is_common or event.data.get("incident") == incident:
                yield event


def _events(journal: Log, name: str) -> Iterator[Event]:
    return (unseal(row) for row in journal.rows(name))


def _told(event: Event) -> dict[str, Any]:
    data = dict(event.data)
    first = data.pop(MOVED, None) or {"seq": event.seq, "hash": event.hash}
    return {
        "stream": event.stream,
        "kind": event.kind,
        "at": stamp(event.at),
        "by": event.by,
        "data": data,
        MOVED: first,
    }


def _append(journal: Log, name: str, new: Sequence[Mapping[str, Any]], by: str) -> None:
    """Add what is not known here, all at once; what came from here and comes back is known by its first hash."""
    overtaken, seen = Overtaken(name), NOTHING
    while True:
        here = list(_events(journal, name))
        head = Head(here[-1].seq, here[-1].hash) if here else NOTHING
        known = {event.data.get(MOVED, {}).get("hash", event.hash) for event in here}
        entries = [
            Entry(
                each["kind"],
                each["by"],
                {**each["data"], MOVED: each[MOVED]},
                at=moment(each["at"]),
                recorded_by=by,
            )
            for each in new
            if each[MOVED]["hash"] not in known
        ]
        if not entries:
            return
        try:
            journal.append(name, head, entries)
        except Conflict:
            overtaken.refuse_in_vain(head, head != seen)
            seen = head
            continue
        return


def _is_of_one_computer(told: Mapping[str, Any], incident: Incident) -> bool:
    """Whether it is how one computer was switched over, by what that computer alone knows."""
    if told["stream"] != LINES:
        return False
    if told["data"].get("incident") != incident.id:
        return True
    return any(_stays_here(line, incident) for line in _lines_of(told))


def _lines_of(told: Mapping[str, Any]) -> Sequence[str]:
    """The lines that an event is about; none for one that takes layers off, which does no harm where they are not."""
    data = told["data"]
    return [data["line"]] if "line" in data else list(data.get("put") or data.get("made") or ())


def _stays_here(line: str, incident: Incident) -> bool:
    plan = incident.plan.ways.get(line)
    way = OfficeLine.model_validate(plan).way if plan else None
    return not isinstance(way, LineDriver) or way.is_of_one_computer


def _stay(events: Sequence[Mapping[str, Any]], incident: Incident) -> set[str]:
    """The lines that one computer alone was switched to in this incident."""
    own = [each for each in events if each["stream"] == LINES and each["data"].get("incident") == incident.id]
    return {line for each in own for line in _lines_of(each) if _stays_here(line, incident)}


def _switched(events: Sequence[Mapping[str, Any]], names: set[str], incident: Incident) -> list[str]:
    """Those of the lines `names` that were switched to and not put back, as these events tell it."""
    own = [each for each in events if each["stream"] == LINES and each["data"].get("incident") == incident.id]
    stacks = stacks_of(LeverEvent(each["kind"], each["data"], moment(each["at"])) for each in own)
    found = [line for stack in stacks.values() for layer in stack.open for line in layer.put]
    return [line for line in dict.fromkeys(found) if line in names]


def _still_there(events: Sequence[Mapping[str, Any]], stays: set[str], incident: Incident) -> list[str]:
    words = _(
        "the other computer was switched to {line}; here nothing was switched: put it back there, by hand"
    )
    return [words.format(line=name) for name in _switched(events, stays, incident)]


def _forwarded(journal: Log, incident: Incident) -> list[str]:
    words = _("the calls of {number} are forwarded to {to}")
    return [
        words.format(number=each.number, to=say_phone(each.to))
        for each in numbers.NumberJournal(journal, "").forwarded()
        if each.incident == incident.id and each.to
    ]
