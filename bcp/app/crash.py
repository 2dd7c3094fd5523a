"""What is kept of a bug of ours: a file that can be sent to somebody, without names, values or secrets.

Nothing in here raises, whatever is broken: where no file can be written the place of the failure is still told.
"""

from __future__ import annotations

import locale
import os
import platform
import re
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bcp.app import logs
from bcp.clock import SystemClock
from bcp.errors import BcpError
from bcp.mask import KNOWN
from bcp.private import folder_mode, give
from bcp.traced import place_of, traced
from bcp.version import version

FOLDER = "crash"
KEPT = 20
ELSEWHERE = "bcp-bug-"
"""How a name begins in the folder for temporary files."""


class Kept(NamedTuple):
    """Where the file lies (None where none could be written), and the place of the failure."""

    file: Path | None
    place: str


def keep(error: BaseException) -> Kept:
    """Write down all that helps to find the bug. Never raises."""
    place = _or_why(lambda: place_of(error))
    with suppress(Exception):
        logs.set_up()
        logs.find_office()
        logs.learn_ids()
        text = "\n".join([*_head(place), "", *_records(), "", _or_why(lambda: traced(error)), ""])
        at = SystemClock().now()
        # Each place is looked for when its turn comes: there may be no folder for temporary files at all.
        for find in (_state_folder, lambda: Path(tempfile.gettempdir())):
            with suppress(Exception):
                folder = find()
                if folder is not None:
                    return Kept(_written(folder, text, at, is_ours=folder.name == FOLDER), place)
    return Kept(None, place)


def _state_folder() -> Path | None:
    state = logs.find_state()
    return state / FOLDER if state else None


def _written(folder: Path, text: str, at: datetime, is_ours: bool) -> Path:
    """For its owner alone, and never in place of another file. The folder is made, but not the one it lies in."""
    if is_ours and not folder.is_dir():
        folder.mkdir(mode=folder_mode())
        give(folder)
    name = f"{at:%Y%m%dT%H%M%S}.{at.microsecond // 1000:03}Z-{os.getpid()}.txt"
    path = folder / (name if is_ours else f"{ELSEWHERE}{mark_of(logs.office_folder())}-{name}")
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        with open(number, "wb") as file:  # noqa: PTH123 - a file that is open already
            file.write(text.encode("utf-8", "backslashreplace"))
    except OSError:
        # Half a file helps nobody, and the next place may have room.
        path.unlink()
        raise
    if is_ours:
        for old in sorted(folder.glob("*Z-*.txt"))[:-KEPT]:
            with suppress(OSError):
                old.unlink()
    return path


def mark_of(office: Path | None) -> str:
    """What tells the files of this office from those of another one in the folder for temporary files."""
    from hashlib import sha256

    return sha256(os.fsencode(office)).hexdigest()[:8] if office else "none"


def _head(place: str) -> list[str]:
    lines = {
        "bcp": lambda: version() or "the source, not installed",
        "failed at": lambda: place,
        "time": lambda: SystemClock().now().isoformat(timespec="seconds"),
        "command": logs.line,
        "Python": lambda: f"{platform.python_version()} ({platform.python_implementation()})",
        "system": platform.platform,
        "SQLite": _sqlite,
        "encoding": encodings,
        "office": _office,
        "state folder": state_kind,
        "store": _store,
    }
    return [f"{name:<13} {_or_why(find)}" for name, find in lines.items()]


def _records() -> list[str]:
    return ["What this process did last:", *(logs.recent() or ["(nothing was logged)"])]


def _sqlite() -> str:
    from bcp.store.condition import SQLITE

    return SQLITE


def encodings() -> str:
    """The encodings of files, of their names, and of the three streams."""
    streams = (getattr(stream, "encoding", None) or "none" for stream in (sys.stdin, sys.stdout, sys.stderr))
    files, names = locale.getpreferredencoding(False), sys.getfilesystemencoding()
    return f"files {files}, names {names}, in/out/err {'/'.join(streams)}"


def _office() -> str:
    from bcp.office.find import language

    folder = logs.office_folder()
    return f"found; language {language(folder) or 'en'}" if folder else "none was found"


def state_kind() -> str:
    """In what kind of place the state lies: whose choice it is, the file system, what may be done there."""
    folder, office = logs.find_state(), logs.office_folder()
    if office is None:
        return "not known: no office"
    if folder is None:
        from bcp.store.place import state_folder

        try:
            folder = state_folder(office, os.environ)
        except BcpError as error:
            return f"refused: {KNOWN.told(error.message)}"
    from bcp.store.place import kind_of

    where = "in the office folder" if folder.is_relative_to(office) else "moved by BCP_STATE"
    if not folder.is_dir():
        return f"{where}; not there yet"
    rights = "can be written to" if os.access(folder, os.W_OK) else "can only be read"
    return f"{where}; {kind_of(folder) or 'file system not known'}; {rights}"


def _store() -> str:
    from bcp.store.condition import KNOWN_FORMAT, condition

    folder = logs.find_state()
    if folder is None:
        return "no state folder"
    named = re.search(r"--incident[ =]([a-z0-9][a-z0-9-]*)", logs.line())
    found = condition(folder, named[1] if named else None)
    parts = [f"format {found.format} (this bcp: {KNOWN_FORMAT})"] if found.format is not None else []
    parts += [f"{KNOWN(end.stream)} ends with event {end.seq} {end.hash[:64]}" for end in found.ends]
    if not found.ends and not found.trouble:
        parts.append("nothing is open")
    return "; ".join([*parts, *([KNOWN.told(found.trouble)] if found.trouble else [])])


def _or_why(find: Callable[[], str]) -> str:
    """What is asked for, else the reason why it could not be found."""
    try:
        return find()
    except Exception as error:  # noqa: BLE001 - the rest of the file is worth more than this line
        return f"could not be found: {type(error).__name__}"
