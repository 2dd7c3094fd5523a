"""Shows on a terminal that a long deed goes on."""

from __future__ import annotations

from bcp.progress import UNWATCHED, Progress


def at_terminal() -> Progress:
    """The bar of this terminal; nobody where no terminal is written to."""
    return UNWATCHED
