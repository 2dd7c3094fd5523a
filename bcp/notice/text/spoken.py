"""The words of a notice as they would be read, each piece with what its conditions know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from jinja2 import TemplateSyntaxError

from bcp.notice.text.placeholders import ENVIRONMENT

Asked = tuple[frozenset[str], ...]
"""What one question makes known, by each of its ways to be answered with yes: `a or b` has two, `a and b` one."""


class Piece(NamedTuple):
    """Words between two tags, the line in which they begin, and what the questions that lead to them make known.

    `{% if phone_out %}` makes it known that the phone is out; its `else` and a `not` make nothing known.
    """

    words: str
    line: int
    asked: tuple[Asked, ...]

    def knows(self, name: Callable[[str], bool]) -> bool:
        """Whether a question, however it was answered with yes, makes a name known that is such a `name`."""
        return any(question and all(any(map(name, way)) for way in question) for question in self.asked)


@lru_cache(maxsize=1024)
def pieces(text: str) -> tuple[Piece, ...]:
    """The pieces of a text in order; none of a text that cannot be read."""
    try:
        tokens = list(ENVIRONMENT.lex(text))
    except TemplateSyntaxError:
        return ()
    return tuple(_pieces(tokens))


def _pieces(tokens: Sequence[tuple[int, str, str]]) -> Iterator[Piece]:
    path: list[Asked] = []
    for index, (line, kind, value) in enumerate(tokens):
        if kind == "data":
            yield Piece(value, line, tuple(path))
        elif kind == "block_begin":
            word, *asked = _block(tokens[index + 1 :])
            if word == "if":
                path.append(_known(asked))
            elif word in ("elif", "else") and path:
                path[-1] = _known(asked)
            elif word == "endif" and path:
                path.pop()


def _block(tokens: Sequence[tuple[int, str, str]]) -> Iterator[str]:
    """The names, dots and operators of a tag; nothing, for a tag without a name."""
    for _line, kind, value in tokens:
        if kind == "block_end":
            break
        if kind != "whitespace":
            yield value


def _known(asked: Sequence[str]) -> Asked:
    """What a question makes known, with the names as they are written: `facts.x`, `phone_out`."""
    ways = [list(group) for is_or, group in groupby(asked, key=lambda token: token == "or") if not is_or]
    return tuple(_names(way) for way in ways)


def _names(way: Sequence[str]) -> frozenset[str]:
    """The names that hold together, without what is denied."""
    terms = [list(group) for is_and, group in groupby(way, key=lambda token: token == "and") if not is_and]
    said = [[token for token in term if token not in ("(", ")")] for term in terms]
    return frozenset(_name(term) for term in said if term and term[0] != "not")


def _name(term: Sequence[str]) -> str:
    """The name at the beginning of a term: `facts.x` of `facts.x == "yes"`."""
    end = next((at for at in range(1, len(term)) if (term[at] == ".") == (term[at - 1] == ".")), len(term))
    return "".join(term[:end])
