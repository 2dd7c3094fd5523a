"""Looks through every file of an office for somebody who is to be forgotten, and mends those that are ours to mend.

Ours are letters and previews that lie as files, call lists, pages that are ready to print, and what an interrupted
write left. Everything else (exports, backups, a claim, the record of an incident) stays as it is and is named.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bcp.contact.traces import Traces
from bcp.files import in_words, is_left_beside, write_whole
from bcp.i18n import _
from bcp.notice.campaign.by_hand import EXPORTS, PAGE, PRINT, SET
from bcp.notice.campaign.calls import without
from bcp.notice.campaign.letters import CALLS, LETTERS
from bcp.page.cache import FOLDER as READY
from bcp.progress import UNWATCHED, Progress, counted
from bcp.store.database import FILE as STORE

PREVIEW = "preview"
_MOST_BYTES = 32 * 1024 * 1024
"""Of a file, or of what is packed in one; a larger one is not looked into, and is named."""
_NOT_LOOKED_INTO = (".pdf", ".7z", ".gz", ".xz", ".bz2", ".rar")
_HIDDEN = (".new", ".part")
_OTHERS = (".git", ".venv", "node_modules")


@dataclass
class Swept:
    """What was done to files: how many were mended, which still name somebody, which could not be looked into or
    written.
    """

    mended: int = 0
    naming: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """Each with the reason: it is tried again."""


def sweep(
    office: Path, state: Path, traces: Traces, own: frozenset[Path], *, progress: Progress = UNWATCHED
) -> Swept:
    """Look through the office and the state folder; `own` are files that others see to."""
    done = Swept()
    seen = {*own, *(state / f"{STORE}{end}" for end in ("", "-wal", "-shm"))}
    every = (path for folder in (office, state) for path in _files(folder))
    for path in counted(
        progress, _("Looking through the files"), every, name=lambda one: _shown(one, office)
    ):
        if path in seen or path.name.endswith(".lock"):
            continue
        seen.add(path)
        _look(path, _shown(path, office), state, traces, done)
    if (office / ".git").exists():
        done.unseen.append(".git")
    return done


def _files(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if each not in _OTHERS)
        for name in sorted(names):
            path = Path(where, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _shown(path: Path, office: Path) -> str:
    return path.relative_to(office).as_posix() if path.is_relative_to(office) else str(path)


def _look(path: Path, shown: str, state: Path, traces: Traces, done: Swept) -> None:
    try:
        if _mended(path, state, traces):
            done.mended += 1
            return
    except OSError as error:
        done.failed.append(f"{shown}: {in_words(error)}")
        return
    try:
        if traces.stand_in(path.name):
            done.naming.append(shown)
        elif path.suffix.lower() in _NOT_LOOKED_INTO or path.stat().st_size > _MOST_BYTES:
            done.unseen.append(shown)
        elif _names(path, traces):
            done.naming.append(shown)
    except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, EOFError):
        done.unseen.append(shown)


def _mended(path: Path, state: Path, traces: Traces) -> bool:
    """Whether it was ours to mend, and told of somebody. Raises OSError where that could not be done."""
    below = path.relative_to(state).parts if path.is_relative_to(state) else ()
    if len(below) > 2 and below[1] in (LETTERS, PREVIEW):
        return traces.is_letter(path.read_bytes()) and _removed(path)
    if (len(below) == 2 and below[1] == PRINT) or (len(below) == 3 and below[1] == SET):
        # Nobody can look into it, and the next sending makes it anew.
        return _removed(path)
    if len(below) > 1 and (below[1] == PAGE or below[1] == EXPORTS):
        return traces.stand_in_bytes(path.read_bytes()) and _removed(path)
    if len(below) == 2 and below[1] == CALLS:
        text = path.read_text("utf-8", "replace")
        rest = without(text, traces.stand_in)
        if rest != text:
            write_whole(path, rest)
        return rest != text
    if _is_left(path.name) or path.parent.as_posix().endswith(f"/{READY}"):
        return traces.stand_in_bytes(path.read_bytes()) and _removed(path)
    return False


def _is_left(name: str) -> bool:
    """Whether it is what a write that was cut off leaves: its content is in the file itself, or was never kept."""
    return is_left_beside(name) or (name.startswith(".") and name.endswith(_HIDDEN)) or name == "journal.new"


def _removed(path: Path) -> bool:
    path.unlink()
    return True


def _names(path: Path, traces: Traces) -> bool:
    if not zipfile.is_zipfile(path):
        return traces.stand_in_bytes(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if sum(each.file_size for each in entries) > _MOST_BYTES:
            raise zipfile.BadZipFile("too much to look through")
        return any(
            traces.stand_in(each.filename) or traces.stand_in_bytes(archive.read(each)) for each in entries
        )
