"""Back from paper: lines as people wrote them become answers, are tried as a whole, and are written in one go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bcp.clock import Clock
from bcp.errors import InputError
from bcp.event import NOTHING, Entry, Event, Row, unseal
from bcp.incident.answer import Answer, check_outcome, entries_of, find, settle
from bcp.incident.journal import Book
from bcp.incident.memory_log import Memory
from bcp.incident.state import OUTCOMES, Incident
from bcp.incident.text import title_of
from bcp.times import next_clock, parse_clock, parse_duration, parse_moment

HOW = "paper"
_AFTER_START = re.compile(r"[tT]?\s*\+\s*(.+)")
_WITH_DAY = re.compile(
    r"(\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{4})?,?\s*\S+|\d{4}-\d\d-\d\d\s+\S+|\S+)(?:\s+(.*))?", re.DOTALL
)
_SHORT = {"x": "done", "d": "done", "f": "failed", "s": "skipped", "n": "not-applicable", "p": "deferred"}


@dataclass(frozen=True, slots=True)
class Line:
    """What paper says of one step."""

    step: str
    answer: Answer
    enters: str = ""
    """The runbook whose sheet was filled in for this step, if that is to be entered, too."""


def split_time(typed: str) -> tuple[str, str]:
    """The time in front of a line, with its day where one is written (`27.11. 9:12`), and the rest of the line."""
    found = _WITH_DAY.fullmatch(typed.strip())
    return (found[1], found[2] or "") if found else ("", "")


def read_time(text: str, start: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    """A time as it was written, in UTC: `9:12`, `0912`, `+15` (minutes after the start), `T+1h30m`, `27.11. 9:12`.

    A time of day is the first one after the start. Raises InputError for what is none, or is still to come.
    """
    said = text.strip()
    after = _AFTER_START.fullmatch(said)
    try:
        if after is not None:
            length = timedelta(minutes=int(after[1])) if after[1].isdecimal() else parse_duration(after[1])
            moment = start + length
        elif re.fullmatch(r"\d{1,2}[:.]?\d{2}", said):
            moment = next_clock(parse_clock(said), start.replace(second=0, microsecond=0), zone)
        else:
            moment = parse_moment(said, now, zone)
    except (ValueError, OverflowError):
        raise InputError(
            f'"{said}" is not a time', "write it as on paper: 9:12, 0912, or +15 for T+15"
        ) from None
    if moment > now:
        raise InputError(
            f"{said} is still to come", "look at the paper again; a time of another day: 27.11. 9:12"
        )
    return moment


def read_outcome(text: str) -> str:
    """An outcome by its word, its beginning or its letter: `done`, `x`, `skip`, `n`. Raises InputError for another."""
    said = text.strip().lower()
    if said in _SHORT:
        return _SHORT[said]
    found = [outcome for outcome in OUTCOMES if len(said) > 1 and outcome.startswith(said)]
    if len(found) != 1:
        letters = ", ".join(f"{letter}={outcome}" for letter, outcome in _SHORT.items())
        raise InputError(f'"{said}" is no outcome', letters)
    return found[0]


def read_person(text: str, people: Mapping[str, Any]) -> str:
    """A person by id, name or initials. Raises InputError for somebody unknown, and for initials of two."""
    said = text.strip().casefold()
    found = [who for who, told in people.items() if said in (who.casefold(), str(told["name"]).casefold())]
    found = found or [who for who, told in people.items() if said == _initials(str(told["name"]))]
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{_initials(str(told['name'])).upper()}={who}" for who, told in people.items())
    words = (
        f'"{text.strip()}" may be {" or ".join(found)}'
        if found
        else f'nobody here is called "{text.strip()}"'
    )
    raise InputError(words, known)


def line_of(incident: Incident, step: str, answer: Answer) -> Line:
    """A line for the step at that address. Raises InputError for an unknown step, and for a reason that is missing."""
    found = find(incident, step)
    check_outcome(answer.outcome, answer.note)
    return Line(found.id, answer)


def clashes(rows: Iterable[Row], stream: str, lines: Sequence[Line], clock: Clock) -> dict[str, InputError]:
    """What is wrong with `lines`, by step, when they are entered behind `rows` in their order; nothing is written."""
    trial = _copy(rows, stream, clock)
    found: dict[str, InputError] = {}
    for line in lines:
        try:
            settle(trial, line.step, line.answer, clock.now())
        except InputError as error:
            found[line.step] = error
    return found


Rest = Callable[[Incident, Sequence[Entry]], list[Entry]]
"""The entries of what else stands on the sheet, behind those of its lines."""


def write(book: Book, lines: Sequence[Line], clock: Clock, rest: Rest) -> list[Event]:
    """Append all of it as one. Raises the first InputError, with nothing written, if a line does not fit."""

    def entries(incident: Incident) -> list[Entry]:
        wrong = clashes(book.log.rows(incident.id), incident.id, lines, clock)
        if wrong:
            raise next(iter(wrong.values()))
        found = _entries(incident, [line for line in lines if not _same(incident, line)], clock)
        return [*found, *rest(incident, found)]

    return book.write(entries)


def entries_after(first: Entry, stream: str, lines: Sequence[Line], clock: Clock, rest: Rest) -> list[Entry]:
    """The first event of an incident that lived on paper only, and its lines behind it. Raises InputError."""
    trial = Memory(clock)
    trial.append(stream, NOTHING, [first])
    wrong = clashes(trial.rows(stream), stream, lines, clock)
    if wrong:
        raise next(iter(wrong.values()))
    incident = Book(trial, stream).incident
    found = _entries(incident, lines, clock)
    return [first, *found, *rest(incident, found)]


def _entries(incident: Incident, lines: Sequence[Line], clock: Clock) -> list[Entry]:
    found: list[Entry] = []
    for line in lines:
        if line.enters:
            told, title = line.answer, title_of(incident, find(incident, line.step))
            data = {"step": line.step, "title": title, "runbook": line.enters}
            found.append(Entry("step.entered", told.by, data, told.at, told.recorded_by, told.how))
        found += entries_of(incident, find(incident, line.step), line.answer, clock.now(), found)
    return found


def _copy(rows: Iterable[Row], stream: str, clock: Clock) -> Book:
    memory = Memory(clock)
    head = NOTHING
    for event in map(unseal, rows):
        entry = Entry(event.kind, event.by, event.data, event.at, event.recorded_by, event.how)
        written = memory.append(stream, head, [entry])
        head = head._replace(seq=written[-1].seq, hash=written[-1].hash)
    return Book(memory, stream)


def _same(incident: Incident, line: Line) -> bool:
    """Whether the journal says so already: paper and screen were filled in side by side."""
    step = find(incident, line.step)
    return step.answered and step.outcome == line.answer.outcome


def _initials(name: str) -> str:
    return "".join(part[0] for part in name.split()).casefold()
