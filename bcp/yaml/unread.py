"""What a file may hold that cannot be used, so that nothing which is in it is missed elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

from bcp.yaml.text import Unreadable, load

ANY = "*"
"""In the place of a name: what the file holds cannot be known, so it may be any of them."""


def meant(kind: str, path: Path, text: str | None) -> tuple[str, ...]:
    """The name of the thing in a file, as its line `kind:` says; else that of the file, and any.

    `text` is None where some of its letters cannot be read.
    """
    text = _roughly(path) if text is None else text
    found = re.search(rf"^{kind}\s*:\s*[\"']?([a-z0-9][a-z0-9-]*)[\"']?\s*(?:#.*)?$", text, re.MULTILINE)
    return (found[1],) if found else (path.stem, ANY)


def _roughly(path: Path) -> str:
    """The text of a file, whatever its letters are."""
    try:
        return load(path).decode("utf-8", "replace").replace("\r", "\n")
    except (OSError, Unreadable):
        return ""
