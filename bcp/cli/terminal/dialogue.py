"""Questions of a guided dialogue, each with its usual answer; one that cannot be read is asked again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from rich.cells import cell_len

from bcp.cli.terminal.keyboard import read_line
from bcp.cli.terminal.output import say
from bcp.errors import InputError
from bcp.i18n import _

T = TypeVar("T")
_WIDTH = 80


def ask(question: str, read: Callable[[str], T], usual: str = "", shown: str = "") -> T:
    """Ask until `read` takes the answer; Enter answers `usual`, which is `shown` in its place in brackets.

    Raises InputError at the end of the input: nothing is written then.
    """
    in_brackets = f"[{shown or usual}]" if shown or usual else ""
    is_short = cell_len(f"{question} {in_brackets}") < _WIDTH
    lines = [f"{question} {in_brackets}".rstrip()] if is_short else [question, f"  {in_brackets}"]
    while True:
        typed = read_line(*lines)
        if typed is None:
            raise InputError(_("nothing was written"), _("give the command again"))
        try:
            return read(typed or usual)
        except ValueError as error:
            say(f"  {str(error)[:1].upper()}{str(error)[1:]}.", "yellow")


def choose(question: str, choices: Mapping[str, str], usual: str) -> str:
    """Ask for one of several, by its number or its name; each choice is shown with what it is."""
    say(question, "bold")
    names = list(choices)
    for number, name in enumerate(names, 1):
        say(f"  {number}  {name}" + (f": {choices[name]}" if choices[name] else ""))

    def read(typed: str) -> str:
        if typed.isdecimal() and 1 <= int(typed) <= len(names):
            return names[int(typed) - 1]
        if typed.lower() in names:
            return typed.lower()
        raise ValueError(_("expected a number from 1 to {count}").format(count=len(names)))

    return ask(_("Its number:"), read, usual)
