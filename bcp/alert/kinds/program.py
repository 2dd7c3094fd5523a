"""program: a program of the office, such as one that sends a text message over the router's own modem."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field

from bcp.alert.base import AlertContext, AlertTry, AlertWay
from bcp.alert.message import AlertMessage
from bcp.alert.short import plain
from bcp.i18n import _
from bcp.outside import Program as ProgramToRun
from bcp.outside import World
from bcp.secret_text import written
from bcp.yaml.types import Arguments

WITHIN = 20.0
"""Seconds."""


class Program(AlertWay):
    """A program that gets the message as its last argument; it ends with 0 once it has told somebody."""

    run: Arguments = Field(
        examples=['["/usr/local/bin/push"]'],
        description="the program and its arguments; the news is its last one",
    )
    text: Literal["short", "whole"] = Field(
        default="whole", description="short: 160 letters without accents, as a text message can carry them"
    )

    def describe(self) -> str:
        """Which program."""
        return _("the program {name}").format(name=Path(str(self.run[0])).name)

    def slips(self, context: AlertContext) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
        """A program that is not on this computer."""
        name = str(self.run[0])
        if is_here(name, context):
            return
        if Path(path := _found(name, context)).is_file():
            yield ("run", 0), f"this login may not run {name}", f"let it: chmod +x {path}"
            return
        words = f"there is no program {name} on this computer"
        yield ("run", 0), words, "write its whole path, or install it"

    def send(self, message: AlertMessage, recipient: str, context: AlertContext, world: World) -> AlertTry:
        """Run it."""
        text = plain(message.short) if self.text == "short" else message.text
        words = (_found(self.run[0], context), *self.run[1:])
        ran = world.run(ProgramToRun((*map(written, words), text), WITHIN))
        if ran.code == 0:
            return AlertTry("taken", ran.last_line)
        ended = _("it ended with {code}").format(code=ran.code)
        return AlertTry("not-now", ran.trouble or ran.last_line or ended)


def is_here(name: str, context: AlertContext) -> bool:
    """Whether this computer has a program: by its path, or among its commands."""
    return shutil.which(_found(name, context), path=context.environ.get("PATH")) is not None


def _found(name: str, context: AlertContext) -> str:
    """A program as it is run: a path begins in the folder of the office, as that of a check does, not where the watch
    was begun; a command stays as it is."""
    if os.sep not in name and "/" not in name:
        return name
    return str((context.folder / Path(name).expanduser()).absolute())


Kind = Program
