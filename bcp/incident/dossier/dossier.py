"""The claim dossier of an incident: sixteen parts, each present, stale, missing or not applicable.

What was measured and what people attest stand apart. It is an aid to documentation and reckoning, no legal advice.
"""

from __future__ import annotations

from datetime import datetime

from bcp.incident.dossier import parts as said
from bcp.incident.dossier.claimed import Claim, ClaimedPart
from bcp.incident.state import Incident


def parts(incident: Incident, claim: Claim, now: datetime) -> list[ClaimedPart]:
    """The sixteen parts, in their order, which numbers them from 1."""
    return [
        said.parties(claim),
        said.fee(claim),
        said.timeline(incident, claim),
        said.reports(incident),
        said.promises(incident, now),
        said.appointments(claim),
        said.measured(incident, claim),
        said.attested(incident),
        said.substitutes(incident),
        said.expenses(incident),
        said.losses(incident),
        said.calculation(claim, now.astimezone(incident.zone).date()),
        said.exclusions(incident),
        said.deadlines(claim),
        said.demand(claim),
        said.annexes(incident),
    ]
