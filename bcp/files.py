"""Writes a file whole or not at all, in words where it cannot; and the files that belong to an incident."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from bcp.clock import SystemClock
from bcp.errors import StoreError
from bcp.system_error import is_open_elsewhere, may_pass, number

_PATIENCE, _PAUSE = 1.5, 0.1
"""Seconds for which a file that another program holds open is tried again, and those between two tries: a scanner, an
indexer or a program that synchronises lets go of it soon."""

_BESIDE = ".bcp-new"
T = TypeVar("T")

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)
_WORDS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk is full for this user",
    errno.EFBIG: "no file may become that large here (ulimit -f)",
    errno.EACCES: "this user may not write there",
    errno.EPERM: "this user may not write there",
    errno.EROFS: "it can only be read there",
    errno.ENOENT: "there is no such folder",
    errno.ENOTDIR: "there is no such folder",
}


class OpenElsewhere(PermissionError):
    """Another program has the file open, and lets nobody else write it."""


def in_words(error: OSError) -> str:
    """What the system says of a file; where another program holds it, in our words and with what to do."""
    if isinstance(error, OpenElsewhere) or is_open_elsewhere(error):
        return "it is open in another program: close it there"
    return error.strerror or "unknown reason"


def is_told(error: OSError) -> bool:
    """Whether it is the disk or the rights to it that fail, which is no bug of ours, wherever it happens."""
    return number(error) in (*FULL, *REFUSED) or may_pass(error)


def why(error: OSError) -> str:
    """What the system means, in plain words."""
    if isinstance(error, OpenElsewhere) or is_open_elsewhere(error):
        return "it is open in another program"
    return _WORDS.get(number(error)) or (error.strerror or str(error)).lower()


def what_to_do(error: OSError) -> str:
    """The next thing to do about it."""
    if isinstance(error, OpenElsewhere) or is_open_elsewhere(error):
        return "close it there, then give the command again"
    if number(error) == errno.EFBIG:
        return "raise that limit, then give the command again"
    if number(error) in FULL:
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
        take_place(beside, there)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise


def take_place(fresh: Path, there: Path) -> None:
    """Let a file, or a folder, take the place of what is there. Raises OSError, OpenElsewhere among them."""
    when_free(there, lambda: fresh.replace(there))


def when_free(path: Path, do: Callable[[], T], patience: float = _PATIENCE) -> T:
    """Do something with a file; again, for so many seconds, as long as another program has it open.

    Raises OpenElsewhere where it still has it open then. Windows may not say that it has, so a missing right is
    waited for as well there.
    """
    clock = SystemClock()
    ends = clock.monotonic() + patience
    while True:
        try:
            return do()
        except OSError as error:
            if not may_pass(error):
                raise
            if clock.monotonic() >= ends:
                if is_open_elsewhere(error, path):
                    raise OpenElsewhere(errno.EACCES, "it is open in another program", str(path)) from None
                raise
        clock.sleep(_PAUSE)


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
