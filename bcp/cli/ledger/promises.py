"""How promises are printed: those of an incident, and how each provider kept its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bcp.app.session import Session
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.errors import Exit
from bcp.i18n import _
from bcp.incident.due import own_estimate
from bcp.incident.journal import STARTED, Book, of_kind
from bcp.incident.state import Incident
from bcp.promise.model import Promise
from bcp.times import local, local_clock, say_duration


def lines(incident: Incident, now: datetime) -> list[str]:
    """A line for each promise, and our own estimate where it counts."""
    told = [_line(incident, each, now) for each in incident.promises.values()]
    own = own_estimate(incident, now)
    return [*told, estimate_words(incident, own)] if own is not None else told


def estimate_words(incident: Incident, own: datetime) -> str:
    """What stands on the screen instead of the provider's date."""
    words = _(
        "We reckon with {time} at the earliest: two promises were broken, so the provider's dates do not count."
    )
    return words.format(time=local(own, incident.zone))


def _line(incident: Incident, promise: Promise, now: datetime) -> str:
    state = {"open": _("open"), "due": _("DUE: was it kept?"), "kept": _("kept"), "broken": _("BROKEN")}
    parts = [
        f"{promise.id}  {promise.provider}: {promise.what}",
        _("by {time}").format(time=local_clock(promise.due, incident.zone, now)),
        state[promise.state(now)],
    ]
    if promise.broken and promise.came_true_at is not None:
        late = promise.came_true_at - promise.due
        parts.append(_("came true {time} late").format(time=say_duration(late)))
    return " · ".join([*parts, *filter(None, [promise.note])])


def providers(session: Session, as_json: bool) -> int:
    """Print how each provider kept its promises, over all incidents."""
    from bcp.promise.record import data_of, records

    incidents = [
        Book(session.log, stream).incident for stream in of_kind(session.log.streams(STARTED), "incident")
    ]
    found = records([list(each.promises.values()) for each in incidents], session.clock.now())
    if as_json:
        show_json([data_of(each) for each in found])
        return Exit.OK
    for each in found:
        words = _("{provider}: {made} promises, {kept} kept, {broken} broken, {open} open{slip}")
        slip = (
            _("; usually {time} late").format(time=say_duration(each.median_slip)) if each.median_slip else ""
        )
        show(
            words.format(
                provider=each.provider,
                made=each.made,
                kept=each.kept,
                broken=each.broken,
                open=each.open,
                slip=slip,
            )
        )
    if not found:
        say(_("Nobody promised anything yet."))
    show_next(("bcp promise list",))
    return Exit.OK


def commands(incident: Incident, now: datetime) -> Sequence[str]:
    """The commands that lead on: the answer to what is due."""
    due = next((each for each in incident.promises.values() if each.state(now) == "due"), None)
    if due is not None and incident.closed_at is None:
        return (f"bcp promise kept {due.id}", f"bcp promise broken {due.id}")
    return ('bcp promise add "WHAT" --from PROVIDER --by TIME',)


def exit_of(incident: Incident, now: datetime) -> int:
    """8 while a promise is due."""
    is_due = any(each.state(now) == "due" for each in incident.promises.values())
    return Exit.DUE if is_due and incident.closed_at is None else Exit.OK
