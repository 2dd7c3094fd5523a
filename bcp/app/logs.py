"""The one place where logging is set up: each command begun and ended, kept in the log of its office."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from bcp.clock import SystemClock
from bcp.errors import Exit
from bcp.mask import KNOWN, common_words, know_login
from bcp.store.logfile import LogFile, ShownLog
from bcp.version import version

_OURS = logging.getLogger("bcp")
_LOG = logging.getLogger(__name__)


class _Logs:
    """What this process logs to."""

    def __init__(self) -> None:
        self.file = LogFile()
        self.shown: ShownLog | None = None
        self.words: Sequence[tuple[str, str]] = ()
        self.known: set[str] | None = None
        self.began = 0.0
        self.office: tuple[Path, Mapping[str, str]] | None = None


_logs = _Logs()


def begin(words: Sequence[tuple[str, str]], typed: Iterable[str]) -> None:
    """A command begins: `words` are what may be kept of it, each with an id behind it that may be anybody's name.

    `typed` is what may not be kept, and is taken out of every text.
    """
    set_up()
    _logs.file.begin_anew()
    KNOWN.forget()
    know_login(os.environ)
    KNOWN.typed(typed)
    _logs.words, _logs.known, _logs.office = words, None, None
    _logs.began = SystemClock().monotonic()
    # No more numbers: with seven digits in it the line is searched for phone numbers, which takes its time.
    _LOG.info("begun: %s   (bcp %s)", _line(()), version() or "source")


def set_up() -> None:
    """From now on what is logged is kept, and nothing of it is shown by itself."""
    root = logging.getLogger()
    if _logs.file not in root.handlers:
        root.addHandler(_logs.file)
        # What a library warns of goes into the log as well; our own level is not handed to them.
        _OURS.setLevel(logging.INFO)
        logging.raiseExceptions = False
        know_login(os.environ)


def ended(status: int) -> None:
    """The command is over."""
    words = Exit(status).words if status in [*map(int, Exit)] else ""
    took = SystemClock().monotonic() - _logs.began
    _LOG.info("ended: status %d%s after %.2f s: %s", status, f" ({words})" if words else "", took, line())
    find_state()


def show() -> None:
    """From now on everything is shown on standard error, also what is of interest to engineers only."""
    if _logs.shown in logging.getLogger().handlers:
        return
    _logs.shown = ShownLog()
    for line in _logs.file.recent:
        _logs.shown.show(line)
    _logs.file.setLevel(logging.DEBUG)
    _OURS.setLevel(logging.DEBUG)
    logging.getLogger().addHandler(_logs.shown)


def office(folder: Path, environ: Mapping[str, str]) -> None:
    """The office was found."""
    _logs.office = (folder, environ)
    for path in {str(folder), folder.as_posix()}:
        KNOWN.folder(path, "<office>")


def state(folder: Path) -> None:
    """The folder of the store is known; the log lies in it, where it is there."""
    _logs.file.lies_in(folder)


def find_office() -> Path | None:
    """The office, also where the command failed before it looked for one."""
    if _logs.office is None:
        from bcp.office.find import find

        with suppress(Exception):
            office(find(Path.cwd(), _named_on_the_line(sys.argv[1:]), os.environ), os.environ)
    return office_folder()


def _named_on_the_line(words: Sequence[str]) -> str | None:
    for index, word in enumerate(words):
        if word.startswith("--office="):
            return word.partition("=")[2]
        if word == "--office":
            return "".join(words[index + 1 : index + 2]) or None
    return None


def find_state() -> Path | None:
    """The state folder, also where the command had no use for it; None without an office, or where none may be."""
    if _logs.file.folder is None and _logs.office is not None:
        from bcp.store.place import state_folder

        # It is refused on the network, and then nothing is kept there.
        with suppress(Exception):
            _logs.file.lies_in(state_folder(*_logs.office))
    return _logs.file.folder


def state_holds(name: str) -> bool:
    """Whether there is a file of this name in the state folder of the office that the command worked for."""
    folder = find_state()
    return folder is not None and os.path.exists(folder / name)  # noqa: PTH110 - a Path's own raises for a missing right


def office_folder() -> Path | None:
    """The office that this command works for, where it was found."""
    return _logs.office[0] if _logs.office else None


def line() -> str:
    """The command line, as far as it may be kept: ids that name nothing in this office are not among it."""
    learn_ids()
    return _line(_logs.known or ())


def learn_ids() -> None:
    """Look which of the ids that were typed name something here; the others are taken out of every text."""
    ids = [each for _word, each in _logs.words if each]
    if not ids or _logs.known is not None or _logs.office is None:
        return
    from bcp.app.known_ids import known_ids

    _logs.known = set()
    with suppress(OSError):
        _logs.known = known_ids(ids, _logs.office[0], find_state())
    KNOWN.typed(each for each in ids if each not in _logs.known and each not in common_words())


def _line(known: Collection[str]) -> str:
    return " ".join(word + (each if each in known else "…" if each else "") for word, each in _logs.words)


def has_begun() -> bool:
    """Whether a command line was given to `begin` in this process."""
    return bool(_logs.words)


def recent() -> list[str]:
    """The last lines that this process logged."""
    return list(_logs.file.recent)
