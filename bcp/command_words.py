"""A command line as people type it, and its words: quoted and split as the shell of this system does it."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterable, Sequence

from bcp.i18n import _

_PLAIN = re.compile(r"[\w./:\\=+-]+")
_BEFORE_A_QUOTE = re.compile(r'(\\*)("|$)')


def as_typed(words: Iterable[str]) -> str:
    """The words as one line that can be copied into a shell: that of Windows (cmd or PowerShell), or sh."""
    return " ".join(map(_quoted, words)) if sys.platform == "win32" else shlex.join(words)


def or_else(line: str, others: Iterable[str]) -> str:
    """A command that can be copied as it is, and what may be typed instead of its last word; no shell reads that part.

    >>> or_else("bcp promise kept p1", ["broken p1"])
    'bcp promise kept p1   (or: broken p1)'
    """
    told = ", ".join(others)
    return line + "   (" + _("or: {others}").format(others=told) + ")" if told else line


def for_a_program(line: str) -> str | Sequence[str]:
    """A line that somebody wrote as a command, as a program is started with it.

    Windows hands on the whole line, and each program finds its own words in it; no backslash is special there.
    """
    return line if sys.platform == "win32" else shlex.split(line)


def _quoted(word: str) -> str:
    """In double quotes, the only ones that both shells of Windows know, unless every letter is harmless in both."""
    if _PLAIN.fullmatch(word):
        return word
    return '"' + _BEFORE_A_QUOTE.sub(lambda found: found[1] * 2 + found[2].replace('"', '\\"'), word) + '"'
