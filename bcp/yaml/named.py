"""What each file of a folder calls the thing in it, so that one of five hundred is found and only that one is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bcp.errors import SourceError
from bcp.yaml.files import ENDINGS
from bcp.yaml.source import Reader, parse
from bcp.yaml.unread import meant


def by_name(office: Path, folder: str, kind: str, reader: Reader) -> Mapping[str, list[Path]]:
    """The files of a folder of the office by what they call themselves under their key `kind`.

    Where the first line that is no comment says it that is what any reader of YAML would find: a key stands once.
    Every other file is read as YAML. One that cannot be is where the mistake in it would be told.
    """
    found: dict[str, list[Path]] = {}
    for path in reader.files(office, folder, *ENDINGS):
        found.setdefault(_name(path, f"{folder}/{path.name}", kind, reader), []).append(path)
    return found


def _name(path: Path, shown: str, kind: str, reader: Reader) -> str:
    text: str | None = None
    try:
        text = reader.peek(path, shown)
        first = _first_line(kind).match(text)
        if first is not None:
            return first[1]
        data = parse(text, shown).data
    except SourceError:
        return meant(kind, path, text)[0]
    said = data.get(kind) if isinstance(data, dict) else None
    return str(said) if said is not None else meant(kind, path, text)[0]


@cache
def _first_line(kind: str) -> re.Pattern[str]:
    """The line `kind: name` behind nothing but comments and empty lines."""
    return re.compile(
        rf"\ufeff?(?:[ \t]*(?:#[^\r\n]*)?\r?\n)*{kind}:[ \t]+([a-z0-9-]+)[ \t]*(?:[ \t]#[^\r\n]*)?\r?\n"
    )
