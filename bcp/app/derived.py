"""What was found out about files of an office, for the next command that meets the very same files.

One private file beside the journal for each kind of finding. It may be deleted at any time, and is only believed as
far as the hash of what it was made of: who uses it compares that with the file itself, never with its time. What
another version of this program wrote, somebody else could have written or is damaged counts for nothing.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bcp.app.sealed import is_ours, is_whole, read_json, sealed
from bcp.app.session import Session
from bcp.errors import StoreError
from bcp.files import put
from bcp.private import make_folder
from bcp.version import program

_LOG = logging.getLogger(__name__)


def find_derived(session: Session, file: str) -> Mapping[str, Any]:
    """What is known by this name, each finding by what it is about; nothing where nothing can be believed."""
    path = _path(session, file)
    if path is None:
        return {}
    told = read_json(path)
    try:
        if told is None or not is_ours(path) or not is_whole(told) or told.get("program") != _program():
            return {}
    except OSError:
        return {}
    found = told.get("found")
    return found if isinstance(found, dict) else {}


def keep_derived(
    session: Session, file: str, found: Mapping[str, Any], *, makes_folder: bool = False
) -> None:
    """Let the next command know it. Where nothing can be written that is no failure of the command.

    Unless the command `makes_folder`, the one that it lies in must be there.
    """
    path = _path(session, file)
    if path is None or not session.stores.leaves_files or not (makes_folder or path.parent.is_dir()):
        return
    try:
        make_folder(path.parent)
        put(path, sealed({"program": _program(), "found": found}))
    except OSError as error:
        _LOG.info("%s was not kept: %s", file, error.strerror)


def mark(content: bytes) -> str:
    """What tells a content from every other one."""
    return hashlib.sha256(content).hexdigest()


def _path(session: Session, file: str) -> Path | None:
    try:
        return session.stores.folder / file
    except StoreError:
        return None


def _program() -> str:
    return mark("\0".join(program()).encode("utf-8", "surrogatepass"))
