"""Which files of a folder are read, for whoever only has to know whether they are as they were; nothing is imported."""

from __future__ import annotations

from pathlib import Path

ENDINGS = (".yaml", ".yml")


def files_in(folder: Path, *endings: str) -> list[Path]:
    """The files of a folder that have one of these endings, sorted by name."""
    return sorted(path for path in folder.glob("*") if path.suffix in endings)
