"""A line of a sheet as people write it: when, what became of a step, by whom, and the answers to its questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from bcp.errors import InputError
from bcp.event import Entry
from bcp.fact import NOT_KNOWN, Fact, Place
from bcp.i18n import _
from bcp.incident.answer import (
    StepOutcome,
    entries_of,
    find,
    missing_facts,
    read_fact,
    read_facts,
)
from bcp.incident.beaten import Second, words_of
from bcp.incident.state import OUTCOMES, Incident, StepState
from bcp.incident.text import said_outcome, title_of
from bcp.times import local_clock
from bcp.transcript.before_start import refuse_before_start
from bcp.transcript.entries import HOW, SheetEntries
from bcp.transcript.order import not_in_order
from bcp.transcript.written_time import read_time, split_time

NOTHING_THERE = NOT_KNOWN
"""What is typed for a time or an answer that was left empty on paper."""
# As on the screen, where "d" is later: a line is typed by the same keys. A table has words, and "d" for done.
_KEYS = {"h": "done", "d": "deferred"}
_PAUSE = "p"
_SHORT = {"x": "done", "d": "done", "f": "failed", "s": "skipped", "n": "not-applicable", "p": "deferred"}


class Cells(NamedTuple):
    """A line of paper in columns; `what` is a step, a decision or a table of the sheet."""

    what: str = ""
    time: str = ""
    outcome: str = ""
    by: str = ""
    result: str = ""
    facts: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SheetReader:
    """Reads the words of a sheet: of which incident, who types it, and where and when that is."""

    incident: Incident
    typist: str
    place: Place
    other_start: str = ""
    """The command that puts T0 right, with `{time}` where that stands."""

    def moment(self, text: str) -> datetime:
        """A time as it was written, in UTC. Raises InputError for what is none, or is still to come.

        Raises BeforeStart for a time of day that may be a slip of the pen.
        """
        refuse_before_start(text, self.incident.opened_at, self.place, self.other_start)
        return read_time(text, self.incident.opened_at, self.place.now, self.incident.zone)

    def time(self, text: str) -> datetime:
        """The same; raises InputError for a time before T0, too."""
        at = self.moment(text)
        if at < self.incident.opened_at.replace(second=0, microsecond=0):
            raise InputError(
                _("{time} is before T0").format(time=text.strip()),
                _("look at the paper again, and at T0 on its first page"),
            )
        return at

    def person(self, by: str) -> str:
        """A person by id, name or initials; the typist where nobody is named. Raises InputError."""
        return read_person(by, self.incident.plan.names) if by.strip() else self.typist

    def clock(self, at: datetime) -> str:
        """A moment as a clock of the office shows it, with its day where that is another one than today."""
        return local_clock(at, self.incident.zone, self.place.now)

    def signed(self, at: datetime, by: str, text: str) -> str:
        """`9:40  Anna Nowak: the neighbour is dark`."""
        return f"{self.clock(at)}  {self.incident.name_of(by)}: {text}"

    def timed(self, time: str, before: datetime) -> str:
        """A time as it was typed; for `?`, which was not on paper, that of the line before it, the earliest it can be.

        The sign stays in front of it: `?2026-11-26T09:12`.
        """
        if time != NOTHING_THERE:
            return time
        return f"{NOTHING_THERE}{before.astimezone(self.incident.zone):%Y-%m-%dT%H:%M}"


@dataclass(frozen=True, slots=True)
class StepLine:
    """What paper says of one step: when, its outcome, whose initials, a reason or a result, and the answers."""

    reader: SheetReader
    step: StepState
    answer: StepOutcome
    at: datetime
    enters: str = ""
    """The runbook whose sheet was filled in for this step, if that is to be entered, too."""

    @classmethod
    def read(cls, reader: SheetReader, step: StepState, cells: Cells) -> StepLine:
        """Read time, outcome, initials and result, as yet without answers. Raises InputError.

        Behind `?` stands a time that is not on paper (`SheetReader.timed`): the note says so.
        """
        outcome = read_outcome(cells.outcome) if cells.outcome.strip() else "done"
        at = reader.time(cells.time.removeprefix(NOTHING_THERE))
        by, note = reader.person(cells.by), cells.result
        if outcome != "done" and not note.strip():
            raise InputError(
                _("the outcome {outcome} needs its reason").format(outcome=said_outcome(outcome)),
                _("write it behind the initials: 9:12 s AN no key"),
            )
        if cells.time.startswith(NOTHING_THERE):
            note = f"{note} {no_time()}".strip()
        return cls(reader, step, StepOutcome(outcome, by, note, by_hand=True, at=at, how=HOW), at)

    def questions(self) -> list[Fact]:
        """What the sheet asks for at this step; nothing where it was not done."""
        return [*self.step.plan.facts] if self.answer.outcome == "done" else []

    def why_not(self, fact: Fact, typed: str) -> str:
        """Why what was typed is no answer to the question; nothing where it is one."""
        if typed == NOTHING_THERE or not (typed or fact.required):
            return ""
        if not typed:
            words = _("This answer is wanted. Type {sign} where nothing stands on paper.")
            return words.format(sign=NOTHING_THERE)
        try:
            read_fact(fact, typed, self._place)
        except InputError as error:
            return error.message
        return ""

    def answered(self, told: Mapping[str, str]) -> StepLine:
        """The line with the answers that were `told`, by fact. Raises InputError for a strange or missing one.

        A time of day is one of the day on which the line was written.
        """
        given = {name: value for name, value in told.items() if value.strip()}
        facts = read_facts(self.step, given, self._place)
        wanted = missing_facts(self.step, facts) if self.answer.outcome == "done" else []
        missing = [name for name in wanted if told.get(name, "").strip() != NOTHING_THERE]
        if missing:
            words = _("{step}: the answer is missing: {names}")
            hint = _("write it as it stands on paper, or {sign} where nothing stands there")
            raise InputError(
                words.format(step=self.step.id, names=", ".join(missing)), hint.format(sign=NOTHING_THERE)
            )
        return replace(self, answer=replace(self.answer, facts=facts))

    @property
    def words(self) -> str:
        """When, what became of it, by whom, why, and the answers."""
        answer, who = self.answer, self.reader.incident.name_of(self.answer.by)
        facts = ", ".join(f"{name} = {value}" for name, value in answer.facts.items())
        return "  ".join(
            filter(None, (self.reader.clock(self.at), said_outcome(answer.outcome), who, answer.note, facts))
        )

    @property
    def _place(self) -> Place:
        """Where and when its answers were given: a time of day in them is one of that day, or the next to come."""
        return self.reader.place._replace(now=self.at, rolls=True, latest=self.reader.place.now)

    def entries(self, sheet: SheetEntries) -> list[Entry]:
        """The answer, unless the journal says the same already: paper and screen were filled in side by side."""
        told, step = replace(self.answer, recorded_by=sheet.typist), find(sheet.incident, self.step.id)
        if step.id in sheet.disordered:
            told = replace(told, note=f"{told.note} {not_in_order()}".strip())
        if step.answered and step.outcome == told.outcome:
            differ = {
                name: value for name, value in told.facts.items() if sheet.incident.facts.get(name) != value
            }
            words = words_of(sheet.incident, step, Second(told.outcome, differ, told.note, told.by, HOW))
            return [] if words is None else [sheet.from_paper(words.entry(told.by, told.at))]
        found = entries_of(sheet.incident, step, told, sheet.now, sheet.found)
        if not self.enters:
            return found
        data = {"step": step.id, "title": title_of(sheet.incident, step), "runbook": self.enters}
        return [sheet.from_paper(Entry("step.entered", told.by, data, told.at)), *found]


def no_time() -> str:
    """What a line says whose time is not on paper."""
    return _("(no time on paper)")


def split_step(typed: str) -> Cells:
    """The line of a step: `9:12 x AN no cable`; only the time must be there. Raises InputError for a key of another.

    The letters are the keys of the screen: `d` is later there, and `p` is a pause.
    """
    time, rest = split_time(typed)
    outcome, by, note = (*rest.split(maxsplit=2), "", "", "")[:3]
    if outcome.lower() == _PAUSE:
        raise InputError(
            _("p stops here, as on the screen: type it alone"), _("put off, with the reason: 9:12 d AN why")
        )
    if outcome.lower() == "d" and not note:
        words = _("d is later here, as on the screen, and needs its reason; done is x")
        raise InputError(words, _("write it behind the initials: 9:12 d AN no key"))
    outcome = _KEYS.get(outcome.lower(), outcome)
    return Cells(time=time, outcome=outcome, by=by, result=note)


def read_outcome(text: str) -> str:
    """An outcome by its word, its beginning or its letter: `done`, `x`, `skip`, `n`. Raises InputError for another."""
    said = text.strip().lower()
    if said in _SHORT:
        return _SHORT[said]
    found = [outcome for outcome in OUTCOMES if len(said) > 1 and outcome.startswith(said)]
    if len(found) != 1:
        # Not "d" and "p": they mean another thing in a table than in a line that is typed.
        letters = {outcome: f" ({letter})" for letter, outcome in _SHORT.items() if letter in "xfsn"}
        words = ", ".join(f"{outcome}{letters.get(outcome, '')}" for outcome in OUTCOMES)
        raise InputError(_('"{word}" is no outcome').format(word=said), words)
    return found[0]


def read_person(text: str, people: Mapping[str, str]) -> str:
    """A person by id, name or initials. Raises InputError for somebody unknown, and for initials of two."""
    said = text.strip().casefold()
    found = [who for who, told in people.items() if said in (who.casefold(), told.casefold())]
    found = found or [who for who, told in people.items() if said == _initials(told)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{_initials(told).upper()}={who}" for who, told in people.items())
    words = _('"{name}" may be {people}') if found else _('nobody here is called "{name}"')
    raise InputError(words.format(name=text.strip(), people=", ".join(found)), known)


def _initials(name: str) -> str:
    return "".join(part[0] for part in name.split()).casefold()
