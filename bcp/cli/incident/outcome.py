"""How a walk and a closing ended, and what comes next."""

from __future__ import annotations

from bcp.app.incident.close import CloseRequest, Closing
from bcp.app.incident.run import Walked
from bcp.app.incident.undo import Undone
from bcp.app.lead import fitting
from bcp.app.session import Session
from bcp.app.stood import stood
from bcp.cli.incident.show import ends_of, measures, texts_up
from bcp.cli.terminal.clock import say_doubts
from bcp.cli.terminal.output import is_attended, moved_in, say, show_next
from bcp.command_words import lines_of
from bcp.errors import Exit
from bcp.i18n import _
from bcp.incident.due import due
from bcp.incident.engine import Stop
from bcp.incident.journal import IncidentJournal
from bcp.incident.state import Incident, Measure, StepState
from bcp.incident.step_view import StepView, step_view
from bcp.incident.text import failed_before, noun, title_of
from bcp.incident.view import settling, shown
from bcp.times import local_clock


def of_walk(session: Session, walked: Walked) -> int:
    """Say how the walk ended. The exit status: 4 also where a scripted drill met a step that did not succeed."""
    status = _of_stop(session, walked)
    if status:
        return status
    for step, why in walked.troubles.items():
        say(_("DRILL · did not succeed: {step}: {why}").format(step=step, why=why), "bold red")
    return Exit.STEP_FAILED if walked.troubles else Exit.OK


def of_closing(session: Session, book: IncidentJournal, request: CloseRequest, closing: Closing) -> int:
    """Say that it is closed, and let a person look back; or how far closing came. The exit status.

    Raises SomethingDue where a measure is in force and nobody is there.
    """
    incident = closing.walked.incident
    if not closing.is_closed:
        status = _of_stop(session, closing.walked)
        if closing.due is not None and not is_attended():
            raise closing.due
        return status
    mark = "DRILL · " if incident.drill else ""
    say(mark + _("Closed: {title}").format(title=incident.title), "bold green")
    say(_("What happened stands in {path}").format(path=session.stores.record.path(incident.id)))
    for measure in incident.in_force():
        words = _("LEFT IN FORCE: {title} ({reason})")
        say(words.format(title=title_of(incident, measure.step), reason=measure.left), "bold red")
    if request.answers is None:
        from bcp.cli.incident import review

        review.after_closing(session, book, request.by)
    papers = [f"bcp {noun(incident)} {verb} --incident {incident.id}" for verb in ("report", "verify")]
    show_next((*papers, *ends_of(incident)))
    return Exit.OK


def of_undo(session: Session, undone: Undone) -> int:
    """Say whether the measure is off by now, and what comes next. The exit status: 8 where a person left it on."""
    incident, measure, stop = undone.walked.incident, undone.measure, undone.walked.stop
    if stop is None:
        return _of_interruption(session, undone.walked)
    again = session.meant(incident, f"bcp {noun(incident)} undo {measure.step.id}")
    by_hand = session.meant(incident, f"bcp {noun(incident)} step done {measure.undo.id}")
    mark, title = "DRILL · " if incident.drill else "", title_of(incident, measure.step)
    say()
    if not measure.on:
        say(mark + _("Ended: {title}").format(title=title), "bold green")
        show_next(session.lead_on(incident))
        return Exit.OK
    view = step_view(incident, measure.undo, "do", session.clock.now())
    if stop.why == "failed":
        _of_failure(session, mark, view, measure.undo, incident)
    elif stop.why in ("person", "elsewhere"):
        _of_waiting(session, mark, view, undone.walked)
    say(mark + _("STILL IN FORCE: {title}").format(title=title), "bold red")
    show_next((again, by_hand))
    left_on = {"failed": Exit.STEP_FAILED, "person": Exit.PERSON_NEEDED, "elsewhere": Exit.PERSON_NEEDED}
    return left_on.get(stop.why, Exit.DUE)


def of_redo(session: Session, incident: Incident, measure: Measure) -> int:
    """Say that a measure was set once more."""
    mark = "DRILL · " if incident.drill else ""
    say(mark + _("Set once more: {title}").format(title=title_of(incident, measure.step)), "bold green")
    show_next(session.lead_on(incident))
    return Exit.OK


