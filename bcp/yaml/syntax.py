"""What YAML itself rejects, in the words of a person who writes runbooks.

Both parsers of PyYAML (the one in C and the one in Python) name a problem and its place, each in words
of its own; `_RULES` knows both. The first rule whose pattern fits and that has an answer wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bcp.yaml.pairs import after_closing, backslash, no_value, open_bracket, open_quote
from bcp.yaml.shape import MISWRITTEN_FACT
from bcp.yaml.text import Place, Unreadable
from bcp.yaml.trouble import SyntaxTrouble, cannot_begin_so, in_quotes, indent, short


def in_plain_words(error: Any, last: Any, inside: Place, lines: list[str]) -> Unreadable:
    """The plain sentence for an error of PyYAML.

    `last` is the last event before it, `inside` the place of the innermost open mapping or list.
    """
    problem = _place(error.problem_mark or error.context_mark)
    begin = _place(error.context_mark or error.problem_mark)
    trouble = SyntaxTrouble(problem, begin, str(error.context or ""), last, inside, lines)
    for pattern, answer in _RULES:
        if re.search(pattern, error.problem or ""):
            found = answer(trouble)
            if found:
                return found
    return Unreadable(
        problem,
        "this line cannot be read",
        'a line has the form "key: value" or "- entry"; put a text with special signs in quotes',
    )


def _place(mark: Any) -> Place:
    return mark.line + 1, mark.column + 1


def _tab(trouble: SyntaxTrouble) -> Unreadable | None:
    line = trouble.line(trouble.problem)
    indented_so = "\t" in line[: indent(line)] and not trouble.before.strip()
    if trouble.sign(trouble.problem) != "\t" and not indented_so:
        return None
    return Unreadable(
        (trouble.problem[0], line.index("\t") + 1),
        "a tab stands here where only spaces may stand",
        "indent with spaces, two for each level (set the editor to write spaces for tabs)",
    )


def _no_colon(trouble: SyntaxTrouble) -> Unreadable | None:
    return _colon_missing(trouble.begin, trouble.line(trouble.begin)[trouble.begin[1] - 1 :].rstrip())


def _colon_missing(place: Place, line: str) -> Unreadable:
    tight = re.match(r"[\w-]+:(?=[^ ])", line)
    if tight:
        return Unreadable(
            (place[0], place[1] + tight.end()),
            "an ordinary space is missing after the colon",
            f"for example: {short(tight[0])} {short(line[tight.end() :])}",
        )
    word, _, rest = re.sub(r"[\s=;]+", " ", line).partition(" ")
    return Unreadable(
        place,
        "a colon is missing in this line",
        f"for example: {short(word)}: {short(rest)}".rstrip() + "; or, if the text above goes on, indent it",
    )


def _stray_colon(trouble: SyntaxTrouble) -> Unreadable | None:
    column, value = trouble.value
    if column > trouble.problem[1]:
        key = trouble.before.strip().removeprefix("- ").strip()
        if re.fullmatch(r"[\w-]+", key):
            return _too_deep(trouble, trouble.problem[1] - len(key))
        column, value = indent(trouble.before) + 1, trouble.line(trouble.problem).strip()
    fact = re.search(MISWRITTEN_FACT, value)
    hint = f"write {{fact:{fact['name']}}}, without a blank" if fact else f"for example: {in_quotes(value)}"
    return Unreadable(
        (trouble.problem[0], column), "a text with a colon and a space in it needs quotes", hint
    )


def _too_deep(trouble: SyntaxTrouble, column: int) -> Unreadable:
    earlier = range(trouble.problem[0] - 1, 0, -1)
    above = next((number for number in earlier if trouble.lines[number - 1].strip()), 0)
    start = indent(trouble.lines[above - 1]) + 1
    if above and start >= column:
        return _colon_missing((above, start), trouble.lines[above - 1].strip())
    return Unreadable(
        (trouble.problem[0], column),
        "this line is indented deeper than the line above allows",
        "let it begin below the first letter of the key above, or end the line above with a colon",
    )


def _block(trouble: SyntaxTrouble) -> Unreadable | None:
    sign = trouble.sign(trouble.problem)
    if sign == ":":
        return Unreadable(
            trouble.problem, "the key before the colon is missing", "for example: title: The office"
        )
    aligned = trouble.problem[1] == trouble.begin[1]
    if aligned and "mapping" in trouble.context and sign == "-":
        return Unreadable(
            trouble.problem,
            "a list begins here in the middle of keys",
            'the key above it must end with a colon and nothing behind it, for example: "steps:"',
        )
    if aligned and "collection" in trouble.context:
        return Unreadable(
            trouble.problem,
            'this line stands between the entries of a list, but does not begin with "- "',
            'begin it with "- ", or indent it, if it belongs to the entry above',
        )
    return _misfit(trouble)


def _misfit(trouble: SyntaxTrouble) -> Unreadable | None:
    if trouble.before.strip():
        return None
    return Unreadable(
        trouble.problem,
        "the indentation of this line fits no line above",
        "let it begin exactly below the line it belongs with; if a # stood before it, take the blank away, too",
    )


def _bad_start(trouble: SyntaxTrouble) -> Unreadable | None:
    return cannot_begin_so(trouble.begin, trouble.lines) if trouble.sign(trouble.begin) else None


def _list_in_line(trouble: SyntaxTrouble) -> Unreadable | None:
    return Unreadable(
        trouble.problem,
        'a list cannot begin behind "key: " in the same line',
        "begin it on the next line, or put the text in quotes",
    )


def _header(trouble: SyntaxTrouble) -> Unreadable | None:
    until = trouble.lines[: trouble.problem[0]]
    number = next((number for number, line in enumerate(until, 1) if line.startswith(("%", "..."))), 0)
    if not number:
        return None
    return Unreadable(
        (number, 1),
        'a line that begins with "%" or "..." is an order to YAML parsers, and none is used here',
        "delete such lines; put a text that begins so in quotes",
    )


# A pattern for the problem as the parsers word it, and who answers.
_RULES: tuple[tuple[str, Callable[[SyntaxTrouble], Unreadable | None]], ...] = (
    ("", _tab),
    ("expected ':'", _no_colon),
    ("mapping values are not allowed", _stray_colon),
    ("end of stream|document (indicator|separator)", open_quote),
    ("expected key|expected <block end>|'-' indicator", after_closing),
    ("expected key|expected <block end>|'-' indicator", _block),
    ("escape|hexdecimal", backslash),
    ("',' or '[]}]'", open_bracket),
    ("node content", no_value),
    ("sequence entries are not allowed", _list_in_line),
    ("directive|document start|YAML document", _header),
    ("document start", after_closing),
    ("document start", _misfit),
    ("node content|mapping keys|start any token|alphabetic|line break|indicators, but|tag|URI", _bad_start),
)
