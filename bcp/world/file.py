"""Files of this computer, or of a disk that is mounted here: read whole, and replaced whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from bcp.files import behind, put, why
from bcp.i18n import _
from bcp.outside import Held


def read(path: str) -> Held:
    """What the file holds."""
    try:
        return Held(Path(path).read_bytes())
    except FileNotFoundError:
        # A folder that is not there is another matter than a file that is not there: a disk may not be mounted.
        here = Path(path).parent.is_dir()
        return Held(None, "" if here else f"there is no folder {Path(path).parent}")
    except OSError as error:
        return Held(None, f"{path} cannot be read: {why(error)}")


def replace(path: str, content: bytes, like: str = "") -> str:
    """Replace the file, or the one that a link leads to; why that was not possible, or nothing.

    With `like` it gets the rights of that file, and what would keep that one from being replaced keeps this one, too.
    """
    try:
        if like and (trouble := _kept_from(like)):
            return trouble
        put(Path(path), content, published=True, like=Path(like) if like else None)
    except OSError as error:
        return f"{path} cannot be written: {why(error)}; what was there is still there"
    return ""


def remove(path: str) -> str:
    """Take the file away, or the one that a link leads to; why that was not possible, or nothing."""
    try:
        Path(os.path.realpath(path)).unlink(missing_ok=True)
    except OSError as error:
        return f"{path} cannot be removed: {why(error)}"
    return ""


def _kept_from(path: str) -> str:
    """Why this very file could not be replaced where one beside it could; nothing where it could. Raises OSError."""
    try:
        there = behind(Path(path))
    except OSError as error:
        return f"{path} cannot be written: {why(error)}"
    folder = there.parent
    if not _may_write(folder):
        words = _("{path} leads to {there}, and nothing may be written into that folder")
        return words.format(path=path, there=there)
    if sys.platform == "win32":
        words = "" if _may_write(there) else _("{path} is marked as read-only, so it cannot be replaced")
        return words.format(path=there)
    rights, us = folder.stat(), os.geteuid()
    if rights.st_mode & stat.S_ISVTX and us not in (0, rights.st_uid, there.stat().st_uid):
        words = _(
            "{path} is somebody else's, and in its folder each may replace only what is theirs (chmod +t)"
        )
        return words.format(path=there)
    return ""


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