def _say_due(session: Session, incident: Incident) -> None:
    """What wants an answer although no step is left."""
    for each in due(incident, session.clock.now()):
        say(_("DUE       {sentence}").format(sentence=each.sentence), "bold red")
        for command in each.commands:
            say(f"          {command}")


def _of_stop(session: Session, walked: Walked) -> int:
    """Say why the walk stopped and what comes next; the exit status."""
    incident, stop = walked.incident, walked.stop
    mark = "DRILL · " if incident.drill else ""
    say()
    say_doubts(incident, session.clock.now())
    if stop is None:
        return _of_interruption(session, walked)
    if stop.why == "carried-out" and incident.closed_at is not None:
        return _of_closed(session, incident)
    if stop.why == "carried-out":
        say(mark + _("All steps are carried out."), "bold green")
        for deferred in incident.deferred():
            say("  " + _("put off: {title}").format(title=title_of(incident, deferred)))
        _say_due(session, incident)
        show_next(session.lead_on(incident))
        return Exit.OK
    step = stop.step
    assert step is not None
    view = step_view(incident, step, "do", session.clock.now())
    if stop.why == "paused":
        say(mark + _("Paused at: {title}. Everything is written down.").format(title=view.title), "bold")
        show_next(session.lead_on(incident))
        return Exit.OK
    settle = settling(incident, step)
    if stop.why == "failed":
        _of_failure(session, mark, view, step, incident)
        show_next(session.lead_on(incident, settle))
        return Exit.STEP_FAILED
    _of_waiting(session, mark, view, walked)
    show_next(session.lead_on(incident, settle))
    return Exit.PERSON_NEEDED


def _of_closed(session: Session, incident: Incident) -> int:
    """Nothing of it goes on but what was left in force."""
    mark = "DRILL · " if incident.drill else ""
    words = _("{title} is closed; nothing of it is to be gone on with.")
    say(mark + words.format(title=incident.title), "bold green")
    measures(incident, session.clock.now(), stood(session))
    texts_up(incident, session.clock.now())
    show_next(session.lead_on(incident))
    return Exit.OK


def _of_waiting(session: Session, mark: str, view: StepView, walked: Walked) -> None:
    assert walked.stop is not None and walked.stop.step is not None
    say(mark + _("Waiting: {title}").format(title=view.title), "bold yellow")
    waiting_for = _waiting_for(session, walked.incident, walked.stop, walked.stop.step)
    for line in filter(None, (view.who, waiting_for)):
        say("  " + line)


def _of_failure(session: Session, mark: str, view: StepView, step: StepState, incident: Incident) -> None:
    """Why it failed; where that was not just now, when: by now it may well succeed."""
    now = session.clock.now()
    before = failed_before(step, now)
    words = _("Did not succeed: {title}: {why}")
    if before is not None:
        words = _("Did not succeed at {time}, and was not tried again now: {title}: {why}")
    time = local_clock(before or now, incident.zone, now)
    say(mark + words.format(title=view.title, why=step.waits, time=time), "bold red")
    if view.hint:
        hint = "\n".join(lines_of(fitting(view.hint)))
        for line in moved_in("  ", _("Do next: {text}").format(text=hint), 4):
            say(line, "bold")
    for line in moved_in("  ", _("By hand: {text}").format(text=view.by_hand), 4):
        say(line)


def _of_interruption(session: Session, walked: Walked) -> int:
    say(_("Interrupted. Everything that was shown as written is safe."), "bold")
    if walked.kept:
        say(_("What you had answered is kept in a note: {given}").format(given=walked.kept))
    show_next(session.lead_on(walked.incident))
    return Exit.INTERRUPTED


def _waiting_for(session: Session, incident: Incident, stop: Stop, step: StepState) -> str:
    if step.until is not None:
        until = local_clock(step.until, incident.zone, session.clock.now())
        return _("It waits until {time}.").format(time=until)
    if step.begun is not None and step.process.runs:
        since = local_clock(step.begun.at, incident.zone, session.clock.now())
        return _("It is still running since {time}.").format(time=since)
    if stop.why == "elsewhere":
        return _("Another process is carrying it out right now.")
    if shown(step, session.is_running(incident)) == "in-doubt":
        return _("IN DOUBT: it was begun and not finished; a person must say what happened.")
    return _("A person is needed.")
