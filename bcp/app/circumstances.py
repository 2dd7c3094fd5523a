"""What fails because of where a command was started: its folder is gone, memory, files or room are short."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from bcp.errors import BcpError, InputError, StoreError
from bcp.files import is_told, not_written
from bcp.i18n import _
from bcp.system_error import is_short_of_memory, number, reader_is_gone


def here() -> Path:
    """The current folder. Raises InputError where it was deleted meanwhile."""
    try:
        return Path.cwd()
    except OSError:
        raise no_folder() from None


def no_folder() -> InputError:
    """The failure to be told where the current folder is not there any more."""
    return InputError(
        _("the current folder is not there any more"),
        _("change to a folder that is there, and give the command again: cd FOLDER"),
    )


def of_system(error: OSError) -> BcpError | None:
    """The sentence about a failure of the system that is no bug of ours, wherever it happens; None for others."""
    kind = number(error)
    if kind in (errno.EMFILE, errno.ENFILE):
        return StoreError(
            _("too many files are open at once (ulimit -n)"),
            _("close other programs or raise that limit, then give the command again"),
        )
    if kind == errno.ENOMEM:
        return _no_memory()
    if is_told(error):
        return not_written(error.filename or "a file", error)
    if kind == errno.ENOENT and not _is_there():
        return no_folder()
    if kind == errno.ENOENT and "temporary directory" in str(error):
        return StoreError(
            _("no folder for temporary files can be written to"),
            _("make room in it, or name another one in TMPDIR, then give the command again"),
        )
    return None


def of_memory(error: Exception) -> BcpError | None:
    """The same where memory was too small for the work, or for a library."""
    return _no_memory() if is_short_of_memory(error) else None


def of_locale(error: Exception) -> BcpError | None:
    """The same where the name of a file has letters that the settings of this computer do not know."""
    if not isinstance(error, UnicodeEncodeError) or error.encoding.lower().startswith("utf"):
        return None
    return InputError(
        _(
            'the name of a file has letters that the language setting here does not know ("{encoding}")'
        ).format(encoding=error.encoding),
        _("give the command again with another setting: LC_ALL=C.UTF-8"),
    )


def not_shown(error: OSError) -> InputError | None:
    """The failure to be told where standard output could not take the answer; None where its reader has gone."""
    if reader_is_gone(error):
        return None
    why = (error.strerror or str(error)).lower()
    return InputError(
        _("the answer could not be shown: {why}").format(why=why),
        _("look where standard output leads; what the command did stays done"),
    )


def _no_memory() -> StoreError:
    return StoreError(
        _("this computer has too little memory left"),
        _("close other programs, then give the command again"),
    )


def _is_there() -> bool:
    with suppress(OSError):
        return bool(os.getcwd())  # noqa: PTH109 - a bare question
    return False
