"""What is typed from paper on its way into the journal: begun, or gone on with, and written all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bcp.app.session import Session
from bcp.errors import Conflict, InputError, StepFailed
from bcp.event import NOTHING, Entry
from bcp.files import in_words
from bcp.i18n import _
from bcp.incident.answer import StepOutcome
from bcp.incident.journal import STARTED, Busy, IncidentJournal, of_kind
from bcp.incident.memory_log import InMemoryLog
from bcp.incident.state import Incident
from bcp.incident.text import noun
from bcp.page.content import numbers, sheet
from bcp.page.incident import incident_content
from bcp.transcript.draft import TranscriptDraft, load
from bcp.transcript.entries import clashes
from bcp.transcript.leads import runbook_below
from bcp.transcript.line import SheetReader
from bcp.transcript.transcript import Transcript

_HOLD = "_paper"
"""What is held while a sheet is typed; no step is called so."""


class LeftOver(NamedTuple):
    """Lines that were not taken up again, and where they are kept."""

    lines: list[str]
    path: Path


@dataclass(frozen=True)
class Transcription:
    """The entering of one sheet, or with `below` of one that it led on to, by the person `by`.

    `first` is the first event of an incident that lived on paper only; `book` is then a trial that holds it alone.
    """

    session: Session
    book: IncidentJournal
    by: str
    first: Entry | None = None
    below: str = ""

    @classmethod
    def from_nothing(cls, session: Session, first: Entry, stream: str) -> Transcription:
        """That of an incident that lived on paper only. Raises InputError for one that is there already."""
        if stream in session.log.streams(STARTED):
            raise _there_already(stream)
        trial = InMemoryLog(session.clock)
        trial.append(stream, NOTHING, [first])
        return cls(session, IncidentJournal(trial, stream), first.recorded_by, first)

    @property
    def incident(self) -> Incident:
        """The incident as it is before the sheet is written."""
        return self.book.incident

    @property
    def again(self) -> str:
        """The command that goes on where this was interrupted."""
        if self.first is not None:
            return again_from_nothing(self.draft(), noun(self.incident))
        return f"bcp {noun(self.incident)} record --incident {self.incident.id}"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Type the sheet as the only one. Raises InputError where somebody else does."""
        try:
            with self.session.stores.holds.hold(self.incident.id, _HOLD):
                yield
        except Busy:
            raise InputError(
                _("somebody is entering this sheet right now"),
                _(
                    "wait until that has ended, or stop it there (Ctrl-C): nothing that was typed is lost."
                    " Then: {command}"
                ).format(command=self.again),
            ) from None

    def draft(self) -> TranscriptDraft:
        """An empty draft of it."""
        path = self.session.stores.paper_draft(self.incident.id)
        if self.first is None:
            return TranscriptDraft(path, below=self.below)
        assert self.first.at is not None
        return TranscriptDraft(path, str(self.first.data["runbook"]), self.first.at.isoformat(), self.below)

    def left(self) -> TranscriptDraft | None:
        """The draft that was left of it, if it holds anything; one that cannot be read is put aside, and told."""
        path = self.draft().path
        try:
            found = load(path)
        except (OSError, ValueError) as error:
            told = _("A draft cannot be read ({why}); it is kept: {path}")
            self.session.remark(told.format(why=error, path=TranscriptDraft(path).set_aside()))
            return None
        return found if found is not None and found.typed else None

    def fits(self, draft: TranscriptDraft) -> bool:
        """Whether the incident has the sheet that the draft is of."""
        below = f"{draft.below}/" if draft.below else ""
        return any(step.id.startswith(below) for step in self.incident.every_step())

    def blank(self) -> Transcript:
        """The sheet to be filled from a table; it has no draft."""
        return transcript_of(self._reader(), now=self.session.clock.now)

    def begin(self, draft: TranscriptDraft, not_kept: Callable[[str], None]) -> Transcript:
        """The sheet to be typed into `draft`; where that cannot be written, `not_kept` is told why."""

        def keep(draft: TranscriptDraft) -> None:
            try:
                draft.save()
            except OSError as error:
                not_kept(in_words(error).lower())

        return transcript_of(self._reader(), draft, keep, self.session.clock.now)

    def go_on(self, old: TranscriptDraft, not_kept: Callable[[str], None]) -> Transcript:
        """The sheet as it was left. Where there are `unread` lines in it, the draft is kept aside as well."""
        begun = self.draft()
        old.runbook, old.started = begun.runbook, begun.started
        typed = self.begin(old, not_kept)
        typed.go_on()
        if typed.unread:
            old.set_aside()
            typed.keep(old)
        return typed

    def clashes(self, typed: Transcript) -> dict[str, InputError]:
        """What of `typed` does not fit, by step; nothing is written."""
        answers = {step: line.answer for step, line in typed.lines.items()}
        wrong = clashes(self.book.log, self.incident.id, answers, self.session.clock)
        return {**self._not_so(answers), **wrong}

    def _not_so(self, answers: Mapping[str, StepOutcome]) -> dict[str, InputError]:
        """What was taken back as the paper says, and still stands where it was set, by the step of its undo."""
        undos = {step: answer for step, answer in answers.items() if step in self.incident.undos}
        if not undos:
            return {}
        from bcp.app.incident.standing import Believer

        believer, found = Believer(self.session, self.by), {}
        for step, answer in undos.items():
            try:
                believer.believed(self.incident, self.incident[step], answer)
            except StepFailed as seen:
                found[step] = InputError(seen.message, seen.hint)
        return found

    def write(self, typed: Transcript) -> IncidentJournal:
        """Write all of it as one, or nothing; the journal then. Raises the first InputError of what does not fit."""

        def entries(incident: Incident) -> list[Entry]:
            if wrong := self.clashes(typed):
                raise next(iter(wrong.values()))
            return typed.entries(incident, self.session.clock.now())

        if self.first is None:
            self.book.write(entries)
            return self.book
        stream = self.incident.id
        try:
            self.session.log.append(stream, NOTHING, [self.first, *entries(self.incident)])
        except Conflict:
            raise _there_already(stream) from None
        return IncidentJournal(self.session.log, stream)

    def further(self, below: str = "") -> Transcription:
        """That of the sheet which the step or decision `below` led on to, when this one is written."""
        return Transcription(
            self.session, IncidentJournal(self.session.log, self.incident.id), self.by, below=below
        )

    def _reader(self) -> SheetReader:
        if self.first is not None:
            other = f'{self.again} --started "{{time}}"'
        else:
            other = (
                f"bcp {noun(self.incident)} amend --incident {self.incident.id}"
                ' --began "{time}" --reason "on paper it began earlier"'
            )
        return SheetReader(self.incident, self.by, self.session.place(self.incident), other)


