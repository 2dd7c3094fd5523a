"""How an incident is printed: its status, and the list of all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from bcp.app.incident.find import ListedIncident
from bcp.app.incident.owed import Owed
from bcp.app.session import Session
from bcp.app.stood import Stood, stood, stood_of
from bcp.cli.incident.owed import show_owed
from bcp.cli.incident.steps import show_steps
from bcp.cli.terminal.output import next_lines, out, picked, rows_of, say, show, show_json, show_next
from bcp.cli.terminal.seen import stood_lines
from bcp.errors import Exit
from bcp.i18n import _
from bcp.incident.due import clocks, due, own_estimate
from bcp.incident.journal import STARTED, IncidentJournal
from bcp.incident.posted import said as said_posted
from bcp.incident.posted import still_up, taken_down
from bcp.incident.state import Incident
from bcp.incident.summary import IncidentSummary
from bcp.incident.text import title_of, undo_command, why_failed
from bcp.incident.view import Running, time_left, what_next
from bcp.times import local, local_clock, say_duration


def status(
    incident: Incident,
    now: datetime,
    running: Running,
    lead_on: Sequence[str],
    found: Owed,
    looks: Sequence[Stood] = (),
    unwatched: datetime | None = None,
) -> None:
    """Where the incident stands: next first, then what is owed and switched on, then every step; what leads on.

    `unwatched` is since when nobody looks at the checks.
    """
    mark = "DRILL · " if incident.drill else ""
    state = _("closed") if incident.closed_at else _("open")
    filled = out.rows_filled
    show(f"{mark}{incident.title}  ({incident.id}, {state})", "bold")
    dues(incident, now)
    _begun(incident, now)
    for line in clocks(incident, now):
        show(line)
    own = own_estimate(incident, now)
    if own is not None:
        show(estimate_words(incident, own), "bold red")
    _next(incident, now, running)
    _flips(incident, now)
    if unwatched is not None:
        words = _("Nobody has looked at the checks since {time} ({ago} ago). To look: bcp check run")
        ago = say_duration(now - unwatched)
        show(words.format(time=local_clock(unwatched, incident.zone, now), ago=ago), "bold red")
    show_owed(incident, found, now)
    measures(incident, now, looks)
    texts_up(incident, now)
    above = out.rows_filled - filled
    below = 1 + sum(map(rows_of, next_lines(lead_on)))
    if not show_steps(incident, now, running, out.height - above - below):
        # What is next stands at the top, which has scrolled away on a low screen by now.
        show()
        _next(incident, now, running)
    show_next(lead_on)


def _begun(incident: Incident, now: datetime) -> None:
    """When it began, and how much time is left; no lengths where it is not known since when to count."""
    since = say_duration((incident.closed_at or now) - incident.opened_at)
    words = (
        _("begun {time} by {who}")
        if not incident.counts(now)
        else _("begun {time} by {who}; {since} ago")
        if not incident.closed_at
        else _("begun {time} by {who}; it took {since}")
    )
    show(
        words.format(
            time=local(incident.opened_at, incident.zone),
            who=incident.name_of(incident.opened_by),
            since=since,
        )
    )
    if not incident.closed_at and incident.counts(now):
        late = now > incident.target
        words = _("everything should be done by {time}: {left}")
        by = local_clock(incident.target, incident.zone, now)
        show(
            words.format(time=by, left=time_left(incident, incident.target, now)),
            "bold red" if late else None,
        )


def estimate_words(incident: Incident, own: datetime) -> str:
    """What stands on the screen instead of the provider's date."""
    words = _(
        "We reckon with {time} at the earliest: two promises were broken, so the provider's dates do not count."
    )
    return words.format(time=local(own, incident.zone))


def dues(incident: Incident, now: datetime) -> None:
    """What wants an answer first, each with its command."""
    for each in due(incident, now):
        show(_("DUE       {sentence}").format(sentence=each.sentence), "bold red")
        for command in each.commands:
            show(f"          {command}")


def _next(incident: Incident, now: datetime, running: Running) -> None:
    head = _("NEXT")
    blank = " " * len(head)
    for number, line in enumerate(what_next(incident, now, running)):
        for text in _broken(f"{head if number == 0 else blank}  {line}", f"{blank}  "):
            show(text, "bold yellow")


def _broken(text: str, indent: str) -> list[str]:
    """A line that is longer than the terminal, broken between words: a phone number stays whole."""
    if not out.is_terminal or "bcp " in text:
        return [text]
    from textwrap import wrap

    return wrap(text, out.width, subsequent_indent=indent, break_on_hyphens=False)


def _flips(incident: Incident, now: datetime) -> None:
    """What checks saw since it began."""
    for flip in incident.flips.values():
        at = local_clock(flip.at, incident.zone, now)
        words = _("CHECK     {title}: {state} since {time}: {reason}")
        said = words.format(title=flip.title, state=flip.state.upper(), time=at, reason=flip.reason)
        show(said, {"up": "bold green", "warning": "bold yellow"}.get(flip.state, "bold red"))


