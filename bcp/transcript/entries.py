"""The events of a sheet in the order of their writing; what the journal knows already is not written twice."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from bcp.clock import Clock
from bcp.errors import InputError
from bcp.event import Entry, Log, moment
from bcp.incident.answer import StepOutcome, settle
from bcp.incident.journal import IncidentJournal
from bcp.incident.memory_log import InMemoryLog
from bcp.incident.provider_promise import next_promise
from bcp.incident.state import Incident

HOW = "paper"
_ENDS_PROMISE = ("promise.kept", "promise.broken")


class SheetRow(Protocol):
    """What one line of paper says, as it was understood: of a step, or of one of the tables."""

    @property
    def words(self) -> str:
        """The same in words, to be read before it is written."""
        ...

    def entries(self, sheet: SheetEntries) -> list[Entry]:
        """Its events behind those of `sheet`; none where all of it is known, from the screen or from paper."""
        ...


class PromiseKey(NamedTuple):
    """A promise as two are compared: from whom, by when, and what; capitals and spaces do not count."""

    provider: str
    due: datetime
    what: str

    @classmethod
    def of(cls, provider: str, due: datetime, what: str) -> PromiseKey:
        """The key of a promise as it was written."""
        return cls(_plain(provider), due, _plain(what))


class PromiseName(NamedTuple):
    """The id of the promise that a row means, and whether it is a new one."""

    id: str
    is_new: bool


@dataclass
class SheetEntries:
    """The events of one sheet that are written behind the journal of `incident`, all at once.

    `named` are the promises that its rows name: no row in other words may take one of these for its own. `disordered`
    are the steps that do not stand in the sheet's order.
    """

    incident: Incident
    typist: str
    now: datetime
    named: Set[PromiseKey] = frozenset()
    disordered: Set[str] = frozenset()
    found: list[Entry] = field(default_factory=list)
    _meant: set[str] = field(default_factory=set)

    def from_paper(self, entry: Entry) -> Entry:
        """The same event as one that was typed from paper."""
        return entry._replace(recorded_by=self.typist, how=HOW)

    def promise(self, key: PromiseKey) -> PromiseName:
        """The promise that a row means.

        A row means the promise of that provider, time and wording. Where none is worded so, it means one that was
        known before the sheet and that no row names exactly; each of these is meant once, so that no row is lost in
        another.
        """
        promises = self.incident.promises.values()
        known = [(PromiseKey.of(each.provider, each.due, each.what), each.id) for each in promises]
        for told in (entry.data for entry in self.found if entry.kind == "promise.made"):
            known.append((PromiseKey.of(told["from"], moment(told["due"]), told["what"]), told["promise"]))
        same = [(each, name) for each, name in known if each[:2] == key[:2]]
        exactly = [name for each, name in same if each == key]
        likely = [name for each, name in same if each not in self.named and name not in self._meant]
        name = next(iter([*exactly, *likely]), next_promise(self.incident, len(known) - len(promises)))
        self._meant.add(name)
        return PromiseName(name, not exactly and not likely)

    def is_settled(self, promise: str) -> bool:
        """Whether the journal or the sheet says how a promise ended."""
        known = self.incident.promises.get(promise)
        ends = [entry.data["promise"] for entry in self.found if entry.kind in _ENDS_PROMISE]
        return promise in ends or (known is not None and known.settled)


def clashes(log: Log, stream: str, answers: Mapping[str, StepOutcome], clock: Clock) -> dict[str, InputError]:
    """What is wrong with `answers`, by step, when they are given in their order behind what `log` has of `stream`.

    Nothing is written into `log`.
    """
    trial = IncidentJournal(InMemoryLog(clock, below=log), stream)
    found: dict[str, InputError] = {}
    for step, answer in answers.items():
        try:
            settle(trial, step, answer, clock.now())
        except InputError as error:
            found[step] = error
    return found


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
