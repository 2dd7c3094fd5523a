"""A command line as people type it, and its words: quoted and split as the shell of this system does it."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterable, Sequence

_PLAIN = re.compile(r"[\w./:\\=+-]+")
_REMARK = re.compile(r" {3,}(?=\(|(?:or|and|or,|lub|albo|i|oder|und|nebo|a|ή|και)\b)")
"""Before a remark on the command in front of it, or before another one, in each language that we speak."""
_CAPITALS = """
ADDRESS AUDIENCE FILE FOLDER HASH HEAD ID INCIDENT NAME NOTICE OUTCOME PEM PERSON PLACE PROVIDER REPLY RUNBOOK STEP TIME
VALUE WHAT WHY why DLACZEGO dlaczego JMÉNO NAZWA PLIK ΟΝΟΜΑ
"""
_SEVERAL = ("WHAT FOR", "WHAT WAS DECIDED", "WHAT WAS SAID", "CO POWIEDZIANO")
PLACEHOLDERS = frozenset((*_CAPITALS.split(), *_SEVERAL))
"""What stands in a printed command for a word that only a person knows."""
_BEFORE_A_QUOTE = re.compile(r'(\\*)("|$)')


def as_typed(words: Iterable[str]) -> str:
    """The words as one line that can be copied into a shell: that of Windows (cmd or PowerShell), or sh."""
    return " ".join(map(_quoted, words)) if sys.platform == "win32" else shlex.join(words)


def placeholder_in(words: Iterable[str]) -> str:
    """The first word, or value behind `=`, that was left as it was printed instead of being filled in; else nothing."""
    parts = (part for word in words for part in (word, word.partition("=")[2], word.rpartition("=")[2]))
    return next((part for part in parts if part in PLACEHOLDERS), "")


def one_each(lead: str, commands: Iterable[str]) -> str:
    """A lead and the commands that answer it, each to the end of a line of its own: whatever is copied is one of them.

    >>> one_each("decide:", ["bcp decision answer long stay"])
    'decide: bcp decision answer long stay'
    >>> one_each("was it kept?", ["bcp promise kept p1", "bcp promise broken p1"])
    'was it kept?\n    bcp promise kept p1\n    bcp promise broken p1'
    """
    several = list(commands)
    return f"{lead} {several[0]}" if len(several) == 1 else "\n    ".join([lead, *several])


def lines_of(text: str) -> list[str]:
    """The lines of a text for people; what stands behind three blanks gets one of its own.

    So a command ends with its line, and whoever copies it from there to the end of the line has nothing else.

    >>> lines_of("see: bcp notice status   or leave them: bcp incident close")
    ['see: bcp notice status', 'or leave them: bcp incident close']
    """
    return [part for line in text.splitlines() for part in _REMARK.split(line)]


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
