"""What an author of a `rest` way writes: a number in the form a provider wants, and pointers into its answers.

`{to}` is whose phone takes the calls, `{phone}` the number itself: with a plus and the country code. Behind a colon
stands another form: `{to:digits}` without the plus, `{to:00}` with 00 instead, `{to:national}` as it is dialled in the
country of the number. `{before}` is what was there before, `{before:/status}` a part of it (RFC 6901).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from bcp.lever.number.base import NumberRequest
from bcp.lever.number.phone import dialled
from bcp.secret_text import Sendable, each_leaf, in_url, leaves, written

_PLACE = re.compile(r"\{(?P<name>[a-z][a-z0-9_]*)(?::(?P<form>[^{}]*))?\}")
_SECRETS = ("env", "file", "keyring")
_NUMBERS = ("to", "phone")
_FORMS = ("", "digits", "00", "national")
_LEVELS = 50
_NOT_SET: Sequence[Any] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Filling:
    """What is put into the author's texts: the order, the author's own names, and what was there before, as JSON."""

    order: NumberRequest
    names: Mapping[str, str] = field(default_factory=dict)
    before: Any = None

    def text(self, author: str) -> Sendable:
        """A header, or a field of a form."""
        return written(author, lambda piece: _PLACE.sub(self._value, piece))

    def url(self, author: str) -> Sendable:
        """An address: what is filled in cannot lead out of its place. A name may be the address's own beginning."""
        return written(author, lambda piece: _PLACE.sub(self._in_url, piece))

    def json(self, author: Any) -> Any:
        """A body: a text that is `{before}` alone becomes the JSON that was there, whatever that is."""
        return each_leaf(author, self._leaf)

    def _leaf(self, text: str) -> Any:
        found = _PLACE.fullmatch(text)
        if found and found["name"] == "before":
            return at(self.before, found["form"] or "")
        return self.text(text)

    def _in_url(self, found: re.Match[str]) -> str:
        value = self._value(found)
        is_beginning = found["name"] in self.names and value.startswith(("https://", "http://"))
        return value if is_beginning else in_url(value)

    def _value(self, found: re.Match[str]) -> str:
        name, form = found["name"], found["form"] or ""
        if name == "before":
            value = at(self.before, form)
            return "" if value is None else str(value)
        if name in _NUMBERS:
            return _dialled(self.order.to if name == "to" else self.order.phone, form, self.order.phone)
        return self.names[name]


def at(value: Any, pointer: str) -> Any:
    """What is at this place of a JSON value (RFC 6901); None where nothing is."""
    for part in pointer.split("/")[1:]:
        key = _key(part)
        if isinstance(value, Mapping):
            value = value.get(key)
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


def without(value: Any, pointers: Iterable[str]) -> Any:
    """The same JSON value, but nothing at these places; what stands in a list stays where it is."""
    for pointer in pointers:
        value = _without(value, [_key(part) for part in pointer.split("/")[1:]])
    return value


def can_be_sent(value: Any, levels: int = _LEVELS) -> bool:
    """Whether a JSON value that somebody sent can be sent back: text is whole, numbers are some, nothing is too deep.

    Python reads what is no JSON: half a surrogate pair, NaN, infinity.
    """
    if isinstance(value, str):
        return not any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, Mapping):
        value = [*value.keys(), *value.values()]
    return not isinstance(value, list) or (
        levels > 0 and all(can_be_sent(each, levels - 1) for each in value)
    )


def same(was: Any, now: Any) -> bool:
    """Whether two JSON values say the same; providers show a field that is not set as null, as empty or not at all."""
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        fields = [(was.get(key), now.get(key)) for key in {*was, *now}]
        return all(same(*each) or all(one in _NOT_SET for one in each) for each in fields)
    if isinstance(was, list) and isinstance(now, list):
        return len(was) == len(now) and all(map(same, was, now))
    if was in (None, "") and now in (None, ""):
        return True
    return type(was) is type(now) and bool(was == now)


def holds(value: Any, expected: Mapping[str, Any]) -> bool:
    """Whether each pointer of `expected` shows what it says; a list there means one of several."""
    return all(_is_one_of(at(value, pointer), each) for pointer, each in expected.items())


def unknown(value: Any, names: Mapping[str, str]) -> Iterator[str]:
    """What stands in braces in a text of the author's and cannot be filled in."""
    for text in leaves(value):
        for found in _PLACE.finditer(str(text)):
            name, form = found["name"], found["form"]
            is_number = name in _NUMBERS and (form or "") in _FORMS
            is_known = name in names and form is None
            is_before = name == "before" and is_pointer(form or "")
            if not (is_number or is_known or is_before or (name in _SECRETS and form)):
                yield found[0]


def is_pointer(text: str) -> bool:
    """Whether it is a JSON pointer: nothing for the whole, else each part behind a stroke."""
    return not text or text.startswith("/")


def _key(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")


def _without(value: Any, keys: Sequence[str]) -> Any:
    if isinstance(value, Mapping) and keys and keys[0] in value:
        inside = {keys[0]: _without(value[keys[0]], keys[1:])} if keys[1:] else {}
        return {key: inside.get(key, each) for key, each in value.items() if key != keys[0] or inside}
    if isinstance(value, list) and keys[1:] and keys[0].isdecimal():
        return [_without(each, keys[1:]) if at == int(keys[0]) else each for at, each in enumerate(value)]
    return value


def _is_one_of(value: Any, expected: Any) -> bool:
    several = expected if isinstance(expected, list) and expected else [expected]
    return any(same(each, value) for each in several)


def _dialled(number: str, form: str, on: str) -> str:
    digits = number.removeprefix("+")
    if form == "national":
        return dialled(number, on, False)
    return {"": number, "digits": digits, "00": f"00{digits}" if digits else ""}[form]
