"""Texts of an office as they were when they last held: one private file beside the journal, with a hash over all of it.

What it holds decides which programs are run, so a file that somebody else could have written is not used.
"""

from __future__ import annotations

import json
import logging
import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bcp.app.session import Session
from bcp.errors import Mistake, SourceError, StoreError
from bcp.event import canonical, digest, stamp
from bcp.files import put
from bcp.i18n import _
from bcp.private import make_folder, owner_elsewhere
from bcp.yaml.source import Reader

_FORMAT = 1
_LOG = logging.getLogger(__name__)


class KeptReader(Reader):
    """Reads kept texts in the place of files."""

    def __init__(self, kept: Mapping[str, str]) -> None:
        super().__init__()
        self._kept = kept

    def files(self, office: Path, folder: str, *endings: str) -> list[Path]:
        """Those that were kept."""
        names = (shown for shown in self._kept if shown.startswith(f"{folder}/") and shown.endswith(endings))
        return sorted(office / shown for shown in names)

    def is_there(self, path: Path, shown: str) -> bool:
        """Whether it was kept."""
        return shown in self._kept

    def text(self, path: Path, shown: str) -> str:
        """As it was kept. Raises SourceError for a file that there was not."""
        if shown not in self._kept:
            raise SourceError([Mistake(shown, 1, 1, "there was no such file then")])
        self.texts[shown] = self._kept[shown]
        return self._kept[shown]


def keep_texts(session: Session, file: str, content: Mapping[str, Any], *, makes_folder: bool) -> None:
    """Keep it, where it is not kept already. Where nothing can be written that is no failure of the command.

    Unless the command `makes_folder`, the one that it lies in must be there. Raises StoreError where this is no place
    for a store.
    """
    path = session.stores.folder / file
    if not makes_folder and not path.parent.is_dir():
        return
    told = _read(path)
    if told is not None and all(told.get(name) == each for name, each in content.items()):
        return
    sealed = {**content, "format": _FORMAT, "at": stamp(session.clock.now())}
    text = canonical({**sealed, "sha256": digest(canonical(sealed))})
    try:
        make_folder(path.parent)
        put(path, text.encode())
    except OSError as error:
        _LOG.warning("%s was not kept: %s", file, error.strerror)


def find_texts(session: Session, file: str) -> dict[str, Any] | None:
    """What was kept; None where nothing was, or where it is not as we left it, which is remarked."""
    try:
        path = session.stores.folder / file
    except StoreError:
        return None
    told = _read(path)
    if told is None and not os.path.lexists(path):
        return None
    if told is None or not _is_ours(path) or not _is_whole(told):
        words = _("{file} is not as it was written, so it is not used.")
        session.remark(words.format(file=path))
        return None
    return told


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
