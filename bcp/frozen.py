"""Frozen records: classes of typed fields that are read from JSON and written as the same JSON again.

To a type checker they are frozen dataclasses. They are none, because `dataclasses` compiles source for each class, and
so many of them would make up a tenth of the time that every command takes to begin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, Never, Self, dataclass_transform

from bcp.i18n import _

EMPTY: Mapping[str, Any] = {}
_NOTHING: Any = object()


class Lacks(ValueError):
    """A field that must be there is not."""


class Stored(NamedTuple):
    """How one field is kept: under which key, and how its value is read from JSON and written as JSON."""

    default: Any = _NOTHING
    older: Any = _NOTHING
    key: str = ""
    read: Callable[[Any], Any] | None = None
    write: Callable[[Any], Any] | None = None


def stored(
    *,
    default: Any = _NOTHING,
    older: Any = _NOTHING,
    key: str = "",
    read: Callable[[Any], Any] | None = None,
    write: Callable[[Any], Any] | None = None,
) -> Any:
    """A field that is kept under another `key` than its name, or whose value is not JSON: `read` from it, `write` it.

    A field with a `default` is not written where it equals that. `older` is what it is in a form that was written
    before there was such a field; it is written always now.
    """
    return Stored(default, older, key, read, write)


def one_of(known: Sequence[str]) -> Callable[[str], str]:
    """A reader of a word that must be one of `known`. It raises ValueError for another."""

    def read(word: str) -> str:
        if word not in known:
            raise ValueError(_('"{word}" is not known here').format(word=word))
        return word

    return read


@dataclass_transform(frozen_default=True, field_specifiers=(stored,))
class Frozen:
    """The base of all of them; two are equal if they are of one class and all their fields are."""

    FIELDS: ClassVar[Mapping[str, Stored]] = EMPTY
    _READ: ClassVar[list[tuple[str, str, Callable[[Any], Any] | None, Any, bool]]] = []

    def __init_subclass__(cls) -> None:
        """Take note of the fields: those of its base first."""
        fields = dict(cls.FIELDS)
        # Not by `inspect`, which takes longer to load than all of this.
        own = cls.__dict__.get("__annotations__", {})  # noqa: RUF063
        for name, annotation in own.items():
            if str(annotation).startswith("ClassVar"):
                continue
            given = cls.__dict__.get(name, _NOTHING)
            field = given if isinstance(given, Stored) else Stored(given)
            fields[name] = field if field.key else field._replace(key=name)
            if field.default is not _NOTHING:
                setattr(cls, name, field.default)
            elif given is not _NOTHING:
                delattr(cls, name)
        cls.FIELDS = fields
        cls._READ = [
            (name, field.key, field.read, field.older, field.default is _NOTHING)
            for name, field in fields.items()
        ]

    def __init__(self, *values: Any, **named: Any) -> None:
        """Its fields, in their order or by their names. Raises TypeError for one that is missing or strange."""
        given = dict(zip(self.FIELDS, values, strict=False), **named)
        missing = [
            name for name, each in self.FIELDS.items() if each.default is _NOTHING and name not in given
        ]
        strange = given.keys() - self.FIELDS.keys()
        if missing or strange or len(values) > len(self.FIELDS):
            raise TypeError(f"{type(self).__name__}: missing {missing}, strange {sorted(strange)}")
        self.__dict__.update(given)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        """What `as_json` wrote, or an older form of it. Raises Lacks where a field is missing; ignores strange keys."""
        made = cls.__new__(cls)
        values = made.__dict__
        for name, key, read, older, is_required in cls._READ:
            if key in raw:
                values[name] = raw[key] if read is None else read(raw[key])
            elif older is not _NOTHING:
                values[name] = older
            elif is_required:
                raise Lacks(key)
        return made

    def as_json(self) -> dict[str, Any]:
        """Its fields as JSON; those that are as by default are left out."""
        told = {}
        for name, field in self.FIELDS.items():
            value = getattr(self, name)
            if field.default is _NOTHING or value != field.default:
                told[field.key] = field.write(value) if field.write else value
        return told

    def replaced(self, **fields: Any) -> Self:
        """The same with other values of some fields."""
        return type(self)(**{**{name: getattr(self, name) for name in self.FIELDS}, **fields})

    def __setattr__(self, name: str, _value: object) -> Never:
        """Nothing is changed in it."""
        raise AttributeError(f"{type(self).__name__}.{name} is frozen")

    def __eq__(self, other: object) -> bool:
        """Whether `other` is the same."""
        return type(other) is type(self) and all(
            getattr(self, name) == getattr(other, name) for name in self.FIELDS
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """As it would be made."""
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.FIELDS)
        return f"{type(self).__name__}({fields})"
