"""What editors are told of fields that depend on each other: pieces of JSON Schema for `json_schema_extra`.

A key with nothing behind it counts as left out, as it does for our reader.
"""

from __future__ import annotations

from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from bcp.yaml.shape import NO, YES, YES_OR_NO, Shape, any_case

Rule = dict[str, Any]

NOTHING: Rule = {"type": "null"}
SAID_NO: Rule = {
    **YES_OR_NO.as_schema(),
    "pattern": f"^{any_case(*NO)}$",
    "maximum": 0,
    "not": {"const": True},
}
SAID_YES: Rule = {
    **YES_OR_NO.as_schema(),
    "pattern": f"^{any_case(*YES)}$",
    "minimum": 1,
    "not": {"const": False},
}


class OrShort:
    """What is put behind `Annotated[Model, …]`: a scalar of this shape stands for the whole."""

    def __init__(self, short: Shape) -> None:
        self._short = short

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [self._short.as_schema(), handler(core)]}


def said(*names: str) -> Rule:
    """Something stands behind each of these keys."""
    return {"required": list(names), "properties": {name: {"not": NOTHING} for name in names}}


def unsaid(*names: str) -> Rule:
    """Nothing stands behind any of these keys."""
    return {"properties": dict.fromkeys(names, NOTHING)}


def exactly_one(one: str, other: str) -> Rule:
    """Either key, and not both."""
    return {"oneOf": [_only(one, other), _only(other, one)]}


def both_or_none(one: str, other: str) -> Rule:
    """A login needs its two parts."""
    return {"anyOf": [said(one, other), unsaid(one, other)]}


def _only(one: str, other: str) -> Rule:
    return {"required": [one], "properties": {one: {"not": NOTHING}, other: NOTHING}}
