"""Files of this computer, or of a disk that is mounted here: read whole, and replaced whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from bcp.files import put, why
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
    """Replace the file, or the one that a link leads to; why that was not possible, or nothing."""
    try:
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
