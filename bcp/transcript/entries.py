"""The events of what else stands on a sheet; what the journal knows already is not written twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bcp.event import Entry, moment, stamp
from bcp.incident.decision import DecisionState
from bcp.incident.state import Incident
from bcp.transcript.line import HOW
from bcp.transcript.tables import Decided, Improvement, Noted, Promised, Row


def entries_of_rows(
    incident: Incident, rows: Sequence[Row], typist: str, before: Sequence[Entry] = ()
) -> list[Entry]:
    """The events of the rows; `before` are entries that are written in front of these, all at once.

    What is known already, from the screen or from the step in which it was heard, is not written twice.
    """
    vows = _Vows.of(incident, rows, before)
    found: list[Entry] = []
    for row in rows:
        if isinstance(row, Noted):
            if not _is_noted(incident, row):
                found.append(Entry("note.written", row.by, {"text": row.text}, row.at, typist, HOW))
        elif isinstance(row, Improvement):
            if not any((each.about, each.text) == ("improve", row.text) for each in incident.reviews):
                data = {"about": "improve", "text": row.text}
                found.append(Entry("review.written", row.by, data, None, typist, HOW))
        elif isinstance(row, Promised):
            found += vows.entries(row, typist)
        elif incident.decisions[row.decision].open:
            found.append(_answered(incident.decisions[row.decision], row, typist))
    return found


def _is_noted(incident: Incident, row: Noted) -> bool:
    """Whether the very same line was entered before: of a sheet that is typed twice nothing stands there twice."""
    return any((each.at, each.by, each.text) == (row.at, row.by, row.text) for each in incident.notes)


class _Known(NamedTuple):
    """A promise that has a name already: from whom, by when, and what, as they are compared."""

    provider: str
    due: datetime
    what: str
    id: str


@dataclass
class _Vows:
    """The promises that are known, those of them that rows in other words may mean, and those that are settled.

    A row means the promise of that provider, time and wording. Where none is worded so, it means one that was known
    before the sheet and that no row names exactly; each of these is meant once, so that no row is lost in another.
    """

    known: list[_Known]
    free: set[str]
    settled: set[str]

    @classmethod
    def of(cls, incident: Incident, rows: Sequence[Row], before: Sequence[Entry]) -> _Vows:
        promises = incident.promises.values()
        known = [_Known(_plain(each.provider), each.due, _plain(each.what), each.id) for each in promises]
        settled = {each.id for each in promises if each.settled}
        for entry in before:
            told = entry.data
            if entry.kind == "promise.made":
                due = moment(told["due"])
                known.append(_Known(_plain(told["from"]), due, _plain(told["what"]), told["promise"]))
            elif entry.kind in ("promise.kept", "promise.broken"):
                settled.add(told["promise"])
        named = {_key(row) for row in rows if isinstance(row, Promised)}
        free = {each.id for each in known if (each.provider, each.due, each.what) not in named}
        return cls(known, free, settled)

    def entries(self, row: Promised, typist: str) -> list[Entry]:
        """The promise, unless it is known, and how it ended, unless that is."""
        name, found = self._meant(row), []
        if name is None:
            name = f"p{len(self.known) + 1}"
            self.known.append(_Known(*_key(row), name))
            found.append(_made(row, name, typist))
        self.free.discard(name)
        if name not in self.settled and row.kept is not None:
            self.settled.add(name)
            found += _settled(row, name, typist)
        return found

    def _meant(self, row: Promised) -> str | None:
        provider, due, what = _key(row)
        same = [each for each in self.known if (each.provider, each.due) == (provider, due)]
        exactly = [each.id for each in same if each.what == what]
        return next(iter([*exactly, *(each.id for each in same if each.id in self.free)]), None)


def _key(row: Promised) -> tuple[str, datetime, str]:
    return _plain(row.provider), row.due, _plain(row.what)


def _answered(decision: DecisionState, row: Decided, typist: str) -> Entry:
    data = {"decision": decision.id, "question": decision.question, "answer": row.answer}
    if decision.answers[row.answer]:
        data["runbook"] = str(decision.answers[row.answer])
    return Entry("decision.answered", row.by, data, row.at, typist, HOW)


def _made(row: Promised, name: str, typist: str) -> Entry:
    data = {"promise": name, "from": row.provider, "what": row.what, "due": stamp(row.due), "said": row.said}
    if row.said_by:
        data["said_by"] = row.said_by
    return Entry("promise.made", row.by, data, row.at, typist, HOW)


def _settled(row: Promised, name: str, typist: str) -> list[Entry]:
    data = {"promise": name, "from": row.provider, "what": row.what}
    kept = Entry("promise.kept", row.by, data, row.came or row.due, typist, HOW)
    if row.kept:
        return [kept]
    broken = Entry("promise.broken", row.by, data, row.due, typist, HOW)
    return [broken, kept] if row.came else [broken]


def _plain(provider: str) -> str:
    return " ".join(provider.casefold().split())
