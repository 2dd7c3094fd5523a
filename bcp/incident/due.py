"""What wants an answer first: decisions, promises, old measures, follow-ups; and the clocks that are always shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from bcp.i18n import _
from bcp.incident import activity, decision_due
from bcp.incident.clock_words import clock_doubts
from bcp.incident.decision import DecisionState
from bcp.incident.state import Incident
from bcp.incident.text import title_of, undo_command
from bcp.promise.model import broken_count, estimate, settling
from bcp.times import local_clock, say_duration

What = Literal["decision", "promise", "measure", "followup"]


class Due(NamedTuple):
    """One thing that is due, since when (UTC): a sentence, and the commands that answer it, one for each answer."""

    what: What
    id: str
    since: datetime
    sentence: str
    commands: tuple[str, ...]


def due(incident: Incident, now: datetime) -> list[Due]:
    """All that is due now, decisions first."""
    return [
        *(_decision(incident, each, now) for each in decision_due.due(incident, now)),
        *_promises(incident, now),
        *_measures(incident, now),
        *_follow_ups(incident, now),
    ]


def if_then(incident: Incident, decision: DecisionState, now: datetime) -> str:
    """`IF this is not over by 11:50 (or after 2 broken promises, 1 so far) THEN plan-b: long-outage`."""
    triggers = [_("not over by {time}").format(time=local_clock(decision.due, incident.zone, now))]
    wanted = decision.plan.or_broken_promises
    if wanted is not None and not decision.overridden_by:
        count = broken_count(incident.promises.values())
        triggers.append(_("{wanted} promises broken ({count} so far)").format(wanted=wanted, count=count))
    limit = decision.plan.or_cost
    if limit and not decision.overridden_by:
        so_far = decision_due.spent_so_far(incident).get(limit.rpartition(" ")[2], Decimal(0))
        triggers.append(_("{limit} spent ({so_far} so far)").format(limit=limit, so_far=f"{so_far:.2f}"))
    then = decision.default
    if decision.answers[then]:
        then += f" ({decision.answers[then]})"
    return _("IF {triggers} THEN {then}").format(triggers=_(" or ").join(triggers), then=then)


class _Limits(NamedTuple):
    """An activity, by when it must run again (RTO), and from when on it does lasting harm (MTPD)."""

    activity: str
    target: datetime
    unbearable: datetime


def _nearest(incident: Incident, now: datetime) -> _Limits | None:
    """The limits of the activity that does harm first, of those that are down; none of an incident that is closed.

    They count from the disruption itself (ISO 22301), which may be noticed later than it began.
    """
    down = activity.downtimes(incident, now)
    limits = [
        _Limits(
            each.activity,
            since + timedelta(seconds=each.target),
            since + timedelta(seconds=each.unbearable_after),
        )
        for each in incident.plan.activities
        if each.activity in down and down[each.activity].goes_on and (since := down[each.activity].since)
    ]
    return min(limits, key=lambda each: each.unbearable, default=None)


def clocks(incident: Incident, now: datetime) -> list[str]:
    """The sentences that every screen shows: out of reach, and the time left to RTO and MTPD."""
    lines = clock_doubts(incident, now)
    if not incident.counts(now):
        return lines
    reach = activity.reach(incident, now)
    command = f"bcp {incident.kind} amend --fact reachable"
    if reach is None and incident.closed_at is None and activity.concerns(incident, activity.REACH):
        words = _("Whether clients can reach us is not known; if they cannot: {command}")
        lines.append(words.format(command=f"{command}=no"))
    elif reach is not None and reach.goes_on:
        words = _("Clients cannot reach us: {time} by now; when they can: {command}")
        lines.append(words.format(time=say_duration(reach.length), command=f"{command}=yes"))
    elif reach is not None and reach.length:
        lines.append(_("Clients could not reach us for {time}").format(time=say_duration(reach.length)))
    nearest = _nearest(incident, now)
    if nearest is not None:
        for at, words in (
            (nearest.target, _("{activity}: must run again by {time} (RTO): {left}")),
            (nearest.unbearable, _("{activity}: lasting harm from {time} on (MTPD): {left}")),
        ):
            left = _("{time} left") if at > now else _("{time} over")
            lines.append(
                words.format(
                    activity=nearest.activity,
                    time=local_clock(at, incident.zone, now),
                    left=left.format(time=say_duration(at - now)),
                )
            )
    return lines


def clock_line(incident: Incident, now: datetime) -> str:
    """The same in one line: `Clients cannot reach us: 12 min · phone: 3 h to RTO, 2 days to MTPD`."""
    parts = clock_doubts(incident, now)
    reach = activity.reach(incident, now)
    if reach is not None and reach.goes_on:
        parts.append(_("Clients cannot reach us: {time}").format(time=say_duration(reach.length)))
    nearest = _nearest(incident, now)
    if nearest is not None:
        left = f"{_left_to('RTO', nearest.target, now)}, {_left_to('MTPD', nearest.unbearable, now)}"
        parts.append(f"{nearest.activity}: {left}")
    return " · ".join(parts)


def _left_to(name: str, at: datetime, now: datetime) -> str:
    words = _("{time} to {name}") if at > now else _("{time} past {name}")
    return words.format(time=say_duration(at - now), name=name)


def own_estimate(incident: Incident, now: datetime) -> datetime | None:
    """When we reckon that it is over; None while the providers' dates may still be believed."""
    if not incident.counts(now):
        return None
    assumed = timedelta(seconds=incident.plan.clock.long_outage)
    return estimate(list(incident.promises.values()), incident.opened_at, assumed, now)


def as_data(each: Due) -> Mapping[str, Any]:
    """One thing that is due, as `status --json` has it."""
    told = {"what": each.what, "id": each.id, "sentence": each.sentence}
    return {**told, "command": each.commands[0], "commands": each.commands}


def _decision(incident: Incident, decision: DecisionState, now: datetime) -> Due:
    sentence = f"{decision.question}  {if_then(incident, decision, now)}"
    return Due("decision", decision.id, decision.due, sentence, decision_due.answering(decision, incident))


def _promises(incident: Incident, now: datetime) -> list[Due]:
    if incident.closed_at is not None:
        return []
    words = _("Was it kept? {who} promised: {what}, by {time}")
    return [
        Due(
            "promise",
            each.id,
            each.due,
            words.format(who=each.provider, what=each.what, time=local_clock(each.due, incident.zone, now)),
            settling(each.id, incident.id),
        )
        for each in incident.promises.values()
        if each.state(now) == "due"
    ]


def _measures(incident: Incident, now: datetime) -> list[Due]:
    """Measures that are in force longer than the office wants, and were not left with a reason."""
    after = incident.plan.clock.remind_measures_after
    if after is None or not incident.counts(now):
        return []
    return [
        Due(
            "measure",
            measure.step.id,
            measure.since,
            _("Still in force since {time}: {title}").format(
                time=local_clock(measure.since, incident.zone, now), title=title_of(incident, measure.step)
            ),
            (undo_command(incident, measure.step.id, named=True),),
        )
        for measure in incident.in_force()
        if not measure.left and now - measure.since >= timedelta(seconds=after)
    ]


def _follow_ups(incident: Incident, now: datetime) -> list[Due]:
    words, today = _("Not done yet: {what} ({who}, by {day})"), now.astimezone(incident.zone).date()
    return [
        Due(
            "followup",
            each.id,
            now,
            words.format(what=each.what, who=incident.name_of(each.owner), day=each.due.isoformat()),
            (f"bcp followup done {each.id} --incident {incident.id}",),
        )
        for each in incident.follow_ups.values()
        if each.is_overdue(today)
    ]
