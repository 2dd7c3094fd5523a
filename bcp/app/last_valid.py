"""The plans of an office as they were when all of them last held: for a day on which a slip stands in the way.

One private file beside the journal holds the texts of bcp.yaml, runbooks, checks and notices as they were read, with a
hash over all of it. Contacts are not in it: whoever is to be forgotten lies nowhere but in the contact files.
"""

from __future__ import annotations

import json
import logging
import os
import stat
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from bcp.app.session import Session
from bcp.contact.load import FOLDER as CONTACTS
from bcp.errors import Mistake, SourceError, StoreError
from bcp.event import canonical, digest, moment, stamp
from bcp.files import put
from bcp.i18n import _
from bcp.private import make_folder, owner_elsewhere
from bcp.validate import OfficeConfig, read_all
from bcp.yaml.source import Reader

FILE = "plans-as-of-last.json"
_FORMAT = 1
_LOG = logging.getLogger(__name__)


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


class _KeptReader(Reader):
    """Reads kept texts in the place of files."""

    def __init__(self, kept: Mapping[str, str]) -> None:
        super().__init__()
        self._kept = kept

    def files(self, office: Path, folder: str, *endings: str) -> list[Path]:
        """Those that were kept."""
        names = (shown for shown in self._kept if shown.startswith(f"{folder}/") and shown.endswith(endings))
        return sorted(office / shown for shown in names)

    def text(self, path: Path, shown: str) -> str:
        """As it was kept. Raises SourceError for a file that there was not."""
        if shown not in self._kept:
            raise SourceError([Mistake(shown, 1, 1, "there was no such file then")])
        self.texts[shown] = self._kept[shown]
        return self._kept[shown]


def keep(session: Session, whole: OfficeConfig, reader: Reader, makes_folder: bool) -> None:
    """Keep what was read, where none of it has a mistake and it is not kept already.

    Unless the command `makes_folder`, the one that it lies in must be there.

    A slip among the contacts keeps nothing back: what the plans need of them was found. Where nothing can be written
    that is no failure of the command: a plan that holds needs no older one.
    """
    if any(not mistake.file.startswith(f"{CONTACTS}/") for mistake in reader.mistakes):
        return
    content = {"files": reader.texts, "audiences": _audiences(whole)}
    with suppress(StoreError):
        path = session.stores.folder / FILE
        if not makes_folder and not path.parent.is_dir():
            return
        told = _read(path)
        if told is not None and all(told.get(name) == each for name, each in content.items()):
            return
        at = stamp(session.clock.now())
        sealed = {**content, "format": _FORMAT, "at": at}
        text = canonical({**sealed, "sha256": digest(canonical(sealed))})
        try:
            make_folder(path.parent)
            put(path, text.encode())
        except OSError as error:
            _LOG.warning("the plans were not kept: %s", error.strerror)


def find(session: Session) -> LastValid | None:
    """What was kept; None where nothing was, or where it is not as we left it, which is remarked."""
    try:
        path = session.stores.folder / FILE
    except StoreError:
        return None
    told = _read(path)
    if told is None and not os.path.lexists(path):
        return None
    if told is None or not _is_ours(path) or not _is_whole(told):
        words = _("{file} is not as it was written, so it is not used.")
        session.remark(words.format(file=path))
        return None
    reader = _KeptReader(told["files"])
    whole = read_all(session.folder, reader, told["audiences"])
    return LastValid(moment(told["at"]), whole, told["files"], reader.mistakes) if whole is not None else None


def _is_whole(told: Mapping[str, Any]) -> bool:
    """Whether it is as it was written; what JSON of another program may hold, we could not even have written."""
    sealed = {name: each for name, each in told.items() if name != "sha256"}
    try:
        return told.get("sha256") == digest(canonical(sealed)) and told.get("format") == _FORMAT
    except (ValueError, RecursionError):
        return False


def _read(path: Path) -> dict[str, Any] | None:
    try:
        if not path.is_file():  # a pipe would be read for ever
            return None
        told = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _is_ours(path: Path) -> bool:
    """Whether nobody but us, root or the group of this office can have written it: programs are run by what it says."""
    if sys.platform == "win32":
        return not path.is_symlink()
    found, folder = path.lstat(), path.parent.stat()
    is_shared = bool(folder.st_mode & stat.S_ISGID) and found.st_gid == folder.st_gid
    is_known = owner_elsewhere(path) is None or is_shared
    is_open = found.st_mode & stat.S_IWOTH or (found.st_mode & stat.S_IWGRP and not is_shared)
    return stat.S_ISREG(found.st_mode) and is_known and not is_open


def _audiences(whole: OfficeConfig) -> list[str]:
    """The audiences that the plans name: no others, for those may say who is a client."""
    named = {
        ref.name
        for loaded in whole.runbooks.values()
        for _loc, act in loaded.model.acts()
        for ref in act.action.refs()
        if ref.kind == "audience"
    }
    return sorted(named & set(whole.audiences))
