"""Quotation marks and brackets that are not closed, closed too early, or closed by another."""

from __future__ import annotations

import re

from bcp.yaml.text import Place, Unreadable
from bcp.yaml.trouble import SyntaxTrouble, in_quotes, indent, short

_CLOSING = {"[": "]", "{": "}"}


def open_quote(trouble: SyntaxTrouble) -> Unreadable | None:
    """The text, or a part of it, ends within quotes."""
    return _quote_not_closed(trouble, trouble.begin) if "quoted" in trouble.context else None


def after_closing(trouble: SyntaxTrouble) -> Unreadable | None:
    """Something stands behind a closing quotation mark or bracket."""
    closed = trouble.just_closed
    if closed in ("]", "}"):
        return _after_bracket(trouble, closed)
    return _after_quote(trouble, closed) if closed else None


def _after_bracket(trouble: SyntaxTrouble, closed: str) -> Unreadable:
    if trouble.sign(trouble.problem) in ("]", "}"):
        return Unreadable(trouble.problem, "this bracket closes nothing", "take it away")
    return Unreadable(
        trouble.problem,
        f'text goes on after the closing "{closed}"',
        f"put the whole text in quotes: {in_quotes(trouble.value.text)}",
    )


def _after_quote(trouble: SyntaxTrouble, closed: str) -> Unreadable:
    opened = (trouble.last.start_mark.line + 1, trouble.last.start_mark.column + 1)
    if opened[0] != trouble.problem[0]:
        return _quote_not_closed(trouble, opened)
    column, value = trouble.value
    hint = f"put quotes of the other kind around the whole text: {in_quotes(value)}"
    if closed == "'":
        hint = "inside '…' an apostrophe is written twice: ''"
        if column == opened[1] and re.fullmatch(r"'[^'\"\\]*'[^'\"\\]*'", value):
            hint += f', or write "{short(value[1:-1])}"'
    return Unreadable(trouble.problem, f"text goes on after the closing {closed}", hint)


def _quote_not_closed(trouble: SyntaxTrouble, opened: Place) -> Unreadable:
    sign = trouble.sign(opened)
    hint = f"write {sign} at the end of the text"
    if sign == "'":
        hint += "; an apostrophe inside '…' is written twice: ''"
    return Unreadable(opened, f"the quotation mark {sign} that opens here is not closed", hint)


def backslash(trouble: SyntaxTrouble) -> Unreadable | None:
    """A backslash in double quotes that begins no special character."""
    number, column = trouble.problem
    found = trouble.line(trouble.problem).rfind("\\", 0, column) + 1
    return Unreadable(
        (number, found or column),
        'a backslash in "…" begins a special character, and this is none',
        r"write the text in '…' instead, for example: 'C:\Office'",
    )


def open_bracket(trouble: SyntaxTrouble) -> Unreadable | None:
    """A list or mapping in brackets does not go on as it must."""
    opening, found = trouble.sign(trouble.begin), trouble.sign(trouble.problem)
    closing = _CLOSING.get(opening, "")
    if trouble.problem[0] != trouble.begin[0] and not _closed_below(trouble, closing):
        return _bracket_not_closed(trouble, trouble.begin)
    if found in ("]", "}"):
        return Unreadable(
            trouble.problem, f'"{found}" closes what "{opening}" opened', f'write "{closing}" here'
        )
    if found == ":" and trouble.problem[0] != trouble.begin[0]:
        start = (trouble.problem[0], indent(trouble.before) + 1)
        return Unreadable(
            start, "a comma is missing before this line", "write it at the end of the line above"
        )
    if found == ":":
        return Unreadable(
            trouble.problem, "a text with a colon in it needs quotes", 'for example: {note: "Call: now"}'
        )
    return Unreadable(
        trouble.problem,
        f'a comma or "{closing}" is missing before this',
        "separate the entries with a comma and a space; put a text with special signs in quotes",
    )


def no_value(trouble: SyntaxTrouble) -> Unreadable | None:
    """A comma or bracket, or the end of the text, where a list in brackets wants an entry."""
    if "flow" not in trouble.context:
        return None
    sign = trouble.sign(trouble.problem)
    if not sign:
        return _bracket_not_closed(trouble, trouble.inside)
    return Unreadable(
        trouble.problem,
        f'a value is missing before "{sign}"',
        "take the comma or bracket away, or put it in quotes if it is text",
    )


def _bracket_not_closed(trouble: SyntaxTrouble, opened: Place) -> Unreadable:
    sign = trouble.sign(opened)
    return Unreadable(
        opened,
        f'the bracket "{sign}" that opens here is not closed',
        f'write "{_CLOSING.get(sign, sign)}" at its end, or put the text in quotes if no list is meant',
    )


def _closed_below(trouble: SyntaxTrouble, closing: str) -> bool:
    """Whether the bracket is closed on one of the lines that are indented below the line it opens in."""
    outer = indent(trouble.line(trouble.begin))
    for line in trouble.lines[trouble.begin[0] :]:
        if line.strip() and indent(line) <= outer:
            return line.strip().startswith(closing)
        if closing in line:
            return True
    return False
