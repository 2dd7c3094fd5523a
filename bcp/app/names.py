"""Tells the mask everybody whom this office's files name, also where the files cannot be read as they should.

Only `bcp support` goes to this length: its archive leaves the house.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from bcp.contact import load as contact_files
from bcp.contact.model import COLUMNS, MEDIA
from bcp.encoding.code_pages import CODE_PAGES
from bcp.mask import KNOWN, common_words
from bcp.office.find import FILE
from bcp.store.condition import people

_PERSONAL = re.compile(
    r"""\b(?:name|phone|mobile|email|address|bank_account|contract|line_id|number|wifi|wifi_password|support|user
        |sender|reply_to|from)\s*:\s*(?P<value>"[^"\n]*"|'[^'\n]*'|[^,}\n\#]+)""",
    re.VERBOSE,
)
_REFERENCE = re.compile(r"\b(?P<scheme>env|file):(?P<name>[^\s\"'{},]+)")
_CELLS = re.compile(r"[,;\t\r\n|:\"]+")
_ORDINARY = frozenset(
    (*COLUMNS, *MEDIA, "true", "false", "none", "begin", "vcard", "pref", "home", "cell", "voice")
)
_LONGEST_SECRET = 64 * 1024
_ENCODINGS = ("utf-8", *CODE_PAGES, "utf-16")


def learn(office: Path, state: Path | None) -> list[str]:
    """Take note of all people, contacts, numbers and secrets of an office; what could not be looked at."""
    missing: list[str] = []
    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        ("people and contacts", lambda: _as_they_are_read(office)),
        ("contact files", lambda: _words_of_contacts(office)),
        ("office files", lambda: _words_of_yaml(office)),
        ("people of earlier incidents", lambda: _people_before(state)),
    )
    for what, look in steps:
        try:
            look()
        except Exception as error:  # noqa: BLE001 - a broken file is why somebody asks for help
            missing.append(f"{what}: {type(error).__name__}")
    return missing


def _as_they_are_read(office: Path) -> None:
    from bcp.office.model import load
    from bcp.yaml.source import Reader

    found = load(office, Reader())
    contact_files.load(office, found.country if found else "PL")


def _words_of_contacts(office: Path) -> None:
    for path in contact_files.files(office):
        for text in _texts(path):
            for cell in _CELLS.split(text):
                _learn_cell(cell.strip())


def _learn_cell(cell: str) -> None:
    if sum(map(str.isdecimal, cell)) >= 7:
        KNOWN.phones([cell])
    elif len(cell) >= 4 and cell.lower() not in _ORDINARY | common_words():
        KNOWN.names([cell])


def _words_of_yaml(office: Path) -> None:
    for path in (office / FILE, *sorted(office.glob("*.yaml")), *sorted(office.glob("*/*.yaml"))):
        for text in _texts(path):
            # A line that explains names nobody; one to fill in (#name: …) may name somebody.
            said = re.sub(r"(?m)^\s*#\s.*$", "", text) if path.name == FILE else ""
            for found in _PERSONAL.finditer(said):
                _learn_cell(found["value"].strip().strip("\"'"))
            for found in _REFERENCE.finditer(text):
                _learn_secret(office, found["scheme"], found["name"])
            break


def _learn_secret(office: Path, scheme: str, name: str) -> None:
    is_kept_in_file = scheme == "file"
    value = (
        next(_texts(office / Path(name).expanduser()), "").strip()
        if is_kept_in_file
        else os.environ.get(name, "")
    )
    if 4 <= len(value) <= _LONGEST_SECRET:
        KNOWN.secret(value)


def _people_before(state: Path | None) -> None:
    for name, phone in people(state) if state else ():
        KNOWN.names([name])
        KNOWN.phones([phone])


def _texts(path: Path) -> Iterator[str]:
    """What a file says, in each encoding that offices have; nothing where it cannot be read."""
    with suppress(OSError):
        if not path.is_file() or path.stat().st_size > 10 * 1024 * 1024:
            return
        raw = path.read_bytes()
        for encoding in _ENCODINGS:
            with suppress(UnicodeError):
                yield raw.decode(encoding)
                if encoding == "utf-8":
                    return
