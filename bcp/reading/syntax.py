"""What YAML itself rejects, in the words of a person who writes runbooks."""

from __future__ import annotations

from typing import Any

from bcp.reading.text import Unreadable


def in_plain_words(error: Any, last: Any, lines: list[str]) -> Unreadable:
    """The plain sentence for a syntax error; `last` is the last event before it."""
    mark = error.problem_mark or error.context_mark
    return Unreadable(
        (mark.line + 1, mark.column + 1),
        "this line cannot be read as YAML",
        'lines have the form "key: value" or "- entry"; put a text with special signs in quotes',
    )
