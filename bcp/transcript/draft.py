"""What was typed from paper and is not in the journal yet, kept line by line beside it: no crash loses a line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from bcp.files import put
from bcp.private import make_folder
from bcp.transcript.entries import SheetRow

THROUGH = "-"
"""Where a draft is whose steps are through: the tables of the sheet come next."""
_FORMAT = 1
_HEAD = ("runbook", "started", "below", "at")


@dataclass(slots=True)
class Typed:
    """One line as it was typed, by whom, and the answers to the questions of its step."""

    text: str
    typist: str
    facts: dict[str, str] = field(default_factory=dict)
    sheet: bool = False
    """Whether the sheet that the step leads on to was filled in, too."""
    row: SheetRow | None = field(default=None, compare=False)
    """What it says, when it was read; that is not kept."""


class TypedRow(NamedTuple):
    """A line of one of the tables of the sheet: `log`, `promise`, `improve`, or a decision: `D1`."""

    table: str
    line: Typed


@dataclass(slots=True)
class TranscriptDraft:
    """The lines of one sheet. They are kept as they were typed, and read anew when somebody goes on from them.

    `runbook` and `started` (T0, as `--started` takes it) name an incident that lived on paper only, `below` the step
    or decision that entered the sheet, `at` the step whose line comes next, or `THROUGH`.
    `lines` are those of the steps, by step.
    """

    path: Path
    runbook: str = ""
    started: str = ""
    below: str = ""
    at: str = ""
    lines: dict[str, Typed] = field(default_factory=dict)
    rows: list[TypedRow] = field(default_factory=list)

    @property
    def typed(self) -> list[Typed]:
        """All that it holds."""
        return [*self.lines.values(), *(row.line for row in self.rows)]

    def save(self) -> None:
        """Keep it, whole or not at all; it is on the disk when this returns. Raises OSError."""
        make_folder(self.path.parent)
        put(self.path, json.dumps(self._data(), ensure_ascii=False, indent=1).encode())

    def remove(self) -> None:
        """It is in the journal now."""
        self.path.unlink(missing_ok=True)

    def set_aside(self) -> Path:
        """Make room for a new one; where the old one lies then."""
        number = 1
        while (aside := self.path.with_name(f"paper-draft-{number}.json")).exists():
            number += 1
        return self.path.replace(aside)

    def _data(self) -> dict[str, Any]:
        def kept(typed: Typed) -> dict[str, Any]:
            return {name: getattr(typed, name) for name in ("text", "typist", "facts", "sheet")}

        return {
            "format": _FORMAT,
            **{name: getattr(self, name) for name in _HEAD},
            "lines": {step: kept(typed) for step, typed in self.lines.items()},
            "rows": [[table, kept(typed)] for table, typed in self.rows],
        }


def load(path: Path) -> TranscriptDraft | None:
    """The draft at `path`; None where there is none. Raises ValueError for a file that is no draft, OSError."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    try:
        if told["format"] != _FORMAT:
            raise ValueError("another version wrote it")
        begun = {name: str(told[name]) for name in _HEAD}
        lines = {str(step): _typed(each) for step, each in told["lines"].items()}
        rows = [TypedRow(str(table), _typed(row)) for table, row in told["rows"]]
        return TranscriptDraft(path, **begun, lines=lines, rows=rows)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("it is no draft") from error


def _typed(told: Mapping[str, Any]) -> Typed:
    facts = {str(name): str(value) for name, value in told["facts"].items()}
    return Typed(str(told["text"]), str(told["typist"]), facts, bool(told["sheet"]))
