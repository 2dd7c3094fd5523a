"""Reads the runbooks of an office, each with its text and the places in its file."""

from __future__ import annotations

from pathlib import Path

from bcp.runbook.model import Runbook
from bcp.yaml.source import LoadedModel, Reader

FOLDER = "runbooks"


LoadedRunbook = LoadedModel[Runbook]
"""A runbook and the file that it was read from."""


def load(office: Path, reader: Reader) -> dict[str, LoadedRunbook]:
    """All runbooks of the office folder by id; mistakes go to `reader`."""
    return reader.folder(office, FOLDER, "runbook", Runbook)
