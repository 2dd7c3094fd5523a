"""`contact import`, second half: what the contacts of a foreign table make of a contact file, before it is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from bcp.app.office import office_of
from bcp.app.session import Session
from bcp.contact import bring, imported
from bcp.contact.cell import as_written
from bcp.contact.load import FOLDER
from bcp.contact.model import COLUMNS
from bcp.contact.reimport import Import, Merged, merged
from bcp.contact.row import called, wishes
from bcp.contact.rows import columns_of, is_heading, read_cell
from bcp.errors import InputError, Mistake, SourceError, StoreError
from bcp.i18n import _
from bcp.notice.campaign.outbox import OPTED_OUT
from bcp.progress import counted
from bcp.table import read

_ALWAYS = ("name", "person")
"""The columns that each import has: what it lacks is empty there, too."""


class CellRemark(NamedTuple):
    """A cell of a contact that is read otherwise than it is written, or not at all."""

    name: str
    column: str
    words: str


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import makes of `contacts/STEM.csv`, from the office folder `file`. Nothing is written yet.

    `count` is how many contacts are imported; `is_new` says that the file holds none yet. `opted_out` are the names of
    those who are imported with the wish to get nothing; `remarks` the cells that are not read as they are written.
    `seen` are the bytes of the file as it was planned with.
    """

    stem: str
    file: str
    count: int
    is_new: bool
    merged: Merged
    opted_out: tuple[str, ...]
    remarks: tuple[CellRemark, ...]
    seen: bytes


def plan_import(
    session: Session,
    rows: Sequence[Mapping[str, str]],
    columns: Collection[str],
    into: str,
    *,
    drops: bool = False,
) -> ImportPlan:
    """What becomes of `contacts/INTO.csv` with these rows by our columns, of which the foreign table has `columns`.

    `drops`: who came by an import before and is not in the rows goes. Raises InputError where that file cannot be
    written anew without a loss: a row of it cannot be read, or the contacts are cards.
    """
    country = office_of(session).country
    file = f"{FOLDER}/{into}.csv"
    if (session.folder / FOLDER / f"{into}.vcf").exists():
        words = f"the contacts of {into} are cards, in {FOLDER}/{into}.vcf"
        raise InputError(words, "choose another name: --into NAME, or take that file out of the folder first")
    path = session.folder / file
    seen = _bytes_of(path)
    here = [] if bring.holds_nobody(path) else _rows_of(path, file, country)
    before = imported.load(session.folder, into)
    given = Import(rows, {*columns, *_ALWAYS}, before, country, drops, _unsubscribed(session))
    with session.progress.task(_("Comparing the contacts")):
        found = merged(here, given)
    out = tuple(called(row) for row in rows if wishes(row))
    read = counted(session.progress, _("Checking the contacts"), rows, len(rows), name=called)
    return ImportPlan(into, file, len(rows), not here, found, out, tuple(_remarks(read, country)), seen)


def _bytes_of(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def write_import(session: Session, plan: ImportPlan, said: imported.Said) -> None:
    """Write the contact file as planned, and keep what was imported, and what a person `said` of the columns.

    Raises InputError where the file is another one now, StoreError where it cannot be written.
    """
    path = session.folder / plan.file
    if _bytes_of(path) != plan.seen:
        raise InputError(
            f"{plan.file} was changed meanwhile, so nothing was written", "give this command again"
        )
    if plan.is_new or plan.merged.changes:
        text = bring.written(plan.merged.rows, plan.merged.columns)
        bring.save(path, text)
    imported.keep(session.folder, plan.stem, plan.merged.digests, said)


def _unsubscribed(session: Session) -> set[str]:
    """The addresses at which somebody asked for no more letters, by mail; nothing where that cannot be read now."""
    from bcp.store.outbox import Outbox

    try:
        found = session.stores.of(Outbox).suppressed()
    except StoreError:
        return set()
    return {address for address, reason in found.items() if reason == OPTED_OUT}


def _rows_of(path: Path, file: str, country: str) -> list[dict[str, str]]:
    """The rows of a contact file by its columns.

    Raises SourceError where one of them cannot be read whole, InputError where nobody can tell which letters it holds.
    """
    table = read(path, file, languages=[country], is_heading=is_heading)
    if table.rivals:
        words = f"nobody can tell for certain how the letters of {file} are saved, so it is not written anew"
        raise InputError(words, 'save it once with the encoding "UTF-8", then give this command again')
    names = columns_of(table)
    wrong: list[Mistake] = []
    rows = []
    for row in table.rows:
        texts = {name: as_written(one.text) for name, one in zip(names, row, strict=False) if name}
        lost = [
            one
            for place, one in enumerate(row)
            if one.text.strip() and (place >= len(names) or not names[place])
        ]
        wrong += [
            table.mistake(one.at, "this cell is in no column", "put it right, or delete it") for one in lost
        ]
        rows.append(texts)
    if wrong:
        error = SourceError(wrong)
        error.told_as("nothing was imported", f"put {file} right first, then give this command again")
        raise error
    return rows


def _remarks(rows: Iterable[Mapping[str, str]], country: str) -> Iterator[CellRemark]:
    for row in rows:
        for column in COLUMNS:
            text = row.get(column, "")
            if not text.strip():
                continue
            try:
                note = read_cell(column, text, country).note
            except ValueError as error:
                note = str(error)
            if note:
                yield CellRemark(called(row), column, note)
