"""Prints how the copy of an incident stands, and what happened since."""

from __future__ import annotations

from collections.abc import Iterator

from bcp.app.print.verify_copy import IncidentCopy
from bcp.cli.terminal.output import show, show_next
from bcp.i18n import _
from bcp.incident.text import noun
from bcp.page.content import in_groups
from bcp.times import local

_MOST = 20


def show_incident_copy(found: IncidentCopy) -> None:
    """How the copy of an incident stands, and what happened since."""
    incident = found.incident
    for line in _copy_lines(found):
        show(line)
    verbs = ("report", "log") if incident.closed_at is not None else ("print", "log")
    show_next(f"bcp {noun(incident)} {verb} --incident {incident.id}" for verb in verbs)


def _copy_lines(found: IncidentCopy) -> Iterator[str]:
    incident, about, changed = found.incident, found.age.about, found.age.changed
    is_current = found.age.state == "current"
    if incident.closed_at is not None:
        when = local(incident.closed_at, incident.zone)
        yield _("Copy of {about}: it was closed {time}. Write on it no more.").format(about=about, time=when)
        return
    if is_current and found.exactly:
        yield _("Copy of {about}: current, nothing happened since.").format(about=about)
    elif is_current:
        words = _("Copy of {about}: its steps are still those of now. The journal is at event {seq}, {hash}.")
        yield words.format(about=about, seq=incident.head.seq, hash=in_groups(incident.head.hash))
        yield _(
            "A page whose head names an earlier event lacks what happened since; verify that number, too."
        )
    else:
        yield _("Copy of {about}: outdated. What happened since:").format(about=about)
        yield from (f"  - {line}" for line in changed[-_MOST:])
        if len(changed) > _MOST:
            yield _("  … and {count} before that").format(count=len(changed) - _MOST)
