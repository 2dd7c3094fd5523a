"""How the line is when it is well is kept once a day, behind a pass in which nothing failed."""

from __future__ import annotations

from collections.abc import Mapping

from bcp.app.check.probing import references_of, shared_for
from bcp.app.session import Session
from bcp.check.good_days import keep_if_due
from bcp.check.model import Check
from bcp.office.model import Office
from bcp.probe.base import works


def remember(
    session: Session, office: Office, checks: Mapping[str, Check], states: Mapping[str, str]
) -> None:
    """Keep it, if a check of our own line is up by `states`, and no other is down; else look at nothing."""
    if not all(works(state) or state == "maintenance" for state in states.values()):
        return
    if any(works(states[name]) for name in states if name in checks and checks[name].is_about_path):
        keep_if_due(shared_for(session, office), references_of(office))
