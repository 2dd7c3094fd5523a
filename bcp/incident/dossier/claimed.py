"""What a claim dossier is made of: parties, case, what the rules grant, and its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bcp.claim.calculate import Case, ClaimFinding
from bcp.claim.deadlines import Day
from bcp.claim.letter import Party
from bcp.claim.model import Country
from bcp.incident.report.picture import Outage
from bcp.incident.report.section import Section

Status = Literal["present", "stale", "missing", "not applicable"]


@dataclass(frozen=True, slots=True)
class Claim:
    """Everything that a dossier is made of. `is_over`: somebody said since when it works again."""

    party: Party
    case: Case
    findings: Sequence[ClaimFinding]
    country: Country
    deadlines: Sequence[Day]
    outages: Sequence[Outage]
    looked: bool
    demand: str = ""
    is_over: bool = True


@dataclass(frozen=True, slots=True)
class ClaimedPart:
    """One part of the dossier: how it stands, what it says, and what is missing."""

    status: Status
    section: Section
    missing: str = ""


def amending(facts: Sequence[str]) -> str:
    """The one command that writes down what is not known yet, `name=value` each; nothing where all is known."""
    return " --fact ".join(["bcp incident amend", *facts]) if facts else ""
