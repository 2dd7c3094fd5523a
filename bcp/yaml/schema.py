"""The JSON Schema of a model, for editors: what our reader takes, defaults and examples as a file would say them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time, timedelta
from enum import Enum
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from bcp.times import write_clock, write_duration
from bcp.yaml.shape import ANY_NUMBER, ANY_TEXT, NO, WHOLE_NUMBER, YES, YES_OR_NO, or_nothing
from bcp.yaml.source import json_value, parse

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
# What YAML 1.1 makes of a plain word.
_TRUE, _FALSE = frozenset(YES[:-1]), frozenset(NO[:-1])


def schema(cls: type[BaseModel], schema_id: str) -> dict[str, Any]:
    """The JSON Schema of a model, for editors, under the name `schema_id`."""
    made: JsonSchemaValue = cls.model_json_schema(schema_generator=_Generator)
    head = {"$schema": _DRAFT, "$id": schema_id, "title": cls.__name__}
    return {**head, **_said(made)}


class _Generator(GenerateJsonSchema):
    """Knows that a scalar comes to a model as its text, so that a number may be quoted and a text may be a number."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """A title made of the name of the field says nothing new."""
        return False

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """A text that no type of ours reads."""
        within = super().str_schema(schema)
        shown = ANY_TEXT.as_schema()
        if "pattern" in within:
            shown = {"type": "string"}
        return shown | {key: value for key, value in within.items() if key != "type"}

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        """A whole number, in quotes or not."""
        return super().int_schema(schema) | WHOLE_NUMBER.as_schema()

    def float_schema(self, schema: core_schema.FloatSchema) -> JsonSchemaValue:
        """A number, in quotes or not."""
        return super().float_schema(schema) | ANY_NUMBER.as_schema()

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        """A number, in quotes or not."""
        shown = ANY_NUMBER.as_schema()
        for key, bound in (("ge", "minimum"), ("gt", "exclusiveMinimum"), ("le", "maximum")):
            if key in schema:
                shown[bound] = float(schema[key])  # type: ignore[literal-required]
        return shown

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:
        """Yes or no, whatever YAML made of it."""
        return YES_OR_NO.as_schema()

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        """One of some words; `no` may have become a boolean."""
        words = [word.value if isinstance(word, Enum) else word for word in schema["expected"]]
        became = [
            value
            for value, texts in ((True, _TRUE), (False, _FALSE))
            if any(str(word).lower() in texts for word in words)
        ]
        return {"enum": [*words, *became]}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Also nothing, which is what stands behind a key with no value."""
        return or_nothing(self.generate_inner(schema["schema"]))

    def encode_default(self, dft: Any) -> Any:
        """A default as a file would say it."""
        if isinstance(dft, timedelta):
            return write_duration(dft)
        if isinstance(dft, time):
            return write_clock(dft)
        if isinstance(dft, BaseModel):
            return str(dft) if type(dft).__str__ is not BaseModel.__str__ else super().encode_default(dft)
        return super().encode_default(dft)


def _said(shown: Any) -> Any:
    """The schema without what pydantic says for itself: titles, `default: null`; examples as values, not as YAML."""
    if isinstance(shown, list):
        return [_said(each) for each in shown]
    if not isinstance(shown, dict):
        return shown
    made: dict[str, Any] = {}
    for key, value in shown.items():
        if key == "examples" and isinstance(value, list):
            made[key] = [each for example in value for each in _example(example)]
        elif key in ("properties", "$defs", "patternProperties"):
            made[key] = {name: _said(each) for name, each in value.items()}
        elif key == "title" or (key == "default" and value is None):
            continue
        elif key in ("enum", "const", "default", "required"):
            made[key] = value
        else:
            made[key] = _said(value)
    return made


def _example(example: Any) -> Sequence[Any]:
    """What an example in YAML says; nothing where a part of it is left out."""
    if not isinstance(example, str) or not re.match(r"""["'\[{]""", example):
        return [example]
    return [] if "…" in example else [_plain(example)]


@cache
def _plain(text: str) -> Any:
    return json_value(parse(f"example: {text}", "example").data["example"])
