"""What an author of a `rest` way writes: a number in the form a provider wants, and pointers into its answers.

`{to}` is whose phone takes the calls, `{phone}` the number itself: with a plus and the country code. Behind a colon
stands another form: `{to:digits}` without the plus, `{to:00}` with 00 instead, `{to:national}` as it is dialled in the
country of the number. `{before}` is what was there before, `{before:/status}` a part of it (RFC 6901).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bcp.lever.number.base import NumberRequest
from bcp.lever.number.phone import dialled
from bcp.secret_text import Sendable, each_leaf, in_url, leaves, written

_PLACE = re.compile(r"\{(?P<name>[a-z][a-z0-9_]*)(?::(?P<form>[^{}]*))?\}")
_SECRETS = ("env", "file", "keyring")
_NUMBERS = ("to", "phone")
_FORMS = ("", "digits", "00", "national")


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
        return value if value.startswith(("https://", "http://")) else in_url(value)

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
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping):
            value = value.get(key)
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


def same(was: Any, now: Any) -> bool:
    """Whether two JSON values say the same; providers show what is not set as null, as "" or not at all."""
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        return all(same(was.get(key), now.get(key)) for key in {*was, *now})
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


def _is_one_of(value: Any, expected: Any) -> bool:
    several = expected if isinstance(expected, list) and expected else [expected]
    return any(same(each, value) for each in several)


def _dialled(number: str, form: str, on: str) -> str:
    digits = number.removeprefix("+")
    if form == "national":
        return dialled(number, on, False)
    return {"": number, "digits": digits, "00": f"00{digits}" if digits else ""}[form]
