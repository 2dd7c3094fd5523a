"""The parts of what goes to whoever helps, each as the text of one file."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bcp.app.crash import ELSEWHERE, FOLDER, encodings, mark_of, state_kind
from bcp.contact import load as contact_files
from bcp.errors import Mistake
from bcp.mask import KNOWN, Mask
from bcp.office.find import FILE
from bcp.store.condition import KNOWN_FORMAT, SQLITE, condition, states, streams
from bcp.store.database import FILE as STORE
from bcp.store.logfile import KEPT, NAME
from bcp.version import version

_NO_STATE = {"trouble": "there is no state folder"}
_NO_STORE = {"trouble": "no store yet: nothing was ever started here"}
_ROOMS = ("runbooks", "checks", "notices")
_LIBRARIES = (
    "typer",
    "rich",
    "pydantic",
    "pyyaml",
    "httpx",
    "apscheduler",
    "filelock",
    "typst",
    "phonenumberslite",
)
_LANGUAGE = ("LC_ALL", "LC_MESSAGES", "LANG")
_SETTINGS = ("BCP_OFFICE", "BCP_PERSON", "BCP_STATE", "NO_COLOR")
_VERSIONS = ("bcp", "Python", "system", "SQLite", "libraries")
_FROM_TEMP = 5
_LONGEST = 4 * 1024 * 1024


def about(state: Path | None, trouble: str, missing: list[str]) -> str:
    """Versions, system, terminal, room. `missing` are names that could not be learnt before masking."""
    size = shutil.get_terminal_size()
    spoken = [f"{name}={os.environ[name]}" for name in _LANGUAGE if name in os.environ]
    lines = {
        "bcp": version() or "the source, not installed",
        "Python": f"{platform.python_version()} ({platform.python_implementation()})",
        "system": platform.platform(),
        "SQLite": SQLITE,
        "libraries": ", ".join(_libraries()),
        "encoding": encodings(),
        "language": ", ".join(spoken),
        "terminal": f"{os.environ.get('TERM', 'none')}, {size.columns}x{size.lines}, {_attended()}",
        "settings": ", ".join(name for name in _SETTINGS if name in os.environ) or "none",
        "state folder": state_kind(),
        "room": _room(state),
        "room for temporary files": _room(Path(tempfile.gettempdir())),
        "store": _store(state) if state else f"none: {KNOWN.told(trouble) or 'no office here'}",
        "not masked by name": "; ".join(missing) or "everybody is known and masked",
    }
    # A long version has the shape of a phone number, and names nobody.
    masked = {name: value if name in _VERSIONS else KNOWN(value) for name, value in lines.items()}
    return "".join(f"{name:<25} {value}\n" for name, value in masked.items())


def journal(state: Path | None) -> str:
    """Each stream in numbers."""
    if state is None or not (state / STORE).exists():
        return _json(_NO_STATE if state is None else _NO_STORE)
    told = [
        {
            "stream": each.stream,
            "events": sum(each.kinds.values()),
            "kinds": each.kinds,
            "first": each.first,
            "last": each.last,
            "head": each.end,
            "chain": each.fault or "holds",
        }
        for each in streams(state)
    ]
    return _json({"format": condition(state).format, "known_format": KNOWN_FORMAT, "streams": told})


def checks(state: Path | None) -> str:
    """The last state of each check."""
    if state is None or not (state / STORE).exists():
        return _json(_NO_STATE if state is None else _NO_STORE)
    return _json(
        [
            {
                "check": each.check,
                "state": each.state,
                "since": _time(each.first),
                "seen": _time(each.last),
                "looks": each.looks,
            }
            for each in states(state)
        ]
    )


def mistakes(office: Path | None) -> str:
    """What `bcp validate` finds, without the lines themselves."""
    if office is None:
        return _json({"trouble": "there is no office here"})
    from bcp.validate import read_all
    from bcp.yaml.source import Reader
    from bcp.yaml.types import field_names

    reader = Reader()
    read_all(office, reader)
    own = frozenset(field_names())
    return _json(
        [
            {"file": each.file, "line": each.line, "column": each.column, "message": _harmless(each, own)}
            for each in sorted(set(reader.mistakes))
        ]
    )


def _harmless(mistake: Mistake, own: frozenset[str]) -> str:
    """What is wrong, in words of ours (`own` are names of fields); of what stands there nothing is said."""
    if mistake.file.startswith("contacts"):
        return "a cell, a row or a name of a column that cannot be used"
    said, cut, _given = mistake.message.partition(", not ")
    said = re.sub(r'"([^"\n]*)"', lambda found: found[0] if found[1] in own else '"…"', said)
    there = Mask()
    there.typed(word for word in re.findall(r"[\w.+-]+", mistake.text) if word not in own)
    return there.told(f"{said}{cut}…" if cut else said)


def files(office: Path | None) -> str:
    """What lies in the office folder, as far as its name says nothing about anybody."""
    if office is None:
        return _json({"trouble": "there is no office here"})
    rooms: dict[str, Any] = {
        room: [_file(path) for path in sorted((office / room).glob("*")) if path.is_file()] for room in _ROOMS
    }
    single = {name: _file(office / name) for name in (FILE, "channels.yaml") if (office / name).is_file()}
    return _json({**single, **rooms, "contact files": len(contact_files.files(office))})


def _file(path: Path) -> dict[str, Any]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        return {"name": path.name, "trouble": error.strerror}
    return {"name": path.name, "bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}


def logs_of(state: Path | None) -> list[Path]:
    """The log files, newest first."""
    names = [NAME, *(f"{NAME}.{number}" for number in range(1, KEPT))]
    return [state / name for name in names if (state / name).is_file()] if state else []


def crashes_of(state: Path | None, office: Path | None) -> list[Path]:
    """The crash files, and those that had to go to the folder for temporary files.

    Of these only what this user wrote for this office, or where no office was found.
    """
    found = sorted((state / FOLDER).glob("*.txt")) if state else []
    elsewhere = [
        path
        for mark in {mark_of(office), mark_of(None)}
        for path in Path(tempfile.gettempdir()).glob(f"{ELSEWHERE}{mark}-*Z-*.txt")
        if _is_mine(path)
    ]
    return [*found, *sorted(elsewhere, key=lambda path: path.name.split("-", 3)[3])[-_FROM_TEMP:]]


def _is_mine(path: Path) -> bool:
    try:
        return (
            not path.is_symlink()
            and path.is_file()
            and (not hasattr(os, "getuid") or path.stat().st_uid == os.getuid())
        )
    except OSError:
        return False


def masked_file(path: Path) -> str:
    """A log or a crash file, masked once more now that everybody is known."""
    text = path.read_bytes()[-_LONGEST:].decode("utf-8", "replace")
    mask = KNOWN.narrowed(text)
    return "".join(f"{mask(line)}\n" for line in text.splitlines())


def _libraries() -> Iterator[str]:
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as of

    for name in _LIBRARIES:
        try:
            yield f"{name} {of(name)}"
        except PackageNotFoundError:
            yield f"{name} is missing"


def _attended() -> str:
    streams = (("in", sys.stdin), ("out", sys.stdout), ("err", sys.stderr))
    return " ".join(
        f"{name} {'a terminal' if stream and stream.isatty() else 'no terminal'}" for name, stream in streams
    )


def _room(folder: Path | None) -> str:
    if folder is None:
        return "not known"
    try:
        usage = shutil.disk_usage(folder if folder.exists() else folder.parent)
    except OSError as error:
        return f"not known: {error.strerror}"
    return f"{usage.free / 2**30:.1f} of {usage.total / 2**30:.1f} GiB free"


def _store(state: Path) -> str:
    if not (state / STORE).exists():
        return _NO_STORE["trouble"]
    found = condition(state)
    said = [] if found.format is None else [f"format {found.format} (this bcp: {KNOWN_FORMAT})"]
    return "; ".join([*said, *filter(None, [KNOWN.told(found.trouble)])])


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")


def _json(data: Any) -> str:
    return json.dumps(_masked(data), ensure_ascii=False, indent=1) + "\n"


def _masked(data: Any) -> Any:
    """Every text in it masked; names of our own fields stay."""
    if isinstance(data, str):
        return KNOWN(data)
    if isinstance(data, dict):
        return {KNOWN(str(key)): _masked(value) for key, value in data.items()}
    if isinstance(data, Iterable):
        return [_masked(each) for each in data]
    return data
