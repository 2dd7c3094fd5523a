"""What the database and the system say when they fail, put in a sentence and a hint for people."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from bcp.errors import StoreError

_SAFE = "what was written before stays readable"
_WORDS = {
    sqlite3.SQLITE_FULL: (
        "the disk is full, so nothing more can be written to {file}",
        f"make room on that disk, then give the command again; {_SAFE}",
    ),
    sqlite3.SQLITE_READONLY: (
        "{file} cannot be written to, only read",
        f"give this login the right to write to the file and its folder; {_SAFE}",
    ),
    sqlite3.SQLITE_BUSY: (
        "{file} is locked by another program",
        "wait until that program is done, or end it, then give the command again",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "{file} is damaged ({said})",
        "keep a copy of its folder as it is, then go on from a backup or with the printed sheet",
    ),
    sqlite3.SQLITE_NOTADB: (
        "{file} is not a bcp store: it is no SQLite database",
        "move that file away and put the store back from a backup",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "{file} cannot be opened ({said})",
        "look whether this login may read and write there, or set BCP_STATE to a folder on this computer",
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk failed while {file} was read or written ({said})",
        f"look whether the disk is still there and sound, then give the command again; {_SAFE}",
    ),
}
_OTHERWISE = ("{file} cannot be used ({said})", "copy the folder as it is before you try anything else")

_SAME_AS = {
    errno.ENOSPC: sqlite3.SQLITE_FULL,
    errno.EDQUOT: sqlite3.SQLITE_FULL,
    errno.EROFS: sqlite3.SQLITE_READONLY,
}
_MAY_BE_FULL = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR})
_LOG_BEGINS_WITH = 64 * 1024


def in_plain_words(error: sqlite3.Error | OSError, file: Path) -> StoreError:
    """`error`, which happened with the database `file`, as it is told to a person."""
    found = sqlite3.SQLITE_FULL if _has_no_room(error, file.parent) else code(error)
    sentence, hint = _WORDS.get(found, _OTHERWISE)
    said = getattr(error, "strerror", error)
    return StoreError(sentence.format(file=file, said=said), hint)


def code(error: sqlite3.Error | OSError) -> int:
    """The primary result code of SQLite that says what happened."""
    if isinstance(error, OSError):
        return _SAME_AS.get(error.errno or 0, sqlite3.SQLITE_CANTOPEN)
    # Python's own complaints about the use of its module carry no code.
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def _has_no_room(error: sqlite3.Error | OSError, folder: Path) -> bool:
    """Whether a full disk is behind an error that does not say so: there is no room for the log."""
    if code(error) not in _MAY_BE_FULL:
        return False
    from shutil import disk_usage

    try:
        return disk_usage(folder).free < _LOG_BEGINS_WITH
    except OSError:
        return False
