"""Single records of an incident: facts as they were said, notes, flips of checks, follow-ups, reviews, texts put up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple


class Note(NamedTuple):
    """Something that a person wrote down."""

    at: datetime
    by: str
    text: str
    step: str


class Flip(NamedTuple):
    """The last change of a check that came while the incident was open, or that it began with.

    `runbook` is the one that the check leads to, or nothing.
    """

    title: str
    state: str
    at: datetime
    reason: str
    runbook: str = ""


@dataclass(eq=False)
class FollowUp:
    """Something to be mended after the incident: who does it, and by which day."""

    id: str
    what: str
    owner: str
    due: date
    done_at: datetime | None = None
    note: str = ""

    def is_overdue(self, today: date) -> bool:
        """Whether its day is over and it is not done."""
        return self.done_at is None and today > self.due


class Review(NamedTuple):
    """What somebody said about the incident afterwards; `about` names the question."""

    about: str
    text: str
    by: str


class FactSaid(NamedTuple):
    """A fact as it was said once: since when that was known, at which step (if at one), and what it was then."""

    at: datetime
    step: str
    name: str
    value: str


class PostedText(NamedTuple):
    """The text of a notice at a place where a person put it, since when; `left` is why it stays after the incident.

    One that `ends` tells that all is well: nobody has to take it down. None: an older version put it down here, which
    closed over it.
    """

    place: str
    notice: str
    since: datetime
    ends: bool | None = False
    left: str = ""


class StartAmended(NamedTuple):
    """That the incident began at another time than was written down: that time, who said so, and why."""

    was: datetime
    by: str
    reason: str
