"""A text as whole sentences: what does not fit somewhere is left out by the sentence, and never cut in one."""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = re.compile(r"(?<=[.!?;…])[\"”“»«’)]*\s+(?=[\"„“«‘(]*\w)")
"""Where a sentence may end; `;` asks in Greek."""
_WORD = re.compile(r"(\S+)\s*\Z")
_STOPPED = """
    tel tél mob fax nr no č čp čís αρ τηλ κιν dr mgr inz inż ing prof mr mrs ms st jr sp o.o ul al os pl pok lok nám tř
    str strasse godz ok np tzn m.in itd itp tj p pp s.r.o a.s mj např tzv cca apod bzw ca usw z.b d.h evtl ggf inkl hr
    fr ltd inc co corp gmbh dipl vs e.g i.e etc approx κ κα δ δρ οδ λεωφ π.χ π.μ μ.μ κ.λπ
"""
"""What ends with a full stop in the middle of a sentence."""
_SHORT = frozenset(_STOPPED.split())
_DIGITS = 7
"""Digits of a number that is dialled: with fewer before the stop it counts something (`30. listopadu`)."""


def sentences(text: str) -> list[str]:
    """The sentences of a text; a new paragraph, or line, begins a new one."""
    found = []
    for line in text.splitlines():
        found += [part for part in _parts(line) if part]
    return found


def _parts(line: str) -> Iterator[str]:
    start = 0
    for end in _END.finditer(line):
        said = line[start : end.start()]
        if _is_over(said, line[end.end() :]):
            yield line[start : end.end()].strip()
            start = end.end()
    yield line[start:].strip()


def _is_over(said: str, after: str) -> bool:
    """Whether a sentence ends behind `said`. In doubt it goes on: then more is left out, but nothing in the middle."""
    if not said.endswith("."):
        return not (said.endswith(";") and after.lstrip('"„“«‘(')[:1].islower())
    last = _WORD.search(said)
    word = (last[1] if last else "").strip('."„“«‘()').casefold()
    if word in _SHORT or (len(word) == 1 and word.isalpha()):
        return False
    if word.isdigit() and len(word) <= 2:
        return len(re.sub(r"\D", "", said[-24:])) >= _DIGITS
    return not after.lstrip('"„“«‘(')[:1].islower()
