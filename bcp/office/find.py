"""Finds the office folder and its language; it reads next to nothing, so that every command can afford it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from bcp.command_words import as_typed
from bcp.errors import InputError
from bcp.i18n import _
from bcp.private import open_to

FILE = "bcp.yaml"
STATE = "incidents"
_LEFT_BEHIND = (f"{STATE}/bcp.sqlite3", f"{STATE}/plans-as-of-last.json")
"""What commands leave in an office: it is one also on the day on which its bcp.yaml was deleted by mistake."""
_GROUP = re.compile(r"^group:\s*[\"']?([^\s\"'#]+)", re.MULTILINE)
_LANGUAGE = re.compile(r"^language:\s*[\"']?([a-z]{2})\b", re.MULTILINE)


def find(start: Path, asked: str | None, environ: Mapping[str, str]) -> Path:
    """The office folder: `asked` (--office), else `BCP_OFFICE`, else the nearest parent that is one.

    Raises InputError where there is none, with the next command to type.
    """
    named = asked or environ.get("BCP_OFFICE")
    if named:
        folder = Path(named).expanduser()
        if not _is_office(folder):
            raise InputError(
                _("there is no {file} in {folder}").format(file=FILE, folder=folder),
                _misnamed([folder])
                or _("make an office there: bcp init {folder}").format(folder=as_typed((str(folder),))),
            )
        return folder.resolve()
    here = start.resolve()
    for folder in (here, *here.parents):
        if _is_office(folder):
            return folder
    raise InputError(
        _("no office here: neither {here} nor a folder above it has a {file}").format(here=here, file=FILE),
        _misnamed([here, *here.parents])
        or _("make one: bcp init my-office   or name yours: bcp --office FOLDER incident status"),
    )


def _is_office(folder: Path) -> bool:
    """Whether there is a bcp.yaml, of whatever kind and whoever may read it, or what an office leaves behind."""
    return os.path.lexists(folder / FILE) or any((folder / name).is_file() for name in _LEFT_BEHIND)


def language(folder: Path) -> str | None:
    """The two letters behind `language:`, as far as they can be seen without reading the file as YAML.

    So a failure that comes before bcp.yaml is read, or because it cannot be, speaks the office's language, too.
    """
    try:
        found = _LANGUAGE.search((folder / FILE).read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None
    return found[1] if found else None


def group(folder: Path) -> str | None:
    """The name behind `group:`, seen in the same way: what a command makes is for that group from its first file on."""
    try:
        found = _GROUP.search((folder / FILE).read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None
    return found[1] if found else None


def let_group_in(folder: Path, state: Path | None = None) -> None:
    """Let the group that the office names, if it names one, work in its folder and in that of its store."""
    name = group(folder)
    if name is not None:
        for each in (folder, state):
            if each is not None and each.is_dir():
                open_to(name, each)


def _misnamed(folders: Iterable[Path]) -> str:
    """What to do where an editor has put another ending behind the name (`bcp.yaml.txt`); else nothing."""
    from bcp.yaml.text import misnamed

    return next(filter(None, (misnamed(folder / FILE) for folder in folders)), "")
