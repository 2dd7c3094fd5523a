"""Files of this computer, or of a disk that is mounted here: read whole, and replaced whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

from bcp.world.base import Held

_BESIDE = ".bcp-new"

_WORDS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk is full for this user",
    errno.EACCES: "this user may not write there",
    errno.EPERM: "this user may not write there",
    errno.EROFS: "it can only be read there",
    errno.ENOENT: "there is no such folder",
    errno.ENOTDIR: "there is no such folder",
}


def read(path: str) -> Held:
    """What the file holds."""
    try:
        return Held(Path(path).read_bytes())
    except FileNotFoundError:
        # A folder that is not there is another matter than a file that is not there: a disk may not be mounted.
        here = Path(path).parent.is_dir()
        return Held(None, "" if here else f"there is no folder {Path(path).parent}")
    except OSError as error:
        return Held(None, f"{path} cannot be read: {_why(error)}")


def replace(path: str, content: bytes) -> str:
    """Write it beside, flush, take its place; why that was not possible, or nothing."""
    there = Path(path)
    beside = there.with_name(there.name + _BESIDE)
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if there.exists():
            shutil.copymode(there, beside)
        beside.replace(there)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        return f"{path} cannot be written: {_why(error)}; what was there is still there"
    return ""


def remove(path: str) -> str:
    """Take the file away; why that was not possible, or nothing."""
    try:
        Path(path).unlink(missing_ok=True)
    except OSError as error:
        return f"{path} cannot be removed: {_why(error)}"
    return ""


def _why(error: OSError) -> str:
    return _WORDS.get(error.errno or 0) or (error.strerror or str(error)).lower()
