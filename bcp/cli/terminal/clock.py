"""Says beside any answer that the computer's clock cannot be believed."""

from __future__ import annotations

from datetime import datetime

from bcp.cli.terminal.output import say
from bcp.incident.clock_words import clock_doubts
from bcp.incident.state import Incident


def say_doubts(incident: Incident, now: datetime) -> None:
    """Say it, and what to do; nothing while the clock may be believed."""
    for line in clock_doubts(incident, now):
        say(line, "bold red")
