"""When a server wants us back: by its own words, else by ours; and how long it is tried while it is down."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

WAITS = (5.0, 15.0, 30.0)
"""Seconds until a server that is down is tried again: once for all letters that go by it."""
LATER = timedelta(minutes=5)
"""When a server is tried again that was down all that time."""
OF_ACCOUNT = timedelta(minutes=15)
"""The same after a 4xx about our account that names no time."""
LONGEST = timedelta(days=2)

_UNITS = {"s": 1, "m": 60, "h": 3600, "g": 3600, "d": 86400}
_ASKED = re.compile(
    r"\b(?:in|after|for|within|za|nach|po)\s+(?:about\s+|ca\.?\s+)?(?P<count>\d{1,5}|an?|one)\s*"
    r"(?P<unit>s|secs?|seconds?|sek\w*|m|mins?|minut\w*|h|hrs?|hours?|godz\w*|hod\w*|d|days?|dni)\b",
    re.I,
)


def asked_back(reply: str) -> timedelta | None:
    """After what time a server wants us back by its own words ("try again in 1 hour"); None where it names none."""
    found = _ASKED.search(reply)
    if not found:
        return None
    count = int(found["count"]) if found["count"].isdigit() else 1
    unit = found["unit"][0].lower()
    seconds = count * (3600 if found["unit"].lower().startswith("hod") else _UNITS[unit])
    return min(timedelta(seconds=seconds), LONGEST) if seconds else None


@dataclass
class ServerTrouble:
    """A server that is down, since `began` on a clock that nobody sets; `pauses` is how often it was waited for."""

    began: float
    pauses: int = 0

    def pause(self, now: float, patience: timedelta) -> float | None:
        """Seconds until it is to be tried again; None where that would take longer than `patience` in all."""
        if self.pauses >= len(WAITS) or now - self.began + WAITS[self.pauses] > patience.total_seconds():
            return None
        self.pauses += 1
        return WAITS[self.pauses - 1]
