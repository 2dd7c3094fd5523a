"""The files that letters are made of, and whether they are as they were; it loads nothing that reads them."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

_ONE = ("bcp.yaml", "channels.yaml")
_ROOMS = ("contacts", "notices")


def hash_of_files(office: Path) -> str:
    """The hash of all that letters are made of, by name and content; empty where a file cannot be read."""
    made = sha256()
    rooms = (office / room for room in _ROOMS)
    try:
        inside = sorted(path for room in rooms if room.is_dir() for path in room.iterdir() if path.is_file())
        for path in (*(office / name for name in _ONE), *inside):
            text = path.read_bytes() if path.is_file() else b""
            made.update(
                f"{path.relative_to(office).as_posix()}\0{len(text)}\0".encode("utf-8", "surrogateescape")
            )
            made.update(text)
    except OSError:
        return ""
    return made.hexdigest()
