"""Resuming a long incident: the time from opening its journal to knowing what comes next, and whether it is linear.

Method: incidents of 2,500, 5,000 and 10,000 events (steps begun and done, notes, amended steps) lie in a real store;
each is opened anew (rows read, events parsed, folded, next step picked, status made), in turn with the others and
with bare SQLite and json, which only fetch and parse the same 10,000 rows; the least CPU time of each counts. Hold:
10,000 events in 3 times what the bare ones take, and at most 1.25 times the time an event that 2,500 take.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from contextlib import closing
from functools import partial
from pathlib import Path

from measure import here, least, told

from bcp.clock import SystemClock
from bcp.event import NOTHING, Head
from bcp.incident.events.incident import IncidentStarted
from bcp.incident.events.note import NoteWritten
from bcp.incident.events.step import StepAmended, StepBegun, StepSettled
from bcp.incident.journal import IncidentJournal
from bcp.incident.view import status
from bcp.office import starter
from bcp.runbook.compiled import Plan
from bcp.runbook.plan import compile_plan
from bcp.store.database import FILE
from bcp.store.journal import Journal
from bcp.validate import load

SIZES = (2_500, 5_000, 10_000)
ROUNDS = 7
HOLD_BARE = 3.0
HOLD_LINEAR = 1.25
RUNBOOK = "internet-outage"


def long_incident(journal: Journal, plan: Plan, size: int) -> str:
    """An incident of `size` events, in which people add a step every ten events."""
    stream = f"bench-{size}"
    title = "The office has no internet"
    entries = [IncidentStarted("incident", RUNBOOK, title, plan, {}).entry("anna")]
    first = plan.runbooks[RUNBOOK].phases[0].steps[1]
    after = first.id
    while len(entries) < size:
        step = f"extra-{len(entries)}"
        new = first.replaced(id=step, undo=None)
        entries.append(StepAmended(after, new, "").entry("anna"))
        for number in range(4):
            entries.append(NoteWritten(f"call {number}", step).entry("piotr"))
            entries.append(StepBegun(step, "x").entry("anna"))
        entries.append(StepSettled(step, "x", "done").entry("anna"))
        after = step
    head = NOTHING
    for begin in range(0, size, 500):
        last = journal.append(stream, head, entries[begin : min(begin + 500, size)])[-1]
        head = Head(last.seq, last.hash)
    return stream


def opened(journal: Journal, stream: str) -> None:
    incident = IncidentJournal(journal, stream).incident
    incident.next_steps()
    status(incident, incident.opened_at, lambda step: False)


def parsed(file: Path, stream: str) -> None:
    """The same rows fetched and parsed, and nothing else."""
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT body FROM events WHERE stream = ? ORDER BY seq", (stream,))
        for (body,) in rows:
            for part in body.split("\n"):
                json.loads(part)


def main() -> int:
    print(__doc__)
    with tempfile.TemporaryDirectory(prefix="bcp-bench-") as name:
        folder = Path(name)
        starter.write(starter.sample_office(), folder)
        whole = load(folder)
        journal = Journal(folder / "incidents", SystemClock())
        plan = compile_plan(RUNBOOK, whole.runbooks, whole.office)
        streams = {size: long_incident(journal, plan, size) for size in SIZES}
        deeds = {str(size): here(partial(opened, journal, stream)) for size, stream in streams.items()}
        bare = here(partial(parsed, folder / "incidents" / FILE, streams[SIZES[-1]]))
        took = least({**deeds, "bare": bare}, ROUNDS)
    an_event = {size: took[str(size)] / size for size in SIZES}
    for size, seconds in an_event.items():
        print(f"{size:>6} events: {seconds * 1e6:5.1f} µs an event")
    few, many = SIZES[0], SIZES[-1]
    held = [
        told(
            f"{many:,} events, against their rows fetched and parsed",
            took[str(many)] / took["bare"],
            HOLD_BARE,
        ),
        told(f"time an event, of {many:,} against {few:,}", an_event[many] / an_event[few], HOLD_LINEAR),
    ]
    return int(not all(held))


if __name__ == "__main__":
    sys.exit(main())
