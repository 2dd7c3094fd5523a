"""What the clock does for one open incident: what falls due is told once to the people on duty."""

from __future__ import annotations

from bcp.app.check.duties import Tell
from bcp.app.incident import anchor
from bcp.app.session import Session
from bcp.command_words import one_each
from bcp.i18n import _, speak
from bcp.incident import deciding, promising
from bcp.incident.deciding import ClockEvent
from bcp.incident.decision_due import answering
from bcp.incident.due import if_then
from bcp.incident.journal import IncidentJournal
from bcp.incident.text import title_of
from bcp.promise.model import settling
from bcp.times import local_clock


def strike_one(session: Session, book: IncidentJournal, tell: Tell, say: Tell) -> None:
    """Look at the clock for it, as `strike` says."""
    stream = book.incident.id
    speak(book.incident.plan.office.language)
    by = session.person(None, book.incident.plan.names)
    now = session.clock.now()
    struck = deciding.strike(book, by, now)
    for each in struck:
        tell(_sentence(book, each, session))
    anchor.give_if_due(session, book.incident)
    for promise in promising.ask(book, by, now):
        words = _("{incident}: was it kept? {who} promised: {what}. Answer:")
        asked = words.format(incident=stream, who=promise.provider, what=promise.what)
        tell(one_each(asked, settling(promise.id, stream)))
    if any(each.enters for each in struck) or deciding.is_default_left_undone(book.incident):
        # No pass that finds nothing pays for them.
        from bcp.app.incident.run import walk
        from bcp.incident.operator import Nobody

        stop = walk(session, book, Nobody(say), by).run()
        if stop.step is not None:
            words = _("{incident}: a person is needed now: {title}. Go on: {command}")
            title, go_on = title_of(book.incident, stop.step), f"bcp incident resume --incident {stream}"
            tell(words.format(incident=stream, title=title, command=go_on))


def _sentence(book: IncidentJournal, struck: ClockEvent, session: Session) -> str:
    decision = struck.decision
    incident = book.incident
    sentences = {
        "announced": _("{incident}: a decision comes near, {time}: {question} {if_then}"),
        "due": _("{incident}: DECISION DUE: {question} {if_then}. Decide:"),
        "default": _("{incident}: nobody decided, so the default began: {question} {answer}"),
    }
    told = sentences[struck.what].format(
        incident=incident.id,
        time=local_clock(decision.due, incident.zone, session.clock.now()),
        question=decision.question,
        if_then=if_then(incident, decision, session.clock.now()),
        id=decision.id,
        answer=decision.default,
    )
    return one_each(told, answering(decision, incident)) if struck.what == "due" else told
