"""Finds the office folder; it reads nothing, so that every command can afford it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bcp.errors import InputError

FILE = "bcp.yaml"


def find(start: Path, asked: str | None, environ: Mapping[str, str]) -> Path:
    """The office folder: `asked` (--office), else `BCP_OFFICE`, else the nearest parent with a bcp.yaml.

    Raises InputError where there is none, with the next command to type.
    """
    named = asked or environ.get("BCP_OFFICE")
    if named:
        folder = Path(named).expanduser()
        if not (folder / FILE).is_file():
            raise InputError(f"there is no {FILE} in {folder}", f"make an office there: bcp init {folder}")
        return folder.resolve()
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return folder
    raise InputError(
        f"no office here: neither {here} nor a folder above it has a {FILE}",
        "make one: bcp init my-office   (or name yours: bcp --office FOLDER …)",
    )
