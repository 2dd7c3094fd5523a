"""Bad YAML files, each of which says in its first lines what a person must be told about it.

    # expect: 4:7: an ordinary space is missing after the colon
    # hint: for example: title: The office has no internet

A line and a column from 1, then the exact sentence; one `expect` for each mistake of the file, in any
order. A `hint` belongs to the `expect` before it; without one any hint will do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bcp.errors import Mistake

FOLDER = Path(__file__).parent / "bad"


class Expected(NamedTuple):
    """What is to be said about a file."""

    line: int
    column: int
    message: str
    hint: str | None = None


def files(folder: str) -> list[Path]:
    """The bad files in one folder of `tests/bad`, by name; there must be some."""
    found = sorted((FOLDER / folder).glob("*.yaml"))
    assert found, f"no bad files in {folder}"
    return found


def expectations(path: Path) -> list[Expected]:
    """What the first lines of a bad file expect to be said about it."""
    found: list[Expected] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        wanted = re.fullmatch(r"# expect: (\d+):(\d+): (.+)", line)
        hint = re.fullmatch(r"# hint: ?(.*)", line)
        if wanted:
            found.append(Expected(int(wanted[1]), int(wanted[2]), wanted[3]))
        elif hint and found:
            found[-1] = found[-1]._replace(hint=hint[1])
        else:
            break
    assert found, f"{path.name} does not say what it expects"
    return sorted(found, key=lambda one: one[:3])


def assert_told(path: Path, mistakes: Sequence[Mistake]) -> None:
    """Fails unless just the expected mistakes were told, each at its place, with its hint and line."""
    wanted = expectations(path)
    told = sorted(mistakes)
    assert [(one.line, one.column, one.message) for one in told] == [one[:3] for one in wanted]
    for one, want in zip(told, wanted, strict=True):
        assert want.hint is None or one.hint == want.hint
        assert one.text or path.read_text(encoding="utf-8").split("\n")[one.line - 1] == ""
