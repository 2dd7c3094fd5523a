"""Reads an incident from elsewhere, a zip or a folder: all of it is checked before anything of it is used.

1. The directory of the zip: how many files, which names, how large each says it is; no links, no devices, no locks.
2. Each file is read once, piece by piece: it has the size that was said and the hash that SHA256SUMS lists, and every
   file is listed there.
3. Only then can a file be read, or copied; and its hash is taken again.

A bundle is made by somebody else: nothing that it says of itself is believed, and however it is made, reading it takes
little memory. This is the only reader of archives in the house.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from bcp.errors import InputError
from bcp.i18n import _
from bcp.incident.evidence.archive_files import BundleFiles, FolderFiles, ZipFiles, readable
from bcp.incident.evidence.entry_name import collision, why_not
from bcp.incident.evidence.export import JOURNAL, SUMS
from bcp.progress import UNWATCHED, Progress, counted

MOST_FILES = 2_000
MOST_BYTES = 500 * 1024 * 1024
MOST_OF_ONE = 32 * 1024 * 1024
"""Bytes of one file. A receipt has at most 25 MB, a journal of many thousand entries less."""
_MOST_OF_LINE = 4 * 1024 * 1024
_MOST_VALUES = 500_000
"""Values in the JSON of one file: as objects of Python, 64 bytes each, they take 32 MB."""
_MB = 1024 * 1024
_SUM = re.compile(r"([0-9a-f]{64})  (.+)")
_VOUCHING = (SUMS, f"{SUMS}.sig", f"{SUMS}.tsr")
"""What vouches for the list of hashes, and so is not in it."""


class Bundle:
    """A bundle that holds what its SHA256SUMS says; its files by their names, folders before them with `/`."""

    def __init__(self, file: Path, *, progress: Progress = UNWATCHED) -> None:
        """Check all of it. Raises InputError with a sentence that names the entry."""
        self.file = file
        with readable(file):
            self._files: BundleFiles = FolderFiles(file) if file.is_dir() else ZipFiles(file, MOST_FILES)
        try:
            self._refuse_strange()
            self._sums = self._listed()
            for name in counted(progress, _("Checking the files"), self._sums, len(self._sums), name=str):
                for _piece in self._pieces(name):
                    pass
        except BaseException:
            self._files.close()
            raise

    def __enter__(self) -> Self:
        """It, open."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Closed."""
        self._files.close()

    def __contains__(self, name: str) -> bool:
        """Whether a file of that name is listed."""
        return name in self._sums

    @property
    def sum(self) -> str:
        """The hash of the list of hashes: it stands for all that the bundle holds."""
        return self._sum

    @property
    def is_signed(self) -> bool:
        """Whether a signature lies beside the list of hashes; whose it is, and whether it fits, is not looked at."""
        return _VOUCHING[1] in self._files.sizes

    @property
    def names(self) -> Sequence[str]:
        """The files that are listed."""
        return tuple(self._sums)

    def hash(self, name: str) -> str:
        """The SHA-256 of a listed file."""
        return self._sums[name]

    def read(self, name: str) -> bytes:
        """A file as a whole; nothing where there is none."""
        read = bytearray()
        for piece in self._pieces(name) if name in self._sums else ():
            read += piece
        return bytes(read)

    def copy(self, name: str, target: IO[bytes]) -> None:
        """Write a listed file into an open one, piece by piece."""
        for piece in self._pieces(name):
            target.write(piece)

    def read_json(self, name: str) -> Any:
        """What a file of JSON says. Raises ValueError or RecursionError for what is none."""
        raw = self.read(name)
        self._refuse_many(name, _weight(raw))
        return json.loads(raw)

    def json_lines(self, name: str) -> Iterator[Any]:
        """What each line of a file says. Raises ValueError or RecursionError for what is none."""
        weight = 0
        for line in self._lines(name):
            weight += _weight(line)
            self._refuse_many(name, weight)
            if line:
                yield json.loads(line.decode("utf-8", "surrogatepass"))

    def _lines(self, name: str) -> Iterator[bytes]:
        rest = b""
        for piece in self._pieces(name) if name in self._sums else ():
            *lines, rest = (rest + piece).split(b"\n")
            yield from lines
            if len(rest) > _MOST_OF_LINE:
                raise self.refused(name, _("it has a line of more than {size} MB").format(size=4))
        yield rest

    def refused(self, name: str, why: str) -> InputError:
        """What is to be raised because of one file."""
        words = _("{file} was not taken over: “{name}”: {why}")
        shown = name if len(name) <= 80 else f"{name[:60]}…"
        hint = _("Nothing was kept. Ask for a new file: bcp incident hand-over FILE")
        return InputError(words.format(file=self.file, name=shown, why=why), hint)

    # what is checked ---------------------------------------------------------------------------------------

    def _refuse_strange(self) -> None:
        """The names and the sizes, as the bundle says them."""
        sizes = self._files.sizes
        if len(sizes) > MOST_FILES:
            why = _("it holds more than {count} files").format(count=MOST_FILES)
            raise self.refused(self.file.name, why)
        for name in (*self._files.names, *self._files.folders):
            if why := why_not(name) or self._files.strange.get(name, ""):
                raise self.refused(name, why)
        if (fault := collision(self._files.names)) is not None:
            raise self.refused(*fault)
        for name, size in sizes.items():
            if size > MOST_OF_ONE:
                words = _("it has {size} MB, and at most {most} MB are read")
                raise self.refused(name, words.format(size=size // _MB, most=MOST_OF_ONE // _MB))
        if sum(sizes.values()) > MOST_BYTES:
            words = _("all files together have more than {most} MB")
            raise self.refused(self.file.name, words.format(most=MOST_BYTES // _MB))

    def _listed(self) -> dict[str, str]:
        """The hash of each file, by SHA256SUMS. Raises InputError where that and the files do not go together."""
        sizes = self._files.sizes
        if JOURNAL not in sizes:
            hint = _("give the file of: bcp incident hand-over")
            raise InputError(_("{file} holds no incident").format(file=self.file), hint)
        if SUMS not in sizes:
            raise self.refused(SUMS, _("it is missing, so nobody can see whether something was changed"))
        with readable(self.file):
            raw = b"".join(self._files.pieces(SUMS))
        self._sum = sha256(raw).hexdigest()
        sums: dict[str, str] = {}
        for line in raw.decode("utf-8", "replace").splitlines():
            found = _SUM.fullmatch(line)
            if found is None or found[2] in sums:
                raise self.refused(SUMS, _("it is not a list of hashes"))
            sums[found[2]] = found[1]
        for name in sums:
            if name not in sizes:
                raise self.refused(name, _("SHA256SUMS lists it, and it is missing"))
        for name in sizes:
            if name not in sums and name not in _VOUCHING:
                raise self.refused(name, _("SHA256SUMS does not list it"))
        return sums

    def _pieces(self, name: str) -> Iterator[bytes]:
        """A file, piece by piece; at its end it has proved to be of its size and hash."""
        size, seen, digest = self._files.sizes[name], 0, sha256()
        with readable(self.file):
            for piece in self._files.pieces(name):
                seen += len(piece)
                if seen > size:
                    raise self.refused(name, _("it is larger than the directory of the file says"))
                digest.update(piece)
                yield piece
        if seen < size:
            raise self.refused(name, _("it is smaller than the directory of the file says"))
        if digest.hexdigest() != self._sums[name]:
            raise self.refused(name, _("it was changed: it has not the hash that SHA256SUMS lists"))

    def _refuse_many(self, name: str, weight: int) -> None:
        if weight > _MOST_VALUES:
            raise self.refused(name, _("it holds more than {count} values").format(count=_MOST_VALUES))


def _weight(raw: bytes) -> int:
    """How many values a text of JSON has at most."""
    return raw.count(b",") + raw.count(b"[") + raw.count(b"{")
