"""The log of the tool itself: `bcp.log` in the state folder, written by many processes at once.

- Each record is one write to the end of a file that is opened for it, so lines of several processes never mix, and
  whoever finds the file too long renames it under a lock: Python's own RotatingFileHandler renames what the others
  hold open, and cannot do so on Windows. (concurrent-log-handler does it, too; to load it took 27 ms of the 100 that
  a short command has, and it takes a lock for each record.)
- It never disturbs: a full disk, a folder that can only be read, no folder at all, and nothing is kept.
- Until it is known where the folder is, what is logged waits in memory. No folder is made for the log's sake.
"""

from __future__ import annotations

import logging
import os
import sys
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from bcp.mask import KNOWN, Mask
from bcp.private import make_file
from bcp.revealed import MASK

NAME = "bcp.log"
LONGEST = 1_000_000
"""Bytes after which a file is put aside."""
KEPT = 3
"""So many files there are at most: bcp.log, bcp.log.1, bcp.log.2."""
_WAITING = 300
RECENT = 30


class LogFile(logging.Handler):
    """Keeps records in the log; `recent` are the last lines of this process, whether or not they were kept."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.recent: deque[str] = deque(maxlen=RECENT)
        self._waiting: deque[str] = deque(maxlen=_WAITING)
        self._folder: Path | None = None
        self._is_rotating = False

    @property
    def folder(self) -> Path | None:
        """Where the log lies, once that is known."""
        return self._folder

    def begin_anew(self) -> None:
        """Another command of the same process begins: nothing of the one before belongs to it."""
        self._folder = None
        self._waiting.clear()
        self.recent.clear()

    def lies_in(self, folder: Path) -> None:
        """From now on it is known where the log lies; what waited is written."""
        if folder != self._folder:
            self._folder = folder
            with suppress(Exception):
                self._write()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record. Whatever fails here is nobody's trouble."""
        try:
            line = line_of(record)
            self.recent.append(line)
            self._waiting.append(line)
            self._write()
        except Exception:  # noqa: BLE001 - a log must not disturb what it tells of
            return

    def _write(self) -> None:
        if self._folder is None or not self._waiting:
            return
        file = self._folder / NAME
        try:
            size = append(
                file, "".join(f"{line}\n" for line in self._waiting).encode("utf-8", "backslashreplace")
            )
        except OSError:
            return
        self._waiting.clear()
        if size > LONGEST and not self._is_rotating:
            self._is_rotating = True
            try:
                put_aside(file)
            finally:
                self._is_rotating = False


class ShownLog(logging.Handler):
    """Shows records on standard error, as `--verbose` asks for; masked like those in the file."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)

    def emit(self, record: logging.LogRecord) -> None:
        """Show a record."""
        self.show(line_of(record))

    def show(self, line: str) -> None:
        """Show a line. A reader who has gone is nobody's trouble."""
        with suppress(OSError, ValueError, AttributeError):
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()


def line_of(record: logging.LogRecord) -> str:
    """`2026-11-26T06:50:00.123+00:00 INFO p4711 world.real: …`: one line; a traceback is indented below it."""
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    where = record.name.removeprefix("bcp.")
    try:
        said = record.getMessage()
    except Exception:  # noqa: BLE001 - of a library, with words that do not fit what it fills in
        said = "(a record that cannot be written)"
    words = "".join(letter if letter.isprintable() else _escaped(letter) for letter in KNOWN(said))
    line = f"{at} {record.levelname} p{record.process} {where}: {words}"
    if record.exc_info and record.exc_info[1] is not None:
        from bcp.traced import traced

        line += "".join(f"\n    {each}" for each in traced(record.exc_info[1]).splitlines())
    return line


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode()


def append(file: Path, data: bytes) -> int:
    """Write to the end of a file, in one piece whoever else writes; its length now. Raises OSError.

    It is made, for its owner alone, where it is not there; its folder is not.
    """
    number = _opened(file)
    try:
        os.write(number, data)
        return os.fstat(number).st_size
    finally:
        os.close(number)


def overwrite(file: Path, mask: Mask) -> None:
    """Take out of a log or a crash file what `mask` knows, in its place. Raises OSError.

    A line stays as long as it was: so others can go on writing at the end, and nothing of theirs is lost.
    """
    with file.open("r+b") as kept:
        begin = 0
        for line in kept.read().split(b"\n"):
            text = line.decode("utf-8", "surrogateescape")
            # Three letters of ours are nine bytes, and a name may be shorter.
            said = mask(text).replace(MASK, "***")
            if said != text:
                kept.seek(begin)
                kept.write(said.encode("utf-8", "surrogateescape")[: len(line)].ljust(len(line)))
            begin += len(line) + 1


def _opened(file: Path) -> int:
    if sys.platform == "win32":
        # O_APPEND of Windows' C library seeks and then writes, and another process writes in between. The system
        # itself appends where that is the only right asked for; and what others may delete can be renamed.
        import _winapi
        import msvcrt

        append_data, read_attributes, synchronize = 0x4, 0x80, 0x100000
        share_everything, open_always, normal = 0x7, 4, 0x80
        rights = append_data | read_attributes | synchronize
        handle = _winapi.CreateFile(str(file), rights, share_everything, 0, open_always, normal, 0)
        return msvcrt.open_osfhandle(handle, os.O_NOINHERIT)
    make_file(file)
    return os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW)


def put_aside(file: Path) -> None:
    """Rename a log that is too long, and those before it; who comes at the same time leaves it to the first."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(f"{file}.lock", timeout=0, mode=0o600):
            if file.stat().st_size <= LONGEST:
                return
            for number in range(KEPT - 1, 0, -1):
                newer = Path(f"{file}.{number - 1}") if number > 1 else file
                with suppress(FileNotFoundError):
                    newer.replace(f"{file}.{number}")
    except (Timeout, OSError):
        return
    logging.getLogger(__name__).info("begun anew: what was before is in %s.1", NAME)
