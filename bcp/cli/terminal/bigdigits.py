"""A phone number in large figures, to be read from across the desk while dialling."""

from __future__ import annotations

from bcp.cli.terminal.output import err, say
from bcp.i18n import _

_ROWS = 5
_SHAPES = {
    "0": "### # # # # # # ###",
    "1": " #  ##   #   #  ###",
    "2": "###   # ### #   ###",
    "3": "###   # ###   # ###",
    "4": "# # # # ###   #   #",
    "5": "### #   ###   # ###",
    "6": "### #   ### # # ###",
    "7": "###   #   #   #   #",
    "8": "### # # ### # # ###",
    "9": "### # # ###   # ###",
    "+": "     #  ###  #     ",
    "*": "    # #  #  # #    ",
    "#": "# # ### # # ### # #",
    "-": "        ###        ",
    "/": "  #   #  #  #   #  ",
}
_WIDTH = 3


def show_number(number: str, width: int) -> None:
    """Show the number that is to be called, in figures if `width` columns hold them; nothing where there is none."""
    if not number:
        return
    can_draw = (getattr(err.file, "encoding", None) or "").lower().startswith("utf")
    for line in large(number, width - 2, "█" if can_draw else "#"):
        say(f"  {line}", "bold")
    say()
    say("  " + _("Dial: {number}").format(number=number), "bold")
    say()


def large(number: str, width: int, mark: str = "█") -> list[str]:
    """The number in lines of `mark`; none where it is wider than `width` columns or holds what has no figure."""
    wanted = " ".join(number.split())
    if not wanted or any(letter not in _SHAPES and letter != " " for letter in wanted):
        return []
    rows = [
        " ".join(_row(letter, row) for letter in wanted).rstrip().replace("#", mark) for row in range(_ROWS)
    ]
    return rows if max(map(len, rows)) <= width else []


def _row(letter: str, row: int) -> str:
    if letter == " ":
        return " "
    start = row * (_WIDTH + 1)
    return _SHAPES[letter][start : start + _WIDTH]
