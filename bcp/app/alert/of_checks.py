"""Alerts of what checks came to, each with the one command to type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bcp.alert.alert import Alert
from bcp.alert.wording import of_outcome
from bcp.app.check.go_on import what_next
from bcp.app.session import Session
from bcp.check.diagnose import Diagnosis
from bcp.check.model import Check
from bcp.check.round import Outcome
from bcp.check.single_pass import Pass
from bcp.errors import BcpError
from bcp.probe.base import works


def alerts_of(
    session: Session,
    checks: Mapping[str, Check],
    outcomes: Iterable[Outcome],
    diagnosis: Diagnosis | None,
    *,
    reminder: bool = False,
) -> list[Alert]:
    """An alert for each outcome. A store that cannot be read costs them their command, and no more."""
    found = []
    for outcome in outcomes:
        # What came back wants nothing begun, whatever else went down in the same moment.
        alone = Pass((outcome,), None if works(outcome.state) else diagnosis)
        try:
            lines = what_next(session, checks, alone)
        except BcpError:
            lines = []
        found.append(of_outcome(checks[outcome.check], outcome, diagnosis, lines, reminder=reminder))
    return found
