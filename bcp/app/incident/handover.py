"""Carries an incident from one computer to the next: the file that it travels in, made and read."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from bcp.app.incident import handover_levers
from bcp.app.incident.export import gather
from bcp.app.session import Session
from bcp.cost.receipt import FOLDER as ATTACHMENTS
from bcp.errors import ChainBroken, InputError
from bcp.event import Event, Row, checked, unseal
from bcp.files import in_words, whole
from bcp.i18n import _
from bcp.incident import ownership
from bcp.incident.evidence import export
from bcp.incident.fold import fold
from bcp.incident.fold import started as begun
from bcp.incident.journal import PEN_ENDED, IncidentJournal
from bcp.incident.journal_text import JournalWords
from bcp.incident.state import Incident
from bcp.store.moving import Mover, from_export
from bcp.store.outbox import Outbox
from bcp.store.packed import looked_at

OUTBOX = "outbox.json"
MOST_BYTES = 500 * 1024 * 1024
_ID = re.compile(r"[^\W_][\w-]*")
"""What an incident is called: it names a folder, so it must not lead out of ours."""


class HandedOver(NamedTuple):
    """The incident that goes on elsewhere, and what this computer goes on doing for it, a sentence each."""

    incident: str
    still_on: list[str]


class TakenOver(NamedTuple):
    """The incident that goes on here.

    `notes` is what a person must know of what was switched there, a sentence each; `unknown` letters may be sent or
    not.
    """

    incident: Incident
    notes: list[str]
    unknown: int


def hand_over(session: Session, file: Path, asked: str | None, by: str | None) -> HandedOver:
    """End the ownership here, then make the file; made again, it is the same incident.

    Raises InputError where the file is there already or cannot be written.
    """
    if file.exists():
        raise InputError(f"{file} is there already", "name another file; nothing was handed over")
    if not file.parent.is_dir():
        raise InputError(f"there is no folder {file.parent}", "make it first; nothing was handed over")
    book = session.book(asked or session.only_open("incident"), "incident")
    doer = session.person(by, book.incident.plan.names)
    mover = session.stores.of(Mover)
    with session.stores.of(Outbox).sole_sender():
        ownership.end(book, doer, file.name)
        named = gather(session, book, mask=False)
        named[handover_levers.FILE] = handover_levers.pack(session, book.incident.id, whole=True)
        named[OUTBOX] = json.dumps(mover.pack(book.incident.id), ensure_ascii=False).encode()
        named[export.SUMS] = export.sums(named)
        _zip(named, file)
        mover.give_away(book.incident.id)
    return HandedOver(book.incident.id, handover_levers.on_here(session, book.incident))


def take_over(session: Session, file: Path, by: str | None, *, lost: bool, reason: str) -> TakenOver:
    """Verify what the file holds, keep it, and own the incident.

    Raises ChainBroken for a journal that does not hold, InputError for a file that cannot be read.
    """
    if lost and not reason.strip():
        raise InputError("a lost computer needs a reason", 'add it: --reason "the laptop was stolen"')
    named = dict(_read(file))
    listed = {name: data for name, data in named.items() if not name.startswith(export.SUMS)}
    if export.SUMS in named and export.sums(listed) != named[export.SUMS]:
        raise ChainBroken(f"{file} was changed on its way", "see what: unpack it, then: python3 verify.py")
    rows = _rows(file, named)
    packed = _letters(file, named, rows[0].stream)
    levers = handover_levers.unpack(named.get(handover_levers.FILE, b""))
    started = _understood(file, rows)
    doer = session.person(by, begun(started).plan.names)
    if not lost and rows[-1].kind != PEN_ENDED:
        ownership.refuse(started.stream)
    session.stores.of(Mover).take_in(rows, packed, lost)
    _keep_attachments(session.stores.folder_of(started.stream), named)
    book = IncidentJournal(session.log, started.stream)
    # Before it is owned: whoever is cut off in between gives the command again, and finds nothing missing.
    notes = handover_levers.take_in(session, levers, book.incident, doer)
    ownership.take(book, doer, lost=lost, reason=reason)
    session.stores.record.rebuild(unseal(row) for row in session.log.rows(started.stream))
    if handover_levers.FILE not in named and book.incident.in_force():
        words = _(
            "the file does not tell what was switched, forwarded and published: take each measure back by hand"
        )
        notes = [words, *notes]
    waited = [letter for letter in packed["letters"] if letter[7] in ("queued", "deferred", "in-flight")]
    return TakenOver(book.incident, notes, len(waited) if lost else 0)


def _zip(named: Mapping[str, bytes], file: Path) -> None:
    try:
        with whole(file) as packed, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in sorted(named.items()):
                archive.writestr(name, data)
    except OSError as error:
        raise InputError(
            f"{file} cannot be written: {in_words(error)}",
            "the incident is not lost: give the command again with another file",
        ) from None


def _read(file: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a zip or of a folder, by their names; a zip that unpacks to too much is refused."""
    try:
        if file.is_dir():
            for path in sorted(each for each in file.rglob("*") if each.is_file()):
                yield path.relative_to(file).as_posix(), path.read_bytes()
            return
        with zipfile.ZipFile(file) as archive:
            if sum(each.file_size for each in archive.infolist()) > MOST_BYTES:
                raise InputError(f"{file} is too large", "it is no file of: bcp incident hand-over")
            # The zip of an export has one folder at its top; that of a hand-over has none.
            is_export = export.JOURNAL not in archive.namelist()
            for each in archive.infolist():
                if not each.is_dir():
                    name = each.filename.partition("/")[2] if is_export else each.filename
                    yield name, archive.read(each)
    # A locked archive, and one that is packed in a way which is not known, are a RuntimeError.
    except (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(
            f"{file} cannot be read: {error}", "give the file of: bcp incident hand-over"
        ) from None


def _rows(file: Path, named: Mapping[str, bytes]) -> list[Row]:
    """The rows of the journal. Raises InputError where the file has none, ChainBroken where it does not hold."""
    try:
        lines = named.get(export.JOURNAL, b"").decode("utf-8", "surrogatepass").split("\n")
        told = [json.loads(line) for line in lines if line]
        rows = [_row(each["body"], each["hash"]) for each in told]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputError(f"{file} holds no whole journal", "a masked export cannot be taken over") from None
    if not rows or rows[0].kind != "incident.started":
        raise InputError(f"{file} holds no incident", "give the file of: bcp incident hand-over")
    return list(checked(rows))


def _understood(file: Path, rows: Sequence[Row]) -> Event:
    """The first event, once all of them were read as an incident. Raises InputError where that cannot be done.

    The chain may hold and an event be none all the same: the hashes show what was changed, not who wrote it.
    """
    events = [unseal(row) for row in rows]
    stream = events[0].stream
    try:
        if not _ID.fullmatch(stream) or any(event.stream != stream for event in events):
            raise ValueError("an incident with another name")
        people = fold(events).plan.people.values()
        words, _names = JournalWords(events[0]), [person.name.casefold() for person in people]
        for event in events:
            words.line(event).encode()
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, OverflowError, RecursionError):
        raise InputError(
            f"{file} holds a journal that this bcp cannot read as an incident",
            "nothing was taken over; ask for a new file: bcp incident hand-over FILE",
        ) from None
    return events[0]


