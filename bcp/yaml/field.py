"""What a model knows of the place at which a mistake was found: its fields, their words and examples."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, RootModel
from pydantic.fields import FieldInfo

Loc = tuple[str | int, ...]


def fields_at(cls: type[BaseModel], loc: Loc) -> dict[str, FieldInfo]:
    """The fields, by the names a file uses, of every model that may stand at `loc` in `cls`."""
    found: dict[str, FieldInfo] = {}
    for model in _models(_kinds_at(cls, loc)):
        found |= _fields(model)
    return found


class NamedField(NamedTuple):
    """A field of a model, by the name that a file uses."""

    name: str
    field: FieldInfo


def field_at(cls: type[BaseModel], loc: Loc) -> NamedField | None:
    """The field in which `loc` lies; the entry of a list belongs to the list's field."""
    while loc and isinstance(loc[-1], int):
        loc = loc[:-1]
    if not loc:
        return None
    name = str(loc[-1])
    field = fields_at(cls, loc[:-1]).get(name)
    return NamedField(name, field) if field else None


def _kinds_at(cls: Any, loc: Loc) -> list[Any]:
    kinds = list(_unwrap(cls))
    for part in loc:
        kinds = [inner for kind in kinds for step in _step(kind, part) for inner in _unwrap(step)]
    return kinds


def _models(kinds: list[Any]) -> Iterator[type[BaseModel]]:
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield kind


def _unwrap(kind: Any) -> Iterator[Any]:
    """The plain kinds behind Annotated, unions and root models."""
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _unwrap(get_args(kind)[0])
    elif origin in (Union, types.UnionType):
        for member in get_args(kind):
            yield from _unwrap(member)
    elif isinstance(kind, type) and issubclass(kind, RootModel):
        yield from _unwrap(kind.model_fields["root"].annotation)
    else:
        yield kind


def _step(kind: Any, part: str | int) -> Iterator[Any]:
    """What stands under `part` of a kind; a part that only names a union's member changes nothing."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = _fields(kind).get(str(part))
        if field:
            yield field.annotation
        return
    origin, inner = get_origin(kind), get_args(kind)
    if isinstance(origin, type) and issubclass(origin, dict):
        yield inner[1]
    elif inner and isinstance(part, int):
        yield from inner[:1]


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {_name(name, field): field for name, field in model.model_fields.items()}


def _name(name: str, field: FieldInfo) -> str:
    alias = field.validation_alias or field.alias
    return alias if isinstance(alias, str) else name
