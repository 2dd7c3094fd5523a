"""What else stands on a sheet, back from paper: the decisions, what providers promised, the lines of the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bcp.errors import InputError
from bcp.i18n import _
from bcp.incident.decision import DecisionState
from bcp.incident.state import Incident
from bcp.promise.said import Unclear, read_said
from bcp.times import local_clock
from bcp.transcript.line import read_person, read_time
from bcp.yes_no import read_yes_no


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the rows are typed: the incident as it is, who types, and now."""

    incident: Incident
    typist: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Promised:
    """One row of the promise table. `kept` is None while nobody wrote it down; `came` is when it came true."""

    at: datetime
    by: str
    provider: str
    said_by: str
    what: str
    said: str
    due: datetime
    kept: bool | None = None
    came: datetime | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """One row of the log."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A ticked answer to a decision, by its name in the incident."""

    at: datetime
    by: str
    decision: str
    answer: str


@dataclass(frozen=True, slots=True)
class Improvement:
    """One line of the box "What to improve"; it has no time."""

    by: str
    text: str


Row = Decided | Promised | Noted | Improvement


def decided(desk: Desk, decision: DecisionState, time: str, chosen: str, by: str = "") -> Decided:
    """The answer that was ticked, by its words or their beginning. Raises InputError for one that is none."""
    said = chosen.strip().casefold()
    found = [each for each in decision.answers if said and each.casefold().startswith(said)]
    if len(found) != 1 and said not in decision.answers:
        raise InputError(f'"{chosen.strip()}" is no answer', "answers: " + ", ".join(decision.answers))
    answer = said if said in decision.answers else found[0]
    if decision.answer not in (None, answer):
        raise InputError(f"it was decided otherwise: {decision.answer}", "leave the line empty")
    return Decided(_time(desk, time), _person(desk, by), decision.id, answer)


class Vow(NamedTuple):
    """One row of the promise table as it was written; `said` is by when, in the provider's own words."""

    time: str
    who: str
    what: str
    said: str
    kept: str = ""
    by: str = ""


def promised(desk: Desk, vow: Vow) -> Promised:
    """A row of the promise table, understood.

    A time without a day is counted from the moment at which it was said. Raises InputError with what does not fit.
    """
    at = _time(desk, vow.time)
    provider, _comma, said_by = (part.strip() for part in vow.who.partition(","))
    if not provider or not vow.what.strip():
        raise InputError("a promise says who promised what", "write: 9:20 | Netia, Kowalski | modem | 13:00")
    due = _due(desk, vow.said, at)
    is_kept, came = _ending(desk, vow.kept, due)
    if came is not None and came < at:
        raise InputError(f"{vow.kept} is before it was promised", "look at the row again")
    by = _person(desk, vow.by)
    return Promised(at, by, provider, said_by, vow.what.strip(), vow.said.strip(), due, is_kept, came)


def noted(desk: Desk, time: str, text: str, by: str = "") -> Noted:
    """A row of the log as it was written. Raises InputError for an empty one, or one before the start."""
    if not text.strip():
        raise InputError(
            "this line of the log says nothing", "write: 9:40 AN the neighbour is without internet"
        )
    return Noted(_time(desk, time), _person(desk, by), text.strip())


def improvement(desk: Desk, text: str, by: str = "") -> Improvement:
    """A line of the last page: what to improve. Raises InputError for an empty one."""
    if not text.strip():
        raise InputError("this line says nothing about what to improve", "write it as it stands on paper")
    return Improvement(_person(desk, by), text.strip())


def words_of(row: Row, incident: Incident, now: datetime) -> str:
    """The row as it was understood, to be read before it is written."""
    if isinstance(row, Improvement):
        return _("to improve: {text}").format(text=row.text)
    clock = local_clock(row.at, incident.zone, now)
    if isinstance(row, Noted):
        return f"{clock}  {incident.name_of(row.by)}: {row.text}"
    if isinstance(row, Decided):
        return (
            f"{clock}  {incident.name_of(row.by)}: {incident.decisions[row.decision].question} {row.answer}"
        )
    due = local_clock(row.due, incident.zone, now)
    who = f"{row.provider} ({row.said_by})" if row.said_by else row.provider
    ending = {None: "", True: "kept", False: "BROKEN"}[row.kept]
    came = f"came true {local_clock(row.came, incident.zone, now)}" if row.came and not row.kept else ""
    return " · ".join(part for part in (f"{clock}  {who}: {row.what}", f"by {due}", ending, came) if part)


def _ending(desk: Desk, text: str, due: datetime) -> tuple[bool | None, datetime | None]:
    """Whether it was kept, and when it came true: `yes`, `no`, or the time, by which it is one or the other."""
    said = text.strip().casefold()
    if not said:
        return None, None
    first, _space, rest = said.partition(" ")
    kept = _is_kept(first)
    if kept is False and not rest:
        if due > desk.now:
            raise InputError(
                "its time is still to come, so it is not broken yet", "leave the last part empty"
            )
        return False, None
    if kept and not rest:
        return True, min(due, desk.now)
    came = _time(desk, text if kept is None else rest)
    return came <= due, came


def _is_kept(word: str) -> bool | None:
    """Whether a word says that a promise was kept (True) or broken (False); None where it is neither, as a time."""
    if word.isdecimal():
        return None
    return {"kept": True, "broken": False}.get(word, read_yes_no(word, ticks=True))


def _due(desk: Desk, said: str, at: datetime) -> datetime:
    zone = desk.incident.zone
    try:
        due = read_said(said, at, zone)
    except Unclear as error:
        raise InputError(f"by when was it promised? {error}") from None
    if due <= at:
        raise InputError(
            f'"{said.strip()}" is not after it was said at {local_clock(at, zone, desk.now)}',
            "name the day as well: 27.11. 9:00, or: tomorrow 9:00",
        )
    return due


def _time(desk: Desk, text: str) -> datetime:
    at = read_time(text, desk.incident.opened_at, desk.now, desk.incident.zone)
    if at < desk.incident.opened_at.replace(second=0, microsecond=0):
        raise InputError(
            f"{text.strip()} is before T0", "look at the paper again, and at T0 on its first page"
        )
    return at


def _person(desk: Desk, by: str) -> str:
    return read_person(by, desk.incident.plan["people"]) if by.strip() else desk.typist
