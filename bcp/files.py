"""Writes a file whole or not at all, in words where it cannot; and the files that belong to an incident."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

from bcp.errors import StoreError

_BESIDE = ".bcp-new"

FULL = (errno.ENOSPC, errno.EDQUOT)
REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)
_WORDS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk is full for this user",
    errno.EACCES: "this user may not write there",
    errno.EPERM: "this user may not write there",
    errno.EROFS: "it can only be read there",
    errno.ENOENT: "there is no such folder",
    errno.ENOTDIR: "there is no such folder",
}


def why(error: OSError) -> str:
    """What the system means, in plain words."""
    return _WORDS.get(error.errno or 0) or (error.strerror or str(error)).lower()


def what_to_do(error: OSError) -> str:
    """The next thing to do about it."""
    if error.errno in FULL:
        return "make room on the disk, then give the command again"
    return "look whether this login may write there, then give the command again"


def not_written(path: Path | str, error: OSError) -> StoreError:
    """The failure to be told where `path` could not be written."""
    return StoreError(f"{path} cannot be written: {why(error)}", what_to_do(error))


def put(path: Path, content: bytes) -> None:
    """Write it beside, flush, take its place; where `path` is a link, the file that it leads to is replaced.

    Raises OSError; what was there is still there then, and nothing lies beside it.
    """
    there = Path(os.path.realpath(path))
    beside = there.with_name(there.name + _BESIDE)
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if there.exists():
            shutil.copymode(there, beside)
        beside.replace(there)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file of ours, with the folders that it needs. Raises StoreError; nothing is half-written then."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise not_written(path, error) from None


class IncidentFiles:
    """Named files of one incident, in its folder; that is made with the first of them.

    A name may have folders in it: `letters/line-down-1-acme.eml`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Where a file of this name lies, or would lie."""
        return self.folder / name

    def holds(self, name: str) -> bool:
        """Whether there is a file of this name."""
        return self.path(name).is_file()

    def write(self, name: str, content: bytes) -> Path:
        """Write a file, whole or not at all; where it lies. Raises StoreError where it cannot be written."""
        write_whole(self.path(name), content)
        return self.path(name)

    def below(self, folder: str) -> IncidentFiles:
        """The same files, seen from one of their folders."""
        return IncidentFiles(self.folder / folder)


class MemoryFiles(IncidentFiles):
    """Files that are kept until the process ends, and never on a disk; `folder` is where they would lie."""

    def __init__(self, folder: Path, written: dict[Path, bytes]) -> None:
        super().__init__(folder)
        self.written = written

    def holds(self, name: str) -> bool:
        """Whether a file of this name was written."""
        return self.path(name) in self.written

    def write(self, name: str, content: bytes) -> Path:
        """Keep a file in memory; where it would lie."""
        self.written[self.path(name)] = content
        return self.path(name)

    def below(self, folder: str) -> MemoryFiles:
        """The same files, seen from one of their folders."""
        return MemoryFiles(self.folder / folder, self.written)
