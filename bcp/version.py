"""Which bcp this is, found cheaply: by the name of the folder in which its installation is described.

`importlib.metadata` says the same, but takes as long as a fifth of a short command.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_BEGINS, _ENDS = "bcp_office-", ".dist-info"


@cache
def version() -> str:
    """`0.1.0`; empty where this is the source and nothing was installed."""
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 - pathlib would make an object of each of some hundred
        except OSError:
            continue
        for name in names:
            if name.startswith(_BEGINS) and name.endswith(_ENDS):
                return name.removeprefix(_BEGINS).removesuffix(_ENDS)
    return ""


def program() -> Iterator[str]:
    """Every file of this program by name, size and time, and when a library was put in or taken out.

    What was made of files of an office holds for the program that made it, and a source has no version.
    """
    yield sys.version
    yield from _files(str(Path(__file__).parent))
    for place in sys.path:
        if place.endswith("-packages") and os.path.isdir(place):  # noqa: PTH112 - a Path each time costs more
            yield f"{place} {os.stat(place).st_mtime_ns}"  # noqa: PTH116


def _files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as found:
        for each in sorted(found, key=lambda each: each.name):
            if each.is_dir():
                if each.name != "__pycache__":
                    yield from _files(each.path)
            else:
                told = each.stat()
                yield f"{each.path} {told.st_size} {told.st_mtime_ns}"
