"""Walks through a runbook without doing or keeping anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bcp.app.incident.chosen import StartRequest, chosen
from bcp.app.incident.run import walk
from bcp.app.incident.shell import Shell
from bcp.app.incident.start import first_entry
from bcp.app.session import Session
from bcp.app.who import NobodyToAsk
from bcp.incident.journal import start as begin
from bcp.incident.operator import Nobody
from bcp.incident.script import Answers, DrillScript
from bcp.incident.state import Incident


@dataclass(frozen=True, slots=True)
class DryRun:
    """A runbook, every step of it resolved.

    `troubles` says of steps why they could not be simulated; `needed` are the roles; `length` is how long it takes by
    itself at most; `ends_after` is when its last phase with a time ends, None where none has one.
    """

    incident: Incident
    troubles: Mapping[str, str]
    needed: tuple[str, ...]
    length: timedelta
    ends_after: timedelta | None
    target: timedelta


def dry_run(session: Session, request: StartRequest, shell: Shell) -> DryRun:
    """Resolve every step of a runbook. Raises what `start` raises."""
    session.who = NobodyToAsk()  # nothing is kept of who it was
    office, runbook, doer, as_of = chosen(
        session, request, shell, "bcp incident start --dry-run", keeps=False
    )
    kept_nowhere = session.with_stores(session.stores.for_dry_run())
    entry = first_entry(office, runbook, "drill", doer, "watch", as_of=as_of)
    book = begin(kept_nowhere.log, "drill-dry-run", entry)
    incident = book.incident
    player = DrillScript(Answers(), session.place(incident), Nobody())
    walk(kept_nowhere, book, player, doer, answers=Answers(), shell=shell).run()
    steps = [step for phase in incident.phases for step in phase.steps]
    last = max((phase.due for phase in incident.phases if phase.due), default=None)
    return DryRun(
        incident,
        player.troubles,
        tuple(sorted({step.who for step in steps if step.who})),
        timedelta(seconds=sum(step.plan.length for step in steps)),
        last - incident.opened_at if last is not None else None,
        office.runbooks[runbook].model.target,
    )
