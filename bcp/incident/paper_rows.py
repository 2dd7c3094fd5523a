"""What else stands on a sheet, back from paper: the decisions, what providers promised, the lines of the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bcp.errors import InputError
from bcp.event import Entry, moment, stamp
from bcp.incident.decision import DecisionState
from bcp.incident.paper import HOW, read_person, read_time
from bcp.incident.state import Incident
from bcp.promise.said import Unclear, read_said
from bcp.times import local_clock

_KEPT = frozenset({"y", "yes", "x", "kept", "tak", "t", "ano", "ja", "j", "ναι"})
_BROKEN = frozenset({"n", "no", "broken", "nie", "ne", "nein", "όχι", "οχι"})


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


Row = Decided | Promised | Noted


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


def entries_of_rows(
    incident: Incident, rows: Sequence[Row], typist: str, before: Sequence[Entry] = ()
) -> list[Entry]:
    """The events of the rows; `before` are entries that are written in front of these, all at once.

    What is known already, from the screen or from the step in which it was heard, is not written twice.
    """
    vows = _Vows.of(incident, rows, before)
    found: list[Entry] = []
    for row in rows:
        if isinstance(row, Noted):
            found.append(Entry("note.written", row.by, {"text": row.text}, row.at, typist, HOW))
        elif isinstance(row, Promised):
            found += vows.entries(row, typist)
        elif incident.decisions[row.decision].open:
            found.append(_answered(incident.decisions[row.decision], row, typist))
    return found


class _Known(NamedTuple):
    """A promise that has a name already: from whom, by when, and what, as they are compared."""

    provider: str
    due: datetime
    what: str
    id: str


@dataclass
class _Vows:
    """The promises that are known, those of them that rows in other words may mean, and those that are settled.

    A row means the promise of that provider, time and wording. Where none is worded so, it means one that was known
    before the sheet and that no row names exactly; each of these is meant once, so that no row is lost in another.
    """

    known: list[_Known]
    free: set[str]
    settled: set[str]

    @classmethod
    def of(cls, incident: Incident, rows: Sequence[Row], before: Sequence[Entry]) -> _Vows:
        promises = incident.promises.values()
        known = [_Known(_plain(each.provider), each.due, _plain(each.what), each.id) for each in promises]
        settled = {each.id for each in promises if each.settled}
        for entry in before:
            told = entry.data
            if entry.kind == "promise.made":
                due = moment(told["due"])
                known.append(_Known(_plain(told["from"]), due, _plain(told["what"]), told["promise"]))
            elif entry.kind in ("promise.kept", "promise.broken"):
                settled.add(told["promise"])
        named = {_key(row) for row in rows if isinstance(row, Promised)}
        free = {each.id for each in known if (each.provider, each.due, each.what) not in named}
        return cls(known, free, settled)

    def entries(self, row: Promised, typist: str) -> list[Entry]:
        """The promise, unless it is known, and how it ended, unless that is."""
        name, found = self._meant(row), []
        if name is None:
            name = f"p{len(self.known) + 1}"
            self.known.append(_Known(*_key(row), name))
            found.append(_made(row, name, typist))
        self.free.discard(name)
        if name not in self.settled and row.kept is not None:
            self.settled.add(name)
            found += _settled(row, name, typist)
        return found

    def _meant(self, row: Promised) -> str | None:
        provider, due, what = _key(row)
        same = [each for each in self.known if (each.provider, each.due) == (provider, due)]
        exactly = [each.id for each in same if each.what == what]
        return next(iter([*exactly, *(each.id for each in same if each.id in self.free)]), None)


def _key(row: Promised) -> tuple[str, datetime, str]:
    return _plain(row.provider), row.due, _plain(row.what)


def words_of(row: Row, incident: Incident, now: datetime) -> str:
    """The row as it was understood, to be read before it is written."""
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


def _answered(decision: DecisionState, row: Decided, typist: str) -> Entry:
    data = {"decision": decision.id, "question": decision.question, "answer": row.answer}
    if decision.answers[row.answer]:
        data["runbook"] = str(decision.answers[row.answer])
    return Entry("decision.answered", row.by, data, row.at, typist, HOW)


def _made(row: Promised, name: str, typist: str) -> Entry:
    data = {"promise": name, "from": row.provider, "what": row.what, "due": stamp(row.due), "said": row.said}
    if row.said_by:
        data["said_by"] = row.said_by
    return Entry("promise.made", row.by, data, row.at, typist, HOW)


def _settled(row: Promised, name: str, typist: str) -> list[Entry]:
    data = {"promise": name, "from": row.provider, "what": row.what}
    kept = Entry("promise.kept", row.by, data, row.came or row.due, typist, HOW)
    if row.kept:
        return [kept]
    broken = Entry("promise.broken", row.by, data, row.due, typist, HOW)
    return [broken, kept] if row.came else [broken]


def _ending(desk: Desk, text: str, due: datetime) -> tuple[bool | None, datetime | None]:
    """Whether it was kept, and when it came true: `yes`, `no`, or the time, by which it is one or the other."""
    said = text.strip().casefold()
    if not said:
        return None, None
    first, _space, rest = said.partition(" ")
    if first in _BROKEN and not rest:
        if due > desk.now:
            raise InputError(
                "its time is still to come, so it is not broken yet", "leave the last part empty"
            )
        return False, None
    if said in _KEPT:
        return True, min(due, desk.now)
    came = _time(desk, rest if first in _BROKEN | _KEPT else text)
    return came <= due, came


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


def _plain(provider: str) -> str:
    return " ".join(provider.casefold().split())
