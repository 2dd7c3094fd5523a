"""Results as plain data: the one way from what a deed returns to JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from bcp.event import stamp

_PLAIN = frozenset({str, bool, int, float})


def data_of(value: Any) -> Any:
    """`value` made of dicts, lists, texts, numbers, booleans and None.

    A dataclass and a NamedTuple become a dict with their fields in order; a moment is UTC as in the journal, a length
    of time seconds, a sum of money text. Raises TypeError for what has no form as data.
    """
    if type(value) in _PLAIN:  # most of a long answer
        return value
    match value:
        case Enum():
            return data_of(value.value)
        case None | str() | bool() | int() | float():
            return value
        case datetime():
            return stamp(value)
        case date():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case Decimal() | Path():
            return str(value)
        case Mapping():
            return {
                key if type(key) is str else str(data_of(key)): data_of(each) for key, each in value.items()
            }
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {field.name: data_of(getattr(value, field.name)) for field in fields(value)}
        case tuple() if hasattr(value, "_fields"):
            return {name: data_of(each) for name, each in zip(value._fields, value, strict=True)}
        case Iterable() if not isinstance(value, bytes):
            return [data_of(each) for each in value]
    raise TypeError(f"{type(value).__name__} has no form as data")
