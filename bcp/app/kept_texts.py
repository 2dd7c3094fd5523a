"""Texts of an office as they were when they last held: one private file beside the journal, with a hash over all of it.

What it holds decides which programs are run, so a file that somebody else could have written is not used.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bcp.app.sealed import is_ours, is_whole, read_json, sealed
from bcp.app.session import Session
from bcp.errors import Mistake, SourceError, StoreError
from bcp.event import stamp
from bcp.files import put
from bcp.i18n import _
from bcp.private import make_folder
from bcp.yaml.source import Reader

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

    def peek(self, path: Path, shown: str) -> str:
        """As it was kept. Raises SourceError for a file that there was not."""
        if shown not in self._kept:
            raise SourceError([Mistake(shown, 1, 1, "there was no such file then")])
        return self._kept[shown]


def keep_texts(session: Session, file: str, content: Mapping[str, Any], *, makes_folder: bool) -> None:
    """Keep it, where it is not kept already. Where nothing can be written that is no failure of the command.

    Unless the command `makes_folder`, the one that it lies in must be there. Raises StoreError where this is no place
    for a store.
    """
    path = session.stores.folder / file
    if not makes_folder and not session.stores.folder.is_dir():
        return
    told = read_json(path)
    if told is not None and all(told.get(name) == each for name, each in content.items()):
        return
    try:
        make_folder(path.parent)
        put(path, sealed({**content, "at": stamp(session.clock.now())}))
    except OSError as error:
        _LOG.warning("%s was not kept: %s", file, error.strerror)


def find_texts(session: Session, file: str) -> dict[str, Any] | None:
    """What was kept; None where nothing was, or where it is not as we left it, which is remarked."""
    try:
        path = session.stores.folder / file
    except StoreError:
        return None
    told = read_json(path)
    if told is None and not os.path.lexists(path):
        return None
    if told is None or not is_ours(path) or not is_whole(told):
        words = _("{file} is not as it was written, so it is not used.")
        session.remark(words.format(file=path))
        return None
    return told
