"""What else stands on a sheet, a class a kind: decisions, what providers promised, the log, what to improve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple, Protocol

from bcp.errors import InputError
from bcp.event import Entry, stamp
from bcp.i18n import _
from bcp.incident.decision import DecisionState
from bcp.incident.state import Incident
from bcp.promise.said import Unclear, read_said
from bcp.times import local_clock
from bcp.transcript.entries import PromiseKey, SheetEntries, SheetRow
from bcp.transcript.line import SheetReader, split_time
from bcp.yes_no import read_yes_no

LOG, PROMISE, IMPROVE = "log", "promise", "improve"


class Cells(NamedTuple):
    """A row of paper in columns; `what` is a step, a decision or a table of the sheet."""

    what: str = ""
    time: str = ""
    outcome: str = ""
    by: str = ""
    result: str = ""
    facts: Mapping[str, str] = MappingProxyType({})


class TableKind(Protocol):
    """Reads the rows of one table of the sheet. Raises InputError for what does not fit."""

    def read(self, reader: SheetReader, typed: str) -> SheetRow:
        """A row as it was typed in one line."""
        ...

    def of(self, reader: SheetReader, cells: Cells) -> SheetRow:
        """A row as it stands in the columns of a table."""
        ...


@dataclass(frozen=True, slots=True)
class Noted:
    """One row of the log."""

    at: datetime
    by: str
    text: str

    @classmethod
    def read(cls, reader: SheetReader, typed: str) -> Noted:
        """`9:40 AN the neighbour is dark`; initials may be missing."""
        time, said = split_time(typed)
        first, _space, rest = said.partition(" ")
        unsigned = Cells(time=time, result=said)
        if len(first) <= 3 and not first.isupper():  # "an engineer came" was not seen by A. N.
            return cls.of(reader, unsigned)
        try:
            return cls.of(reader, Cells(time=time, by=first, result=rest))
        except InputError:
            return cls.of(reader, unsigned)

    @classmethod
    def of(cls, reader: SheetReader, cells: Cells) -> Noted:
        """Time, initials and result."""
        if not cells.result.strip():
            raise InputError(
                "this line of the log says nothing", "write: 9:40 AN the neighbour is without internet"
            )
        return cls(reader.time(cells.time), reader.person(cells.by), cells.result.strip())

    def describe(self, incident: Incident, now: datetime) -> str:
        """When, who, and what."""
        return f"{local_clock(self.at, incident.zone, now)}  {incident.name_of(self.by)}: {self.text}"

    def entries(self, sheet: SheetEntries) -> list[Entry]:
        """The note, unless the very same line was entered before: of a sheet that is typed twice."""
        said = (self.at, self.by, self.text)
        if any((each.at, each.by, each.text) == said for each in sheet.incident.notes):
            return []
        return [sheet.entry("note.written", self.by, {"text": self.text}, self.at)]


@dataclass(frozen=True, slots=True)
class Improvement:
    """One line of the box "What to improve"; it has no time."""

    by: str
    text: str

    @classmethod
    def read(cls, reader: SheetReader, typed: str) -> Improvement:
        """The whole line is the text."""
        return cls.of(reader, Cells(result=typed))

    @classmethod
    def of(cls, reader: SheetReader, cells: Cells) -> Improvement:
        """Initials and result."""
        if not cells.result.strip():
            raise InputError("this line says nothing about what to improve", "write it as it stands on paper")
        return cls(reader.person(cells.by), cells.result.strip())

    def describe(self, incident: Incident, now: datetime) -> str:
        """What is to be improved."""
        return _("to improve: {text}").format(text=self.text)

    def entries(self, sheet: SheetEntries) -> list[Entry]:
        """What to improve, once."""
        if any((each.about, each.text) == ("improve", self.text) for each in sheet.incident.reviews):
            return []
        return [sheet.entry("review.written", self.by, {"about": "improve", "text": self.text})]


@dataclass(frozen=True, slots=True)
class Decided:
    """A ticked answer to a decision."""

    at: datetime
    by: str
    decision: DecisionState
    answer: str

    def describe(self, incident: Incident, now: datetime) -> str:
        """When, who, the question and its answer."""
        clock = local_clock(self.at, incident.zone, now)
        return f"{clock}  {incident.name_of(self.by)}: {self.decision.question} {self.answer}"

    def entries(self, sheet: SheetEntries) -> list[Entry]:
        """The answer, while nobody has given one."""
        decision = sheet.incident.decisions[self.decision.id]
        if not decision.open:
            return []
        data = {"decision": decision.id, "question": decision.question, "answer": self.answer}
        if decision.answers[self.answer]:
            data["runbook"] = str(decision.answers[self.answer])
        return [sheet.entry("decision.answered", self.by, data, self.at)]


@dataclass(frozen=True, slots=True)
class Ticks:
    """The box of one decision: reads which answer was ticked."""

    decision: DecisionState

    def read(self, reader: SheetReader, typed: str) -> Decided:
        """`11:30 stay AN`."""
        time, rest = split_time(typed)
        chosen, _space, by = rest.partition(" ")
        return self.of(reader, Cells(time=time, outcome=chosen, by=by))

    def of(self, reader: SheetReader, cells: Cells) -> Decided:
        """Time, initials and, as the outcome, the answer by its words or their beginning."""
        answers, chosen = self.decision.answers, cells.outcome.strip()
        said = chosen.casefold()
        found = [each for each in answers if said and each.casefold().startswith(said)]
        if len(found) != 1 and said not in answers:
            raise InputError(f'"{chosen}" is no answer', "answers: " + ", ".join(answers))
        answer = said if said in answers else found[0]
        if self.decision.answer not in (None, answer):
            raise InputError(f"it was decided otherwise: {self.decision.answer}", "leave the line empty")
        return Decided(reader.time(cells.time), reader.person(cells.by), self.decision, answer)


@dataclass(frozen=True, slots=True)
class Promised:
    """One row of the promise table. `said` is by when, in the provider's own words.

    `kept` is None while nobody wrote it down; `came` is when it came true.
    """

    at: datetime
    by: str
    provider: str
    said_by: str
    what: str
    said: str
    due: datetime
    kept: bool | None = None
    came: datetime | None = None

    @classmethod
    def read(cls, reader: SheetReader, typed: str) -> Promised:
        """`9:20 | Netia, Kowalski | modem | 13:00 | kept?`."""
        parts = [part.strip() for part in typed.replace(";", "|").split("|")]
        if not 4 <= len(parts) <= 5:
            raise InputError(
                "write four or five parts with | between them", "said at | firm, name | what | by when"
            )
        time, who, what, said, kept = (*parts, "")[:5]
        return cls.of(reader, Cells("", time, kept, "", what, {"from": who, "due": said}))

    @classmethod
    def of(cls, reader: SheetReader, cells: Cells) -> Promised:
        """From whom and by when stand among the facts, as `from` and `due`; whether it was kept is the outcome.

        A time without a day is counted from the moment at which it was said.
        """
        at, what, said = reader.time(cells.time), cells.result.strip(), cells.facts.get("due", "").strip()
        provider, _comma, said_by = (part.strip() for part in cells.facts.get("from", "").partition(","))
        if not provider or not what:
            raise InputError(
                "a promise says who promised what", "write: 9:20 | Netia, Kowalski | modem | 13:00"
            )
        due = _due(reader, said, at)
        kept, came = _ending(reader, cells.outcome, due)
        if came is not None and came < at:
            raise InputError(f"{cells.outcome} is before it was promised", "look at the row again")
        return cls(at, reader.person(cells.by), provider, said_by, what, said, due, kept, came)

    @property
    def key(self) -> PromiseKey:
        """What it is compared by."""
        return PromiseKey.of(self.provider, self.due, self.what)

    def describe(self, incident: Incident, now: datetime) -> str:
        """When it was said, by whom, what, by when, and how it ended."""
        clock, due = (local_clock(at, incident.zone, now) for at in (self.at, self.due))
        who = f"{self.provider} ({self.said_by})" if self.said_by else self.provider
        ending = {None: "", True: "kept", False: "BROKEN"}[self.kept]
        late = self.came if not self.kept else None
        came = f"came true {local_clock(late, incident.zone, now)}" if late else ""
        parts = (f"{clock}  {who}: {self.what}", f"by {due}", ending, came)
        return " · ".join(part for part in parts if part)

    def entries(self, sheet: SheetEntries) -> list[Entry]:
        """The promise, unless it is known, and how it ended, unless that is."""
        name, is_new = sheet.promise(self.key)
        told = {"promise": name, "from": self.provider, "what": self.what}
        found = []
        if is_new:
            made = {**told, "due": stamp(self.due), "said": self.said}
            made |= {"said_by": self.said_by} if self.said_by else {}
            found.append(sheet.entry("promise.made", self.by, made, self.at))
        if self.kept is None or sheet.is_settled(name):
            return found
        if not self.kept:
            found.append(sheet.entry("promise.broken", self.by, told, self.due))
        if self.kept or self.came:
            found.append(sheet.entry("promise.kept", self.by, told, self.came or self.due))
        return found


TABLES: Mapping[str, TableKind] = {LOG: Noted, PROMISE: Promised, IMPROVE: Improvement}
"""The tables that every sheet has, by what a table calls their rows; each decision has a box of its own."""


def _ending(reader: SheetReader, text: str, due: datetime) -> tuple[bool | None, datetime | None]:
    """Whether it was kept, and when it came true: `yes`, `no`, or the time, by which it is one or the other."""
    said, now = text.strip().casefold(), reader.place.now
    if not said:
        return None, None
    first, _space, rest = said.partition(" ")
    kept = _is_kept(first)
    if kept is False and not rest:
        if due > now:
            raise InputError(
                "its time is still to come, so it is not broken yet", "leave the last part empty"
            )
        return False, None
    if kept and not rest:
        return True, min(due, now)
    came = reader.time(text if kept is None else rest)
    return came <= due, came


def _is_kept(word: str) -> bool | None:
    """Whether a word says that a promise was kept (True) or broken (False); None where it is neither, as a time."""
    if word.isdecimal():
        return None
    return {"kept": True, "broken": False}.get(word, read_yes_no(word, ticks=True))


def _due(reader: SheetReader, said: str, at: datetime) -> datetime:
    zone = reader.incident.zone
    try:
        due = read_said(said, at, zone)
    except Unclear as error:
        raise InputError(f"by when was it promised? {error}") from None
    if due <= at:
        raise InputError(
            f'"{said}" is not after it was said at {local_clock(at, zone, reader.place.now)}',
            "name the day as well: 27.11. 9:00, or: tomorrow 9:00",
        )
    return due
