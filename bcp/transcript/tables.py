"""What else stands on a sheet, table by table: decisions, what providers promised, the log, what to improve."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple

from bcp.errors import InputError
from bcp.event import Entry, stamp
from bcp.i18n import _
from bcp.incident.decision import DecisionState
from bcp.incident.state import Incident
from bcp.promise.said import Unclear, read_said
from bcp.transcript.entries import PromiseKey, SheetEntries, SheetRow
from bcp.transcript.line import Cells, SheetReader
from bcp.transcript.written_time import split_time
from bcp.yes_no import read_yes_no

LOG, PROMISE, IMPROVE = "log", "promise", "improve"


class SheetTable(NamedTuple):
    """A table of the sheet: `split` puts a typed line into columns, `read` understands them.

    Both raise InputError for what does not fit.
    """

    split: Callable[[SheetReader, str], Cells]
    read: Callable[[SheetReader, Cells], SheetRow]


@dataclass(frozen=True, slots=True)
class EventRow:
    """A row that is one event, unless the journal has it already: of a sheet that is typed twice."""

    words: str
    event: Entry
    is_known: Callable[[Incident], bool]

    def entries(self, sheet: SheetEntries) -> list[Entry]:
        """The event, once."""
        return [] if self.is_known(sheet.incident) else [sheet.from_paper(self.event)]


def _split_log(reader: SheetReader, typed: str) -> Cells:
    """`9:40 AN the neighbour is dark`; initials may be missing."""
    time, said = split_time(typed)
    first, _space, text = said.partition(" ")
    # "an engineer came" was not seen by A. N.
    if text.strip() and (len(first) > 3 or first.isupper()):
        with suppress(InputError):
            reader.person(first)
            return Cells(time=time, by=first, result=text)
    return Cells(time=time, result=said)


def _read_log(reader: SheetReader, cells: Cells) -> EventRow:
    """Time, initials and result."""
    text = cells.result.strip()
    if not text:
        raise InputError(
            _("this line of the log says nothing"), _("write: 9:40 AN the neighbour is without internet")
        )
    at, by = reader.time(cells.time), reader.person(cells.by)

    def is_known(incident: Incident) -> bool:
        return any((each.at, each.by, each.text) == (at, by, text) for each in incident.notes)

    return EventRow(reader.signed(at, by, text), Entry("note.written", by, {"text": text}, at), is_known)


def _split_improvement(_reader: SheetReader, typed: str) -> Cells:
    """The whole line is the text; the box "What to improve" has no times."""
    return Cells(result=typed)


def _read_improvement(reader: SheetReader, cells: Cells) -> EventRow:
    """Initials and result."""
    text = cells.result.strip()
    if not text:
        raise InputError(
            _("this line says nothing about what to improve"), _("write it as it stands on paper")
        )

    def is_known(incident: Incident) -> bool:
        return any((each.about, each.text) == ("improve", text) for each in incident.reviews)

    event = Entry("review.written", reader.person(cells.by), {"about": "improve", "text": text})
    return EventRow(_("to improve: {text}").format(text=text), event, is_known)


def box_of(decision: DecisionState) -> SheetTable:
    """The box of one decision, where an answer is ticked."""
    return SheetTable(_split_decision, partial(_read_decision, decision))


def _split_decision(_reader: SheetReader, typed: str) -> Cells:
    """`11:30 stay AN`."""
    time, rest = split_time(typed)
    chosen, _space, by = rest.partition(" ")
    return Cells(time=time, outcome=chosen, by=by)


def _read_decision(decision: DecisionState, reader: SheetReader, cells: Cells) -> EventRow:
    """Time, initials and, as the outcome, the answer by its words or their beginning; while nobody has given one."""
    answers, chosen = decision.answers, cells.outcome.strip()
    said = chosen.casefold()
    found = [each for each in answers if said and each.casefold().startswith(said)]
    if len(found) != 1 and said not in answers:
        raise InputError(
            _('"{word}" is no answer').format(word=chosen),
            _("answers: {words}").format(words=", ".join(answers)),
        )
    answer = said if said in answers else found[0]
    if decision.answer not in (None, answer):
        raise InputError(
            _("it was decided otherwise: {answer}").format(answer=decision.answer), _("leave the line empty")
        )
    at, by = reader.time(cells.time), reader.person(cells.by)
    data = {"decision": decision.id, "question": decision.question, "answer": answer}
    if answers[answer]:
        data["runbook"] = str(answers[answer])
    return EventRow(
        reader.signed(at, by, f"{decision.question} {answer}"),
        Entry("decision.answered", by, data, at),
        lambda incident: not incident.decisions[decision.id].open,
    )


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """One row of the promise table. `said` is by when, in the provider's own words.

    `kept` is None while nobody wrote it down; `came` is when it came true.
    """

    words: str
    at: datetime
    by: str
    provider: str
    said_by: str
    what: str
    said: str
    due: datetime
    kept: bool | None
    came: datetime | None

    @property
    def key(self) -> PromiseKey:
        """What it is compared by."""
        return PromiseKey.of(self.provider, self.due, self.what)

    def entries(self, sheet: SheetEntries) -> list[Entry]:
        """The promise, unless it is known, and how it ended, unless that is."""
        name, is_new = sheet.promise(self.key)
        told = {"promise": name, "from": self.provider, "what": self.what}
        found = []
        if is_new:
            made = {**told, "due": stamp(self.due), "said": self.said}
            made |= {"said_by": self.said_by} if self.said_by else {}
            found.append(Entry("promise.made", self.by, made, self.at))
        if self.kept is not None and not sheet.is_settled(name):
            if not self.kept:
                found.append(Entry("promise.broken", self.by, told, self.due))
            if self.kept or self.came:
                found.append(Entry("promise.kept", self.by, told, self.came or self.due))
        return [sheet.from_paper(entry) for entry in found]


def _split_promise(_reader: SheetReader, typed: str) -> Cells:
    """`9:20 | Netia, Kowalski | modem | 13:00 | kept?`."""
    parts = [part.strip() for part in typed.replace(";", "|").split("|")]
    if not 4 <= len(parts) <= 5:
        raise InputError(
            _("write four or five parts with | between them"), _("said at | firm, name | what | by when")
        )
    time, who, what, said, kept = (*parts, "")[:5]
    return Cells("", time, kept, "", what, {"from": who, "due": said})


def _read_promise(reader: SheetReader, cells: Cells) -> PromiseRow:
    """From whom and by when stand among the facts, as `from` and `due`; whether it was kept is the outcome.

    A time without a day is counted from the moment at which it was said.
    """
    at, what, said = reader.time(cells.time), cells.result.strip(), cells.facts.get("due", "").strip()
    provider, _comma, said_by = (part.strip() for part in cells.facts.get("from", "").partition(","))
    if not provider or not what:
        raise InputError(
            _("a promise says who promised what"), _("write: 9:20 | Netia, Kowalski | modem | 13:00")
        )
    due = _due(reader, said, at)
    kept, came = _ending(reader, cells.outcome, due)
    if came is not None and came < at:
        raise InputError(
            _("{time} is before it was promised").format(time=cells.outcome), _("look at the row again")
        )
    who = f"{provider} ({said_by})" if said_by else provider
    ending = {None: "", True: "kept", False: "BROKEN"}[kept]
    late = f"came true {reader.clock(came)}" if came and not kept else ""
    parts = (f"{reader.clock(at)}  {who}: {what}", f"by {reader.clock(due)}", ending, late)
    words = " · ".join(filter(None, parts))
    return PromiseRow(words, at, reader.person(cells.by), provider, said_by, what, said, due, kept, came)


TABLES: Mapping[str, SheetTable] = {
    LOG: SheetTable(_split_log, _read_log),
    PROMISE: SheetTable(_split_promise, _read_promise),
    IMPROVE: SheetTable(_split_improvement, _read_improvement),
}
"""The tables that every sheet has, by what a spreadsheet calls their rows; each decision has a box of its own."""


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
                _("its time is still to come, so it is not broken yet"), _("leave the last part empty")
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
    try:
        due = read_said(said, at, reader.incident.zone)
    except Unclear as error:
        raise InputError(_("by when was it promised? {why}").format(why=error)) from None
    if due <= at:
        raise InputError(
            _('"{said}" is not after it was said at {time}').format(said=said, time=reader.clock(at)),
            _("name the day as well: 27.11. 9:00, or: tomorrow 9:00"),
        )
    return due
