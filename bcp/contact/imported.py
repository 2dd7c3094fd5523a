"""What was last imported into a contact file: each cell as a digest, and what a person said of the columns.

So an edit of the office is told from one elsewhere, and nobody is asked twice what a column means.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from bcp.contact.load import FOLDER
from bcp.contact.model import Contact
from bcp.files import write_whole

FILE = "imported.json"
_CELLS, _SAID = "cells", "columns"

Digests = Mapping[str, Mapping[str, str]]
"""From the id of a contact to its columns, and from each to the digest of what was imported there."""
Said = Mapping[str, str | None]
"""From the header of a foreign column to what a person said that it becomes; None for nothing."""


def digest(value: str) -> str:
    """A cell in a form that tells nothing and can be compared."""
    return sha256(f"cell of an import: {value}".encode()).hexdigest()[:16]


def load(office: Path, stem: str) -> Digests:
    """What was last imported into `contacts/STEM.csv`; nothing where it is not known any more."""
    found = _part(_read(office), stem, _CELLS)
    return {name: cells for name, cells in found.items() if isinstance(cells, dict)}


def said(office: Path, stem: str) -> Said:
    """What a person said of the columns when that file was imported last."""
    found = _part(_read(office), stem, _SAID)
    return {header: column for header, column in found.items() if column is None or isinstance(column, str)}


def keep(office: Path, stem: str, digests: Digests, columns: Said) -> None:
    """Keep what was imported, and what was said; the file is replaced whole."""
    cells = {name: dict(each) for name, each in digests.items()}
    _write(office, {**_read(office), stem: {_CELLS: cells, _SAID: dict(columns)}})


def forget(office: Path, contact: Contact) -> None:
    """Keep nothing of this contact."""
    told = _read(office)
    rest = {stem: {**_dict(part), _CELLS: dict(_part(told, stem, _CELLS))} for stem, part in told.items()}
    for part in rest.values():
        part[_CELLS].pop(contact.id, None)
    if rest != told:
        _write(office, rest)


def _part(told: Mapping[str, Any], stem: str, key: str) -> dict[str, Any]:
    return _dict(_dict(told.get(stem)).get(key))


def _dict(found: Any) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def _read(office: Path) -> dict[str, Any]:
    # Whatever is wrong with it: without it an import asks about more cells, and that is all.
    try:
        return _dict(json.loads((office / FOLDER / FILE).read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def _write(office: Path, told: Mapping[str, object]) -> None:
    write_whole(office / FOLDER / FILE, json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
