"""What is set at the levers as the plan of the incident says that set it: since then bcp.yaml may say otherwise.

A line that was renamed is taken back by the plan that switched to it. A page that is another one by now is not written
to as if it were the same: the layers of two pages in one stack would leave the first as it is for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from bcp.app.session import Session
from bcp.errors import BcpError
from bcp.incident.journal import STARTED, IncidentJournal
from bcp.incident.state import Incident
from bcp.lever.stack import Stack, StepKey
from bcp.runbook.compiled import Plan

_WHERE = frozenset({"page", "kind", "mark", "phone"})
"""What of a lever says where it is, ..."""
_WAY_TO = frozenset(
    {"path", "host", "folder", "url", "site", "read", "write", "account", "names", "provider"}
    | {"use", "interface", "gateway", "connection"}
)
"""... and what of its way does. A new password, or more time for it, is no other place."""


class SetBy(NamedTuple):
    """The step that set something, and what the plan of its incident says of that lever, as bcp.yaml had it."""

    key: StepKey
    told: Mapping[str, Any]

    def is_where(self, told: Mapping[str, Any]) -> bool:
        """Whether this is the same thing outside as another one of the same name."""
        return _where(self.told) == _where(told)


def lines_set(session: Session, incident: Incident, stack: Stack) -> dict[str, SetBy]:
    """The lines that are switched to, each by the plan that was the first to switch to it."""
    found: dict[str, SetBy] = {}
    for key, plan, parts in _laid(session, incident, stack):
        for name in parts:
            if name in plan.ways:
                found.setdefault(name, SetBy(key, plan.ways[name]))
    return found


def places_moved(session: Session, incident: Incident, stacks: Mapping[str, Stack]) -> dict[str, StepKey]:
    """The places that were another page when something was put there that is still there; by which step."""
    told = dict(incident.plan.places)
    return _moved(session, incident, stacks, told, lambda plan: plan.places)


def numbers_moved(session: Session, incident: Incident, stacks: Mapping[str, Stack]) -> dict[str, StepKey]:
    """The numbers that were other ones when they were forwarded, and still are; by which step."""
    return _moved(session, incident, stacks, _numbers(incident.plan), _numbers)


def _moved(
    session: Session, incident: Incident, stacks: Mapping[str, Stack], own: Mapping[str, Any], of: Any
) -> dict[str, StepKey]:
    found: dict[str, StepKey] = {}
    for name in own.keys() & stacks.keys():
        for key, plan, _parts in _laid(session, incident, stacks[name]):
            told = of(plan).get(name)
            if told is not None and not SetBy(key, told).is_where(own[name]):
                found.setdefault(name, key)
    return found


def _laid(
    session: Session, incident: Incident, stack: Stack
) -> Iterator[tuple[StepKey, Plan, Mapping[str, Any]]]:
    """Of each layer, the oldest first: its step, the plan of that incident, and what it put.

    What cannot be read stands in nobody's way here: it is told where that incident is opened.
    """
    plans: dict[str, Plan] = {incident.id: incident.plan}
    for layer in stack.layers:
        name = layer.key.incident
        if name not in plans and name in session.log.streams(STARTED):
            try:
                plans[name] = IncidentJournal(session.log, name).incident.plan
            except BcpError:
                continue
        if name in plans:
            yield layer.key, plans[name], layer.put


def _numbers(plan: Plan) -> dict[str, Mapping[str, Any]]:
    return {each.number["number"]: each.number for each in plan.numbers}


def _where(told: Mapping[str, Any]) -> Mapping[str, Any]:
    way = told.get("way") or {}
    ways = {kind: {key: each[key] for key in each.keys() & _WAY_TO} for kind, each in way.items()}
    return {**{key: told[key] for key in told.keys() & _WHERE}, "way": ways}
