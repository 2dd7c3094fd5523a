"""The command to type once a check is down: begin its runbook, or go on where that is open already."""

from __future__ import annotations

from collections.abc import Mapping

from bcp.app.session import Session
from bcp.check.model import Check
from bcp.check.single_pass import Pass
from bcp.errors import StoreError
from bcp.i18n import _
from bcp.incident.journal import books, open_incidents


def what_next(session: Session, checks: Mapping[str, Check], found: Pass) -> list[str]:
    """The one command to type for what went down, unless the office lets it begin by itself.

    What fails because of something else, such as our own clock, wants nothing begun. Where its runbook is open already,
    how to go on there: what was begun is not begun again.
    """
    diagnosis = found.diagnosis
    suggested = [diagnosis.runbook] if diagnosis is not None and diagnosis.runbook else []
    down = [checks[outcome.check] for outcome in found.news if outcome.state == "down"]
    down = [check for check in down if diagnosis is None or not diagnosis.explains(check)]
    alone = {check.runbook for check in down if check.start == "auto"}
    names = dict.fromkeys(name for name in (*suggested, *(check.runbook for check in down)) if name)
    under_way = _under_way(session) if names else {}
    lines = []
    for name in names:
        if name in under_way:
            words = _("{runbook} is open already in {id}; go on: bcp incident resume --incident {id}")
            lines.append(words.format(runbook=name, id=under_way[name]))
        elif name not in alone:
            lines.append(_("To begin: {command}").format(command=f"bcp incident start {name}"))
    return lines


def how_to_go_on(session: Session, runbook: str) -> str:
    """The command that begins a runbook, or goes on where it is open already."""
    stream = _under_way(session).get(runbook)
    return f"bcp incident resume --incident {stream}" if stream else f"bcp incident start {runbook}"


def open_where_readable(session: Session) -> list[str]:
    """The incidents that are open; none where the store cannot be read: people hear of an outage all the same."""
    try:
        return open_incidents(session.log, "incident")
    except StoreError:
        return []


def _under_way(session: Session) -> dict[str, str]:
    """Each runbook that an open incident is in, also one that a step or a decision led to; in which incident."""
    found: dict[str, str] = {}
    for book in books(session.log, open_where_readable(session), session.remark):
        incident = book.incident
        stream = book.incident.id
        for name in (incident.runbook, *(phase.runbook for phase in incident.phases)):
            found.setdefault(name, stream)
    return found
