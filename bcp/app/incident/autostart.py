"""Begins by itself what the office allowed in peacetime: once, whoever sees it, and also where a pass was cut short."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bcp.app.incident.summaries import summaries
from bcp.app.session import Session
from bcp.check.hours import within
from bcp.check.model import Check
from bcp.check.span import since_when
from bcp.office.model import Office
from bcp.store.spans import StoredSpans

_LOOK_BACK = timedelta(days=90)


def begin_auto(
    session: Session,
    office: Office,
    checks: Mapping[str, Check],
    begin: Callable[[str], object],
    after: timedelta = timedelta(0),
) -> None:
    """Begin the runbook of each check with `start: auto` that has been down for longer than `after`, by `begin`.

    It goes by the state, not by the news: had the process that saw the change died before it began anything, or had
    the runbook a mistake then, the next one begins it. An outage that an incident of this runbook has met, open or
    closed since, begins none.
    """
    allowed = [check for check in checks.values() if check.start == "auto" and check.runbook]
    if not allowed:
        return
    spans, now = session.stores.of(StoredSpans), session.clock.now()
    held = spans.held()
    for check in allowed:
        is_down = check.check in held and held[check.check].state == "down"
        if not is_down or within(now, check.maintenance, office.zone):
            continue
        since = since_when(spans.history(check.check, now - _LOOK_BACK), "down")
        if since is None or now - since < after or _was_met(session, str(check.runbook), since):
            continue
        begin(str(check.runbook))


def _was_met(session: Session, runbook: str, since: datetime) -> bool:
    """Whether the last incident of `runbook` is open, or was so at some time since."""
    for incident in reversed(summaries(session, "incident")):
        if incident.runbook == runbook:
            return incident.closed_at is None or incident.closed_at >= since
    return False
