"""Reads a notice before anybody else does: what it must say, what it must not, and how long it may be.

The rules are data (`rules.yaml`), each with a reason and a source. A rule looks at the template, where a
placeholder counts as what it stands for; what depends on the contact is looked at again in the finished text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import Field

from bcp.errors import Mistake
from bcp.notice.campaign.dead import only_dead
from bcp.notice.text.gsm import segments
from bcp.notice.text.merge import LetterText as Finished
from bcp.notice.text.merge import Setting
from bcp.notice.text.model import Kind, Notice, Version
from bcp.notice.text.placeholders import place_of, uses
from bcp.notice.text.quoted import quoted
from bcp.yaml.source import Reader
from bcp.yaml.types import Id, Line, Model, Text

How = Literal[
    "must-say",
    "must-not-say",
    "must-use",
    "at-most-one",
    "act-first",
    "never-together",
    "sms-segments",
    "octets",
    "no-doubted-date",
    "dead-number",
]
Words = dict[str, list[str]]
_SENTENCE = re.compile(r"[^.!?\n]+(?:\.(?=\S)[^.!?\n]*|\n(?!\n)[^.!?\n]*)*[.!?]?")


class LintRule(Model):
    """One rule."""

    rule: Id
    how: How
    kinds: list[Kind] = Field(default_factory=list)
    message: Line
    hint: Text
    reason: Text
    source: Text
    words: Words = Field(default_factory=dict)
    acts: Words = Field(default_factory=dict)
    with_: Words = Field(default_factory=dict, alias="with")
    placeholder: str = ""
    most: int = 0


class _Rules(Model):
    rules: list[LintRule]


class LintFinding(NamedTuple):
    """A rule that a notice breaks, and where."""

    rule: str
    mistake: Mistake
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """What a way of looking saw: in which part, in which line of it, at which words, and what to add."""

    part: str = "body"
    line: int = 1
    words: str = ""
    more: str = ""


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


def lint(version: Version) -> list[LintFinding]:
    """What is to be mended in a notice before it is sent; what its front matter overrules is left out."""
    return [
        _finding(rule, version, found)
        for rule in rules()
        if rule.how in _LOOKS and _applies(rule, version)
        for found in _LOOKS[rule.how](rule, version)
    ]


def lint_finished(
    version: Version, text: Finished, name: str, setting: Setting | None = None
) -> list[LintFinding]:
    """What is wrong with the text for one contact (`name`), once it is filled in with `setting`."""
    found: list[LintFinding] = []
    for rule in rules():
        if rule.how in _FINISHED and _applies(rule, version):
            seen = _FINISHED[rule.how](rule, text, setting)
            for one in seen:
                at = _in_template(version, one)
                found.append(_finding(rule, version, replace(at, more=f"{at.more} for {name}")))
    return found


def missing_languages(notice: Notice, wanted: Collection[str]) -> list[str]:
    """The languages that contacts read and the notice is not written in."""
    return sorted(language for language in set(wanted) if language not in notice.versions)


def _applies(rule: LintRule, version: Version) -> bool:
    return rule.rule not in version.front.overrule and (not rule.kinds or version.front.kind in rule.kinds)


def _finding(rule: LintRule, version: Version, found: _Found) -> LintFinding:
    place = place_of(version, found.part, found.line, found.words or "\0")
    message = f"{rule.message}: {found.more}" if found.more else rule.message
    return LintFinding(rule.rule, version.document.mistake_at(place, message, rule.hint), rule.reason)


def _in_template(version: Version, found: _Found) -> _Found:
    """What was seen in a finished text, at the line of the template that says it, or that holds a fact."""
    if not found.words:
        return found
    lines = version.parts[found.part].split("\n")
    marks = (found.words, "facts.")
    line = next((n for mark in marks for n, text in enumerate(lines, 1) if mark in text), found.line)
    return replace(found, line=line)


def _pattern(words: Words, language: str) -> re.Pattern[str] | None:
    known = [*words.get("any", ()), *words.get(language, ())]
    return re.compile("|".join(f"(?:{word})" for word in known), re.IGNORECASE) if known else None


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence with the line in which it begins."""
    line, counted = 1, 0
    for found in _SENTENCE.finditer(text):
        line, counted = line + text.count("\n", counted, found.start()), found.start()
        if found[0].strip():
            yield line, found[0]


