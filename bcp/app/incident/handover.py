"""Gives an incident to another computer: the file that it travels in is made."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from bcp.app.incident import coverage, handover_levers
from bcp.app.incident.beside import around_journal, beside
from bcp.app.session import Session
from bcp.errors import InputError
from bcp.files import in_words, whole
from bcp.i18n import _
from bcp.incident import ownership
from bcp.incident.evidence import export
from bcp.store.moving import Mover
from bcp.store.outbox import Outbox

OUTBOX = "outbox.json"


class HandedOver(NamedTuple):
    """The incident that goes on elsewhere, and what this computer goes on doing for it, a sentence each."""

    incident: str
    still_on: list[str]


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
        made = beside(session, book, whole=True)
        made[OUTBOX] = json.dumps(mover.pack(book.incident.id), ensure_ascii=False).encode()
        # Before the ownership ends: from then on nothing is written here.
        coverage.cover(session, book, made, exported=False)
        ownership.end(book, doer, file.name)
        named = {**made, **around_journal(session, book, made)}
        named[export.SUMS] = export.sums(named)
        with session.progress.task(_("Packing the files")):
            _zip(named, file)
        mover.give_away(book.incident.id)
    return HandedOver(book.incident.id, handover_levers.on_here(session, book.incident))


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