def measures(incident: Incident, now: datetime, looks: Sequence[Stood]) -> None:
    """The measures in force, how each is ended and how it was last seen; of one whose undo did not succeed, why."""
    for measure in incident.in_force():
        since = local_clock(measure.since, incident.zone, now)
        left = _(" · left: {reason}").format(reason=measure.left) if measure.left else ""
        words = _("IN FORCE  {title} (since {since}) → {undo}{left}")
        show(
            words.format(
                title=title_of(incident, measure.step), since=since, undo=measure.undo.title, left=left
            ),
            "bold magenta",
        )
        seen = stood_of(looks, incident, measure.step.id)
        for line in stood_lines(seen, incident.zone, now) if seen is not None else ():
            show(f"          {line}", "bold red" if seen is not None and seen.is_red else None)
        if measure.undo.failed_try:
            tried = _("tried, failed: {why}").format(why=why_failed(incident, measure.undo, now))
            show(f"          {tried}", "bold red")


def texts_up(incident: Incident, now: datetime) -> None:
    """The texts that somebody put up by hand and that still stand; while it is open, the command that ends them."""
    found = still_up(incident)
    for each in found:
        show(_("STILL UP  {text}").format(text=said_posted(incident, each, now)), "bold magenta")
    if found and incident.closed_at is None:
        show(f"          {taken_down(incident, [each.place for each in found])}")


def ends_of(incident: Incident) -> list[str]:
    """The commands that end what was left in force, or where it was put up, at closing."""
    if incident.closed_at is None:
        return []
    texts = [each.place for each in still_up(incident)]
    return [
        *(undo_command(incident, measure.step.id) for measure in incident.in_force()),
        *([taken_down(incident, texts)] if texts else []),
    ]


def as_data(incident: IncidentSummary) -> dict[str, Any]:
    """One incident in the list as data: `{id, kind, runbook, title, opened_at, closed_at, state, measures: [step]}`."""
    return {
        **picked(incident, "id", "kind", "runbook", "title", "opened_at", "closed_at"),
        "state": "closed" if incident.closed_at else "handed-over" if incident.handed_over else "open",
        "measures": incident.measures,
    }


def none_yet(kind: str) -> str:
    """That there was never an incident, or a drill."""
    return _("There is no drill yet.") if kind == "drill" else _("There is no incident yet.")


def list_of(found: Iterable[ListedIncident], kind: str, now: datetime, looks: Sequence[Stood]) -> None:
    """All of them with the measures that are still in force."""
    going, ends, last = list[str](), list[str](), ""
    for each in found:
        incident, last = each.summary, each.summary.id
        state = (
            _("closed {time}").format(time=local(incident.closed_at, incident.zone))
            if incident.closed_at
            else _("handed over to another computer")
            if incident.handed_over
            else _("OPEN")
        )
        mark = "DRILL · " if incident.drill else ""
        show(f"{incident.id}  {mark}{incident.title}", "bold" if not incident.closed_at else None)
        show(f"    {local(incident.opened_at, incident.zone)} · {state}")
        going += [] if incident.closed_at else [f"bcp {kind} resume --incident {last}"]
        if each.incident is not None:
            measures(each.incident, now, looks)
            texts_up(each.incident, now)
            ends += ends_of(each.incident)
    if not last:
        say(none_yet(kind))
        show_next((f"bcp {kind} start",))
        return
    show_next((*going, *ends) or (f"bcp {kind} log --incident {last}",))


def to_be_asked(session: Session, incident: Incident, quiet: bool = False) -> bool:
    """Say that clients are to be asked whether they are satisfied; whether they are."""
    from bcp.app.notice import satisfaction

    found = satisfaction.is_due(session, incident)
    if found and not quiet:
        show(_("DUE       {sentence}").format(sentence=satisfaction.words(incident)), "bold red")
        show(f"          {satisfaction.command(incident)}")
    return found


def half_typed(session: Session, kind: str) -> list[str]:
    """The command that goes on with the sheet of an incident that lived on paper only, if one is half typed."""
    if not any(session.stores.paper_drafts()):
        return []
    from bcp.app.transcribe import again_from_nothing, left_of

    left = left_of(session, kind)
    return [again_from_nothing(left, kind)] if left else []


def _left_over(session: Session, looks: Sequence[Stood]) -> None:
    """What is not well although no incident needs it."""
    if looks:
        zone = IncidentJournal(session.log, session.log.streams(STARTED)[-1]).incident.zone
        for seen in looks:
            for line in stood_lines(seen, zone, session.clock.now()):
                show(f"{seen.lever}: {line}", "bold red")


def nothing_open(session: Session, kind: str, as_json: bool) -> int:
    """No incident is open; what was left in force or is overdue is still told. The exit status: 8 if it is due."""
    from bcp.app.incident.find import unfinished

    if as_json:
        show_json(None)
        return Exit.OK
    show(_("No drill is open.") if kind == "drill" else _("No incident is open."))
    found, looks = unfinished(session, kind), stood(session)
    _left_over(session, [each for each in looks if each.is_red and not each.incident])
    for each in found:
        out.print(f"{each.incident.id}:")
        dues(each.incident, session.clock.now())
        to_be_asked(session, each.incident)
        measures(each.incident, session.clock.now(), looks)
        texts_up(each.incident, session.clock.now())
    ends = [command for each in found for command in ends_of(each.incident)]
    show_next((*half_typed(session, kind), *ends, f"bcp {kind} start"))
    return Exit.DUE if any(each.asks or each.dues for each in found) else Exit.OK
