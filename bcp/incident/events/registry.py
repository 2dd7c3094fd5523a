"""Each kind of event and its class; a module is loaded when an event of its noun is met."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from bcp.errors import TooNew
from bcp.event import Event
from bcp.frozen import Lacks
from bcp.i18n import _
from bcp.incident.events.base import Payload

# The noun of a kind (`step` of `step.begun`), and the module that holds its classes.
_MODULES = {
    "incident": "incident",
    "closing": "incident",
    "pen": "ownership",
    "step": "step",
    "note": "note",
    "fact": "note",
    "measure": "measure",
    "decision": "decision",
    "promise": "promise",
    "cost": "cost",
    "followup": "followup",
    "review": "followup",
    "notice": "notice",
    "check": "check",
    "record": "record",
    "clock": "clock",
    "start": "clock",
}
MUST_KNOW = "must_know"
"""The key under which a later version may name fields of an event that nobody may pass over."""


def read(event: Event) -> Payload:
    """What `event` holds. Raises TooNew if this version does not know its kind, or not all that must be known of it."""
    found = classes(event.kind.partition(".")[0]).get(event.kind)
    if found is None:
        raise too_new(event, _('it is of a kind that is not known here, "{kind}"').format(kind=event.kind))
    if MUST_KNOW in event.data:
        _refuse_unknown(event, found)
    try:
        return found.from_json(event.data)
    except Lacks as lacks:
        raise too_new(event, _('it does not say "{name}"').format(name=lacks)) from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise too_new(event, str(error)) from None


def _refuse_unknown(event: Event, kind: type[Payload]) -> None:
    known = {field.key for field in kind.FIELDS.values()}
    for name in event.data[MUST_KNOW]:
        if name not in known:
            words = _('it says something that is not known here, "{name}"')
            raise too_new(event, words.format(name=name))


def too_new(event: Event, why: str) -> TooNew:
    """This version cannot go on with the incident of `event`."""
    words = _("{id} was written by a newer version of bcp: event {number} cannot be understood: {why}")
    return TooNew(
        words.format(id=event.stream, number=event.seq, why=why),
        _(
            "update bcp; until then go on by hand from the printed sheet, and enter it afterwards: bcp incident record"
        ),
    )


@cache
def classes(noun: str) -> Mapping[str, type[Payload]]:
    """The classes of the kinds of one noun, by their kinds; none for a noun that is not known."""
    if noun not in _MODULES:
        return {}
    module = import_module(f"bcp.incident.events.{_MODULES[noun]}")
    made = (each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Payload))
    kinds = {each.KIND: each for each in made if "KIND" in vars(each)}
    return {kind: each for kind, each in kinds.items() if kind.startswith(f"{noun}.")}


def every() -> dict[str, type[Payload]]:
    """All kinds, each with its class."""
    return {kind: each for noun in _MODULES for kind, each in classes(noun).items()}