def _letters(file: Path, named: Mapping[str, bytes], incident: str) -> Mapping[str, Any]:
    """The campaigns and letters of the file. Raises InputError where it cannot be seen what they are."""
    try:
        told = json.loads(named[OUTBOX]) if OUTBOX in named else from_export(incident, _sent(named))
        return looked_at(told, incident)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise InputError(
            f"{file} holds no whole list of letters", "ask for a new file: bcp incident hand-over FILE"
        ) from None


def _sent(named: Mapping[str, bytes]) -> export.SentRecord:
    """What an export tells of the sendings, and of their letters."""
    told = (named.get(name, b"").decode().splitlines() for name in (export.CAMPAIGNS, export.LETTERS))
    return export.SentRecord(*([json.loads(line) for line in lines] for lines in told))


def _row(body: str, sealed: str) -> Row:
    told = json.loads(body)
    return Row(told["stream"], told["seq"], told["kind"], body, sealed)


def _keep_attachments(folder: Path, named: Mapping[str, bytes]) -> None:
    for name, data in named.items():
        path = PurePosixPath(name)
        if path.parts[:1] == (ATTACHMENTS,) and len(path.parts) == 2:
            (folder / ATTACHMENTS).mkdir(parents=True, exist_ok=True)
            (folder / ATTACHMENTS / path.name).write_bytes(data)
