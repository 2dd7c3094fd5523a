"""Joins the lines of a paragraph that an author broke for the width of an editor: a phone breaks them anew."""

from __future__ import annotations

import re

_WRAPPED = 60
"""Letters: nobody breaks a shorter line for its length; it is an address, a signature or an entry of a list."""
_ENTRY = re.compile(r"\s*(?:[-–•*]|\d{1,2}[.)])\s")


def joined(text: str) -> str:
    """The text with one line a paragraph; short lines, and entries of lists, stay lines of their own."""
    lines: list[str] = []
    goes_on = False
    for line in text.splitlines():
        if goes_on and line.strip() and not _ENTRY.match(line):
            lines[-1] += " " + line.strip()
        else:
            lines.append(line.rstrip())
        goes_on = len(line.rstrip()) >= _WRAPPED
    return "\n".join(lines)
