"""Where the YAML parser stopped, and what the lines around it say: what the plain sentences are made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from bcp.yaml.text import Place, Unreadable


class ValueText(NamedTuple):
    """A value as it is written in its line, and the column (from 1) at which it begins."""

    column: int
    text: str


@dataclass(frozen=True, slots=True)
class SyntaxTrouble:
    """An error of the parser: its `problem`, and the place at which the part that it was reading `begin`s.

    `context` names that part in the parser's words, `last` is the last event before, `inside` the place of
    the innermost mapping or list that is open.
    """

    problem: Place
    begin: Place
    context: str
    last: Any
    inside: Place
    lines: list[str]

    def line(self, place: Place) -> str:
        """The line of a place; nothing behind the end of the text."""
        return self.lines[place[0] - 1] if place[0] <= len(self.lines) else ""

    def sign(self, place: Place) -> str:
        """The character at a place; nothing at the end of its line."""
        return self.line(place)[place[1] - 1 : place[1]]

    @property
    def before(self) -> str:
        """The line of the problem up to it."""
        return self.line(self.problem)[: self.problem[1] - 1]

    @property
    def value(self) -> ValueText:
        """What stands behind the first `key: ` or `- ` of the problem's line."""
        line = self.line(self.problem)
        found = re.match(r"\s*(?:- +)*(?:[^\s:#][^:]*:[ \t]+)?", line)
        start = found.end() if found else 0
        return ValueText(start + 1, re.split(r"\s+#", line[start:].rstrip())[0])

    @property
    def just_closed(self) -> str:
        """The quotation mark or bracket that was closed right before the problem, or nothing."""
        end = getattr(self.last, "end_mark", None)
        if end is None or end.line + 1 != self.problem[0] or not end.column:
            return ""
        line = self.line(self.problem)
        sign, between = line[end.column - 1], line[end.column : self.problem[1] - 1]
        return sign if sign in "\"']}" and not between.strip() else ""


def cannot_begin_so(place: Place, lines: list[str]) -> Unreadable:
    """The sentence for a text whose first sign, at `place`, means something else to YAML."""
    text = lines[place[0] - 1][place[1] - 1 :].rstrip()
    return Unreadable(place, f'a text cannot begin with "{text[:1]}"', f"put it in quotes: {in_quotes(text)}")


def in_quotes(text: str) -> str:
    """A text in those quotation marks that leave it as it is."""
    cut = short(text)
    return "'" + cut.replace("'", "''") + "'" if '"' in cut or "\\" in cut else f'"{cut}"'


def short(text: str) -> str:
    """A text from a file as a sentence can hold it: one line, at most 60 characters."""
    line = " ".join(text[:200].split())
    return line if len(line) <= 60 else line[:59] + "…"


def indent(line: str) -> int:
    """How many characters stand before the first that can be seen."""
    return len(line) - len(line.lstrip())