def transcript_of(
    reader: SheetReader,
    draft: TranscriptDraft | None = None,
    keep: Callable[[TranscriptDraft], None] = lambda _draft: None,
    now: Callable[[], datetime] | None = None,
) -> Transcript:
    """An empty sheet, with the numbers that its steps have on the copy of the incident; `below` one, on the blank."""
    incident, draft = reader.incident, draft or TranscriptDraft(Path())
    if draft.below:
        blank = numbers(sheet(incident.plan, runbook_below(incident, draft.below)))
        found = {f"{draft.below}/{name}": number for name, number in blank.items()}
    else:
        found = numbers(incident_content(incident))
    on_sheet = {name: number for name, number in found.items() if name in incident}
    return Transcript(reader, on_sheet, draft, keep, now)


def finish(typed: Transcript) -> LeftOver | None:
    """All of it is in the journal: remove the draft. Lines that were not taken up again are kept aside."""
    found = None
    if typed.pending:
        lines = [f"{typed.numbers[name]}  {each.text}" for name, each in typed.pending.items()]
        found = LeftOver(lines, typed.draft.set_aside())
    typed.draft.remove()
    return found


def left_of(session: Session, kind: str, runbook: str | None = None) -> TranscriptDraft | None:
    """The last draft written of an incident (or drill) that lived on paper only, of that runbook if one is named."""
    paths = {path.parent.name: path for path in sorted(session.stores.paper_drafts())}
    found = []
    for stream in set(of_kind(paths, kind)) - set(session.log.streams(STARTED)):
        with suppress(OSError, ValueError):  # a broken one is told where somebody goes on with it
            draft = load(paths[stream])
            if draft is not None and draft.runbook and runbook in (None, draft.runbook):
                found.append(draft)
    return max(found, key=lambda draft: draft.path.stat().st_mtime, default=None)


def again_from_nothing(draft: TranscriptDraft, kind: str) -> str:
    """The command that goes on with such a draft, which knows its T0."""
    return f"bcp {kind} record --runbook {draft.runbook}"


def _there_already(stream: str) -> InputError:
    return InputError(
        _("{incident} is there already").format(incident=stream),
        _("enter the paper there: {command}").format(command=f"bcp incident record --incident {stream}"),
    )
