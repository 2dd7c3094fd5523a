"""Takes over an incident from elsewhere: all of it is checked and compared, then a person agrees, then it is kept.

1. The bundle: names, sizes, hashes (`incident/evidence/bundle.py`).
2. What it holds: the chain of the journal, each event, the letters, what was switched; what its steps say of themselves
   is what our code says of them.
3. What it would do that our own plans would not: a person agrees to that, or nothing is kept.
4. The receipts are staged, the events and letters are kept in one transaction, the receipts get their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bcp.app.incident import handover_levers
from bcp.app.incident.agreement import Agreement
from bcp.app.incident.handover import OUTBOX
from bcp.app.incident.receipts import staged
from bcp.app.incident.takeover_listing import (
    ForeignIncident,
    foreign_deeds,
    refuse_false,
    refuse_other_sum,
)
from bcp.app.incident.takeover_proof import proof_of
from bcp.app.session import Session
from bcp.chain import checked
from bcp.errors import InputError
from bcp.event import Event, Row, row_of, unseal
from bcp.i18n import _
from bcp.incident import ownership
from bcp.incident.evidence import export
from bcp.incident.evidence.bundle import Bundle
from bcp.incident.evidence.entry_name import why_not
from bcp.incident.fold import fold
from bcp.incident.fold import started as begun
from bcp.incident.journal import PEN_ENDED, IncidentJournal
from bcp.incident.journal_text import JournalWords
from bcp.incident.state import Incident
from bcp.store.moving import Mover, from_export
from bcp.store.packed import looked_at
from bcp.visible import in_one_line

_ID = re.compile(r"[^\W_][\w-]*")
"""What an incident is called: it names a folder, so it must not lead out of ours."""
_AGAIN = "nothing was taken over; ask for a new file: bcp incident hand-over FILE"


class TakeOverRequest(NamedTuple):
    """What is to be taken over, by whom; whether its computer was `lost`, and the `reason` for that.

    `accept` is the sum of the list of what it would do, where somebody read that before.
    """

    file: Path
    by: str | None = None
    lost: bool = False
    reason: str = ""
    accept: str | None = None


class TakenOver(NamedTuple):
    """The incident that goes on here.

    `notes` is what a person must know of what was switched there, a sentence each; `unknown` letters may be sent or
    not; `is_signed` says that a signature lay in the file, which nobody checked; `proof` is what is proven of it.
    """

    incident: Incident
    notes: list[str]
    unknown: int
    is_signed: bool
    proof: str


def take_over(session: Session, request: TakeOverRequest, agreement: Agreement) -> TakenOver:
    """Keep what the file holds, and own the incident.

    Raises ChainBroken for a journal that does not hold, InputError for a file that cannot be read or is refused, and
    what `agreement` does where nobody agrees.
    """
    lost, reason = request.lost, request.reason
    if lost and not reason.strip():
        raise InputError("a lost computer needs a reason", 'add it: --reason "the laptop was stolen"')
    with Bundle(request.file, progress=session.progress) as bundle:
        with session.progress.task(_("Reading the record")):
            found = _read(bundle)
        stream = found.incident.id
        doer = session.person(request.by, found.incident.plan.names)
        if not lost and found.rows[-1].kind != PEN_ENDED:
            ownership.refuse(stream)
        _agree(session, bundle, found, request.accept, agreement)
        with staged(bundle, found.rows, session.stores.folder_of(stream)) as receipts:
            with session.progress.task(_("Writing the record")):
                session.stores.of(Mover).take_in(found.rows, found.packed, lost)
            receipts.take_place()
    book = IncidentJournal(session.log, stream)
    # Before it is owned: whoever is cut off in between gives the command again, and finds nothing missing.
    notes = handover_levers.take_in(session, found.levers, book.incident, doer)
    ownership.take(book, doer, lost=lost, reason=reason)
    session.mend_record(stream)
    if handover_levers.FILE not in bundle and book.incident.in_force():
        words = _(
            "the file does not tell what was switched, forwarded and published: take each measure back by hand"
        )
        notes = [words, *notes]
    waited = [
        letter for letter in found.packed["letters"] if letter[7] in ("queued", "deferred", "in-flight")
    ]
    proof = proof_of(bundle, found.rows)
    return TakenOver(book.incident, notes, len(waited) if lost else 0, bundle.is_signed, proof)


def _agree(
    session: Session, bundle: Bundle, found: ForeignIncident, accepted: str | None, agreement: Agreement
) -> None:
    """Nothing is asked where all of it is what our own plans do."""
    refuse_false(bundle, found)
    deeds = foreign_deeds(session, bundle, found)
    if not deeds.lines:
        return
    if accepted is None:
        agreement.agree(deeds)
    else:
        refuse_other_sum(deeds, accepted)


def _read(bundle: Bundle) -> ForeignIncident:
    """What the bundle holds. Raises InputError for what is not whole, ChainBroken for a chain that does not hold."""
    rows = _rows(bundle)
    incident = _understood(bundle, rows)
    packed = _letters(bundle, rows[0].stream)
    return ForeignIncident(rows, incident, packed, handover_levers.read(bundle))


def _rows(bundle: Bundle) -> list[Row]:
    """The rows of the journal. Raises InputError where the file has none, ChainBroken where it does not hold."""
    try:
        rows = [row_of(export.body_of(each), each["hash"]) for each in bundle.json_lines(export.JOURNAL)]
    except (ValueError, KeyError, TypeError, RecursionError):
        words = _("{file} holds no whole journal").format(file=bundle.file)
        raise InputError(words, _("a masked export cannot be taken over")) from None
    if not rows or rows[0].kind != "incident.started":
        words = _("{file} holds no incident").format(file=bundle.file)
        raise InputError(words, _("give the file of: bcp incident hand-over"))
    return list(checked(rows))


def _understood(bundle: Bundle, rows: Sequence[Row]) -> Incident:
    """The incident, once every event was read as one of it. Raises InputError where that cannot be done.

    The chain may hold and an event be none all the same: the hashes show what was changed, not who wrote it.
    """
    try:
        first = unseal(rows[0])
        stream = first.stream
        # It names a folder, and says of itself whether it is a drill: a real one must not look like a rehearsal.
        if not _ID.fullmatch(stream) or why_not(stream):
            raise ValueError("an id that cannot name a folder")
        started = begun(first)
        if started.kind not in ("incident", "drill") or started.drill != stream.startswith("drill-"):
            raise ValueError("a drill that is called an incident, or the other way round")
        _refuse_strange_texts(bundle, started.texts)
        incident = fold(_events(rows, stream))
        words, _names = JournalWords(first), [who.name.casefold() for who in incident.plan.people.values()]
        for row in rows:
            line = words.line(unseal(row))
            if line != in_one_line(line):
                raise ValueError("a line that is none")
            line.encode()
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, OverflowError, RecursionError):
        words_ = _("{file} holds a journal that cannot be read as an incident here")
        raise InputError(words_.format(file=bundle.file), _AGAIN) from None
    return incident


def _events(rows: Sequence[Row], stream: str) -> Iterator[Event]:
    """The events one by one. Raises ValueError for one of another incident."""
    for row in rows:
        event = unseal(row)
        if event.stream != stream:
            raise ValueError("an incident with another name")
        yield event


def _refuse_strange_texts(bundle: Bundle, texts: Mapping[str, str]) -> None:
    """The plans' texts become files of an export: their names must be names of the bundle. Raises InputError."""
    for name in texts:
        if name not in bundle:
            raise bundle.refused(str(name), _("the journal names this plan, and it is not in the file"))


def _letters(bundle: Bundle, incident: str) -> Mapping[str, Any]:
    """The campaigns and letters of the file. Raises InputError where it cannot be seen what they are."""
    try:
        told = bundle.read_json(OUTBOX) if OUTBOX in bundle else from_export(incident, _sent(bundle))
        return looked_at(told, incident)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        words = _("{file} holds no whole list of letters").format(file=bundle.file)
        raise InputError(words, _("ask for a new file: bcp incident hand-over FILE")) from None


def _sent(bundle: Bundle) -> export.SentRecord:
    """What an export tells of the sendings, and of their letters."""
    return export.SentRecord(bundle.json_lines(export.CAMPAIGNS), bundle.json_lines(export.LETTERS))
