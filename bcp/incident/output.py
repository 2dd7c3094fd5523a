"""What a program printed in a step: its last lines are shown, and where it is long what was kept of it is a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bcp.errors import StoreError
from bcp.event import digest
from bcp.files import IncidentFiles
from bcp.i18n import _
from bcp.printed import last_lines

FOLDER = "output"
_SHOWN = 8


def keep_output(files: IncidentFiles | None, name: str, text: str) -> dict[str, str]:
    """Write what does not fit on the screen into a file of the incident; its name and hash, as evidence of the step.

    Where it cannot be written that is said there; the step is as good as it was.
    """
    if files is None or "\n".join(last_lines(text, _SHOWN)) == "\n".join(
        last_lines(text, len(text), len(text))
    ):
        return {}
    file = f"{FOLDER}/{name}.txt"
    try:
        files.write(file, text.encode())
    except StoreError as error:
        return {"output_not_kept": error.message}
    return {"output_file": file, "output_sha256": digest(text)}


def output_lines(evidence: Mapping[str, Any]) -> list[str]:
    """The last lines that were printed, each behind a bar, and where the others are; nothing where none were."""
    printed = evidence.get("output")
    lines = last_lines(printed, _SHOWN) if isinstance(printed, str) else []
    found = [f"  | {line}" for line in lines]
    if file := evidence.get("output_file"):
        found.append(
            "  "
            + _("These are the last lines. What was kept of it is beside journal.txt: {file}").format(
                file=file
            )
        )
    if why := evidence.get("output_not_kept"):
        found.append("  " + _("These are the last lines. The others were not kept: {why}").format(why=why))
    return found
