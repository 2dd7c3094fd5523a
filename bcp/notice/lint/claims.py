"""What only an incident knows, said as if it were always so: a cause, or what is out, with no fact that carries it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bcp.notice.lint.rule import Found, LintRule, pattern_of
from bcp.notice.text.model import Version
from bcp.notice.text.spoken import Piece, pieces

_EITHER = {"line": ("phone", "internet")}
"""Words that may mean more than one thing."""
_OTHER = "other"
"""Words that only look like those of another topic."""
_ANY = "cause"
"""What any fact may carry."""


def only_if_known(rule: LintRule, version: Version) -> Iterator[Found]:
    """Words of a topic outside of a condition on it. What one topic says is no word of the next any more."""
    for part, text in version.parts.items():
        for piece in pieces(text):
            yield from _in_piece(rule, version.language, part, piece)


def _in_piece(rule: LintRule, language: str, part: str, piece: Piece) -> Iterator[Found]:
    words = piece.words
    for topic, known in rule.topics.items():
        looked = pattern_of(known, language)
        if looked is None:
            continue
        if topic != _OTHER and not piece.knows(partial(_is_of, topic)):
            for found in looked.finditer(words):
                line = piece.line + words.count("\n", 0, found.start())
                yield Found(part, line, found[0], f'"{" ".join(found[0].split())}"')
        words = looked.sub(lambda found: "\0" * len(found[0]), words)


def _is_of(topic: str, name: str) -> bool:
    """Whether a name of a condition is about a topic."""
    said = name.removeprefix("facts.")
    if said == "verdict":
        return True
    if topic == _ANY:
        return name.startswith("facts.") or said.endswith(("_out", "_back"))
    return said.startswith(tuple(f"{one}_" for one in _EITHER.get(topic, (topic,))))
