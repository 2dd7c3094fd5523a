"""The plans of an office as they were when all of them last held: for a day on which a slip stands in the way.

One private file beside the journal holds the texts of bcp.yaml, runbooks, checks and notices as they were read, with a
hash over all of it. Whoever begins a plan reads no more than it reaches, so that much of it is kept in a file of its
own. Contacts are in neither: whoever is to be forgotten lies nowhere but in the contact files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bcp.app.kept_texts import KeptReader, find_texts, keep_texts
from bcp.app.reached import read_reached
from bcp.app.session import Session
from bcp.contact.load import FOLDER as CONTACTS
from bcp.errors import Mistake, SourceError, StoreError
from bcp.event import moment
from bcp.validate import OfficeConfig, read_all
from bcp.yaml.source import Reader

FILE = "plans-as-of-last.json"
FOLDER = "plans-as-of-last"
"""A file for each plan that was begun, with what it reaches."""


class LastValid(NamedTuple):
    """The office as it was last valid: since when it was so, its texts, and what a reader of today says of them."""

    at: datetime
    whole: OfficeConfig
    texts: Mapping[str, str]
    mistakes: Sequence[Mistake]

    def changed(self, folder: Path) -> list[str]:
        """The files that are other ones now, or are gone."""
        now = Reader()
        found = []
        for shown, text in self.texts.items():
            try:
                is_same = now.text(folder / shown, shown) == text
            except SourceError:
                is_same = False
            if not is_same:
                found.append(shown)
        return found


def keep(session: Session, whole: OfficeConfig, reader: Reader, makes_folder: bool) -> None:
    """Keep what was read, where none of it has a mistake and it is not kept already.

    Unless the command `makes_folder`, the one that it lies in must be there.

    A slip among the contacts keeps nothing back: what the plans need of them was found. Where nothing can be written
    that is no failure of the command: a plan that holds needs no older one.
    """
    if any(not mistake.file.startswith(f"{CONTACTS}/") for mistake in reader.mistakes):
        return
    named = _named_audiences(whole)
    if not named <= set(whole.audiences):
        return
    content = {"files": reader.texts, "audiences": sorted(named)}
    with suppress(StoreError):
        keep_texts(session, FILE, content, makes_folder=makes_folder)


def keep_reached(
    session: Session, runbook: str, office: OfficeConfig, reader: Reader, makes_folder: bool
) -> None:
    """Keep what a plan reaches, all of which holds, as `keep` does it with everything."""
    content = {"files": reader.texts, "audiences": sorted(_named_audiences(office))}
    with suppress(StoreError):
        keep_texts(session, f"{FOLDER}/{runbook}.json", content, makes_folder=makes_folder)


def find(session: Session) -> LastValid | None:
    """What was kept; None where nothing was, or where it is not as we left it, which is remarked."""
    told = find_texts(session, FILE)
    if told is None:
        return None
    reader = KeptReader(told["files"])
    whole = read_all(session.folder, reader, told["audiences"])
    return LastValid(moment(told["at"]), whole, told["files"], reader.mistakes) if whole is not None else None


def find_reached(session: Session, runbook: str) -> LastValid | None:
    """What was kept of a plan and of all that it reaches: with everything, or newer when it was begun; else None."""
    found = []
    # A name from the keyboard may be anything, and leads to no file elsewhere.
    own = [f"{FOLDER}/{runbook}.json"] if re.fullmatch(r"[a-z0-9-]+", runbook) else []
    for file in (FILE, *own):
        told = find_texts(session, file)
        if told is not None:
            reader = KeptReader(told["files"])
            office = read_reached(session.folder, runbook, reader, told["audiences"])
            if office is not None:
                # What it does not reach is no part of it: only what was read can have been changed since.
                found.append(LastValid(moment(told["at"]), office, reader.texts, reader.mistakes))
    return max(found, key=lambda each: each.at, default=None)


def _named_audiences(whole: OfficeConfig) -> set[str]:
    """The audiences that the plans name: no others, for those may say who is a client."""
    return {
        ref.name
        for loaded in whole.runbooks.values()
        for _loc, act in loaded.model.acts()
        for ref in act.action.refs()
        if ref.kind == "audience"
    }
