"""What a model rejects, in the words of a person who writes runbooks: a place, a sentence, a hint.

A location ends in `KEY` where the key itself is meant and not its value, as pydantic does it for the
keys of a mapping.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from bcp.reading.field import Loc

KEY = "[key]"


class Told(NamedTuple):
    """One mistake as a model tells it: where in the data, the sentence, the hint."""

    loc: Loc
    message: str
    hint: str = ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean "phases"?` for the nearest of the known words, or nothing."""
    spelled = {name.lower().replace("_", "-"): name for name in known}
    near = difflib.get_close_matches(word[:80].lower().replace("_", "-"), spelled, 1)
    return f'did you mean "{spelled[near[0]]}"?' if near else ""


def nested(title: str, errors: Sequence[tuple[Loc, str, str]]) -> ValidationError:
    """An error that tells several mistakes at once, for a validator to raise.

    Each is a location relative to the value that is validated (with `KEY` at its end for a key), a
    sentence and a hint; pydantic puts the way to the value in front.
    """
    return ValidationError.from_exception_data(
        title,
        [
            InitErrorDetails(
                type=PydanticCustomError("told", "{message}", {"message": message, "hint": hint}),
                loc=tuple(loc),
                input=None,
            )
            for loc, message, hint in errors
        ],
    )


def explain(error: ValidationError, cls: type[BaseModel], data: Any) -> list[Told]:
    """What `error` says about `data`, which `cls` did not accept, one entry for each mistake."""
    plain: list[Told] = []
    members: dict[Loc, dict[str | int, list[Told]]] = {}
    for detail in error.errors(include_url=False):
        loc, member = _in_data(detail["loc"], data)
        told = _told(detail, cls, loc)
        if member is None:
            plain.append(told)
        else:
            union, label = member
            members.setdefault(union, {}).setdefault(label, []).append(told)
    for union, choices in members.items():
        plain += _one_choice(union, choices)
    return plain


def _in_data(loc: Loc, data: Any) -> tuple[Loc, tuple[Loc, str | int] | None]:
    """`loc` as it lies in the data, and the first union on the way with the member that was tried.

    Pydantic names the tried member of a union in the location; such a name is no key of the data.
    """
    found: list[str | int] = []
    member: tuple[Loc, str | int] | None = None
    for index, part in enumerate(loc):
        rest = loc[index + 1 :]
        if part == KEY:
            found.append(part)
        elif _holds(data, part):
            data = data[part]
            found.append(part)
        elif isinstance(data, dict) and not rest:
            found.append(part)
        else:
            member = member or (tuple(found), part)
    return tuple(found), member


def _holds(data: Any, part: str | int) -> bool:
    if isinstance(data, dict):
        return part in data
    return isinstance(data, list) and isinstance(part, int) and part < len(data)


def _one_choice(union: Loc, choices: dict[str | int, list[Told]]) -> list[Told]:
    """Of the complaints of all members of a union those of the member that was meant."""
    inside = [told for told in choices.values() if any(one.loc != union for one in told)]
    if inside:
        return min(inside, key=len)
    return [min(choices.values(), key=len)[0]]


def _told(detail: ErrorDetails, cls: type[BaseModel], loc: Loc) -> Told:
    return Told(loc, detail["msg"])
