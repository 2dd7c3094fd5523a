"""What is being entered from paper: the lines of the steps and the rows of the tables, read as they are typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bcp.cli.terminal.output import say
from bcp.cli.transcribe.line import (
    NOTHING_THERE,
    ask_until_read,
    no_time,
    questions,
    read_answers,
    read_head,
    timed,
    why_not,
)
from bcp.errors import InputError
from bcp.event import Entry
from bcp.fact import Fact, Place
from bcp.i18n import _
from bcp.incident.answer import Answer
from bcp.incident.state import Incident, StepState
from bcp.page.content import numbers, sheet
from bcp.page.incident import incident_content
from bcp.transcript.draft import Draft, Typed
from bcp.transcript.entries import entries_of_rows
from bcp.transcript.line import HOW, Line, line_of, split_time
from bcp.transcript.tables import (
    Desk,
    Improvement,
    Noted,
    Promised,
    Row,
    Vow,
    decided,
    improvement,
    noted,
    promised,
)

LOG, PROMISE, IMPROVE = "log", "promise", "improve"
_KINDS: Mapping[str, type[Row]] = {LOG: Noted, PROMISE: Promised, IMPROVE: Improvement}


@dataclass
class Paper:
    """What is being typed: the incident as it was before, who types, and the lines so far.

    With `below`, the step or decision that led on to another runbook, it is the sheet of that runbook alone. What is
    typed at a terminal is kept in `draft`, too, after every line.
    """

    incident: Incident
    typist: str
    now: datetime
    place: Place
    draft: Draft | None = None
    lines: dict[str, Line] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    pending: dict[str, Typed] = field(default_factory=dict)
    """Lines of the draft that cannot be taken as they stand: the answers to their questions are missing."""

    def __post_init__(self) -> None:
        """The steps get the numbers that they have on the sheet."""
        self.below = self.draft.below if self.draft else ""
        given = self._numbers_below() if self.below else numbers(incident_content(self.incident))
        self.numbers = {name: number for name, number in given.items() if name in self.incident}
        self.order = list(self.numbers)
        asked = [each for each in self.incident.decisions.values() if each.runbook == self._runbook]
        self.decisions = {f"D{number}": each for number, each in enumerate(asked, 1)}

    @property
    def desk(self) -> Desk:
        """Where the tables of the sheet are typed."""
        return Desk(self.incident, self.typist, self.now)

    @property
    def count(self) -> int:
        """How many lines and rows there are."""
        return len(self.lines) + len(self.rows)

    def rest(self, incident: Incident, before: Sequence[Entry]) -> list[Entry]:
        """The events of the tables, behind those of the steps."""
        return entries_of_rows(incident, self.rows, self.typist, before)

    def in_order(self) -> list[Line]:
        """The lines, in the order of the sheet."""
        return [self.lines[step] for step in self.order if step in self.lines]

    def read(
        self,
        step: StepState,
        typed: str,
        given: Mapping[str, str] | None,
        ask: Callable[[Fact], str],
        typist: str = "",
    ) -> Line:
        """One line as it was typed; the facts are `given`, or asked for. Raises InputError.

        A line without initials is by whoever typed it: the `typist` of a draft may be another one.
        """
        typed = timed(self.incident, typed, self._before(step))
        head = read_head(self.incident, typed, self.now, typist or self.typist)
        told = given if given is not None else {fact.name: ask(fact) for fact in questions(step, head)}
        facts = read_answers(step, head, told, self.place)
        answer = Answer(head.outcome, head.who, head.note, facts, True, head.at, self.typist, HOW)
        return line_of(self.incident, step.id, answer)

    def read_row(self, table: str, typed: str, typist: str = "") -> Row:
        """One line of a table (`log`, `promise`, `improve`, or a decision: `D1`) as it was typed. Raises InputError."""
        desk = Desk(self.incident, typist or self.typist, self.now)
        if table == PROMISE:
            return _promise(desk, typed)
        if table == IMPROVE:
            return improvement(desk, typed)
        time, rest = split_time(typed)
        if table == LOG:
            return _log_line(desk, time, rest)
        chosen, _space, by = rest.partition(" ")
        return decided(desk, self.decisions[table], time, chosen, by.strip())

    def add_line(self, step: StepState, typed: str, ask: Callable[[Fact], str]) -> None:
        """Take the line of a step in, kept before its questions are asked, and so is each answer. Raises InputError."""
        typed = timed(self.incident, typed, self._before(step))
        head = read_head(self.incident, typed, self.now, self.typist)
        before = self.pending.pop(step.id, None) or Typed("", "")
        line = Typed(typed, self.typist, before.facts if before.text == typed else {})
        old = self._keep_line(step.id, line)

        def asked(fact: Fact) -> str:
            last = old.facts.get(fact.name, "") if old else ""
            return ask(replace(fact, ask=f"{fact.ask} [{last}]" if last else fact.ask)) or last

        def answered(fact: Fact) -> str:
            kept = line.facts.get(fact.name, "")
            if not kept or why_not(fact, kept, head, self.place):
                line.facts[fact.name] = ask_until_read(fact, asked, head, self.place)
                self.keep()
            return line.facts[fact.name]

        try:
            self.lines[step.id] = self.read(step, typed, None, answered)
        except InputError:
            self._keep_line(step.id, old)
            raise

    def _before(self, step: StepState) -> datetime:
        """When the last of the steps before that one on the sheet was carried out, as far as that is known; else T0."""
        earlier = self.order[: self.order.index(step.id)] if step.id in self.order else []
        typed = [self.lines[name].answer.at for name in earlier if name in self.lines]
        known = [self.incident[name].at for name in earlier if self.incident[name].answered]
        return max((at for at in (*typed, *known) if at is not None), default=self.incident.opened_at)

    def enter(self, step: StepState) -> None:
        """The sheet that a step leads on to was filled in, too."""
        self.lines[step.id] = replace(self.lines[step.id], enters=sheet_of(step))
        if self.draft:
            self.draft.lines[step.id].sheet = True
            self.keep()

    def _keep_line(self, step: str, line: Typed | None) -> Typed | None:
        """Put a line into the draft, or out of it; what stood there before."""
        if self.draft is None:
            return None
        old = self.draft.lines.pop(step, None)
        if line is not None:
            self.draft.lines[step] = line
        self.keep()
        return old

    def add_row(self, table: str, typed: str) -> Row:
        """Take one more line of a table in. Raises InputError."""
        time, rest = split_time(typed)
        if table == LOG and time == NOTHING_THERE and rest:
            at = max((row.at for row in self.rows if isinstance(row, Noted)), default=self.incident.opened_at)
            typed = f"{at.astimezone(self.incident.zone):%Y-%m-%d %H:%M} {rest} {no_time()}"
        row = self.read_row(table, typed)
        self.rows.append(row)
        if self.draft:
            self.draft.rows.append((table, Typed(typed, self.typist)))
            self.keep()
        return row

    def of_table(self, table: str) -> list[Row]:
        """The lines of a table, as they were understood."""
        return [row for row in self.rows if isinstance(row, _KINDS[table])]

    def drop_row(self, table: str) -> None:
        """Take the last line of a table back, if there is one."""
        found = [index for index, row in enumerate(self.rows) if isinstance(row, _KINDS[table])]
        if not found:
            return
        del self.rows[found[-1]]
        if self.draft:
            del self.draft.rows[found[-1]]
            self.keep()

    def replace_row(self, index: int, typed: str) -> None:
        """Take another line in place of that one; an empty one leaves it out. Raises InputError."""
        assert self.draft is not None
        table, _old = self.draft.rows[index]
        if typed:
            self.rows[index] = self.read_row(table, typed)
            self.draft.rows[index] = (table, Typed(typed, self.typist))
        else:
            del self.rows[index], self.draft.rows[index]
        self.keep()

    def drop_line(self, step: str) -> None:
        """Take the line of a step back."""
        self.lines.pop(step, None)
        self.pending.pop(step, None)
        self._keep_line(step, None)

    def keep(self) -> None:
        """Keep the draft. Where it cannot be written that is told, and stands in nobody's way."""
        if self.draft is None:
            return
        try:
            self.draft.save()
        except OSError as error:
            why = (error.strerror or "unknown reason").lower()
            say(
                _("     This cannot be kept as a draft: {why}. Type on, and do not stop here.").format(
                    why=why
                ),
                "red",
            )

    @property
    def _runbook(self) -> str:
        """The runbook whose sheet this is."""
        if not self.below:
            return self.incident.runbook
        return next(
            step.runbook for step in self.incident.every_step() if step.id.startswith(f"{self.below}/")
        )

    def _numbers_below(self) -> dict[str, int]:
        """The numbers of the blank sheet, under the addresses that its steps have in this incident."""
        own = numbers(sheet(self.incident.plan, self._runbook))
        return {f"{self.below}/{name}": number for name, number in own.items()}


def sheet_of(step: StepState) -> str:
    """The runbook that a step leads on to and that was not entered yet, or nothing."""
    leads = step.section == "main" and step.plan["kind"] == "runbook" and not step.entered
    return str(step.plan["params"]["runbook"]) if leads else ""


def _promise(desk: Desk, typed: str) -> Row:
    parts = [part.strip() for part in typed.replace(";", "|").split("|")]
    if not 4 <= len(parts) <= 5:
        raise InputError(
            "write four or five parts with | between them", "said at | firm, name | what | by when"
        )
    return promised(desk, Vow(*parts))


def _log_line(desk: Desk, time: str, said: str) -> Row:
    first, _space, rest = said.partition(" ")
    if len(first) <= 3 and not first.isupper():  # "an engineer came" was not seen by A. N.
        return noted(desk, time, said)
    try:
        return noted(desk, time, rest, first)
    except InputError:
        return noted(desk, time, said)