def _must_say(rule: LintRule, version: Version) -> Iterator[_Found]:
    pattern = _pattern(rule.words, version.language)
    if pattern and not pattern.search(version.body):
        yield _Found()


def _must_not_say(rule: LintRule, version: Version) -> Iterator[_Found]:
    pattern = _pattern(rule.words, version.language)
    if pattern is None:
        return
    for part, text in version.parts.items():
        for found in pattern.finditer(text):
            yield _Found(part, text.count("\n", 0, found.start()) + 1, found[0], f'"{found[0]}"')


def _must_use(rule: LintRule, version: Version) -> Iterator[_Found]:
    pattern = _pattern(rule.words, version.language)
    if not uses(version, "body", rule.placeholder) and not (pattern and pattern.search(version.body)):
        yield _Found()


def _at_most_one(rule: LintRule, version: Version) -> Iterator[_Found]:
    pattern = _pattern(rule.words, version.language)
    said = [
        (line, found)
        for line, text in _sentences(version.body)
        if pattern and (found := pattern.search(text))
    ]
    for line, found in said[1:]:
        yield _Found("body", line, found[0], f'"{found[0]}"')


def _act_first(rule: LintRule, version: Version) -> Iterator[_Found]:
    blame, act = _pattern(rule.words, version.language), _pattern(rule.acts, version.language)
    for line, text in _sentences(version.body):
        if act and act.search(text):
            return
        found = blame.search(text) if blame else None
        if found:
            yield _Found("body", line, found[0], f'"{found[0]}"')
            return


def _never_together(rule: LintRule, version: Version) -> Iterator[_Found]:
    one, other = _pattern(rule.words, version.language), _pattern(rule.with_, version.language)
    for part, text in version.parts.items():
        for line, sentence in _sentences(text):
            first, second = one and one.search(sentence), other and other.search(sentence)
            if first and second:
                yield _Found(part, line, second[0], f'"{second[0]}"')


def _sms_segments(rule: LintRule, text: Finished, _setting: Setting | None) -> Iterator[_Found]:
    counted = segments(text.sms)
    if text.sms and counted.messages > rule.most:
        why = f', because "{counted.odd_letter}" halves what fits' if counted.odd_letter else ""
        yield _Found("sms", more=f"{counted.messages} parts instead of {rule.most}{why}")


def _octets(rule: LintRule, text: Finished, _setting: Setting | None) -> Iterator[_Found]:
    for number, line in enumerate(text.body.split("\n"), 1):
        if len(line.encode()) > rule.most:
            yield _Found("body", number, more=f"{len(line.encode())} octets instead of {rule.most}")


def _no_doubted_date(_rule: LintRule, text: Finished, setting: Setting | None) -> Iterator[_Found]:
    """The dates of providers that broke two promises; our own moments may be said, and to the provider its own."""
    if setting is None or not setting.doubted or setting.line:
        return
    own = tuple(filter(None, (setting.next_update, setting.since)))
    for part, words in text.parts.items():
        for one in setting.doubted:
            for said in quoted(words, text.language, one, own, setting.zone):
                yield _Found(part, words=said, more=f'"{said}" is what {one.provider} says,')


def _dead_number(_rule: LintRule, text: Finished, setting: Setting | None) -> Iterator[_Found]:
    if setting is None or setting.line:
        return
    for part, said in (("body", text.body), ("sms", text.sms), ("paste", text.paste)):
        if number := only_dead(said, setting.dead):
            yield _Found(part, more=number)


_LOOKS: Mapping[str, Callable[[LintRule, Version], Iterable[_Found]]] = {
    "must-say": _must_say,
    "must-not-say": _must_not_say,
    "must-use": _must_use,
    "at-most-one": _at_most_one,
    "act-first": _act_first,
    "never-together": _never_together,
}
"""What is looked at in the template."""
_FINISHED: Mapping[str, Callable[[LintRule, Finished, Setting | None], Iterable[_Found]]] = {
    "sms-segments": _sms_segments,
    "octets": _octets,
    "no-doubted-date": _no_doubted_date,
    "dead-number": _dead_number,
}
"""What depends on the contact, and is looked at in the finished text."""
