"""A rule of the lint as `rules.yaml` says it, and what a way of looking finds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import Field

from bcp.errors import Mistake
from bcp.notice.text.model import Kind
from bcp.yaml.source import Reader
from bcp.yaml.types import Id, Line, Model, Text

How = Literal[
    "must-mark",
    "known-marks",
    "marked-sentence",
    "marked-if-known",
    "has-marks",
    "must-not-say",
    "only-if-known",
    "must-use",
    "at-most-one",
    "act-first",
    "never-together",
    "sms-segments",
    "no-doubted-date",
    "dead-number",
]
Words = dict[str, list[str]]


class LintRule(Model):
    """One rule. What a rule of `marked` finds in a notice without marks is advice: nothing is refused for it."""

    rule: Id
    how: How
    kinds: list[Kind] = Field(default_factory=list)
    marked: bool = False
    message: Line
    hint: Text
    reason: Text
    source: Text
    says: list[Id] = Field(default_factory=list)
    words: Words = Field(default_factory=dict)
    with_: Words = Field(default_factory=dict, alias="with")
    topics: dict[Id, Words] = Field(default_factory=dict)
    parts: list[Id] = Field(default_factory=list)
    placeholder: str = ""
    most: int = 0


class _Rules(Model):
    rules: list[LintRule]


class LintFinding(NamedTuple):
    """A rule that a notice breaks, and where; `advice` says it and stops nothing."""

    rule: str
    mistake: Mistake
    reason: str = ""
    advice: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a way of looking saw: in which part, in which line of it, at which words, and what to add."""

    part: str = "body"
    line: int = 1
    words: str = ""
    more: str = ""
    hint: str = ""


@cache
def rules() -> tuple[LintRule, ...]:
    """The rules that are shipped."""
    reader = Reader()
    path = Path(__file__).with_name("rules.yaml")
    document = reader.document(path, path.name)
    found = reader.model(document, _Rules) if document else None
    reader.finish()
    assert found is not None
    return tuple(found.rules)


def pattern_of(words: Words, language: str) -> re.Pattern[str] | None:
    """The words of a language and those of any, without regard to capitals; a blank is also a new line."""
    known = (*words.get("any", ()), *words.get(language, ()))
    return _compiled(known) if known else None


@cache
def _compiled(known: tuple[str, ...]) -> re.Pattern[str]:
    words = (re.sub(r" (?![?*+{\]])", r"\\s+", word) for word in known)
    return re.compile("|".join(f"(?:{word})" for word in words), re.IGNORECASE)
