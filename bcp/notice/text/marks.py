"""The marks of a notice: `{# says: acknowledge #}` in front of a sentence says what the sentence is there for.

Whoever writes or translates the notice marks the sentence; so no list of words has to guess it, and none bends the
language. Jinja's own lexer reads them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from jinja2 import TemplateSyntaxError

from bcp.notice.text.placeholders import ENVIRONMENT

SAYS = ("acknowledge", "apologise", "act", "reach", "next", "cause", "scope", "since", "ask", "thank")
"""What a sentence can be there for."""

_SAYS = re.compile(r"\s*says\s*:\s*(.*?)\s*", re.S)
_OPENS, _GOES_ON, _CLOSES = ("if",), ("elif", "else"), ("endif",)
_SPOKEN = re.compile(r"\w")
_PARAGRAPH = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class SentenceMark:
    """What a sentence says, in which line of the text; whether a condition decides on it, and if a sentence follows."""

    says: str
    line: int
    conditional: bool
    sentence: bool


@dataclass
class _Branch:
    """One branch of the text: the marks in it and the conditions, each with its branches."""

    says: set[str] = field(default_factory=set)
    ifs: list[_If] = field(default_factory=list)


@dataclass
class _If:
    """A condition; `always` where its last branch is an else, so that one of them is always read."""

    branches: list[_Branch] = field(default_factory=lambda: [_Branch()])
    always: bool = False


@dataclass
class _ReadText:
    """The marks of a text in order, and the text as a tree of its conditions."""

    marks: list[SentenceMark]
    whole: _Branch


def marks(text: str) -> tuple[SentenceMark, ...]:
    """The marks of a text, in order; none of a text that cannot be read."""
    return tuple(_read(text).marks)


def always_says(text: str, says: Collection[str]) -> bool:
    """Whether a sentence with one of these marks is there whatever the facts are."""
    return _in_every(_read(text).whole, frozenset(says))


def _in_every(branch: _Branch, says: frozenset[str]) -> bool:
    if branch.says & says:
        return True
    return any(one.always and all(_in_every(each, says) for each in one.branches) for one in branch.ifs)


@lru_cache(maxsize=1024)
def _read(text: str) -> _ReadText:
    whole = _Branch()
    found = _ReadText([], whole)
    path: list[_If] = []
    try:
        tokens = list(ENVIRONMENT.lex(text))
    except TemplateSyntaxError:
        return found
    for index, (line, kind, value) in enumerate(tokens):
        branch = path[-1].branches[-1] if path else whole
        if kind == "comment" and (said := _SAYS.fullmatch(value)):
            found.marks.append(SentenceMark(said[1], line, bool(path), _has_sentence(tokens[index + 1 :])))
            branch.says.add(said[1])
        elif kind == "block_begin":
            _enter(_word(tokens[index + 1 :]), branch, path)
    return found


def _enter(word: str, branch: _Branch, path: list[_If]) -> None:
    """Go into a condition, on to its next branch, or out of it."""
    if word in _OPENS:
        branch.ifs.append(_If())
        path.append(branch.ifs[-1])
    elif word in _GOES_ON and path:
        path[-1].branches.append(_Branch())
        path[-1].always = word == "else"
    elif word in _CLOSES and path:
        path.pop()


_Token = tuple[int, str, str]


def _word(tokens: list[_Token]) -> str:
    return next((value for _line, kind, value in tokens if kind == "name"), "")


def _has_sentence(tokens: list[_Token]) -> bool:
    """Whether words or a placeholder follow before the paragraph or the branch ends; two marks may share a sentence."""
    return next(_speaking(tokens), False)


def _speaking(tokens: list[_Token]) -> Iterator[bool]:
    for index, (_line, kind, value) in enumerate(tokens):
        if kind == "data":
            before = _PARAGRAPH.split(value, maxsplit=1)
            if _SPOKEN.search(before[0]):
                yield True
            if len(before) > 1:
                yield False
        elif kind == "variable_begin":
            yield True
        elif kind == "block_begin" and _word(tokens[index + 1 :]) not in _OPENS:
            yield False
