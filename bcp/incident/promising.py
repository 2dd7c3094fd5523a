"""Writes promises into the journal: what a provider said and by when, and whether it was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bcp.errors import InputError
from bcp.event import Entry
from bcp.incident.events.promise import PromiseAsked, PromiseBroken, PromiseKept, PromiseMade
from bcp.incident.journal import IncidentJournal
from bcp.incident.provider_promise import next_promise
from bcp.incident.standdown import refuse_closed
from bcp.incident.state import Incident
from bcp.promise.model import Promise
from bcp.times import local
from bcp.yaml.near import did_you_mean


@dataclass(frozen=True, slots=True)
class PromiseHeard:
    """What the provider said. `said` is the time in its own words, `at` when it said so, if that was earlier."""

    provider: str
    what: str
    due: datetime
    said: str = ""
    said_by: str = ""
    ticket: str = ""
    channel: str = ""
    at: datetime | None = None


def make(book: IncidentJournal, told: PromiseHeard, by: str, recorded_by: str, now: datetime) -> str:
    """Write a promise; its id. Raises InputError for one whose time was over when it was made."""
    if not told.provider.strip() or not told.what.strip():
        raise InputError(
            "a promise says who promised what",
            'for example: --from Netia "modem by courier" --by "tomorrow noon"',
        )
    if told.due <= (told.at or now):
        raise InputError(
            f"{local(told.due, book.incident.zone)} is not after the promise was made",
            "give the time that was promised: --by …; or when it was said, if that was earlier: --at 9:12",
        )

    def entries(incident: Incident) -> Sequence[Entry]:
        refuse_closed(incident)
        made = PromiseMade(
            next_promise(incident),
            told.provider.strip(),
            told.what.strip(),
            told.due,
            said=told.said.strip(),
            said_by=told.said_by.strip(),
            ticket=told.ticket.strip(),
            channel=told.channel.strip(),
        )
        return [made.entry(by, told.at, recorded_by)]

    book.write(entries)
    return next(reversed(book.incident.promises))


def settle(
    book: IncidentJournal,
    name: str,
    kept: bool,
    by: str,
    *,
    recorded_by: str,
    now: datetime,
    at: datetime | None = None,
    note: str = "",
) -> Promise:
    """Write that a promise came true (kept; or late, if it was broken before) or was broken; the promise.

    It is broken before its time only where a note says how: a provider that calls it off has broken it. Raises
    InputError where it cannot be: before it was made, before its time, or said otherwise before.
    """
    kind = PromiseKept if kept else PromiseBroken

    def entries(incident: Incident) -> Sequence[Entry]:
        promise = find(incident, name)
        when = at or now
        if when < promise.made_at:
            raise InputError("that is before it was promised", "give the time when it was: --at 9:12")
        if not kept and promise.kept:
            raise InputError("it was kept, as was written down before", "see: bcp promise list")
        if (not kept and promise.broken) or (kept and promise.came_true_at is not None):
            return []
        if not kept and when < promise.due and not note.strip():
            raise InputError(
                f"it was promised by {local(promise.due, incident.zone)}: before that it is not broken",
                'wait until then; or, if they called it off, say so: --note "called off: why"',
            )
        ended = kind(promise.id, promise.provider, promise.what, note.strip())
        return [ended.entry(by, at, recorded_by)]

    book.write(entries)
    return find(book.incident, name)


def ask(book: IncidentJournal, by: str, now: datetime) -> list[Promise]:
    """The promises that fell due since this was asked last; that they were asked about is written down, once each."""
    asked: list[Promise] = []

    def entries(incident: Incident) -> Sequence[Entry]:
        asked[:] = [
            promise
            for promise in incident.promises.values()
            if incident.closed_at is None and promise.state(now) == "due" and not promise.asked
        ]
        return [
            PromiseAsked(each.id, each.provider, each.what, each.due).entry(by, how="watch") for each in asked
        ]

    book.write(entries)
    return asked


def find(incident: Incident, name: str) -> Promise:
    """The promise called `name`. Raises InputError with those that there are."""
    if name in incident.promises:
        return incident.promises[name]
    known = list(incident.promises)
    add_it = 'add it: bcp promise add "WHAT" --from PROVIDER --by TIME'
    hint = did_you_mean(name, known) or ("promises: " + ", ".join(known) if known else add_it)
    raise InputError(f'there is no promise "{name}"', hint)
