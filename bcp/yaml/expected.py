"""What pydantic expected at a place, by the type of its error, in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any


class HintedError(ValueError):
    """A value that does not fit, in a sentence, and what to write instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


TEXT = "text"
LIST = "a list"
MAPPING = '"key: value" lines'

_Context = Mapping[str, Any]

# The longest fitting beginning of an error's type decides: `int_parsing` and `int_type` are both `int`.
_BY_TYPE: dict[str, str] = {
    "string": TEXT,
    "int": "a whole number",
    "float": "a number",
    "decimal": "a number",
    "finite_number": "a number",
    "bool": "yes or no",
    "list": LIST,
    "tuple": LIST,
    "set": LIST,
    "frozen_set": LIST,
    "iterable": LIST,
    "dict": MAPPING,
    "mapping": MAPPING,
    "model": MAPPING,
    "dataclass": MAPPING,
    "date": "a date such as 2026-11-26",
    "time": 'a time of day such as "14:00"',
    "datetime": 'a date and time such as "2026-11-26 09:00"',
    "time_delta": "a duration such as 15m",
    "timezone": "a time with its zone",
    "url": "an address such as https://www.example.com",
    "none_required": "nothing",
    "date_past": "a date in the past",
    "date_future": "a date in the future",
    "datetime_past": "a moment in the past",
    "datetime_future": "a moment in the future",
}

_BY_CONTEXT: dict[str, Callable[[_Context], str]] = {
    "literal_error": lambda ctx: "one of: " + ", ".join(choices(ctx)),
    "enum": lambda ctx: "one of: " + ", ".join(choices(ctx)),
    "union_tag_invalid": lambda ctx: "one of: " + ", ".join(choices(ctx)),
    "greater_than": lambda ctx: f"more than {ctx['gt']}",
    "greater_than_equal": lambda ctx: f"at least {ctx['ge']}",
    "less_than": lambda ctx: f"less than {ctx['lt']}",
    "less_than_equal": lambda ctx: f"at most {ctx['le']}",
    "multiple_of": lambda ctx: f"a multiple of {ctx['multiple_of']}",
    "string_too_short": lambda ctx: f"at least {_some(ctx['min_length'], 'character', 'characters')}",
    "string_too_long": lambda ctx: f"at most {_some(ctx['max_length'], 'character', 'characters')}",
    "too_short": lambda ctx: f"at least {_some(ctx['min_length'], *_counted(ctx))}",
    "too_long": lambda ctx: f"at most {_some(ctx['max_length'], *_counted(ctx))}",
}


def expected(kind: str, ctx: _Context) -> str:
    """The words for what an error of the type `kind` wanted, or nothing where they are not known."""
    if kind in _BY_CONTEXT:
        return _BY_CONTEXT[kind](ctx)
    parts = kind.split("_")
    heads = ("_".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((_BY_TYPE[head] for head in heads if head in _BY_TYPE), "")


def choices(ctx: _Context) -> list[str]:
    """The words that an enum, a literal or a tag allows; pydantic gives them as `'up', 'down' or 'any'`."""
    return re.findall(r"'([^']*)'", str(ctx.get("expected", ctx.get("expected_tags", ""))))


def _counted(ctx: _Context) -> tuple[str, str]:
    """What a length counts; pydantic speaks of a `Value` where its own validator did not see a text."""
    return ("character", "characters") if ctx.get("field_type") == "Value" else ("entry", "entries")


def _some(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
