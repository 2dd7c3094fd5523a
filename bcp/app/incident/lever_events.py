"""What an event of a lever must hold to be read: those that come from elsewhere are looked at before any is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bcp.event import moment
from bcp.lever.number import ledger as numbers
from bcp.lever.number import register as published
from bcp.lever.older import BY_HAND, CALLS, NEWS
from bcp.lever.place import ledger as places

LINES = "lines"
KINDS = ("line", "number", "place")
MOVED = "moved"
STREAMS = (LINES, numbers.STREAM, places.STREAM, published.STREAM)

Holds = Callable[[Any], bool]


def event_of(told: Any) -> dict[str, Any]:
    """`told` as `{stream, kind, at, by, data, moved: {seq, hash}}`.

    Raises ValueError, KeyError or TypeError for what is none, and for one that no ledger of this bcp could read.
    """
    stream, kind, data, moved = told["stream"], told["kind"], told["data"], told[MOVED]
    if _STREAM_OF.get(kind) != stream or not isinstance(data, dict):
        raise ValueError(f"{kind} is no event of {stream}")
    if moment(told["at"]).tzinfo is None or not isinstance(told["by"], str):
        raise ValueError("nobody did it, or never")
    if not isinstance(moved["seq"], int) or not isinstance(moved["hash"], str):
        raise ValueError("where it was first is not said")
    for name, holds in _FIELDS[kind].items():
        if not holds(data[name]):
            raise ValueError(f"{name} of {kind} is not what stands there")
    if not isinstance(data.get("instead_of", ""), str) or not isinstance(data.get("step", ""), str):
        raise ValueError("it stands in for nothing")
    return {**told, "kind": kind, "by": told["by"]}


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _object(value: Any) -> bool:
    return isinstance(value, dict)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _named_texts(value: Any) -> bool:
    return _object(value) and all(map(_text, value.values()))


def _named_lists(value: Any) -> bool:
    return _object(value) and all(map(_texts, value.values()))


def _findings(value: Any) -> bool:
    return isinstance(value, list) and all(
        _named_texts(each) and each.keys() == {"state", "words"} for each in value
    )


def _said(value: Any) -> bool:
    fields = {"language", "title", "text"}
    return isinstance(value, list) and all(_named_texts(each) and each.keys() == fields for each in value)


def _shown(value: Any) -> bool:
    return value is None or (_named_texts(value) and value.keys() == {"dial", "shown"})


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _objects(value: Any) -> bool:
    return _object(value) and all(map(_object, value.values()))


def _lines_before(value: Any) -> bool:
    return _objects(value) and all(
        _text(each["way_out"]) and _object(each["saved"]) for each in value.values()
    )


def _calls_put(value: Any) -> bool:
    """A part for the calls, or none where the number's own phone takes them."""
    return _object(value) and all(
        part == CALLS and _named_texts(each) and {"to", "whose"} <= each.keys()
        for part, each in value.items()
    )


def _parts_put(value: Any) -> bool:
    """The HTML of parts of a page; news of ours; words that a person puts somewhere."""
    if not _object(value):
        return False
    special: Mapping[str, Holds] = {NEWS: _news, BY_HAND: _by_hand}
    return all(special.get(part, _text)(each) for part, each in value.items())


def _news(value: Any) -> bool:
    return _named_texts(value) and "slug" in value


def _by_hand(value: Any) -> bool:
    return _object(value) and all(map(_texts, value.values()))


def _laid(put: Holds, before: Holds) -> Mapping[str, Holds]:
    return {**_OF_STEP, "has_undo": _flag, "put": put, "before": before}


_OF_INCIDENT: Mapping[str, Holds] = {"incident": _text}
_OF_STEP: Mapping[str, Holds] = {**_OF_INCIDENT, "lever": _text, "step": _text}
_STOOD: Mapping[str, Holds] = {**_OF_STEP, "made": _object, "seen": _text}
_LIFTED: Mapping[str, Holds] = {
    **_OF_INCIDENT,
    "lever": _text,
    "steps": _texts,
    "is_covered": _flag,
    "left": _count,
}
_LOOKED: Mapping[str, Holds] = {"lever": _text, "state": _text, "words": _text, "todo": _text}
_PLACE: Mapping[str, Holds] = {**_OF_INCIDENT, "place": _text}
_FIELDS: Mapping[str, Mapping[str, Holds]] = {
    "line.laid": _laid(_objects, _lines_before),
    "number.laid": _laid(_calls_put, _objects),
    "place.laid": _laid(_parts_put, _named_lists),
    **{f"{kind}.stood": _STOOD for kind in KINDS},
    **{f"{kind}.lifted": _LIFTED for kind in KINDS},
    **{f"{kind}.looked": _LOOKED for kind in KINDS},
    "line.switching": {**_OF_INCIDENT, "line": _text, "before": _text, "saved": _object},
    "line.put-back": {**_OF_INCIDENT, "line": _text},
    "line.tested": {"line": _text, "check": _text, "state": _text, "reason": _text},
    "number.forwarding": {**_OF_INCIDENT, "number": _text, "to": _text, "whose": _text, "saved": _object},
    "number.put-back": {**_OF_INCIDENT, "number": _text},
    "number.tested": {"number": _text, "heard": _flag, "words": _text},
    "number.tried": {"number": _text, "whose": _text, "heard": _flag, "shown": _text},
    "number.checked": {"number": _text, "findings": _findings},
    "number.buying": {"number": _text, "phone": _text, "price": _text},
    "number.bought": {"number": _text, "phone": _text, "name": _text},
    "number.not-bought": {"number": _text, "phone": _text, "why": _text},
    "place.writing": {
        **_PLACE,
        "before": _named_lists,
        "after": _named_texts,
        "kept": _text,
        "sha256": _text,
    },
    "place.news": {**_PLACE, "slug": _text, "text": _text},
    "place.update": {**_PLACE, "notice": _text, "kind": _text, "said": _said, "number": _shown},
    "place.shown": _PLACE,
    "place.put-back": _PLACE,
    "place.tested": {"place": _text, "state": _text, "reason": _text},
    "published.confirmed": {**_PLACE, "shows": _texts, "how": _text},
}
"""The fields that the ledgers read, by kind."""
_STREAM_OF = {
    kind: next(stream for stream in STREAMS if stream.startswith(kind.partition(".")[0])) for kind in _FIELDS
}
