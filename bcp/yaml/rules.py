"""What editors are told of fields that depend on each other: pieces of JSON Schema for `json_schema_extra`.

They speak of keys and not of values where they can: an editor proposes what stands in `properties` of a rule. A key
with nothing behind it counts as left out for our reader and as written here; nobody leaves one on purpose.
"""

from __future__ import annotations

from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from bcp.yaml.shape import NO, YES, YES_OR_NO, Shape, any_case

Rule = dict[str, Any]

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
    """Each of these keys is there."""
    return {"required": list(names)}


def unsaid(*names: str) -> Rule:
    """None of these keys is there."""
    return {"not": {"anyOf": [said(name) for name in names]}}


def exactly_one(one: str, other: str) -> Rule:
    """Either key, and not both."""
    return {"oneOf": [said(one), said(other)]}


def both_or_none(one: str, other: str) -> Rule:
    """A login needs its two parts."""
    return {"dependentRequired": {one: [other], other: [one]}}
