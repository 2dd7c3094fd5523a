"""What a provider said on the phone becomes a promise, and settles the one before it, in the same write as the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bcp.event import Entry, moment, stamp
from bcp.fact import is_refusal
from bcp.incident.state import Incident, StepState


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who heard it, when, who wrote it down, and how. `at` is None where that is now."""

    by: str
    now: datetime
    at: datetime | None = None
    recorded_by: str = ""
    how: str = "terminal"

    def entry(self, kind: str, data: Mapping[str, Any]) -> Entry:
        """An event of this hearing."""
        return Entry(kind, self.by, data, self.at, self.recorded_by, self.how)


def promises_in(
    incident: Incident,
    step: StepState,
    facts: Mapping[str, str],
    hearing: Hearing,
    before: Sequence[Entry] = (),
) -> list[Entry]:
    """The events that follow from the facts of a call: the last promise kept or broken, and the new one.

    `before` are entries that are written in front of these. A promise without a time that can be understood, or with
    one that is over, is none: what was said stands in the facts.
    """
    names = step.plan.get("promise") or {}
    if not names or not facts:
        return []
    provider = provider_of(incident, names["line"])
    return [*_settled(incident, provider, facts.get(names.get("kept", "")), hearing)] + [
        hearing.entry("promise.made", data)
        for data in _made(incident, names, facts, provider, hearing, before)
    ]


def provider_of(incident: Incident, line: str) -> str:
    """How the provider of a line is called."""
    told = incident.plan["lines"].get(line, {})
    return str(told.get("provider") or told.get("title") or line)


def due_of(said: str, now: datetime, incident: Incident) -> datetime | None:
    """The time that words such as "tomorrow noon" name; None where they name none, or one that is over."""
    from bcp.promise.said import Unclear, read_said

    try:
        found = read_said(said, now, incident.zone)
    except Unclear:
        return None
    return found if found > now else None


def _made(
    incident: Incident,
    names: Mapping[str, str],
    facts: Mapping[str, str],
    provider: str,
    hearing: Hearing,
    before: Sequence[Entry],
) -> list[dict[str, str]]:
    told = {key: facts.get(name, "") for key, name in names.items() if key not in ("line", "kept")}
    told["ticket"] = told["ticket"] or incident.facts.get(names["ticket"], "")
    said_at = hearing.at or hearing.now
    due = moment(told["due"]) if told["due"] else due_of(told["said"], said_at, incident)
    if due is None or due <= said_at or is_refusal(told["said"]):
        return []
    number = len(incident.promises) + sum(entry.kind == "promise.made" for entry in before) + 1
    what = told["what"] if told["what"] and not is_refusal(told["what"]) else told["said"]
    if any((each.provider, each.what, each.due) == (provider, what, due) for each in incident.promises.values()):
        return []
    data = {"promise": f"p{number}", "from": provider, "what": what, "due": stamp(due), "channel": "phone"}
    given = {key: told[key] for key in ("said", "said_by", "ticket") if told[key] and not is_refusal(told[key])}
    return [{**data, **given}]


def _settled(incident: Incident, provider: str, kept: str | None, hearing: Hearing) -> list[Entry]:
    """The last promise of this provider whose time has come, as the answer says."""
    at = hearing.at or hearing.now
    due = [
        each
        for each in incident.promises.values()
        if each.provider.casefold() == provider.casefold() and each.state(at) == "due"
    ]
    if kept not in ("yes", "no") or not due:
        return []
    data = {"promise": due[-1].id, "from": due[-1].provider, "what": due[-1].what}
    return [hearing.entry("promise.kept" if kept == "yes" else "promise.broken", data)]
