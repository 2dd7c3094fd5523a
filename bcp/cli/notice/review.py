"""The end of a review of notices, also of one that is known to find nothing."""

from __future__ import annotations

from bcp.cli.terminal.output import say, show_next


def show_count(notices: int, findings: int) -> None:
    """How many notices were read and what was found, and what to look at next."""
    say(f"{notices} notices, {findings} findings.", "bold")
    show_next(("bcp notice preview NOTICE",))
