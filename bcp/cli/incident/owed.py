"""What we promised, whom we told and what is switched on, in the lines of `status`."""

from __future__ import annotations

from datetime import datetime

from bcp.app.incident.owed import LeverOn, Owed
from bcp.cli.terminal.output import show
from bcp.i18n import _
from bcp.incident.state import Incident
from bcp.incident.view import time_left
from bcp.times import local_clock


def show_owed(incident: Incident, found: Owed, now: datetime) -> None:
    """A line for each open promise of theirs, for our own next word, for each sending and each lever."""
    for promise in found.promises:
        words = _("PROMISED  {who}: {what}, by {time}{left}  {id}")
        at = local_clock(promise.due, incident.zone, now)
        show(
            words.format(
                who=promise.provider,
                what=promise.what,
                time=at,
                left=_left(incident, promise.due, now),
                id=promise.id,
            )
        )
    for word in found.ours:
        words = _("WE OWE    the next news to {whom} by {time}{left}")
        at, left = local_clock(word.due, incident.zone, now), _left(incident, word.due, now)
        whom = word.audience or _("clients")
        show(words.format(whom=whom, time=at, left=left), "bold red" if word.due <= now else None)
    for sending in found.sendings:
        words = _("TOLD      {notice} to {audience}: {counts}")
        counts = ", ".join(f"{count} {said(standing)}" for standing, count in sending.standings.items())
        show(words.format(notice=sending.notice, audience=sending.audience, counts=counts or _("nobody yet")))
    for lever in found.levers:
        since = local_clock(lever.since, incident.zone, now)
        words = _("SWITCHED  {what} (since {since})")
        show(words.format(what=_lever_words(lever), since=since), "bold magenta")


def said(standing: str) -> str:
    """A standing in a word; its room is loaded where somebody was told."""
    from bcp.notice.campaign.standing import said_standing

    return said_standing(standing)


def _lever_words(lever: LeverOn) -> str:
    if lever.to:
        return _("the calls of {number} are forwarded to {to}").format(number=lever.name, to=lever.to)
    words = {
        "line": _("the office was switched to {line}").format(line=lever.name),
        "place": _("something was put at {place}").format(place=lever.name),
    }
    return words.get(lever.what, lever.name)


def _left(incident: Incident, due: datetime, now: datetime) -> str:
    """` (2 h left)`; nothing where the clock cannot be believed."""
    left = time_left(incident, due, now)
    return f" ({left})" if left else ""
