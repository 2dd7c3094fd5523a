"""What the database and the system say when they fail, put in a sentence and a hint for people."""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from bcp.errors import Locked, StoreError
from bcp.i18n import _
from bcp.private import give_back, is_ours
from bcp.system_error import number

_SAME_AS = {
    errno.ENOSPC: sqlite3.SQLITE_FULL,
    errno.EDQUOT: sqlite3.SQLITE_FULL,
    errno.EROFS: sqlite3.SQLITE_READONLY,
}
_MAY_BE_ANOTHER_S = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM})
_MAY_BE_FULL = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR})
_LOG_BEGINS_WITH = 64 * 1024


def _words(found: int) -> tuple[str, str]:
    """The sentence and what to do about it."""
    safe = _("what was written before stays readable")
    room = _("make room on that disk, then give the command again")
    right = _("give this login the right to write to the file and its folder")
    sound = _("look whether the disk is still there and sound, then give the command again")
    words = {
        sqlite3.SQLITE_FULL: (
            _("the disk is full, so nothing more can be written to {file}"),
            f"{room}; {safe}",
        ),
        sqlite3.SQLITE_READONLY: (_("{file} cannot be written to, only read"), f"{right}; {safe}"),
        sqlite3.SQLITE_BUSY: (
            _("{file} is locked by another program"),
            _("wait until that program is done, or end it, then give the command again"),
        ),
        sqlite3.SQLITE_CORRUPT: (
            _("{file} is damaged ({said})"),
            _("keep a copy of its folder as it is, then go on from a backup or with the printed sheet"),
        ),
        sqlite3.SQLITE_NOTADB: (
            _("{file} is not a bcp store: it is no SQLite database"),
            _("move that file away and put the store back from a backup"),
        ),
        sqlite3.SQLITE_CANTOPEN: (
            _("{file} cannot be opened ({said})"),
            _(
                "look whether this login may read and write there, or set BCP_STATE to a folder on this computer"
            ),
        ),
        sqlite3.SQLITE_IOERR: (
            _("the disk failed while {file} was read or written ({said})"),
            f"{sound}; {safe}",
        ),
    }
    otherwise = (
        _("{file} cannot be used ({said})"),
        _("copy the folder as it is before you try anything else"),
    )
    return words.get(found, otherwise)


def in_plain_words(error: sqlite3.Error | OSError, file: Path) -> StoreError:
    """`error`, which happened with the database `file`, as it is told to a person."""
    name = getattr(error, "sqlite_errorname", None) or f"errno {getattr(error, 'errno', None)}"
    logging.getLogger(__name__).warning("the store failed: %s", name)
    found = sqlite3.SQLITE_FULL if _has_no_room(error, file.parent) else code(error)
    sentence, hint = _words(found)
    said = getattr(error, "strerror", error)
    if found in _MAY_BE_ANOTHER_S and (command := _mended_by(file)):
        hint = _("it belongs to another login; give it back: {command}").format(command=command)
    failure = Locked if found == sqlite3.SQLITE_BUSY else StoreError
    return failure(sentence.format(file=file, said=said), hint)


def _mended_by(file: Path) -> str:
    """The command that gives what another login made here back to whom the office belongs; nothing elsewhere.

    Root may have watched over an office once, or made its folder: then its owner can only read, or not even that.
    """
    with suppress(OSError):
        near = (file, *(file.with_name(f"{file.name}-{end}") for end in ("wal", "shm")), file.parent)
        if not all(is_ours(each) for each in near if os.path.lexists(each)):
            return give_back(file.parent)
    return ""


def undecodable(error: UnicodeDecodeError) -> sqlite3.DatabaseError:
    """Bytes of the file that are no text, as the damage that they are."""
    return damage(f"byte {error.object[error.start]:#04x} is no text")


def damage(said: str) -> sqlite3.DatabaseError:
    """Something in the file that nobody wrote there, as SQLite itself would tell it."""
    found = sqlite3.DatabaseError(said)
    found.sqlite_errorcode, found.sqlite_errorname = sqlite3.SQLITE_CORRUPT, "SQLITE_CORRUPT"
    return found


def code(error: sqlite3.Error | OSError) -> int:
    """The primary result code of SQLite that says what happened."""
    if isinstance(error, OSError):
        return _SAME_AS.get(number(error), sqlite3.SQLITE_CANTOPEN)
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
