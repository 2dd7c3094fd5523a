"""Every change of state of a check is written down once: in the stream of the checks, and in each open incident."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import cast

from bcp.app.office import person_in
from bcp.app.session import Session
from bcp.check.model import Check
from bcp.check.round import Outcome
from bcp.check.single_pass import Pass
from bcp.check.span import Span
from bcp.errors import ChainBroken
from bcp.event import NOTHING, Entry, Head, unseal
from bcp.incident.events.check import CheckFlipped
from bcp.incident.journal import books, open_incidents
from bcp.office.model import Office
from bcp.probe.base import State
from bcp.store.heads import CopyFound
from bcp.store.last_said import LastSaid, StatesSaid

STREAM = "checks"
MANY = 200
"""From so many events on that were read, what they said last is kept: one more write to the disk is cheaper then."""
_LOG = logging.getLogger(__name__)


def write_flips(session: Session, office: Office, checks: Mapping[str, Check], found: Pass) -> None:
    """Every change of state is an event: in the stream of the checks, and in each open incident; once in each.

    An incident whose record here is a copy, or is broken, is left out and remarked: the others have no fault in it.
    """
    if not found.news:
        return
    for outcome in found.news:
        _LOG.info("check %s: %s, was %s", outcome.check, outcome.state, outcome.before or "not known")
    by = person_in(session, office, None)
    verdict = found.diagnosis.verdict if found.diagnosis is not None else ""
    entries = [
        CheckFlipped(
            outcome.check,
            checks[outcome.check].title,
            outcome.before or "",
            outcome.state,
            outcome.reason,
            verdict,
            checks[outcome.check].runbook or "",
        ).entry(by, outcome.since, how="watch")
        for outcome in found.news
    ]
    for book in books(session.log, open_incidents(session.log, "incident"), session.remark):
        try:
            book.write(
                lambda incident: _fresh(entries, {name: flip.state for name, flip in incident.flips.items()})
            )
        except (CopyFound, ChainBroken) as error:
            session.remark(f"{error.message}\n{error.hint}")
    _append_to_checks(session, entries)  # last: by this stream a watch knows what is written down everywhere


def _append_to_checks(session: Session, entries: Sequence[Entry]) -> None:
    """Write events to the stream of the checks; who looks, looks alone, so nobody writes in between."""
    head, last = _last_written(session)
    fresh = _fresh(entries, last)
    if fresh:
        session.stores.levers.append(STREAM, head, fresh)


def _last_written(session: Session) -> StatesSaid:
    """The end of the stream of the checks, and the state that was last written down of each.

    The stream grows with each change for ever, so what it said is kept beside it, and only what came since is read.
    """
    # A journal of its own, for it belongs to no incident and has no journal.txt.
    log, kept = session.stores.levers, session.stores.of(LastSaid)
    head, states = kept.read()
    rows, came = log.rows(STREAM, max(0, head.seq - 1)), 0
    if head.seq and getattr(next(rows, None), "hash", "") != head.hash:
        # The store was put back from a backup: what was kept is of events that there are no longer.
        head, states, rows = NOTHING, {}, log.rows(STREAM)
    last = dict(states)
    for row in rows:
        head, came = Head(row.seq, row.hash), came + 1
        told = unseal(row).data
        last[told["check"]] = told["state"]
    said = StatesSaid(head, last)
    if came > MANY:
        kept.keep(said)
    return said


def untold(session: Session, held: Mapping[str, Span]) -> list[Outcome]:
    """What was seen last and never written down as a change: the watch that saw it did not live to tell.

    A watch keeps what it sees at once, and tells it with a diagnosis, which takes seconds. `held` are the last spans.
    """
    last = _last_written(session).states
    return [
        Outcome(name, span.state, cast("State | None", last.get(name)), span.reason, span.first, span.last)
        for name, span in held.items()
        if span.state != "unobserved" and span.state != last.get(name, "up")
    ]


def _fresh(entries: Sequence[Entry], last: Mapping[str, str]) -> list[Entry]:
    """Those that say something new where `last` is what was last said of each check."""
    return [entry for entry in entries if last.get(entry.data["check"]) != entry.data["state"]]
