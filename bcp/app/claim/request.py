"""What somebody says of a case when a claim is made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ClaimRequest:
    """What is said of the case, days and sums as they are typed; empty where the incident is to be asked."""

    line: str | None = None
    event: str = "outage"
    began: str | None = None
    reported: str | None = None
    restored: str | None = None
    agreed: str | None = None
    bills: str | None = None
    appointments: int = 0
    numbers: int = 1
