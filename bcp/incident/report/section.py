"""Section: a piece of a report as plain data; every writer shows it in its own way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, sentences, and a table; `shares` are the relative widths of its columns."""

    title: str
    note: str = ""
    texts: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    shares: tuple[int, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
