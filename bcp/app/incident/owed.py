"""What did we promise, whom did we tell, what is switched on: the open ends of an incident, read fast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bcp.app.session import Session
from bcp.event import moment, stamp
from bcp.incident.state import Incident
from bcp.lever.journal import read
from bcp.lever.older import CALLS
from bcp.promise.model import Promise

_LEVERS = {"lines": ("line", "network"), "numbers": ("number", "number"), "places": ("place", "publish")}
"""The streams of what is switched: what is switched in each, and the kind of step that does it."""


@dataclass(frozen=True, slots=True)
class SendingNow:
    """A notice that went out, or is to: to whom, when, how many stand where, and when it says that we write next."""

    notice: str
    audience: str
    kind: str
    at: datetime
    standings: Mapping[str, int]
    stopped: str
    next_update: datetime | None


@dataclass(frozen=True, slots=True)
class OurWord:
    """By when we said that an audience hears from us next; nothing for it where that was no letter but an answer."""

    audience: str
    due: datetime


@dataclass(frozen=True, slots=True)
class LeverOn:
    """Something that was switched outside and not put back, and that no measure stands for."""

    what: str
    name: str
    since: datetime
    to: str = ""
    """Where the calls of a number go."""


@dataclass(frozen=True, slots=True)
class Owed:
    """The open ends of an incident: promises of providers, and ours, sendings, levers."""

    promises: tuple[Promise, ...]
    ours: tuple[OurWord, ...]
    sendings: tuple[SendingNow, ...]
    levers: tuple[LeverOn, ...]

    def as_data(self) -> Mapping[str, Any]:
        """What `status --json` says of it besides `promises` and `measures`. Times are UTC."""
        return {
            "our_promises": [{"to": each.audience, "due": stamp(each.due)} for each in self.ours],
            "sendings": [
                {
                    "notice": each.notice,
                    "audience": each.audience,
                    "at": stamp(each.at),
                    "standings": dict(each.standings),
                    "stopped": each.stopped,
                    "next_update": stamp(each.next_update) if each.next_update else None,
                }
                for each in self.sendings
            ],
            "levers": [
                {"what": each.what, "name": each.name, "to": each.to, "since": stamp(each.since)}
                for each in self.levers
            ],
        }


def owed(session: Session, incident: Incident) -> Owed:
    """The open ends of `incident` now. The post room is loaded only where something was sent."""
    sendings = tuple(_sendings(session, incident))
    over = incident.closed_at is not None
    return Owed(
        tuple(each for each in incident.promises.values() if not over and not each.settled),
        () if over else tuple(_ours(incident, sendings)),
        sendings,
        tuple(_levers(session, incident)),
    )


def _ours(incident: Incident, sendings: Sequence[SendingNow]) -> Iterator[OurWord]:
    """What the last letters to each audience say; an all-clear keeps every word. Without any, what was answered."""
    last: dict[str, SendingNow] = {}
    for each in sendings:
        if each.kind == "all-clear":
            last.clear()
        else:
            last[each.audience] = each
    yield from (OurWord(name, each.next_update) for name, each in last.items() if each.next_update)
    if not sendings:
        with suppress(ValueError):
            yield OurWord("", moment(incident.facts.get("next_update", "")))


def _sendings(session: Session, incident: Incident) -> Iterator[SendingNow]:
    from bcp.store.sendings import SendingStates

    states = session.stores.of(SendingStates)
    if not states.any(incident.id):
        return
    from bcp.notice.campaign.outbox import Key, LetterRow
    from bcp.notice.campaign.standing import STANDINGS, standings
    from bcp.store.outbox import Outbox

    for campaign in session.stores.of(Outbox).campaigns(incident.id):
        if not campaign.tells:
            continue
        rows = (
            LetterRow(Key(campaign.id, contact, channel), 0, "", "", "", state, reason)  # type: ignore[arg-type]
            for contact, channel, state, reason in states.states(campaign.id)
        )
        found = [each.standing for each in standings(rows).values()]
        counts: dict[str, int] = {each: found.count(each) for each in STANDINGS if each in found}
        yield SendingNow(
            campaign.notice,
            campaign.audience,
            campaign.kind,
            campaign.at,
            counts,
            campaign.stopped,
            campaign.next_update,
        )


def _levers(session: Session, incident: Incident) -> Iterator[LeverOn]:
    """What the ledgers of the levers hold of this incident; read without their rooms, which take long to load."""
    if incident.drill:
        return
    told = {
        (measure.step.plan.kind, str(value))
        for measure in incident.in_force()
        for value in measure.step.plan.params.values()
    }
    on = {measure.step.id for measure in incident.in_force()}
    for stream, (key, kind) in _LEVERS.items():
        for lever, stack in read(session.stores.levers, stream).items():
            for layer in stack.of(incident.id):
                names = list(layer.put) if kind == "network" else [lever]
                stood_in = {(kind, layer.instead_of or name) for name in names}
                if layer.key.step not in on and not stood_in & told:
                    to = str(layer.put.get(CALLS, {}).get("to", ""))
                    yield from (LeverOn(key, name, layer.at, to) for name in names)
