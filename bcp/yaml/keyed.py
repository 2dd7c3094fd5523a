"""Mappings in which one key names the kind: a step's action, a check's probe, a line's way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema

from bcp.registry import kind, kinds
from bcp.yaml.fault import explain
from bcp.yaml.field import Loc
from bcp.yaml.near import for_unknown
from bcp.yaml.shape import or_nothing
from bcp.yaml.types import Model


@dataclass
class Chosen:
    """What was found: the value (None where none was loaded), the other keys, the mistakes."""

    value: Any = None
    rest: dict[str, Any] = field(default_factory=dict)
    errors: list[InitErrorDetails] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OneKey:
    """What is put behind `Annotated[Model, …]`: one key names the kind of `package`, below it are its fields.

    `word` is what such a kind is called in a sentence, `example` how one is written. Editors are told the same.
    """

    package: str
    word: str
    example: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(
            self._read,
            handler(source),
            serialization=core_schema.plain_serializer_function_ser_schema(_as_written),
        )

    def __get_pydantic_json_schema__(
        self, _core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "type": "object",
            "properties": shown_kinds(self.package, handler),
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": False,
        }

    def _read(self, value: Any) -> Any:
        if isinstance(value, Model):
            return value
        if not isinstance(value, Mapping):
            raise ValueError(f"expected a {self.word}, such as {self.example}")
        chosen = choose(self.package, value, self.word)
        fail(self.word.capitalize(), chosen.errors)
        return chosen.value


def _as_written(made: Model) -> dict[str, Any]:
    """As the file says it: one key, which names its kind."""
    name = type(made).__module__.rpartition(".")[2].replace("_", "-")
    return {name: made.model_dump(mode="json", exclude_none=True)}


def choose(
    package: str, data: Mapping[str, Any], what: str, fields: Collection[str] = (), usual: str = ""
) -> Chosen:
    """Load the one kind of `package` that a key of `data` names; `fields` are the other keys it may have.

    `what` is the word for such a kind in a sentence ("action"), `usual` the one to write where none comes to mind. All
    mistakes are gathered, none is raised.
    """
    known = kinds(package)
    chosen = Chosen(rest={key: value for key, value in data.items() if key in fields})
    named = [key for key in data if key in known and key not in fields]
    strange = [key for key in data if key not in known and key not in fields]
    for key in strange:
        chosen.errors.append(_unknown(key, data[key], [*fields, *known]))
    if len(named) > 1:
        names = " and ".join(f'"{name}"' for name in named)
        chosen.errors.append(
            told((named[1],), f"two {what}s in one: {names}", f"keep one {what}", at_key=True)
        )
    if not named and not strange:
        some = ", ".join(name for name in known if not usual.startswith(f"{name}:"))
        first = f"add {usual} for what a person does, or one of: " if usual else "add one of: "
        chosen.errors.append(told((), f"no {what} is named", first + some))
    for name in named:
        chosen.value = load(package, name, data[name], chosen.errors)
    return chosen


def load(package: str, name: str, data: Any, errors: list[InitErrorDetails]) -> Any:
    """The kind `name` made of `data`; mistakes go to `errors` with their place below the key `name`."""
    cls: type[BaseModel] = kind(package, name)
    given = {} if data is None else data
    try:
        return cls.model_validate(given)
    except ValidationError as error:
        errors.extend(told((name, *loc), words, hint) for loc, words, hint in explain(error, cls, given))
        return None


def shown_kinds(package: str, handler: GetJsonSchemaHandler) -> dict[str, JsonSchemaValue]:
    """What editors are told of the fields below the key of each kind; nothing may stand there where none is needed."""
    return {name: _shown_kind(kind(package, name), handler) for name in kinds(package)}


def with_kinds(
    shown: JsonSchemaValue, package: str, handler: GetJsonSchemaHandler, usual: str = ""
) -> JsonSchemaValue:
    """What editors are told of a model in which the key of just one kind stands beside its own fields.

    `usual` is the kind that a server of an editor names where there is none: the first.
    """
    names = sorted(kinds(package), key=lambda name: (name != usual, name))
    fields = {**shown["properties"], **shown_kinds(package, handler)}
    return {**shown, "properties": fields, "oneOf": [{"required": [name]} for name in names]}


def _shown_kind(cls: type[BaseModel], handler: GetJsonSchemaHandler) -> JsonSchemaValue:
    # Through the handler the models inside a kind are among the definitions of the whole.
    shown = handler(cls.__pydantic_core_schema__)
    try:
        cls.model_validate({})
    except ValidationError:
        return shown
    return or_nothing(shown)


def raised_again(error: ValidationError) -> Iterator[InitErrorDetails]:
    """The mistakes of `error`, for an error that tells others beside them."""
    for each in error.errors(include_url=False):
        loc, found, context = each["loc"], each["input"], each.get("ctx", {})
        if each["type"] == "told":
            yield InitErrorDetails(
                type=PydanticCustomError("told", "{message}", context), loc=loc, input=found
            )
        else:
            yield InitErrorDetails(type=each["type"], loc=loc, input=found, ctx=context)


def told(loc: Loc, message: str, hint: str = "", at_key: bool = False) -> InitErrorDetails:
    """A mistake in our own words; `at_key` points at the key instead of the value."""
    words = PydanticCustomError("told", "{message}", {"message": message, "hint": hint, "at_key": at_key})
    return InitErrorDetails(type=words, loc=loc, input=None)


def twice(names: Iterable[tuple[Loc, str]], what: str) -> Iterator[InitErrorDetails]:
    """A mistake at the place of each name that was there before: two of a kind cannot be told apart."""
    seen: set[str] = set()
    for loc, name in names:
        if name in seen:
            yield told(loc, f'the {what} "{name}" is there twice', f"give each {what} its own name")
        seen.add(name)


def fail(title: str, errors: list[InitErrorDetails]) -> None:
    """Raise all `errors` as one ValidationError, if there are any."""
    if errors:
        raise ValidationError.from_exception_data(title, errors)


def _unknown(key: str, value: Any, known: list[str]) -> InitErrorDetails:
    return told((key,), f'unknown key "{key}"', for_unknown(key, value is None, known), at_key=True)
