"""The sections of a report that say how long it lasted: what happened in a few lines, durations against targets."""

from __future__ import annotations

from datetime import datetime, timedelta

from bcp.i18n import _
from bcp.incident.activity import REACH, concerns, downtimes, reach
from bcp.incident.report.section import Section
from bcp.incident.state import Incident
from bcp.incident.text import listed_facts
from bcp.times import local, say_duration


def summary(incident: Incident, now: datetime) -> Section:
    """What happened, in a few lines, and the facts that were found out."""
    end = incident.closed_at
    amended = incident.clock.start_amended
    rows = [
        (_("Runbook"), f"{incident.title} ({incident.runbook})"),
        (_("Begun"), f"{local(incident.opened_at, incident.zone)}, {incident.name_of(incident.opened_by)}"),
        (_("Closed"), local(end, incident.zone) if end else _("still open")),
        (
            _("Lasted"),
            say_duration((end or now) - incident.opened_at) if incident.counts(now) else _("not known"),
        ),
    ]
    if amended is not None:
        was = _("{time} was written down first: {reason}")
        rows.insert(
            2,
            (
                _("Begun, put right"),
                was.format(time=local(amended.was, incident.zone), reason=amended.reason),
            ),
        )
    if concerns(incident, REACH):
        rows.append((_("Clients could not reach us"), _out_of_reach(incident, now)))
    rows += list(listed_facts(incident).items())
    return Section(_("What happened"), columns=(_("What"), _("Value")), shares=(1, 2), rows=tuple(rows))


def _out_of_reach(incident: Incident, now: datetime) -> str:
    down = reach(incident, now)
    if down is None:
        return _("not known")
    said = say_duration(down.length)
    return _("{time} so far").format(time=said) if down.goes_on else said


def targets(incident: Incident, now: datetime) -> Section:
    """The durations against the targets of the runbook, its phases and the activities that were down."""
    if not incident.counts(now):
        words = _("Not known: the computer's clock was wrong, and nobody said when it began.")
        return Section(_("Durations against targets"), texts=(words,))
    end = incident.closed_at or now
    over, down = incident.closed_at is not None, downtimes(incident, now)
    rows = [
        _against(_("everything done"), incident.target - incident.opened_at, end - incident.opened_at, over)
    ]
    for phase in incident.phases:
        ends = [step.at for step in phase.steps if step.at is not None]
        if phase.due is not None and ends:
            took = max(ends) - incident.opened_at
            done = all(step.settled for step in phase.steps)
            name = phase.title if done else _("{phase} (not finished)").format(phase=phase.title)
            rows.append(_against(name, phase.due - incident.opened_at, took, done))
    for each in incident.plan.activities:
        if each.activity in down:
            length, _since, goes_on = down[each.activity]
            again = _("clients can reach us again") if each.activity == REACH else _("{activity} runs again")
            name = again.format(activity=each.activity)
            rows.append(_against(name, timedelta(seconds=each.target), length, not goes_on))
    columns = (_("What"), _("Target (RTO)"), _("Took"), _("Held"))
    return Section(_("Durations against targets"), columns=columns, shares=(3, 1, 1, 1), rows=tuple(rows))


def _against(name: str, target: timedelta, took: timedelta, over: bool = True) -> tuple[str, ...]:
    held = _("yes") if over else _("so far")
    if took > target:
        held = _("no, {time} late").format(time=say_duration(took - target))
    return name, say_duration(target), say_duration(took), held
