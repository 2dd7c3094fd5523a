"""Leads through the undos and the stand-down of an incident, then writes the last event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bcp.app.incident import anchor, coverage, leftovers
from bcp.app.incident.run import Walked, run_on
from bcp.app.incident.shell import Shell
from bcp.app.incident.summaries import keep
from bcp.app.session import Session
from bcp.command_words import one_each
from bcp.errors import InputError, PersonNeeded, SomethingDue
from bcp.i18n import _
from bcp.incident import deciding, decision_due, standdown
from bcp.incident.aim import Aim
from bcp.incident.events.note import NoteWritten
from bcp.incident.journal import IncidentJournal
from bcp.incident.script import Answers
from bcp.incident.step_view import due_decisions
from bcp.incident.text import noun
from bcp.runbook.plan import action_of


@dataclass(frozen=True, slots=True)
class CloseRequest:
    """How an incident is to be closed: the measures that stay in force, and why they or open steps are left.

    `unaccounted` closes although of somebody it is not known what became of him; `answers` play the person.
    """

    by: str
    leave: Sequence[str] = ()
    reason: str = ""
    answers: Answers | None = None
    unaccounted: bool = False


@dataclass(frozen=True, slots=True)
class Closing:
    """How closing went. It is closed where the walk was carried out; else `due` says what is still in force."""

    walked: Walked
    due: SomethingDue | None = None

    @property
    def is_closed(self) -> bool:
        """Whether the last event is written."""
        return self.walked.incident.closed_at is not None


def close(session: Session, book: IncidentJournal, request: CloseRequest, shell: Shell) -> Closing:
    """Close the incident, or go as far as is possible.

    Raises SomethingDue where lines of its sheet are half typed, people are not accounted for or texts of ours still
    stand somewhere, PersonNeeded where steps are open and nobody says yes, InputError where a reason is missing.
    """
    by, how = request.by, "terminal" if shell.attended else "watch"
    standdown.refuse_closed(book.incident)
    if request.leave and not request.reason.strip():
        raise InputError(_("leaving a measure in force needs its reason"), _('add it: --reason "why"'))
    for found in leftovers.find(session, book, by, how):
        shell.still_set(found)
    if request.leave:
        standdown.leave(book, dict.fromkeys(request.leave, request.reason), by, how)
    _refuse_half_typed(session, book, request.reason)
    if request.answers is None:
        _ask_about_decisions(session, book, request, shell)
    if not request.reason.strip() and request.answers is None:
        _ask_about_open_steps(book, shell)
    standdown.begin(book, by, how)
    walked = run_on(session, book, by, shell, request.answers, aim=_aim(book, shell))
    if walked.stop is None or walked.stop.why != "carried-out":
        return Closing(walked, _still_on(book) if walked.stop is not None else None)
    _account_for_everybody(session, book, request)
    standdown.refuse_texts_up(book.incident)
    coverage.cover_at_closing(session, book, by)
    standdown.finish(book, by, how, request.reason)
    leftovers.settle(session, book, by)
    for what in leftovers.let_go(session, book, by):
        session.remark(_("stays as it is, for no step takes it back: {what}").format(what=what))
    anchor.give_at_end(session, book.incident)
    keep(session, book.incident)
    return Closing(walked)


def _refuse_half_typed(session: Session, book: IncidentJournal, reason: str) -> None:
    """What was typed from paper belongs into the journal, and a closed one takes no more of it."""
    incident = book.incident
    if session.is_half_typed(incident) and not reason.strip():
        command = f"bcp {noun(incident)} record --incident {incident.id}"
        raise SomethingDue(
            _("lines of its sheet were typed from paper and are not written yet"),
            f'enter them: {command}   or close without them: bcp {noun(incident)} close --reason "why"',
        )


def _account_for_everybody(session: Session, book: IncidentJournal, request: CloseRequest) -> None:
    """An incident that told people ends when it is known of each what became of it, or with a reason."""
    from bcp.notice.campaign.standing import unaccounted
    from bcp.store.outbox import Outbox

    ledger = session.stores.of(Outbox)
    campaigns = ledger.campaigns(book.incident.id)
    rows = (row for campaign in campaigns if campaign.tells for row in ledger.rows(campaign.id))
    names = unaccounted(rows, any(campaign.kind == "all-clear" for campaign in campaigns))
    if not names or book.incident.drill:
        return
    if not request.unaccounted or not request.reason.strip():
        some = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
        raise SomethingDue(
            _("{count} people are not accounted for: {names}").format(count=len(names), names=some),
            _('see: bcp notice status   or leave them: bcp incident close --unaccounted --reason "why"'),
        )
    words = f"closed with {len(names)} people not accounted for: {request.reason.strip()}"
    book.write(lambda _incident: [NoteWritten(words).entry(request.by)])


def _aim(book: IncidentJournal, shell: Shell) -> Aim:
    """With nobody there, an undo that failed before is tried again: what stood in its way may be mended by now.

    One that may have taken effect is not, unless doing it twice does no harm. A person is asked.
    """
    if shell.attended:
        return Aim()
    failed = [each.undo for each in book.incident.in_force() if each.undo.failed_try]
    return Aim({undo.id for undo in failed if not undo.unsure or action_of(undo.plan).is_repeatable()})


def _still_on(book: IncidentJournal) -> SomethingDue | None:
    """The measure that is to be ended next, where one is in force and not meant to stay."""
    for measure in reversed(book.incident.in_force()):
        if not measure.left:
            words = _('still in force: {name} ("{title}")')
            return SomethingDue(
                words.format(name=measure.step.id, title=measure.step.title),
                standdown.how_to_end(book.incident, measure),
            )
    return None


def _ask_about_decisions(
    session: Session, book: IncidentJournal, request: CloseRequest, shell: Shell
) -> None:
    """What is to be decided is decided before the end, or a person says that it stays open.

    Where nobody is there a reason does; not one that was given for a measure that is left.
    """
    for decision in due_decisions(book.incident, session.clock.now()):
        if not shell.attended and request.reason.strip() and not request.leave:
            continue
        said = shell.leaves_undecided(decision)
        if said is None:
            answers = decision_due.answering(book.incident.decisions[decision.id], book.incident)
            raise PersonNeeded(
                _("a decision is due: {question}").format(question=decision.question),
                one_each(_("decide:"), answers)
                + "\n"
                + _('or close without: {close} --reason "why"').format(
                    close=f"bcp {book.incident.kind} close"
                ),
            )
        if said.key == "decide":
            how = "terminal" if shell.attended else "watch"
            deciding.answer(book, said.decision, said.answer, request.by, how=how, reason=said.text)


def _ask_about_open_steps(book: IncidentJournal, shell: Shell) -> None:
    """Closing early leaves steps undone: a person says yes, or gives the reason on the command line."""
    incident = book.incident
    steps = [*incident.open_steps(), *incident.deferred()]
    if not steps or incident.closing or shell.agrees_to_close(incident, steps):
        return
    if not shell.attended:
        raise PersonNeeded(
            _("closing with open steps needs a person's word"),
            _('say why: {command} --reason "why"').format(command=f"bcp {incident.kind} close"),
        )
    raise PersonNeeded(
        _("nothing was closed"), _("go on: {command}").format(command=f"bcp {incident.kind} resume")
    )
