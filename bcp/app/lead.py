"""The incident that a command means, so that the commands in its hints and below its answer mean the same one.

A hint is written where nobody knows how many incidents are open, or that a drill is meant. Here the commands in it are
completed: the name of the incident where it is not the only open one, and `drill` for `incident` in a drill.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

from bcp.errors import BcpError
from bcp.incident.state import Incident

NAMING = {
    "incident": "resume undo redo close status log note step amend verify print report review export hand-over",
    "drill": "resume undo close status log note step amend verify print report review export",
    "notice": "preview plan test send status unknown stop skip greetings calls called places pasted taken-down answer"
    " export",
    "decision": "list answer override",
    "promise": "add kept broken list",
    "cost": "add list",
    "followup": "add done list",
    "claim": "show calculate letter dossier",
    "place": "preview",
}
"""The commands that take `--incident ID`, by their nouns. One that also begins something is not among them."""
_COMMAND = re.compile(r"\bbcp ([a-z]+) ([a-z-]+)")


class _Meant:
    """What this process was asked about; nothing before it is known."""

    incident: Incident | None = None
    is_only: Callable[[], bool] | None = None


def forget() -> None:
    """The command has ended: nothing is meant any more."""
    _Meant.incident = _Meant.is_only = None


def means(incident: Incident, is_only: Callable[[], bool]) -> None:
    """Keep which incident is meant; `is_only` says whether it is found without its name, and is asked when needed."""
    _Meant.incident, _Meant.is_only = incident, is_only


def is_going_on() -> bool:
    """Whether this command is about an incident or a drill that is open."""
    return _Meant.incident is not None and _Meant.incident.closed_at is None


def fitting(text: str) -> str:
    """`text` with its commands completed, so that each means the incident of this command."""
    incident = _Meant.incident
    if incident is None or "--incident" in text or not _COMMAND.search(text):
        return text
    is_only = True
    # Where the journal cannot be read any more the hint is still worth having.
    with suppress(BcpError, OSError):
        is_only = _Meant.is_only is None or _Meant.is_only()

    def completed(found: re.Match[str]) -> str:
        noun, verb = found.groups()
        if verb not in NAMING.get(noun, "").split():
            return found[0]
        if incident.drill and noun == "incident" and verb in NAMING["drill"].split():
            noun = "drill"
        # Other nouns look among the incidents alone.
        is_found = is_only and incident.drill == (noun == "drill")
        return f"bcp {noun} {verb}" + ("" if is_found else f" --incident {incident.id}")

    return _COMMAND.sub(completed, text)
