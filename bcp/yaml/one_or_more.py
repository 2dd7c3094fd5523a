"""A list whose only entry may be written without its brackets, as it is read and as editors are told of it."""

from __future__ import annotations

from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


class OneOrMore:
    """What is put behind `Annotated[list[…], …]`."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_listed, handler(source))

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        many = handler(core)
        one = many.get("items", {})
        if "type" not in one or "$ref" in one or "properties" in one:
            return {"anyOf": [many, one]}
        # One flat schema for both: an editor has one sentence for what is wrong, and not one a branch.
        kinds = [one["type"]] if isinstance(one["type"], str) else one["type"]
        return {**one, **many, "type": ["array", *kinds]}


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]
