"""What the systems' programs `ping` print, in whatever language: the answers in it, and how long each took."""

from __future__ import annotations

import re

_HOPS = re.compile(r"\b(?:ttl|hlim)\s*=\s*\d+", re.IGNORECASE)
_TOOK = re.compile(r"[=<]\s*(\d+(?:[.,]\d+)?)(?:\s*(?:ms|мс)|(?=[^\s\d.,]))", re.IGNORECASE)
"""A number of milliseconds: `=12ms`, `<1ms`, `= 0.045 ms`, `=12` with a unit of any alphabet right behind it."""
_TWICE = "DUP!"


def times(output: str, address: str) -> list[float]:
    """The seconds that each answer took. `address` is the one that was asked, as it was given to the program.

    An answer names the hops that its packet had left (`TTL=64`, on all systems and in all languages), or, as for IPv6
    on Windows, only who answers and a time. That a router cannot reach it is told without a time.
    """
    found = [_time(line, address.partition("%")[0]) for line in output.splitlines() if _TWICE not in line]
    return [each for each in found if each is not None]


def has_tried(output: str, address: str, is_over: bool) -> bool:
    """Whether a `ping` that heard no answer has sent anything: at its end each says what share of it was lost."""
    return "%" in output.replace(address, "") if is_over else address.partition("%")[0] in output


def _time(line: str, address: str) -> float | None:
    rest = _HOPS.sub(" ", line)
    took = _TOOK.findall(rest)
    is_answer = bool(took) and (rest != line or (len(took) == 1 and address in line))
    return float(took[-1].replace(",", ".")) / 1000 if is_answer else None
