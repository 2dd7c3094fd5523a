"""What was printed before from the very same files, ready to be set again without reading them anew.

Beside the register of paper (`prints/`), one file for each command line: what the template was told then, and the hash
of everything that it came from: every file of the office folder that a command reads, and the program itself. The hash
decides; whatever differs by a byte is read, checked and compiled again. The files may be deleted at any time.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bcp.folder import FILE

FOLDER = "prints/ready"
SOURCES = (FILE, "channels.yaml", "runbooks", "checks", "contacts", "notices")
"""What a command reads of an office folder."""

_FORMAT = 1
_KEYS = {"file", "prints", "said", "title", "told"}
_MOST = 40


def fingerprint(office: Path) -> str:
    """The SHA-256 of everything that a page of this office is made from: its files, and the program.

    Raises OSError where one of them cannot be read.
    """
    import hashlib

    made = hashlib.sha256()
    for path in _sources(office):
        text = path.read_bytes()
        made.update(f"{path.relative_to(office).as_posix()}\0{len(text)}\0".encode() + text)
    for each in _program():
        made.update(f"{each}\0".encode())
    return made.hexdigest()


class Ready:
    """The pages of one office folder that are ready for the next time."""

    def __init__(self, office: Path) -> None:
        """`office` is its folder."""
        self.office = office
        self.folder = office / FOLDER

    def find(self, command: Sequence[str]) -> dict[str, Any] | None:
        """What that command line printed, if nothing has changed since; else None."""
        try:
            kept: dict[str, Any] = json.loads(self._path(command).read_bytes())
            if (
                kept["format"] == _FORMAT
                and kept.keys() >= _KEYS
                and kept["from"] == fingerprint(self.office)
            ):
                return kept
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return None

    def keep(self, command: Sequence[str], from_: str, told: Mapping[str, Any]) -> None:
        """Keep what was printed from the files with that fingerprint; in a read-only folder nothing is kept."""
        path = self._path(command)
        aside = path.with_suffix(f".{os.getpid()}")
        text = json.dumps({"format": _FORMAT, "from": from_, **told}, ensure_ascii=False)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            aside.write_text(text, encoding="utf-8")
            aside.replace(path)
            for old in sorted(self.folder.iterdir(), key=lambda each: each.stat().st_mtime)[:-_MOST]:
                old.unlink(missing_ok=True)
        except OSError:
            return

    def _path(self, command: Sequence[str]) -> Path:
        import hashlib

        return self.folder / f"{hashlib.sha256(json.dumps(list(command)).encode()).hexdigest()[:16]}.json"


def _sources(office: Path) -> Iterator[Path]:
    """The files that are read, in one order; those that other programs leave beside them do no harm."""
    for name in SOURCES:
        path = office / name
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file())
        elif path.is_file():
            yield path


def _program() -> Iterator[str]:
    """Every file of this program by name, size and time, and when a library was put in or taken out."""
    yield sys.version
    yield from _files(str(Path(__file__).parent.parent))
    for place in sys.path:
        if place.endswith("-packages") and os.path.isdir(place):  # noqa: PTH112 - a Path each time costs more
            yield f"{place} {os.stat(place).st_mtime_ns}"  # noqa: PTH116


def _files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as found:
        for each in sorted(found, key=lambda each: each.name):
            if each.is_dir():
                if each.name != "__pycache__":
                    yield from _files(each.path)
            else:
                told = each.stat()
                yield f"{each.path} {told.st_size} {told.st_mtime_ns}"
