"""Gathers what lies beside the journal of an incident in an export: letters, checks, levers, receipts, plans."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from bcp.app.incident import anchor, handover_levers
from bcp.app.session import Session
from bcp.chain import proven
from bcp.event import Event, stamp
from bcp.i18n import _
from bcp.incident.evidence import export as evidence
from bcp.incident.evidence.anchors import FILE, GIVEN, as_line
from bcp.incident.journal import IncidentJournal
from bcp.progress import counted


def beside(session: Session, book: IncidentJournal, whole: bool = False) -> dict[str, bytes]:
    """The files by their names; with `whole`, with all that another computer must know of levers.

    Raises InputError for a receipt that is missing.
    """
    events = events_of(session, book)
    found = parts(session, book, events, whole)
    return {name: data for part in found.values() for name, data in part().items()}


def parts(
    session: Session, book: IncidentJournal, events: Sequence[Event], whole: bool = False
) -> dict[str, Callable[[], dict[str, bytes]]]:
    """The same in parts, each of which may fail alone."""
    incident = book.incident.id

    def recorded() -> dict[str, bytes]:
        sent = evidence.SentRecord(_campaigns(session, book), _letters(session, book))
        return evidence.beside(events[0], sent, _spans(session, book))

    return {
        "letters and checks": recorded,
        handover_levers.FILE: lambda: {handover_levers.FILE: handover_levers.pack(session, incident, whole)},
        "heads that were given away": lambda: _given_away(session, incident),
        "attachments": lambda: evidence.attachments(events, session.stores.folder_of(incident)),
    }


def around_journal(session: Session, book: IncidentJournal, names: Iterable[str]) -> dict[str, bytes]:
    """The journal, and what lies around it and the files of these names."""
    events = events_of(session, book)
    return {**evidence.around(evidence.about(events, made_by()), names), **evidence.journal(events)}


def events_of(session: Session, book: IncidentJournal) -> list[Event]:
    """All events of the incident. Raises ChainBroken where the journal does not hold."""
    rows, count = session.log.rows(book.incident.id), book.incident.head.seq
    return list(counted(session.progress, _("Checking the entries"), proven(rows), count))


def made_by() -> str:
    """The installed version; a checkout has none."""
    try:
        return version("bcp-office")
    except PackageNotFoundError:
        return "from a checkout"


def _given_away(session: Session, incident: str) -> dict[str, bytes]:
    """To whom heads of the incident were given, and the stamps; so far as they can be read."""
    kept = anchor.files(session)
    given = [each for path, each in kept.all(incident) if path == kept.beside(incident) and each.how in GIVEN]
    if not given:
        return {}
    folder = session.stores.folder_of(incident)
    stamps = {each.stamp_file for each in given if each.how == "stamp"}
    found = {name: (folder / name).read_bytes() for name in sorted(stamps) if (folder / name).is_file()}
    return {FILE: "".join(map(as_line, given)).encode(), **found}


def _campaigns(session: Session, book: IncidentJournal) -> Iterator[Mapping[str, Any]]:
    """Each sending: so that after a lost computer it is known what was told to whom."""
    from bcp.store.outbox import Outbox

    for each in session.stores.of(Outbox).campaigns(book.incident.id):
        yield {
            "campaign": each.id,
            "notice": each.notice,
            "number": each.number,
            "kind": each.kind,
            "audience": each.audience,
            "by": each.by,
            "at": stamp(each.at),
            "expires_at": stamp(each.expires_at),
            "overruled": dict(each.overruled),
            "stopped": each.stopped,
        }


def _letters(session: Session, book: IncidentJournal) -> Iterator[Mapping[str, Any]]:
    """Each letter by its hash; no address."""
    from bcp.store.outbox import Outbox

    outbox = session.stores.of(Outbox)
    rows = (row for campaign in outbox.campaigns(book.incident.id) for row in outbox.rows(campaign.id))
    for row in counted(session.progress, _("Gathering the letters"), rows):
        yield {
            "campaign": row.key.campaign,
            "contact": row.key.contact,
            "channel": row.key.channel,
            "language": row.language,
            "state": row.state,
            "reason": row.reason,
            "last_at": stamp(row.last_at) if row.last_at else None,
            "sha256": sha256(outbox.content(row.key)).hexdigest(),
        }


def _spans(session: Session, book: IncidentJournal) -> Iterator[Mapping[str, Any]]:
    from bcp.store.spans import StoredSpans

    spans = session.stores.of(StoredSpans)
    names = sorted(spans.held())
    for name in counted(session.progress, _("Gathering the checks"), names, len(names), name=str):
        for span in spans.history(name, book.incident.opened_at):
            yield {
                "check": name,
                "state": span.state,
                "first": stamp(span.first),
                "last": stamp(span.last),
                "looks": span.looks,
                "reason": span.reason,
            }
