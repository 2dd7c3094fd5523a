"""What each cell was when it was last imported, as digests: so an edit of the office is told from one elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from bcp.contact.load import FOLDER
from bcp.contact.model import Contact
from bcp.files import write_whole

FILE = "imported.json"

Digests = Mapping[str, Mapping[str, str]]
"""From the id of a contact to its columns, and from each to the digest of what was imported there."""


def digest(value: str) -> str:
    """A cell in a form that tells nothing and can be compared."""
    return sha256(f"imported {value}".encode()).hexdigest()[:16]


def load(office: Path, stem: str) -> Digests:
    """What was last imported into `contacts/STEM.csv`; nothing where it is not known any more."""
    found = _read(office).get(stem, {})
    return found if isinstance(found, dict) and all(isinstance(one, dict) for one in found.values()) else {}


def keep(office: Path, stem: str, digests: Digests) -> None:
    """Keep what was imported; the file is replaced whole."""
    _write(office, {**_read(office), stem: {name: dict(cells) for name, cells in digests.items()}})


def forget(office: Path, contact: Contact) -> None:
    """Keep nothing of this contact."""
    told = _read(office)
    rest = {
        stem: {name: cells for name, cells in found.items() if name != contact.id}
        for stem, found in told.items()
        if isinstance(found, dict)
    }
    if rest != told:
        _write(office, rest)


def _read(office: Path) -> dict[str, dict[str, dict[str, str]]]:
    # Whatever is wrong with it: without it an import asks about more cells, and that is all.
    try:
        told = json.loads((office / FOLDER / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _write(office: Path, told: Mapping[str, object]) -> None:
    write_whole(office / FOLDER / FILE, json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
