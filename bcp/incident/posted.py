"""Texts that somebody put up by hand, where no step reaches: which still stand, and what takes them down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bcp.command_words import as_typed
from bcp.event import stamp
from bcp.i18n import _
from bcp.incident.ledger import PostedText
from bcp.incident.state import Incident
from bcp.incident.text import noun
from bcp.times import local_clock


def still_up(incident: Incident) -> list[PostedText]:
    """The texts that are to be taken down, the oldest first; what tells that all is well may stay."""
    return sorted((each for each in incident.posted.values() if not each.ends), key=lambda each: each.since)


def in_the_way(incident: Incident) -> list[PostedText]:
    """Those of which nobody said that they stay when the incident is closed."""
    return [each for each in still_up(incident) if each.ends is False and not each.left]


def taken_down(incident: Incident, places: Sequence[str]) -> str:
    """The command that says that the texts at these places are gone; it names its incident where that is needed."""
    is_found = incident.closed_at is None and not incident.drill
    named = () if is_found else ("--incident", incident.id)
    return as_typed(("bcp", "notice", "taken-down", *places, *named))


def said(incident: Incident, posted: PostedText, now: datetime) -> str:
    """`facebook: the text of line-down (since 10:12)`, and why it stays where somebody said so."""
    since = local_clock(posted.since, incident.zone, now)
    words = _("{place}: the text of {notice} (since {since})")
    left = _(" · left: {reason}").format(reason=posted.left) if posted.left else ""
    return words.format(place=posted.place, notice=posted.notice, since=since) + left


def ways_out(incident: Incident) -> str:
    """The commands after which the texts no longer stand in the way of closing."""
    names = [each.place for each in in_the_way(incident)]
    close = as_typed(
        ("bcp", noun(incident), "close", *(part for name in names for part in ("--leave", name)))
    )
    return _(
        "take the text down at each place, then: {down}   or leave it there: {leave} --reason {why}"
    ).format(down=taken_down(incident, names), leave=close, why='"why"')


def as_data(posted: PostedText) -> dict[str, str]:
    """`{place, notice, since, left}` for other programs."""
    return {
        "place": posted.place,
        "notice": posted.notice,
        "since": stamp(posted.since),
        "left": posted.left,
    }
