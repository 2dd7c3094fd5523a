"""`close`: leads through the undos and the stand-down, then writes the last event."""

from __future__ import annotations

from collections.abc import Sequence

from bcp.app.session import Session
from bcp.cli.incident import leftovers
from bcp.cli.incident.run import guide_for, report, run
from bcp.cli.incident.show import ends_of
from bcp.cli.terminal.guide import agrees
from bcp.cli.terminal.output import is_attended, say, show_next
from bcp.errors import Exit, InputError, PersonNeeded, SomethingDue
from bcp.event import Entry
from bcp.i18n import _
from bcp.incident import standdown
from bcp.incident.answer import noun
from bcp.incident.journal import Book
from bcp.incident.script import Answers
from bcp.incident.text import title_of

_NAMED = 12


def close(
    session: Session,
    book: Book,
    by: str,
    leave: Sequence[str],
    reason: str,
    answers: Answers | None = None,
    unaccounted: bool = False,
) -> int:
    """Close the incident; the exit status: 8 while a measure is in force or people are not accounted for, 9 where
    a person is needed.
    """
    how = "terminal" if is_attended() else "watch"
    standdown.refuse_closed(book.incident)
    if leave and not reason.strip():
        raise InputError(_("leaving a measure in force needs its reason"), _('add it: --reason "why"'))
    leftovers.find(session, book, by, how)
    if leave:
        standdown.leave(book, dict.fromkeys(leave, reason), by, how)
    _refuse_half_typed(session, book, reason)
    _ask_about_open_steps(book, reason, scripted=answers is not None)
    standdown.begin(book, by, how)
    stop = run(session, book, guide_for(session, book.incident, answers), by, answers)
    if stop is None:
        return Exit.INTERRUPTED
    if stop.why != "carried-out":
        status = report(session, book.incident, stop)
        on = [measure for measure in book.incident.in_force() if not measure.left]
        if on and not is_attended():
            raise _still_on(book)
        return status
    _account_for_everybody(session, book, by, unaccounted, reason)
    standdown.finish(book, by, how, reason)
    leftovers.settle(session, book, by)
    incident = book.incident
    mark = "DRILL · " if incident.drill else ""
    say(mark + _("Closed: {title}").format(title=incident.title), "bold green")
    say(_("What happened stands in {path}").format(path=session.stores.record.path(incident.id)))
    for measure in incident.in_force():
        say(
            _("LEFT IN FORCE: {title} ({reason})").format(title=measure.step.title, reason=measure.left),
            "bold red",
        )
    if answers is None:
        from bcp.cli.incident import review

        review.after_closing(session, book, by)
    papers = [f"bcp {noun(incident)} {verb} --incident {incident.id}" for verb in ("report", "verify")]
    show_next((*papers, *ends_of(incident)))
    return Exit.OK


def _refuse_half_typed(session: Session, book: Book, reason: str) -> None:
    """What was typed from paper belongs into the journal, and a closed one takes no more of it."""
    incident = book.incident
    if session.is_half_typed(incident) and not reason.strip():
        command = f"bcp {noun(incident)} record --incident {incident.id}"
        raise SomethingDue(
            _("lines of its sheet were typed from paper and are not written yet"),
            f'enter them: {command}   or close without them: bcp {noun(incident)} close --reason "why"',
        )


def _account_for_everybody(session: Session, book: Book, by: str, allowed: bool, reason: str) -> None:
    """An incident that told people ends when it is known of each what became of it, or with a reason."""
    from bcp.notice.campaign.outbox import unaccounted
    from bcp.store.outbox import Outbox

    ledger = session.stores.of(Outbox)
    campaigns = ledger.campaigns(book.incident.id)
    rows = (row for campaign in campaigns if campaign.tells for row in ledger.rows(campaign.id))
    names = unaccounted(rows, any(campaign.kind == "all-clear" for campaign in campaigns))
    if not names or book.incident.drill:
        return
    if not allowed or not reason.strip():
        some = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
        raise SomethingDue(
            _("{count} people are not accounted for: {names}").format(count=len(names), names=some),
            _('see: bcp notice status   or leave them: bcp incident close --unaccounted --reason "why"'),
        )
    words = f"closed with {len(names)} people not accounted for: {reason.strip()}"
    book.write(lambda _incident: [Entry("note.written", by, {"text": words})])


def _still_on(book: Book) -> SomethingDue:
    measure = next(measure for measure in reversed(book.incident.in_force()) if not measure.left)
    return SomethingDue(
        _('still in force: {name} ("{title}")').format(name=measure.step.id, title=measure.step.title),
        standdown.how_to_end(book.incident, measure),
    )


def _ask_about_open_steps(book: Book, reason: str, scripted: bool) -> None:
    """Closing early leaves steps undone: a person says yes, or gives the reason on the command line."""
    incident = book.incident
    steps = [*incident.open_steps(), *incident.deferred()]
    if not steps or incident.closing or reason.strip() or scripted:
        return
    say(_("{count} steps are not carried out:").format(count=len(steps)), "bold yellow")
    for step in steps[:_NAMED]:
        say(f"  {step.id}: {title_of(incident, step)}")
    if len(steps) > _NAMED:
        say("  " + _("… and {count} more").format(count=len(steps) - _NAMED))
    if not is_attended():
        raise PersonNeeded(
            _("closing with open steps needs a person's word"),
            _('say why: {command} --reason "why"').format(command=f"bcp {incident.kind} close"),
        )
    question = _("Close all the same? They are kept as not carried out. Type yes, or Enter to go back:")
    if not agrees(question, on_enter=False):
        raise PersonNeeded(
            _("nothing was closed"), _("go on: {command}").format(command=f"bcp {incident.kind} resume")
        )
