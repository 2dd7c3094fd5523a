"""A private file of ours with a hash over all of it, so that what was damaged, or written by others, is not used."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bcp.event import canonical, digest
from bcp.private import owner_elsewhere

FORMAT = 1


def sealed(content: Mapping[str, Any]) -> bytes:
    """What is to stand in the file."""
    whole = {**content, "format": FORMAT}
    return canonical({**whole, "sha256": digest(canonical(whole))}).encode()


def is_whole(told: Mapping[str, Any]) -> bool:
    """Whether it is as it was written; what JSON of another program may hold, we could not even have written."""
    sealed = {name: each for name, each in told.items() if name != "sha256"}
    try:
        return told.get("sha256") == digest(canonical(sealed)) and told.get("format") == FORMAT
    except (ValueError, RecursionError):
        return False


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in a file; None where there is none, or what is there is no such file."""
    try:
        if not path.is_file():  # a pipe would be read for ever
            return None
        told = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def is_ours(path: Path) -> bool:
    """Whether nobody but us, root or the group of this office can have written it: programs are run by what it says."""
    if sys.platform == "win32":
        return not path.is_symlink()
    found, folder = path.lstat(), path.parent.stat()
    is_shared = bool(folder.st_mode & stat.S_ISGID) and found.st_gid == folder.st_gid
    is_known = owner_elsewhere(path) is None or is_shared
    is_open = found.st_mode & stat.S_IWOTH or (found.st_mode & stat.S_IWGRP and not is_shared)
    return stat.S_ISREG(found.st_mode) and is_known and not is_open
