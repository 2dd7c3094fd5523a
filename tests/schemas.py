"""What an editor sees of a YAML file: its values by YAML 1.1 and 1.2, and what a JSON Schema says about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from io import StringIO
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor

from bcp.yaml.schema import schema

_TIME = "tag:yaml.org,2002:timestamp"


class _Loader(yaml.SafeLoader):
    """JSON has no dates: a server of an editor leaves them as they are written."""


class _Constructor(SafeConstructor):
    """The same for YAML 1.2."""


_Loader.add_constructor(_TIME, lambda loader, node: str(node.value))
_Constructor.add_constructor(_TIME, lambda loader, node: str(node.value))


def by_1_1(text: str) -> Any:
    """The data as JSON has it, by YAML 1.1."""
    return _as_json(yaml.load(text, Loader=_Loader))


def by_1_2(text: str) -> Any:
    """The data as JSON has it, by YAML 1.2."""
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = _Constructor
    return _as_json(reader.load(StringIO(text)))


READINGS: Mapping[str, Callable[[str], Any]] = {"1.1": by_1_1, "1.2": by_1_2}


def _as_json(value: Any) -> Any:
    """Keys are texts, as a server of an editor has them: the key `on` is "true" by YAML 1.1."""
    if isinstance(value, dict):
        return {
            str(key).lower() if isinstance(key, bool) else str(key): _as_json(each)
            for key, each in value.items()
        }
    return [_as_json(each) for each in value] if isinstance(value, list) else value


@cache
def validator(model: type[BaseModel]) -> Draft202012Validator:
    """What judges files of this model."""
    made = schema(model, f"{model.__name__.lower()}.json")
    Draft202012Validator.check_schema(made)
    return Draft202012Validator(made)


def complaints(judge: Draft202012Validator, data: Any) -> list[str]:
    """What is said about the data, each with its place."""
    return [
        f"{'/'.join(map(str, each.absolute_path))}: {each.message[:200]}" for each in judge.iter_errors(data)
    ]
