"""What a notice must say, by the marks of its sentences: whoever wrote the sentence says what it is there for."""

from __future__ import annotations

from collections.abc import Iterator

from bcp.notice.lint.rule import Found, LintRule
from bcp.notice.text.marks import SAYS, always_says, marks
from bcp.notice.text.model import Version
from bcp.yaml.near import did_you_mean


def has_marks(version: Version) -> bool:
    """Whether somebody marked what the letter says."""
    return bool(marks(version.body))


def must_mark(rule: LintRule, version: Version) -> Iterator[Found]:
    """A letter whose only such sentence is under a condition may go out without it."""
    if not has_marks(version) or always_says(version.body, rule.says):
        return
    conditional = next((mark for mark in marks(version.body) if mark.says in rule.says), None)
    if conditional is None:
        yield Found()
        return
    more = "where its condition does not hold: mark a sentence in every branch, with an else"
    yield Found("body", conditional.line, conditional.says, more)


def known_marks(_rule: LintRule, version: Version) -> Iterator[Found]:
    """A mark that is none of ours would count for nothing."""
    for part, text in version.parts.items():
        for mark in marks(text):
            if mark.says not in SAYS:
                hint = did_you_mean(mark.says, SAYS) or "known: " + ", ".join(SAYS)
                yield Found(part, mark.line, mark.says, f'"{mark.says}"', hint)


def marked_sentence(_rule: LintRule, version: Version) -> Iterator[Found]:
    """A mark in front of nothing."""
    for part, text in version.parts.items():
        for mark in marks(text):
            if not mark.sentence:
                yield Found(part, mark.line, mark.says, f'"{mark.says}"')


def marked_if_known(rule: LintRule, version: Version) -> Iterator[Found]:
    """A sentence that only the facts can know, and that is there whatever they are."""
    for part, text in version.parts.items():
        for mark in marks(text):
            if mark.says in rule.says and mark.sentence and not mark.conditional:
                yield Found(part, mark.line, mark.says, f'"{mark.says}"')


def unmarked(_rule: LintRule, version: Version) -> Iterator[Found]:
    """A notice of before there were marks: nobody can tell what its sentences are there for."""
    if not has_marks(version):
        yield Found()


def act_line(version: Version) -> int | None:
    """The line of the first sentence that is marked as what we do; None where none is."""
    return next((mark.line for mark in marks(version.body) if mark.says == "act"), None)
