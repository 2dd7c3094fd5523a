"""Writes a file whole or not at all, in words where it cannot; and the files that belong to an incident."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TypeVar

from bcp.clock import SystemClock
from bcp.errors import StoreError
from bcp.private import ShutOut, as_before, give, make_file, make_folder
from bcp.system_error import is_open_elsewhere, may_pass, number

_PATIENCE, _PAUSE = 1.5, 0.1
"""Seconds for which a file that another program holds open is tried again, and those between two tries: a scanner, an
indexer or a program that synchronises lets go of it soon."""

_BESIDE = ".bcp-new"
_LEFT_BESIDE = re.compile(r"\.[0-9a-f]{16}" + re.escape(_BESIDE) + r"(\..+)?")
_SURELY_LEFT = 3600
"""Seconds after which what lies beside is no longer being written, but was left by a process that was cut off."""
_swept: set[Path] = set()
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
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


class PlantedLink(PermissionError):
    """A link that somebody else has put where a file of ours is to be: he would choose what is written over."""


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
    if isinstance(error, PlantedLink):
        return "a link of somebody else lies there"
    if isinstance(error, ShutOut):
        return "its group, such as the web server's, could not read it any more, for this user is not in that group"
    return _WORDS.get(number(error)) or (error.strerror or str(error)).lower()


def what_to_do(error: OSError) -> str:
    """The next thing to do about it."""
    if isinstance(error, OpenElsewhere) or is_open_elsewhere(error):
        return "close it there, then give the command again"
    if isinstance(error, PlantedLink):
        return "ask who put it there; take it away, then give the command again"
    if number(error) == errno.EFBIG:
        return "raise that limit, then give the command again"
    if number(error) in FULL:
        return "make room on the disk, then give the command again"
    return "look whether this login may write there, then give the command again"


def not_written(path: Path | str, error: OSError) -> StoreError:
    """The failure to be told where `path` could not be written."""
    return StoreError(f"{path} cannot be written: {why(error)}", what_to_do(error))


def put(path: Path, content: bytes, *, published: bool = False, like: Path | None = None) -> None:
    """Write a file whole or not at all, as `whole` says. Raises OSError."""
    with whole(path, published=published, like=like) as file:
        file.write(content)


@contextmanager
def whole(path: Path, *, published: bool = False, like: Path | None = None) -> Iterator[IO[bytes]]:
    """A new file, to write in the block, that takes the place of `path` at its end: flushed, with its mode and owner.

    With `like` it gets those of that file. Where there was none it is for its owner alone, or, `published`, for all.
    Where `path` is a link, the file that it leads to is replaced; a pipe or a device is written into. Raises OSError,
    also for a link that somebody else put there; what was there is still there then, and nothing lies beside it.
    """
    there = behind(path)
    if path.exists() and not path.is_file():
        with path.open("wb") as straight:
            yield straight
        return
    beside = _beside(there, published)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_LINK | getattr(os, "O_BINARY", 0)
    number = os.open(beside, flags, 0o600)
    try:
        with os.fdopen(number, "w+b") as file:
            yield file
            file.flush()
            as_before(number, like or there, published)
            os.fsync(number)
        if sys.platform == "win32" and there.exists():
            shutil.copymode(there, beside)
        take_place(beside, there)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


@contextmanager
def fresh_folder(there: Path) -> Iterator[Path]:
    """A new folder beside `there`, to fill in the block and let take its place; what is left of it then is removed."""
    fresh = _beside(there)
    fresh.mkdir()
    try:
        give(fresh)
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def zip_folder(folder: Path, file: Path) -> None:
    """Pack what a folder holds into a zip, below a folder of the zip's own name. Raises OSError."""
    from zipfile import ZIP_DEFLATED, ZipFile

    with whole(file) as packed, ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            archive.write(path, f"{file.stem}/{path.relative_to(folder).as_posix()}")


def behind(path: Path) -> Path:
    """The file that is meant, where a link may lie. Raises PlantedLink."""
    if path.is_symlink() and sys.platform != "win32" and path.lstat().st_uid not in (0, os.geteuid()):
        raise PlantedLink(errno.EACCES, "a link of somebody else lies there", str(path))
    return Path(os.path.realpath(path))


def _beside(there: Path, published: bool = False) -> Path:
    """A name that nobody can guess, in the same folder; what was left there by a process cut off is swept once.

    What is published keeps its endings: in the folder of a website a `.php` under another one is shown as its source.
    What is ours loses them: nobody may take a half of a list of contacts for another list.
    """
    _sweep(there.parent)
    endings = "".join(there.suffixes) if published else ""
    return there.with_name(f".{os.urandom(8).hex()}{_BESIDE}{endings}")


def is_left_beside(name: str) -> bool:
    """Whether a file of this name waits, or waited, to take the place of another one."""
    return name.endswith(_BESIDE) or _LEFT_BESIDE.fullmatch(name) is not None


def _sweep(folder: Path) -> None:
    if folder in _swept:
        return
    _swept.add(folder)
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not _LEFT_BESIDE.fullmatch(entry.name):
                continue
            found = entry.stat(follow_symlinks=False)
            if SystemClock().now().timestamp() - found.st_mtime > _SURELY_LEFT:
                _remove(Path(entry.path))


def _remove(path: Path) -> None:
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


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


def append(path: Path, text: str) -> None:
    """Write to the end of a text file of ours, which is made where it is not there. Raises OSError, for a link too."""
    make_file(path)
    flags = os.O_WRONLY | os.O_APPEND | _NO_LINK | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "a", encoding="utf-8") as file:
        file.write(text)


def write_whole(path: Path, content: bytes | str, *, published: bool = False) -> None:
    """Write a file of ours, with the folders that it needs. Raises StoreError; nothing is half-written then."""
    try:
        make_folder(path.parent)
        put(path, content.encode() if isinstance(content, str) else content, published=published)
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
