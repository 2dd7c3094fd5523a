"""Asks the person at this terminal who it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bcp.cli.terminal.output import err, is_attended, say
from bcp.i18n import _


class WhoAtTerminal:
    """The person at this terminal, where somebody sits there."""

    @property
    def attended(self) -> bool:
        """Whether somebody sits there."""
        return is_attended()

    def ask(self, people: Mapping[str, str]) -> str | None:
        """Which of the `people`, by number, id or name; None for an empty line: none of them."""
        from bcp.cli.terminal.keyboard import read_line

        ids = list(people)
        say(_("Who are you? The record says it with what you do."), "bold")
        for line in _in_rows([f"{number} {people[person]}" for number, person in enumerate(ids, 1)]):
            say(line)
        while typed := read_line(_("Your number   (Enter: none of them)")):
            if typed.isdecimal() and 1 <= int(typed) <= len(ids):
                return ids[int(typed) - 1]
            wanted = typed.casefold()
            fitting = [each for each in ids if wanted in (each.casefold(), *people[each].casefold().split())]
            whole = [each for each in ids if wanted == people[each].casefold()]
            if len(whole or fitting) == 1:
                return (whole or fitting)[0]
            say(_("  That is none of them."), "yellow")
        return None


def _in_rows(entries: Sequence[str]) -> list[str]:
    """The entries in as few rows as the screen has room for; none is broken."""
    rows = [""]
    for entry in entries:
        if rows[-1] and len(rows[-1]) + len(entry) + 3 >= err.width:
            rows.append("")
        rows[-1] += ("   " if rows[-1] else "  ") + entry
    return rows
