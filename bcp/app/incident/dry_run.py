"""Walks through a runbook without doing or keeping anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bcp.app.incident.chosen import StartRequest, chosen
from bcp.app.incident.run import walk
from bcp.app.incident.shell import Shell
from bcp.app.incident.start import first_entry
from bcp.app.session import Session
from bcp.app.who import NobodyToAsk
from bcp.incident.busy import BusyTime, busy_times
from bcp.incident.journal import start as begin
from bcp.incident.operator import Nobody
from bcp.incident.script import Answers, DrillScript
from bcp.incident.state import Incident


@dataclass(frozen=True, slots=True)
class DryRun:
    """A runbook, every step of it resolved.

    `troubles` says of steps why they could not be simulated; `needed` are the roles, `busy` how many steps each has to
    do by hand; `length` is how long it takes by itself at most; `ends_after` is when its last phase with a time ends,
    None where none has one.
    """

    incident: Incident
    troubles: Mapping[str, str]
    needed: tuple[str, ...]
    busy: Mapping[str, Sequence[BusyTime]]
    length: timedelta
    ends_after: timedelta | None
    target: timedelta


def dry_run(session: Session, request: StartRequest, shell: Shell) -> DryRun:
    """Resolve every step of a runbook; the answers of the request play the person. Raises what `start` raises."""
    session.who = NobodyToAsk()  # nothing is kept of who it was
    office, runbook, doer, as_of = chosen(
        session, request, shell, "bcp incident start --dry-run", keeps=False
    )
    kept_nowhere = session.with_stores(session.stores.for_dry_run())
    entry = first_entry(office, runbook, "drill", doer, "watch", as_of=as_of)
    book = begin(kept_nowhere.log, "drill-dry-run", entry)
    incident = book.incident
    answers, place = request.answers or Answers(), session.place(incident)
    answers.refuse_strange(incident.plan, place)
    player = DrillScript(answers, place, Nobody())
    walk(kept_nowhere, book, player, doer, answers=answers, shell=shell).run()
    steps = [step for phase in incident.phases for step in phase.steps]
    last = max((phase.due for phase in incident.phases if phase.due), default=None)
    return DryRun(
        incident,
        player.troubles,
        tuple(sorted({step.who for step in steps if step.who})),
        busy_times(incident),
        timedelta(seconds=sum(step.plan.length for step in steps)),
        last - incident.opened_at if last is not None else None,
        office.runbooks[runbook].model.target,
    )
