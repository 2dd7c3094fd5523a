"""Lines of a notice and lines of a letter: where its author wrapped a paragraph, a phone shall wrap it as it likes.

A line break stays where it was meant: in a signature, an address, a list, behind the greeting, and where a line ends
with two blanks or a backslash, as in Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_TAGS_ALONE = re.compile(r"[ \t]*(?:\{%(?:(?!%\}).)*%\}[ \t]*|\{#(?:(?!#\}).)*#\}[ \t]*)+")
_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}")
_CHUNK = re.compile(r"(?:\{\{.*?\}\}|\S)+")
_LISTED = re.compile(r"[ \t]*(?:[-*•–—]|\d{1,2}[.)])\s")
_GREETS = re.compile(r"\s*\{\{\s*greeting\s*\}\}[,!.]?\s*")
_MEANT = re.compile(r"(?:  |\\)$")
_ENDS = ("…", ";", ",", '"', "”", "“")
_SHORT_NAME = len("GmbH.")
_OR_ELSE = re.compile(r"\s*\{%-?\s*(?:elif|else)\b")
_NARROW = 60
"""Columns: nobody wraps prose so narrow, so a block of such lines is a signature, an address or a list."""
_SHORT = 0.6
"""Of the width of its block: a line so short, with no end of a sentence, was not wrapped by its author."""
_SPACES = re.compile(r"(?<=\S)[ \t\xa0]{2,}")
_BEFORE_STOP = re.compile(r"(?<=\S)[ \t]+(?=[.,;:!?](?:\s|$))")
_BLANK_FIRST = re.compile(r"^ (?=\S)", re.M)
_STOPS = re.compile(r"(?<=[!?])\.(?!\.)|(?<!\.)\.(?=\.(?!\.))|,(?=[.,;:!?](?:\s|$))")
_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+(?=\n)")


def unwrapped(source: str) -> str:
    """The source of a text with each paragraph in one line; lines of nothing but tags leave no line behind."""
    lines = _glued(source.split("\n"))
    kept: list[str] = []
    start = 0
    for end in range(len(lines) + 1):
        if end == len(lines) or not lines[end].strip():
            kept += [*_block(lines[start:end]), *lines[end : end + 1]]
            start = end + 1
    return "\n".join(kept)


def tidy(text: str) -> str:
    """A finished text without what an empty clause leaves: doubled blanks, stops and empty lines, blanks at an end."""
    text = _STOPS.sub("", _BEFORE_STOP.sub("", _SPACES.sub(" ", text)))
    return _BLANK_FIRST.sub(
        "", "\n".join(line.rstrip() for line in _LINES.sub("\n", text).strip().split("\n"))
    )


def _glued(lines: Sequence[str]) -> list[str]:
    """The lines; one of nothing but tags is the beginning of the next."""
    glued, before = [], ""
    for line in lines:
        if _TAGS_ALONE.fullmatch(line):
            before += line.strip()
        else:
            glued.append(before + line)
            before = ""
    return [*glued, before] if before else glued


def _block(lines: Sequence[str]) -> list[str]:
    """The lines of one block: wrapped ones together, the others as they are."""
    stays = _meant(lines)
    joined: list[str] = []
    for index, line in enumerate(lines):
        said = _MEANT.sub("", line) if index < len(lines) - 1 else line
        if index and not stays[index - 1]:
            joined[-1] = f"{joined[-1].rstrip()} {said.lstrip()}"
        else:
            joined.append(said)
    return joined


def _meant(lines: Sequence[str]) -> list[bool]:
    """For each line but the last whether its author meant the break behind it."""
    seen = [_TAG.sub("", line).strip() for line in lines]
    # With its tags: where a line was wrapped depends on what its author saw.
    widths = [len(line.rstrip()) for line in lines]
    width = max(widths, default=0)
    stays: list[bool] = []
    for index, after in enumerate(lines[1:]):
        line = seen[index]
        if _LISTED.match(seen[index + 1]) or _MEANT.search(lines[index]) or _GREETS.fullmatch(line):
            stays.append(True)
            continue
        if _OR_ELSE.match(after) or _ends_sentence(line) or width <= _NARROW:
            stays.append(not _OR_ELSE.match(after) and not _ends_sentence(line))
            continue
        chunk = _CHUNK.match(seen[index + 1])
        fits = widths[index] + 1 + len(chunk[0] if chunk else "") <= width * _SHORT
        stays.append(fits and not line.endswith(_ENDS))
    for index in range(len(stays) - 1, 0, -1):
        # A signature that stands right below the last sentence.
        if (
            stays[index]
            and widths[index] <= width * _SHORT
            and seen[index - 1].endswith((".", "!", "?", ":"))
        ):
            stays[index - 1] = True
    return stays


def _ends_sentence(line: str) -> bool:
    """Whether it ends with a full stop that is none of an abbreviation such as `Ltd.`, `s.r.o.` or `Sp. z o.o.`"""
    last = line.rsplit(maxsplit=1)[-1] if line else ""
    is_short_name = last[:1].isupper() and len(last) <= _SHORT_NAME
    return last.endswith((".", "!", "?")) and "." not in last[:-1] and not is_short_name
