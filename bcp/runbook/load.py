"""Reads the runbooks of an office, each with its text and the places in its file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bcp.action.base import Loc
from bcp.runbook.model import Acting, Runbook
from bcp.source import Document, Reader

FOLDER = "runbooks"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A runbook and the file that it was read from."""

    runbook: Runbook
    document: Document

    def acts(self) -> Iterator[tuple[Loc, Acting]]:
        """Its steps and their undos, each with its place in the file."""
        return self.runbook.acts()


def load(office: Path, reader: Reader) -> dict[str, Loaded]:
    """All runbooks of the office folder by id; mistakes go to `reader`."""
    found: dict[str, Loaded] = {}
    for path in files(office):
        one = load_file(path, f"{FOLDER}/{path.name}", reader)
        if one is None:
            continue
        twin = found.get(one.runbook.runbook)
        if twin is not None:
            words = f'the runbook "{one.runbook.runbook}" is already in {twin.document.shown}'
            reader.add(one.document.mistake(("runbook",), words, "give each runbook its own name"))
            continue
        found[one.runbook.runbook] = one
    return found


def files(office: Path) -> list[Path]:
    """The runbook files of the office, sorted by name."""
    return sorted(path for path in (office / FOLDER).glob("*.y*ml") if path.suffix in (".yaml", ".yml"))


def load_file(path: Path, shown: str, reader: Reader) -> Loaded | None:
    """The runbook in one file; None where it has mistakes."""
    document = reader.document(path, shown)
    if document is None:
        return None
    runbook = reader.model(document, Runbook)
    return Loaded(runbook, document) if runbook is not None else None
