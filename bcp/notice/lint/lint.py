"""Reads a notice before anybody else does: what it must say, what it must not, and how long it may be.

The rules are data (`rules.yaml`), each with a reason and a source. A rule looks at the template, where a
placeholder counts as what it stands for; what depends on the contact is looked at again in the finished text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bcp.notice.campaign.dead import only_dead
from bcp.notice.lint.by_marks import (
    act_line,
    has_marks,
    known_marks,
    marked_if_known,
    marked_sentence,
    must_mark,
    unmarked,
)
from bcp.notice.lint.claims import only_if_known
from bcp.notice.lint.known import said_of
from bcp.notice.lint.rule import Found, LintFinding, LintRule, pattern_of, rules
from bcp.notice.text.gsm import segments, thrifty
from bcp.notice.text.merge import LetterText as Finished
from bcp.notice.text.merge import Setting
from bcp.notice.text.model import Notice, Version
from bcp.notice.text.placeholders import place_of, uses
from bcp.notice.text.quoted import quoted

_GREETS = re.compile(r"\{\{\s*greeting\b")
_COMMENT = re.compile(r"\{#.*?#\}", re.S)
_SENTENCE = re.compile(r"[^.!?\n]+(?:\.(?=\S)[^.!?\n]*|\n(?!\n)[^.!?\n]*)*[.!?]?")


def lint(version: Version) -> Sequence[LintFinding]:
    """What is to be mended in a notice before it is sent; what its front matter overrules is left out."""
    return said_of(version, _looked)


def _looked(version: Version) -> list[LintFinding]:
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


def _finding(rule: LintRule, version: Version, found: Found) -> LintFinding:
    place = place_of(version, found.part, found.line, found.words or "\0")
    message = f"{rule.message}: {found.more}" if found.more else rule.message
    mistake = version.document.mistake_at(place, message, found.hint or rule.hint)
    return LintFinding(rule.rule, mistake, rule.reason, rule.marked and not has_marks(version))


def _in_template(version: Version, found: Found) -> Found:
    """What was seen in a finished text, at the line of the template that says it, or that holds a fact."""
    if not found.words:
        return found
    lines = version.parts[found.part].split("\n")
    marks = (found.words, "facts.")
    line = next((n for mark in marks for n, text in enumerate(lines, 1) if mark in text), found.line)
    return replace(found, line=line)


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence with the line in which it begins."""
    line, counted = 1, 0
    for found in _SENTENCE.finditer(text):
        line, counted = line + text.count("\n", counted, found.start()), found.start()
        if found[0].strip():
            yield line, found[0]


def _said(text: str) -> str:
    """A text without its comments, each word where it was."""
    return _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def _must_not_say(rule: LintRule, version: Version) -> Iterator[Found]:
    pattern = pattern_of(rule.words, version.language)
    if pattern is None:
        return
    for part, text in version.parts.items():
        for found in pattern.finditer(_said(text)) if part in (rule.parts or version.parts) else ():
            yield Found(part, text.count("\n", 0, found.start()) + 1, found[0], f'"{found[0]}"')


def _must_use(rule: LintRule, version: Version) -> Iterator[Found]:
    pattern = pattern_of(rule.words, version.language)
    if not uses(version, "body", rule.placeholder) and not (pattern and pattern.search(version.body)):
        yield Found()


def _at_most_one(rule: LintRule, version: Version) -> Iterator[Found]:
    pattern = pattern_of(rule.words, version.language)
    said = [
        (line, found)
        for line, text in _sentences(_said(version.body))
        if pattern and (found := pattern.search(text))
    ]
    for line, found in said[1:]:
        yield Found("body", line, found[0], f'"{found[0]}"')


def _act_first(rule: LintRule, version: Version) -> Iterator[Found]:
    """Words of blame before the sentence that is marked as what we do; without marks, in the very first sentence."""
    blame, acts = pattern_of(rule.words, version.language), act_line(version)
    said = [one for one in _sentences(_said(version.body)) if not _GREETS.search(one[1])]
    before = [one for one in said if one[0] < acts] if acts else said[:1]
    for line, text in before:
        if blame and (found := blame.search(text)):
            yield Found("body", line, found[0], f'"{found[0]}"')
            return


def _never_together(rule: LintRule, version: Version) -> Iterator[Found]:
    one, other = pattern_of(rule.words, version.language), pattern_of(rule.with_, version.language)
    for part, text in version.parts.items():
        for line, sentence in _sentences(_said(text)):
            first, second = one and one.search(sentence), other and other.search(sentence)
            if first and second:
                yield Found(part, line, second[0], f'"{second[0]}"')


def _sms_segments(rule: LintRule, text: Finished, _setting: Setting | None) -> Iterator[Found]:
    counted = segments(thrifty(text.sms))
    if text.sms and counted.messages > rule.most:
        why = f', because "{counted.odd_letter}" halves what fits' if counted.odd_letter else ""
        yield Found("sms", more=f"{counted.messages} parts instead of {rule.most}{why}")


def _no_doubted_date(_rule: LintRule, text: Finished, setting: Setting | None) -> Iterator[Found]:
    """The dates of providers that broke two promises; our own moments may be said, and to the provider its own."""
    if setting is None or not setting.doubted or setting.line:
        return
    own = tuple(filter(None, (setting.next_update, setting.since)))
    for part, words in text.parts.items():
        for one in setting.doubted:
            for said in quoted(words, text.language, one, own, setting.zone):
                yield Found(part, words=said, more=f'"{said}" is what {one.provider} says,')


def _dead_number(_rule: LintRule, text: Finished, setting: Setting | None) -> Iterator[Found]:
    if setting is None or setting.line or not setting.dead:
        return
    for part, said in text.parts.items():
        if number := only_dead(said, setting.dead):
            yield Found(part, more=number)


_LOOKS: Mapping[str, Callable[[LintRule, Version], Iterable[Found]]] = {
    "must-mark": must_mark,
    "known-marks": known_marks,
    "marked-sentence": marked_sentence,
    "marked-if-known": marked_if_known,
    "has-marks": unmarked,
    "only-if-known": only_if_known,
    "must-not-say": _must_not_say,
    "must-use": _must_use,
    "at-most-one": _at_most_one,
    "act-first": _act_first,
    "never-together": _never_together,
}
"""What is looked at in the template."""
_FINISHED: Mapping[str, Callable[[LintRule, Finished, Setting | None], Iterable[Found]]] = {
    "sms-segments": _sms_segments,
    "no-doubted-date": _no_doubted_date,
    "dead-number": _dead_number,
}
"""What depends on the contact, and is looked at in the finished text."""
