"""Writes a file whole or not at all, and says in words why it could not be written."""

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
