"""What sheets say of the very same files, ready to be set as a page without reading them anew.

Beside the register of paper (`prints/`), one file for each command line that printed something, or that `validate`
expects: what the template is told, and the hash of everything that it came from: every file of the office folder that
a command reads, and the program itself. The hash decides; whatever differs by a byte is read, checked and compiled
again. The files may be deleted at any time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bcp.files import put
from bcp.office.find import FILE
from bcp.private import make_folder
from bcp.version import program

FOLDER = "prints/ready"
SOURCES = (FILE, "channels.yaml", "runbooks", "checks", "contacts", "notices")
"""What a command reads of an office folder."""

MOST = 80
"""So many command lines are remembered, the newest ones."""

_FORMAT = 2
_KEYS = {"file", "prints", "said", "title", "told"}


def fingerprint(office: Path) -> str:
    """The SHA-256 of everything that a page of this office is made from: its files, and the program.

    Raises OSError where one of them cannot be read.
    """
    import hashlib

    made = hashlib.sha256()
    for path in _sources(office):
        text = path.read_bytes()
        made.update(f"{path.relative_to(office).as_posix()}\0{len(text)}\0".encode() + text)
    for each in program():
        made.update(f"{each}\0".encode())
    return made.hexdigest()


def asked(arguments: Sequence[str]) -> tuple[list[str], str | None]:
    """What a command line asks for, and the file that it names with `-o`; other spellings stay in the first."""
    wanted, output, rest = list[str](), None, iter(arguments)
    for each in rest:
        if each in ("-o", "--output"):
            output = next(rest, "")
        else:
            wanted.append(each)
    return wanted, output


class Ready:
    """The pages of one office folder that are ready for the next time.

    Of each is kept what the template is `told`, the `title` that errors name, the `file` that is written where none is
    named, what is `said` below its name (texts and styles), and `prints`: by its hash, the text that the register of
    paper keeps of each document.
    """

    def __init__(self, office: Path) -> None:
        """`office` is its folder."""
        self.office = office
        self.folder = office / FOLDER

    def find(self, wanted: Sequence[str], from_: str = "") -> dict[str, Any] | None:
        """What is printed for `wanted` (see `asked`), if nothing has changed since it was kept; else None.

        `from_` is the fingerprint of the files, where that is known.
        """
        try:
            kept: dict[str, Any] = json.loads(self._path(wanted).read_bytes())
            if (
                kept["format"] == _FORMAT
                and kept.keys() >= _KEYS
                and kept["from"] == (from_ or fingerprint(self.office))
            ):
                return kept
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return None

    def keep(self, wanted: Sequence[str], from_: str, told: Mapping[str, Any]) -> None:
        """Keep what files with that fingerprint say for `wanted`; in a read-only folder nothing is kept."""
        text = json.dumps({"format": _FORMAT, "from": from_, **told}, ensure_ascii=False)
        try:
            make_folder(self.folder)
            _replace(self._path(wanted), text)
            for old in sorted(self.folder.iterdir(), key=lambda each: each.stat().st_mtime)[:-MOST]:
                old.unlink(missing_ok=True)
        except OSError:
            return

    def register(self, kept: Mapping[str, Any]) -> None:
        """Let the register of paper know what is printed. Raises OSError where it cannot be kept there."""
        for hash_, text in kept["prints"].items():
            path = self.folder.parent / f"{hash_}.json"
            if hash_.isalnum() and not path.is_file():
                _replace(path, text)

    def _path(self, wanted: Sequence[str]) -> Path:
        import hashlib

        return self.folder / f"{hashlib.sha256(json.dumps(list(wanted)).encode()).hexdigest()[:16]}.json"


def _replace(path: Path, text: str) -> None:
    put(path, text.encode())


def _sources(office: Path) -> Iterator[Path]:
    """The files that are read, in one order; those that other programs leave beside them do no harm."""
    for name in SOURCES:
        path = office / name
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file())
        elif path.is_file():
            yield path
