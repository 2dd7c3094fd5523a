"""What a model rejects, in the words of a person who writes runbooks: a place, a sentence, a hint.

A location ends in `KEY` where the key itself is meant and not its value, as pydantic does it for the
keys of a mapping.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bcp.yaml.expected import LIST, MAPPING, TEXT, choices, expected
from bcp.yaml.field import Loc, field_at, fields_at
from bcp.yaml.near import did_you_mean, for_unknown
from bcp.yaml.trouble import short

KEY = "[key]"


class ErrorDetail(NamedTuple):
    """One mistake as a model tells it: where in the data, the sentence, the hint."""

    loc: Loc
    message: str
    hint: str = ""


def explain(error: ValidationError, cls: type[BaseModel], data: Any) -> list[ErrorDetail]:
    """What `error` says about `data`, which `cls` did not accept, one entry for each mistake."""
    told: list[ErrorDetail] = []
    unions: dict[Loc, dict[str | int, list[_Fault]]] = {}
    for detail in error.errors(include_url=False):
        loc, member = _in_data(detail, data)
        fault = _Fault(cls, loc, detail)
        if member is None:
            told.append(fault.told())
        else:
            union, label = member
            unions.setdefault(union, {}).setdefault(label, []).append(fault)
    for union, members in unions.items():
        told += _one_member(union, members)
    return told


def _in_data(detail: ErrorDetails, data: Any) -> tuple[Loc, tuple[Loc, str | int] | None]:
    """Where an error lies in the data, and the first union on the way with the member that was tried.

    Pydantic names the tried member of a union in the location; such a name is no key of the data.
    """
    found: list[str | int] = []
    member: tuple[Loc, str | int] | None = None
    last = len(detail["loc"]) - 1
    for index, part in enumerate(detail["loc"]):
        if _holds(data, part):
            data = data[part]
            found.append(part)
        elif part == KEY or (index == last and detail["type"] in ("missing", "told")):
            found.append(part)
        else:
            member = member or (tuple(found), part)
    return tuple(found), member


def _holds(data: Any, part: str | int) -> bool:
    if isinstance(data, dict):
        return part in data
    return isinstance(data, list) and isinstance(part, int) and part < len(data)


@dataclass(frozen=True, slots=True)
class _Fault:
    """One error of pydantic at its place in the data."""

    cls: type[BaseModel]
    loc: Loc
    detail: ErrorDetails

    @property
    def kind(self) -> str:
        return self.detail["type"]

    @property
    def ctx(self) -> Mapping[str, Any]:
        return self.detail.get("ctx", {})

    @property
    def name(self) -> str:
        """The key under which the value stands, or whose list it is an entry of."""
        return next((str(part) for part in reversed(self.loc) if isinstance(part, str) and part != KEY), "")

    @property
    def own_hint(self) -> str:
        """What a reader of ours says to write instead, if anything."""
        return str(getattr(self.ctx.get("error"), "hint", ""))

    @property
    def expected(self) -> str:
        if self.kind == "value_error":
            said = str(self.ctx["error"])
            return said.removeprefix("expected ") if said.startswith("expected ") else ""
        return expected(self.kind, self.ctx)

    def told(self) -> ErrorDetail:
        """The mistake in plain words."""
        if self.kind in _OWN_WORDS:
            return _OWN_WORDS[self.kind](self)
        if self.detail["input"] is None:
            return self.empty()
        if self.expected:
            return self.not_expected(self.expected)
        return ErrorDetail(self.loc, f"{self.given()} does not fit{self.where(' ')}", self.hint())

    def empty(self) -> ErrorDetail:
        what = "an entry of " if self.loc and isinstance(self.loc[-1], int) else ""
        named = f'{what}"{short(self.name)}"' if self.name else "this part"
        return ErrorDetail(self.loc, f"{named} is empty", self.hint())

    def not_expected(self, wanted: str) -> ErrorDetail:
        """`expected a whole number for "need", not "two"`."""
        message = f"expected {wanted}{self.where(' for ')}, not {self.given()}"
        near = did_you_mean(str(self.detail["input"]), choices(self.ctx)) if "one of" in wanted else ""
        return ErrorDetail(self.loc, message, near or self.hint(_how(wanted, self.detail["input"])))

    def where(self, joint: str) -> str:
        return f'{joint}"{short(self.name)}"' if self.name else ""

    def given(self) -> str:
        if self.kind in _COUNTED:
            return str(self.ctx.get("actual_length") or len(self.detail["input"]))
        return _given(self.detail["input"])

    def hint(self, how: str = "") -> str:
        """How to write it, what the field is for, and an example, as far as they are known."""
        found = field_at(self.cls, self.loc)
        if not found:
            return how
        name, field = found
        example = f"for example: {name}: {_written(field.examples[0])}" if field.examples else ""
        return "; ".join(part for part in (how, field.description, example) if part)


def _missing(fault: _Fault) -> ErrorDetail:
    name = short(fault.name)
    hint = fault.hint()
    how = "" if "for example: " in hint else f'add a line "{name}: …"'
    return ErrorDetail(fault.loc, f'"{name}" is missing', "; ".join(filter(None, (hint, how))))


def _unknown_key(fault: _Fault) -> ErrorDetail:
    known = fields_at(fault.cls, fault.loc[:-1])
    word = fault.name
    hint = for_unknown(word, fault.detail["input"] is None, known)
    if word.startswith("-"):
        hint = f'write a space after the dash: "- {short(word[1:])}: …"'
    return ErrorDetail((*fault.loc, KEY), f'unknown key "{short(word)}"', hint)


def _own_sentence(fault: _Fault) -> ErrorDetail:
    said = str(fault.ctx["error"])
    if fault.detail["input"] is None:
        empty = fault.empty()
        return empty._replace(hint=empty.hint or said)
    return ErrorDetail(fault.loc, said, fault.own_hint or fault.hint())


def _as_told(fault: _Fault) -> ErrorDetail:
    loc = (*fault.loc, KEY) if fault.ctx.get("at_key") else fault.loc
    return ErrorDetail(loc, str(fault.ctx["message"]), str(fault.ctx.get("hint", "")))


def _no_tag(fault: _Fault) -> ErrorDetail:
    return ErrorDetail(fault.loc, f"{fault.ctx['discriminator']} is missing".replace("'", '"'), fault.hint())


def _wrong_form(fault: _Fault) -> ErrorDetail:
    return ErrorDetail(fault.loc, f"{fault.given()} has not the form of{fault.where(' ')}", fault.hint())


_OWN_WORDS: dict[str, Callable[[_Fault], ErrorDetail]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "value_error": _own_sentence,
    "assertion_error": _own_sentence,
    "told": _as_told,
    "union_tag_not_found": _no_tag,
    "string_pattern_mismatch": _wrong_form,
}
_COUNTED = frozenset({"too_short", "too_long", "string_too_short", "string_too_long"})


def _one_member(union: Loc, members: dict[str | int, list[_Fault]]) -> list[ErrorDetail]:
    """Of the complaints of all members of a union those of the member that was meant, or one for all."""
    meant = [faults for faults in members.values() if any(fault.loc != union for fault in faults)]
    if meant:
        return [fault.told() for fault in min(meant, key=len)]
    faults = [fault for faults in members.values() for fault in faults]
    wanted = list(dict.fromkeys(fault.expected for fault in faults if fault.expected))
    if len(wanted) > 1 and faults[0].detail["input"] is not None:
        said = faults[0].not_expected(" or ".join(wanted))
        return [said._replace(hint=next((fault.own_hint for fault in faults if fault.own_hint), said.hint))]
    return [faults[0].told()]


def _given(value: Any) -> str:
    if isinstance(value, dict):
        return MAPPING
    if isinstance(value, list):
        return LIST
    return f'"{short(str(value))}"'


def _how(wanted: str, value: Any) -> str:
    """How to write what was wanted, where something of another shape stands."""
    if wanted == LIST and not isinstance(value, list):
        return 'begin each entry on a line of its own with "- ", or write [one, two]'
    if wanted == MAPPING and isinstance(value, list):
        return 'take the "- " away'
    if wanted == MAPPING:
        return 'write "key: value" on lines of their own, indented'
    if wanted == TEXT:
        return "put the text in quotes"
    return ""


def _written(example: Any) -> str:
    return example if isinstance(example, str) else json.dumps(example, ensure_ascii=False)
