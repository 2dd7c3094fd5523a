"""What is being entered from paper: the lines of the steps and the rows of the tables, read as they are typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from bcp.errors import InputError
from bcp.event import Entry
from bcp.fact import Fact
from bcp.i18n import _
from bcp.incident.decision import DecisionState
from bcp.incident.state import Incident, StepState
from bcp.transcript.draft import THROUGH, TranscriptDraft, Typed, TypedRow
from bcp.transcript.entries import SheetEntries, SheetRow
from bcp.transcript.leads import is_open, runbook_below, sheet_of
from bcp.transcript.line import NOTHING_THERE, Cells, SheetReader, StepLine, no_time, split_step
from bcp.transcript.order import out_of_order
from bcp.transcript.tables import LOG, TABLES, EventRow, PromiseRow, SheetTable, box_of
from bcp.transcript.written_time import split_time
from bcp.yes_no import read_yes_no

Ask = Callable[[Fact, str], str]
"""Asks what the sheet says for a question of a step; says first why the last answer was none, if it was none."""


class Unread(NamedTuple):
    """A line of a draft that cannot be taken any more, and why."""

    line: str
    why: str


class StillOn(NamedTuple):
    """A step that switched something on, and the one that switches it off."""

    step: StepState
    undo: StepState


@dataclass
class Transcript:
    """What is being typed: whose sheet, the numbers that its steps have on it, and in the draft the lines so far.

    `keep` is called after every line; `now` is the clock, for somebody sits here for an hour. Where the draft is
    `below` a step or decision that led on to another runbook, it is the sheet of that runbook alone.
    """

    reader: SheetReader
    numbers: Mapping[str, int]
    draft: TranscriptDraft
    keep: Callable[[TranscriptDraft], None]
    now: Callable[[], datetime] | None = None
    unread: list[Unread] = field(default_factory=list)
    """The lines of the draft that must be looked at again."""

    def __post_init__(self) -> None:
        """The decisions are numbered as on the sheet."""
        self.order = list(self.numbers)
        runbook = runbook_below(self.incident, self.draft.below)
        asked = [each for each in self.incident.decisions.values() if each.runbook == runbook]
        self.decisions = {f"D{number}": each for number, each in enumerate(asked, 1)}

    @property
    def incident(self) -> Incident:
        """The incident as it was before."""
        return self.reader.incident

    @property
    def lines(self) -> dict[str, StepLine]:
        """What its lines say, by step, in the order of the sheet."""
        typed = self.draft.lines
        found = {step: typed[step].row for step in self.order if step in typed}
        return {step: row for step, row in found.items() if isinstance(row, StepLine)}

    @property
    def rows(self) -> list[SheetRow]:
        """What the rows of its tables say, in the order in which they were typed."""
        return [each.line.row for each in self.draft.rows if each.line.row is not None]

    @property
    def pending(self) -> dict[str, Typed]:
        """Lines that cannot be taken as they stand, by step: the answers to their questions are missing."""
        lines = self.draft.lines.items()
        return {step: typed for step, typed in lines if typed.row is None and step in self.numbers}

    @property
    def count(self) -> int:
        """How many lines and rows there are."""
        return len(self.lines) + len(self.rows)

    def entries(self, incident: Incident, now: datetime) -> list[Entry]:
        """The events of all of it, to be written behind the journal of `incident`: the steps, then the tables."""
        named = frozenset(row.key for row in self.rows if isinstance(row, PromiseRow))
        sheet = SheetEntries(incident, self.reader.typist, now, named, self.disordered())
        for row in (*self.lines.values(), *self.rows):
            sheet.found += row.entries(sheet)
        return sheet.found

    def disordered(self) -> frozenset[str]:
        """The steps whose times do not follow the order of the sheet."""
        return out_of_order(self.incident, {step: line.at for step, line in self.lines.items()})

    def start_at(self) -> int:
        """The place in `order` where the typing begins, or goes on."""
        if self.draft.at == THROUGH and not self.pending:
            return len(self.order)
        places = [self.order.index(name) for name in (self.draft.at, *self.pending) if name in self.order]
        return min(places, default=0)

    def undecided(self) -> dict[str, DecisionState]:
        """What nobody has decided yet, in the journal or on paper, by its number on the sheet: `D1`."""
        decisions = self.decisions.items()
        return {number: each for number, each in decisions if each.open and not self.of_table(number)}

    def in_force(self) -> Iterator[StillOn]:
        """What was switched on and not off, in the journal or on paper."""
        on = {measure.step.id for measure in self.incident.measures() if measure.on}
        on |= {name for name, line in self.lines.items() if line.answer.outcome == "done"}
        for name in self.order:
            undo = f"{name}.undo"
            if name in on and undo in self.numbers and undo not in self.lines:
                yield StillOn(self.incident[name], self.incident[undo])

    def add_line(self, step: StepState, typed: str, ask: Ask) -> None:
        """Take the line of a step in, kept before its questions are asked, and so is each answer. Raises InputError."""
        self._look_at_clock()
        time = split_time(typed).time
        typed = typed.replace(time, self.reader.timed(time, self._before(step)), 1)
        read = StepLine.read(self.reader, step, split_step(typed))
        old = self.draft.lines.get(step.id)
        last = old.facts if old else {}
        line = Typed(typed, self.reader.typist)
        if old and old.row is None and old.text == typed:
            line.facts = dict(last)
        self._put(step.id, line)
        try:
            told = {}
            for fact in read.questions():
                kept = line.facts.get(fact.name, "")
                if not kept or read.why_not(fact, kept):
                    line.facts[fact.name] = self._ask(fact, read, last.get(fact.name, ""), ask)
                    self.keep(self.draft)
                told[fact.name] = line.facts[fact.name]
            line.row = read.answered(told)
        except InputError:
            self._put(step.id, old)
            raise

    def add_undo(self, undo: StepState, typed: str, ask: Ask) -> None:
        """Take in when something was switched off: time, initials and a note. Raises InputError."""
        time, rest = split_time(typed)
        by, _space, note = rest.partition(" ")
        self.add_line(undo, f"{time} done {by or self.reader.typist} {note}".strip(), ask)

    def add_row(self, table: str, typed: str) -> None:
        """Take one more line of a table (`log`, `promise`, `improve`, or a decision: `D1`) in. Raises InputError."""
        self._look_at_clock()
        time, rest = split_time(typed)
        if table == LOG and time == NOTHING_THERE and rest:
            logged = [each.line.row for each in self.draft.rows if each.table == LOG]
            times = [row.event.at for row in logged if isinstance(row, EventRow) and row.event.at]
            last = max(times, default=self.incident.opened_at)
            typed = f"{last.astimezone(self.incident.zone):%Y-%m-%d %H:%M} {rest} {no_time()}"
        self.draft.rows.append(self._row(table, typed, self.reader))
        self.keep(self.draft)

    def add_cells(self, cells: Cells) -> None:
        """Take in what a row of a spreadsheet says of a step, or of a table of the sheet. Raises InputError."""
        typist, low, named = self.reader.typist, cells.what.casefold(), cells.what.upper()
        if low in TABLES or named in self.decisions:
            table = low if low in TABLES else named
            row = self._table(table).read(self.reader, cells)
            self.draft.rows.append(TypedRow(table, Typed("", typist, row=row)))
            return
        step = self._step(cells.what)
        if step.id in self.draft.lines:
            raise InputError(_('the step "{step}" is there twice').format(step=cells.what))
        facts = dict(cells.facts)
        has_sheet = bool(sheet_of(step)) and read_yes_no(facts.pop("sheet", ""), ticks=True) is True
        typed = Typed("", typist, facts, has_sheet)
        self._read(step, cells, typed)
        self.draft.lines[step.id] = typed

    def go_on(self) -> None:
        """Read all of the draft as it was typed; what cannot be taken any more, to be typed again, is `unread`.

        Lines of steps that are on the sheet stay in the draft, as `pending`.
        """
        for name, typed in self.draft.lines.items():
            try:
                self._read(self.incident[name], split_step(typed.text), typed)
            except (InputError, KeyError) as error:
                self._tell(f"{self.numbers.get(name, name)}  {typed.text}", error)
        rows, self.draft.rows = self.draft.rows, []
        for table, typed in rows:
            try:
                row = self._row(table, typed.text, replace(self.reader, typist=typed.typist))
                self.draft.rows.append(row)
            except (InputError, KeyError) as error:
                self._tell(f"{table}  {typed.text}", error)

    def enter(self, step: StepState) -> None:
        """The sheet that a step leads on to was filled in, too."""
        typed = self.draft.lines[step.id]
        typed.sheet, typed.row = True, replace(self.lines[step.id], enters=sheet_of(step))
        self.keep(self.draft)

    def of_table(self, table: str) -> list[int]:
        """The places in `rows` of those of a table."""
        return [index for index, (name, _typed) in enumerate(self.draft.rows) if name == table]

    def replace_row(self, index: int, typed: str) -> None:
        """Take another row in place of that one; an empty one leaves it out. Raises InputError."""
        self._look_at_clock()
        table, _old = self.draft.rows[index]
        if typed:
            self.draft.rows[index] = self._row(table, typed, self.reader)
        else:
            del self.draft.rows[index]
        self.keep(self.draft)

    def drop_line(self, step: str) -> None:
        """Take the line of a step back."""
        self._put(step, None)

    def leads(self, incident: Incident) -> list[str]:
        """Its steps and decisions that entered a runbook, as far as the steps of that are still open in `incident`."""
        entered = [step for step, line in self.lines.items() if line.enters]
        decided = [self.decisions[table].id for table, _row in self.draft.rows if table in self.decisions]
        return [name for name in dict.fromkeys([*entered, *decided]) if is_open(incident, name)]

    def _look_at_clock(self) -> None:
        """What was still to come when the typing began may be over by now."""
        if self.now is not None:
            self.reader = replace(self.reader, place=self.reader.place._replace(now=self.now()))

    def _table(self, name: str) -> SheetTable:
        """A table, or the box of a decision. Raises KeyError for a decision that the sheet does not have."""
        return TABLES[name] if name in TABLES else box_of(self.decisions[name])

    def _row(self, table: str, typed: str, reader: SheetReader) -> TypedRow:
        """A row of a table as it was typed, read. Raises InputError, and KeyError as `_table`."""
        kind = self._table(table)
        row = kind.read(reader, kind.split(reader, typed))
        return TypedRow(table, Typed(typed, reader.typist, row=row))

    def _read(self, step: StepState, cells: Cells, typed: Typed) -> None:
        """Take a line in that was typed by the typist of `typed`, who may be another one. Raises InputError."""
        reader = replace(self.reader, typist=typed.typist)
        cells = cells._replace(time=reader.timed(cells.time, self._before(step)))
        line = StepLine.read(reader, step, cells).answered(typed.facts)
        typed.row = replace(line, enters=sheet_of(step) if typed.sheet else "")

    def _ask(self, fact: Fact, line: StepLine, last: str, ask: Ask) -> str:
        """Ask until the answer can be read; an empty one stands for the `last` one."""
        asked = fact._replace(ask=f"{fact.ask} [{last}]") if last else fact
        why = ""
        while True:
            typed = ask(asked, why) or last
            why = line.why_not(fact, typed)
            if not why:
                return typed

    def _before(self, step: StepState) -> datetime:
        """When the last of the steps before that one on the sheet was carried out, as far as that is known; else T0."""
        earlier = self.order[: self.order.index(step.id)] if step.id in self.order else []
        lines = self.lines
        typed = [lines[name].at for name in earlier if name in lines]
        known = [self.incident[name].at for name in earlier if self.incident[name].answered]
        return max((at for at in (*typed, *known) if at is not None), default=self.incident.opened_at)

    def _put(self, step: str, line: Typed | None) -> None:
        """Put a line into the draft, in place of what stood there, or out of it."""
        self.draft.lines.pop(step, None)
        if line is not None:
            self.draft.lines[step] = line
        self.keep(self.draft)

    def _step(self, named: str) -> StepState:
        """A step by its number on the sheet, or by its id. Raises InputError."""
        by_number = {str(number): step for step, number in self.numbers.items()}
        wanted = by_number.get(named, named)
        if wanted not in self.incident:
            raise InputError(_('the sheet has no step "{step}"').format(step=named))
        return self.incident[wanted]

    def _tell(self, line: str, error: InputError | KeyError) -> None:
        why = error.message if isinstance(error, InputError) else _("the sheet has it no more")
        self.unread.append(Unread(line, why))
