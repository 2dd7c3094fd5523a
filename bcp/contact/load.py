"""Reads `contacts/*.csv` and `*.vcf` of an office; a bad cell costs its contact that cell, and is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from bcp.contact.model import STAFF, Contact, Contacts
from bcp.contact.rows import Findings, Rows, is_heading
from bcp.contact.vcard import is_cards
from bcp.errors import Mistake, SourceError
from bcp.i18n import _
from bcp.mask import KNOWN
from bcp.progress import UNWATCHED, Progress, Task
from bcp.table import Table, read

FOLDER = "contacts"


def load(office: Path, country: str, *, progress: Progress = UNWATCHED) -> Contacts:
    """All contacts of the office folder, with what is wrong in their files; never raises for these."""
    found = Findings()
    doubts: list[Mistake] = []
    with progress.task(_("Reading the contacts")) as task:
        read_ones = [one for path in files(office) for one in _of_file(path, country, found, doubts, task)]
    # Who said it in one of two rows has said it.
    contacts = [_with_wish(one, found.refusing) for one in read_ones]
    for contact in contacts:
        KNOWN.names((contact.name, contact.person, contact.email))
        KNOWN.typed((contact.id,))
        KNOWN.phones((contact.phone, contact.mobile))
    remarks = (*doubts, *_remarks(contacts, found.places))
    return Contacts(tuple(contacts), tuple(found.mistakes), remarks, tuple(found.changed))


def _of_file(
    path: Path, country: str, found: Findings, doubts: list[Mistake], task: Task
) -> Sequence[Contact]:
    """The contacts of a file; what is wrong in it goes into `found`, that its letters may be others into `doubts`."""
    shown = f"{FOLDER}/{path.name}"
    refused = reserved(path.stem)
    if refused is not None:
        found.mistakes.append(Mistake(shown, 1, 1, *refused))
        return ()
    rows = Rows(path.stem, country, found, task)
    try:
        if is_cards(path):
            return rows.cards(path, shown)
        table = read(path, shown, partly=True, languages=[country], is_heading=is_heading)
        contacts = rows.table(table)
        doubts.extend(_doubts(table))
    except SourceError as error:
        found.mistakes.extend(error.mistakes)
        return ()
    return contacts


def _doubts(table: Table) -> Iterator[Mistake]:
    """That the letters of a file may be others, with its first line in which that shows."""
    for rival in table.rivals[:1]:
        pairs = enumerate(zip(table.text.splitlines(), rival.text.splitlines(), strict=False), 1)
        line, here, there = next((at, *both) for at, both in pairs if both[0] != both[1])
        words = f'these letters may be others: in {table.encoding} "{here[:60]}", in {rival.encoding} "{there[:60]}"'
        yield Mistake(table.shown, line, 1, words, 'save the file again with the encoding "UTF-8"')


def _with_wish(contact: Contact, refusing: Mapping[str, str]) -> Contact:
    if contact.opted_out or contact.id not in refusing:
        return contact
    return replace(contact, opted_out=True, unread_wish=refusing[contact.id])


class Refusal(NamedTuple):
    """Why something cannot be, and what to do."""

    message: str
    hint: str


def reserved(stem: str) -> Refusal | None:
    """Why no contact file may have this name; None where it may.

    Whoever writes to the staff means the people of `bcp.yaml`: those in such a file would be told nothing.
    """
    if stem != STAFF:
        return None
    words = f'the audience "{STAFF}" is the people of bcp.yaml, so no contact file can have this name'
    return Refusal(words, "staff live in bcp.yaml: people; move them there and delete this file")


def files(office: Path) -> list[Path]:
    """The contact files of the office, sorted by name."""
    return sorted(path for path in (office / FOLDER).glob("*") if path.suffix.lower() in (".csv", ".vcf"))


def _remarks(contacts: list[Contact], places: Mapping[str, Mistake]) -> Iterator[Mistake]:
    """Gaps and doubles: nobody would notice them before the day when they matter."""
    mailboxes: dict[str, list[Contact]] = defaultdict(list)
    for contact in contacts:
        if contact.email:
            mailboxes[contact.email.casefold()].append(contact)
        if contact.opted_out:
            continue
        if not contact.language:
            yield _remark(
                places[contact.id], f"{contact.called} has no language", "write pl, en, cs, el or de"
            )
        if not (contact.email or contact.phone or contact.mobile):
            words = f"{contact.called} cannot be reached at all"
            yield _remark(places[contact.id], words, "an e-mail address or a phone number is needed")
    for same in mailboxes.values():
        first = next((one for one in same if not one.opted_out), same[0])
        for twin in (one for one in same if one is not first and not first.opted_out):
            words = f"{twin.called} and {first.called} have one mailbox"
            yield _remark(places[twin.id], words, _twin_hint(twin, first))


def _twin_hint(twin: Contact, first: Contact) -> str:
    if twin.opted_out:
        return f"{twin.called} opted out, yet what is written to {first.called} comes there: write yes for both, or ask"
    return "they will get one letter, written to the first of them"


def _remark(place: Mistake, words: str, hint: str) -> Mistake:
    return Mistake(place.file, place.line, place.column, words, hint, place.text)
