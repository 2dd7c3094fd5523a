"""Whether the printed copy of an incident is still true: by the hash at its foot, or the journal's at its head."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bcp.app.session import Session
from bcp.cli.terminal.output import show, show_json, show_next
from bcp.errors import Exit
from bcp.event import Event, unseal
from bcp.i18n import _, speak
from bcp.incident.answer import noun
from bcp.incident.fold import apply, fold
from bcp.incident.journal import STARTED
from bcp.incident.journal_text import Words
from bcp.incident.state import Incident
from bcp.page.content import DIGITS, version_hash
from bcp.page.copies import Copies
from bcp.page.incident import incident_content
from bcp.times import local

_MOST = 20
_NEW_STEPS = frozenset({STARTED, "step.entered", "step.amended", "decision.answered"})


@dataclass(frozen=True, slots=True)
class _Found:
    """The incident as it is, and what happened since the copy was printed, as far as the hash tells when that was."""

    incident: Incident
    since: list[Event]
    words: Words
    exactly: bool


def verify(session: Session, hash_: str, as_json: bool) -> int | None:
    """Say how the copy of an incident with that hash stands; None where it belongs to none of this office.

    Raises InputError for what is no hash.
    """
    wanted = "".join(hash_.lower().split())
    if Copies(session.folder).content(hash_) is not None or not session.stores.exist():
        return None
    for stream in reversed(session.log.streams(STARTED)):
        found = _look([unseal(row) for row in session.log.rows(stream)], wanted)
        if found is not None:
            speak(found.incident.plan["office"]["language"])
            return _say(found, wanted, as_json)
    return None


def _look(events: list[Event], wanted: str) -> _Found | None:
    """Where in its journal the copy was printed: at an event, or from one after which its sheet had these steps."""
    words, at, exactly = Words(events[0]), 0, False
    incident = fold(events[:1])
    for event in events:
        if event.seq > 1:
            apply(incident, event)
        if event.hash.startswith(wanted):
            at, exactly = event.seq, True
        elif not exactly and event.kind in _NEW_STEPS:
            same = version_hash(incident_content(incident)).startswith(wanted)
            at = event.seq if same else at
    return _Found(incident, events[at:], words, exactly) if at else None


def _say(found: _Found, wanted: str, as_json: bool) -> int:
    incident, since = found.incident, found.since
    steps = [event for event in since if event.kind in _NEW_STEPS]
    over = incident.closed_at is not None
    is_current = not over and not (since if found.exactly else steps)
    changed = [f"{local(event.at, incident.zone)}  {found.words.said(event)}" for event in since]
    about = f"{noun(incident)} {incident.id}"
    if as_json:
        first = since[0].at.isoformat(timespec="seconds") if since and not is_current else None
        state = "current" if is_current else "outdated"
        now = incident.head.hash[:DIGITS]
        show_json(
            {"hash": wanted, "about": about, "state": state, "since": first, "changed": changed, "now": now}
        )
        return Exit.OK if is_current else Exit.DUE
    for line in _lines(found, about, is_current, changed):
        show(line)
    verbs = ("report", "log") if over else ("print", "log")
    show_next(f"bcp {noun(incident)} {verb} --incident {incident.id}" for verb in verbs)
    return Exit.OK if is_current else Exit.DUE


def _lines(found: _Found, about: str, is_current: bool, changed: list[str]) -> Iterator[str]:
    incident = found.incident
    if incident.closed_at is not None:
        when = local(incident.closed_at, incident.zone)
        yield _("Copy of {about}: it was closed {time}. Write on it no more.").format(about=about, time=when)
        return
    if is_current and found.exactly:
        yield _("Copy of {about}: current, nothing happened since.").format(about=about)
    elif is_current:
        words = _("Copy of {about}: its steps are still those of now. The journal is at event {seq}, {hash}.")
        yield words.format(about=about, seq=incident.head.seq, hash=incident.head.hash[:DIGITS])
        yield _(
            "A page whose head names an earlier event lacks what happened since; verify that number, too."
        )
    else:
        yield _("Copy of {about}: outdated. What happened since:").format(about=about)
        yield from (f"  - {line}" for line in changed[-_MOST:])
        if len(changed) > _MOST:
            yield _("  … and {count} before that").format(count=len(changed) - _MOST)
