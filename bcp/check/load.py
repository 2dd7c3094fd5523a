"""Reads the checks of an office, each with its text and the places in its file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from bcp.check.model import Check
from bcp.errors import Mistake
from bcp.yaml.near import near_or_all
from bcp.yaml.source import LoadedModel, Reader, yaml_files

FOLDER = "checks"


LoadedCheck = LoadedModel[Check]
"""A check and the file that it was read from."""


def load(office: Path, reader: Reader) -> dict[str, LoadedCheck]:
    """All checks of the office folder by id; mistakes go to `reader`. Runbooks they name are not looked for."""
    found = reader.folder(office, FOLDER, "check", Check)
    for mistake in (*_strangers(found, reader), *_circles(found)):
        reader.add(mistake)
    return found


def files(office: Path) -> list[Path]:
    """The check files of the office, sorted by name."""
    return yaml_files(office / FOLDER)


def _strangers(found: Mapping[str, LoadedCheck], reader: Reader) -> Iterator[Mistake]:
    """Checks that nobody wrote; of one with a mistake of its own, or that may be in such a file, that file tells."""
    for loaded in found.values():
        for number, name in enumerate(loaded.model.depends_on):
            if name not in found and not reader.may_hold("check", name):
                hint = near_or_all(name, found, "checks")
                yield loaded.document.mistake(("depends_on", number), f'there is no check "{name}"', hint)


def _circles(found: Mapping[str, LoadedCheck]) -> Iterator[Mistake]:
    for name, loaded in found.items():
        way = way_back(name, partial(_others, found))
        if way:
            words = "the checks depend on each other in a circle: " + " → ".join([name, *way])
            yield loaded.document.mistake(("depends_on",), words, "let one of them stand by itself")


def _others(found: Mapping[str, LoadedCheck], name: str) -> list[str]:
    """What a check depends on, but for itself: that is told as a mistake of its own."""
    return [other for other in found[name].model.depends_on if other != name] if name in found else []


def way_back(start: str, leads_to: Callable[[str], Iterable[str]]) -> list[str]:
    """The shortest way from `start` back to itself, by where each name leads; nothing where there is none."""
    ways = [[name] for name in leads_to(start)]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        if way[-1] == start:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways.extend([*way, name] for name in leads_to(way[-1]))
    return []
