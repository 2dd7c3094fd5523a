"""What is said of a computer's clock that cannot be believed, and what to do about it."""

from __future__ import annotations

from datetime import datetime

from bcp.i18n import _
from bcp.incident.clock_record import NOT_BEFORE
from bcp.incident.state import Incident
from bcp.incident.text import noun
from bcp.times import local


def clock_doubts(incident: Incident, now: datetime) -> list[str]:
    """The sentences, most important first; none while the clock may be believed."""
    if incident.closed_at is not None:
        return []
    clock, shown = incident.clock, local(now, incident.zone)
    if now < NOT_BEFORE:
        return [_("This computer's clock is wrong: it says {now}. Set the clock.").format(now=shown)]
    lines = []
    if clock.is_wrong(now):
        words = _("This computer's clock says {now}, and the last entry is of {last}. Look at the clock.")
        lines.append(words.format(now=shown, last=local(clock.newest, incident.zone)))
    if clock.doubts_start(now):
        words = _(
            "When this began is not known: the clock said {began} then, and {now} now. No time is counted."
        )
        lines.append(words.format(began=local(incident.opened_at, incident.zone), now=shown))
        lines.append(_("Say when it began: {command}").format(command=put_right(incident)))
    return lines


def put_right(incident: Incident) -> str:
    """The command that says when it began."""
    return f'bcp {noun(incident)} amend --began TIME --reason "the clock was wrong" --incident {incident.id}'
