"""Reads the runbooks of an office, each with its text and the places in its file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bcp.action.base import Loc
from bcp.runbook.model import Acting, Runbook
from bcp.yaml.source import Reader, YamlDocument

FOLDER = "runbooks"


@dataclass(frozen=True, slots=True)
class LoadedRunbook:
    """A runbook and the file that it was read from."""

    runbook: Runbook
    document: YamlDocument

    def acts(self) -> Iterator[tuple[Loc, Acting]]:
        """Its steps and their undos, each with its place in the file."""
        return self.runbook.acts()


def load(office: Path, reader: Reader) -> dict[str, LoadedRunbook]:
    """All runbooks of the office folder by id; mistakes go to `reader`."""
    return {
        name: LoadedRunbook(*one) for name, one in reader.folder(office, FOLDER, "runbook", Runbook).items()
    }
