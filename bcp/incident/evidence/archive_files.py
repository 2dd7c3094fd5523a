"""The files of a zip or of a folder as they lie there, by name and size; read piece by piece, no link followed."""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import BinaryIO, Protocol

from bcp.errors import InputError
from bcp.files import in_words
from bcp.i18n import _
from bcp.incident.evidence.export import JOURNAL

_PIECE = 256 * 1024
_MOST_OF_ENTRY = 600
"""Bytes that one file takes in the directory of a zip: 46, its name, and what else is said of it."""
_END, _END_SIZE, _LONGEST_REMARK = b"PK\x05\x06", 22, 65_535
_FAR_END, _FAR_SIZE = b"PK\x06\x07", 20
_LOCKED = 0x1 | 0x40
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_DEEPEST = 8
"""Folders in each other that are looked into."""


class BundleFiles(Protocol):
    """Files from elsewhere, before anything of them is believed.

    `names` are those of all files, perhaps the same twice, and `folders` what is named besides; `sizes` are those of
    the files, in bytes, as they are said to be; `strange` are names of what is no ordinary file, with why.
    """

    names: list[str]
    folders: list[str]
    sizes: dict[str, int]
    strange: dict[str, str]

    def pieces(self, name: str) -> Iterator[bytes]:
        """What a file holds; at most a byte more than is said, so that it shows."""
        ...

    def close(self) -> None:
        """Nothing more is read."""
        ...


@contextmanager
def readable(file: Path) -> Iterator[None]:
    """A sentence for what cannot be read: torn, locked, no zip, not there. Raises InputError."""
    try:
        yield
    # A locked archive, and one that is packed in a way which is not known, are a RuntimeError.
    except (OSError, EOFError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        why = in_words(error) if isinstance(error, OSError) else error
        words = _("{file} cannot be read: {why}").format(file=file, why=why)
        raise InputError(words, _("give the file of: bcp incident hand-over")) from None


class ZipFiles:
    """The files of a zip. That of an export has one folder at its top, that of a hand-over has none."""

    def __init__(self, file: Path, most: int) -> None:
        """Read its directory, if it has not more than `most` files. Raises OSError, BadZipFile, RuntimeError."""
        self._stream = _opened(file)
        try:
            _refuse_large_directory(self._stream, most)
            self._archive = zipfile.ZipFile(self._stream)
        except BaseException:
            self._stream.close()
            raise
        found = self._archive.infolist()
        top = _top([each.orig_filename for each in found])
        self.names: list[str] = []
        self.folders: list[str] = []
        self.sizes: dict[str, int] = {}
        self.strange: dict[str, str] = {}
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for each in found:
            # The name as it is written there: what stands behind a zero byte is not cut off, `\` is no `/`.
            name = each.orig_filename.removeprefix(top)
            if not name:
                continue
            is_folder = name.endswith("/")
            name = name.removesuffix("/")
            if why := _why_not(each, is_folder):
                self.strange[name] = why
            if is_folder:
                self.folders.append(name)
            else:
                self.names.append(name)
                self.sizes[name], self._entries[name] = each.file_size, each

    def pieces(self, name: str) -> Iterator[bytes]:
        """Unpacked. Raises BadZipFile or zlib.error where it is torn."""
        # One byte more than the directory says is let through: zipfile would cut it off, and nobody would see it. Its
        # CRC is no proof against anybody, and would be that of the shorter one: what counts is SHA256SUMS.
        wider = copy(self._entries[name])
        wider.file_size += 1
        del wider.CRC
        with self._archive.open(wider) as packed:
            while piece := packed.read(_PIECE):
                yield piece

    def close(self) -> None:
        """The zip is closed."""
        self._archive.close()
        self._stream.close()


class FolderFiles:
    """The files of a folder."""

    def __init__(self, folder: Path) -> None:
        """Look at all that lies in it. Raises OSError."""
        self._folder = folder
        self.names: list[str] = []
        self.folders: list[str] = []
        self.sizes: dict[str, int] = {}
        self.strange: dict[str, str] = {}
        self._look(folder, "")

    def pieces(self, name: str) -> Iterator[bytes]:
        """As it is now."""
        left = self.sizes[name] + 1
        with _opened(self._folder / name, _NO_LINK) as file:
            while left > 0 and (piece := file.read(min(_PIECE, left))):
                left -= len(piece)
                yield piece

    def close(self) -> None:
        """Nothing is open."""

    def _look(self, folder: Path, before: str) -> None:
        with os.scandir(folder) as found:
            for each in sorted(found, key=lambda one: one.name):
                name = f"{before}{each.name}"
                if each.is_dir(follow_symlinks=False) and not _is_link(each):
                    if before.count("/") < _DEEPEST:
                        self._look(Path(each.path), f"{name}/")
                        continue
                    self.strange[name] = _("the name leads through more than {count} folders").format(
                        count=_DEEPEST
                    )
                self.names.append(name)
                if _is_link(each) or not each.is_file(follow_symlinks=False):
                    self.strange.setdefault(name, _no_file())
                else:
                    self.sizes[name] = each.stat(follow_symlinks=False).st_size


def _is_link(found: os.DirEntry[str]) -> bool:
    """Whether it leads elsewhere; on Windows a junction does, and Python 3.11 does not say so of one."""
    reparse = getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0)
    marks = getattr(found.stat(follow_symlinks=False), "st_file_attributes", 0)
    return found.is_symlink() or bool(marks & reparse)


def _no_file() -> str:
    return _("it is a link or no ordinary file")


def _opened(path: Path, more: int = 0) -> BinaryIO:
    """An ordinary file, open to read, without waiting for the other end of a pipe. Raises OSError, ValueError."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags | more)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise ValueError(_("it is no ordinary file"))
    return os.fdopen(handle, "rb")


def _top(names: list[str]) -> str:
    """The one folder at the top of the zip of an export, with its slash; nothing in that of a hand-over."""
    if JOURNAL in names or not names:
        return ""
    top, slash, _rest = names[0].partition("/")
    return f"{top}/" if slash and all(name.startswith(f"{top}/") for name in names) else ""


def _why_not(entry: zipfile.ZipInfo, is_folder: bool) -> str:
    """Why an entry is none that is read, whatever its name."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFDIR if is_folder else stat.S_IFREG):
        return _no_file()
    if entry.flag_bits & _LOCKED:
        return _("it cannot be read: it is locked with a password")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return _("it cannot be read: it is packed in a way that is not known here")
    if is_folder and entry.file_size:
        return _("it is a folder that holds bytes of its own")
    return ""


def _refuse_large_directory(stream: BinaryIO, most: int) -> None:
    """Raises BadZipFile for a zip whose directory is larger than that of so many files: it would be read as a whole."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _END_SIZE - _LONGEST_REMARK - _FAR_SIZE))
    tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise zipfile.BadZipFile(_("it is not a zip"))
    end = tail[at : at + _END_SIZE]
    directory, count = int.from_bytes(end[12:16], "little"), int.from_bytes(end[10:12], "little")
    is_far = tail[max(0, at - _FAR_SIZE) : at].startswith(_FAR_END)
    if is_far or count > most or directory > most * _MOST_OF_ENTRY:
        raise zipfile.BadZipFile(_("it holds more than {count} files").format(count=most))
    stream.seek(0)
