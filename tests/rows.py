"""What the rows of a terminal show in the end, of all that was written over them."""

from __future__ import annotations


def rows(text: str) -> list[str]:
    """The rows of `text`, as line feeds, carriage returns and backspaces make them, without blanks at their ends."""
    return [_row(line) for line in text.replace("\r\n", "\n").split("\n")]


def _row(text: str) -> str:
    cells: list[str] = []
    place = 0
    for letter in text:
        if letter == "\r":
            place = 0
        elif letter == "\b":
            place = max(0, place - 1)
        else:
            cells[place : place + 1] = [letter]
            place += 1
    return "".join(cells).rstrip()
