"""What a provider said on the phone makes a promise and settles the last one, in one write with the answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from bcp.event import Entry, moment
from bcp.fact import is_refusal
from bcp.incident.events.base import Payload
from bcp.incident.events.promise import PromiseBroken, PromiseKept, PromiseMade, PromiseWithdrawn
from bcp.incident.state import Incident, StepState
from bcp.promise.model import Promise
from bcp.runbook.compiled import PlanLine
from bcp.times import is_too_far


class Hearing(NamedTuple):
    """Who heard it, when, who wrote it down, and how. `at` is None where that is now."""

    by: str
    now: datetime
    at: datetime | None = None
    recorded_by: str = ""
    how: str = "terminal"
    said_at: datetime | None = None
    """When the provider said it, where that was told before and is only corrected now."""

    def entry(self, payload: Payload) -> Entry:
        """An event of this hearing."""
        return payload.entry(self.by, self.at, self.recorded_by, self.how)


class Retold(NamedTuple):
    """A call that was told before, otherwise: what nobody knows of it any more, and whether it took place at all."""

    unknown: Collection[str]
    is_done: bool


def promises_in(
    incident: Incident,
    step: StepState,
    facts: Mapping[str, str],
    hearing: Hearing,
    before: Sequence[Entry] = (),
    *,
    corrects: Retold | None = None,
) -> list[Entry]:
    """The events that follow from the facts of a call: the last promise kept or broken, and the new one.

    `before` are entries that are written in front of these. A promise without a time that can be understood, or with
    one that is over, is none: what was said stands in the facts. With `corrects` the call was told before, otherwise:
    its promise is the one that was written down then, or was never made.
    """
    names = step.plan.promise
    if not names or not (facts or corrects):
        return []
    known = {**step.facts, **facts} if corrects else facts
    gone = set(corrects.unknown) if corrects else set()
    if corrects and names["said"] in facts and names["due"] not in facts:
        gone.add(names["due"])  # what was understood of other words
    told = {key: known.get(name, "") for key, name in names.items() if key != "line" and name not in gone}
    told = {**dict.fromkeys(names, ""), **told}
    told["ticket"] = told["ticket"] or incident.facts.get(names["ticket"], "")
    if corrects and step.at is not None:
        hearing = hearing._replace(said_at=hearing.at or step.at)
    heard = _Heard(incident, provider_of(incident, names["line"]), told, hearing)
    name = next_promise(incident, sum(entry.kind == PromiseMade.KIND for entry in before))
    if corrects is None:
        return [*heard.settled(), *heard.made(name)]
    own = heard.made_at(step.at)
    if not corrects.is_done:
        return heard.withdrawn(own)
    made = heard.made(own or name) if heard.promises() else heard.withdrawn(own)
    return [*heard.settled_otherwise(step.at), *made]


def next_promise(incident: Incident, more: int = 0) -> str:
    """The id of the next promise, behind `more` that are about to be written; one that was withdrawn keeps its own."""
    return f"p{len(incident.promises.keys() | incident.withdrawn) + more + 1}"


def provider_of(incident: Incident, line: str) -> str:
    """How the provider of a line is called."""
    told = incident.plan.lines.get(line, PlanLine())
    return told.provider or told.title or line


def due_of(said: str, now: datetime, incident: Incident) -> datetime | None:
    """The time that words such as "tomorrow noon" name; None where they name none, or one that is over."""
    from bcp.promise.said import Unclear, read_said

    try:
        found = read_said(said, now, incident.zone)
    except Unclear:
        return None
    return found if found > now and not is_too_far(found, now) else None


class _Heard(NamedTuple):
    """One call: the provider, and what it said by the names of `Action.promise`."""

    incident: Incident
    provider: str
    told: Mapping[str, str]
    hearing: Hearing

    @property
    def at(self) -> datetime:
        """When it was said."""
        return self.hearing.said_at or self.hearing.at or self.hearing.now

    def promises(self) -> bool:
        """Whether a promise was made that can be understood."""
        due = self._due()
        return due is not None and due > self.at and not is_refusal(self.told["said"])

    def withdrawn(self, name: str) -> list[Entry]:
        """The promise of that name was never made; nothing where there is none."""
        promise = self.incident.promises.get(name)
        if promise is None:
            return []
        return [self.hearing.entry(PromiseWithdrawn(promise.id, promise.provider, promise.what))]

    def made(self, name: str) -> list[Entry]:
        """The promise, if one was made that can be understood and was not written down before."""
        said, due = self.told["said"], self._due()
        if due is None or not self.promises():
            return []
        what = said if is_refusal(self.told["what"] or "-") else self.told["what"]
        known = [(each.provider, each.what, each.due) for each in self.incident.promises.values()]
        if (self.provider, what, due) in known:
            return []
        given = {key: self.told[key] for key in ("said", "said_by", "ticket")}
        given = {key: value for key, value in given.items() if value and not is_refusal(value)}
        made = PromiseMade(
            name, self.provider, what, due, channel="phone", made_at=self.hearing.said_at, **given
        )
        return [self.hearing.entry(made)]

    def made_at(self, at: datetime | None) -> str:
        """The id of the promise that this provider made at that moment; nothing where it made none."""
        own = [each.id for each in self._own() if each.made_at == at]
        return own[-1] if own else ""

    def settled_otherwise(self, at: datetime | None) -> list[Entry]:
        """The promise that was settled at that moment, and is said to have ended in the other way."""
        kept = self.told.get("kept")
        wrong = [each for each in self._own() if each.settled_at == at and each.kept != (kept == "yes")]
        if kept not in ("yes", "no") or not wrong:
            return self.settled()
        ended = PromiseKept if kept == "yes" else PromiseBroken
        return [self.hearing.entry(ended(wrong[-1].id, wrong[-1].provider, wrong[-1].what, corrects=True))]

    def _own(self) -> list[Promise]:
        """The promises of this provider, oldest first."""
        provider = self.provider.casefold()
        return [each for each in self.incident.promises.values() if each.provider.casefold() == provider]

    def settled(self) -> list[Entry]:
        """The last promise of this provider whose time has come, kept or broken as was answered."""
        due = [each for each in self._own() if each.state(self.at) == "due"]
        kept = self.told.get("kept")
        if kept not in ("yes", "no") or not due:
            return []
        ended = PromiseKept if kept == "yes" else PromiseBroken
        return [self.hearing.entry(ended(due[-1].id, due[-1].provider, due[-1].what))]

    def _due(self) -> datetime | None:
        due = self.told["due"]
        return moment(due) if due else due_of(self.told["said"], self.at, self.incident)
