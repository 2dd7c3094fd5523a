"""The person at this terminal who sends a notice: sees the plan, chooses, types the count, watches."""

from __future__ import annotations

from collections.abc import Sequence

from bcp.cli.notice.progress import SendingShown
from bcp.cli.terminal.keyboard import read_line
from bcp.cli.terminal.output import is_attended, say
from bcp.clock import Clock
from bcp.errors import InputError, PersonNeeded
from bcp.i18n import _


class TerminalSender:
    """Asks at the terminal; where nobody sits there, it raises PersonNeeded."""

    def hear(self, lines: Sequence[str], untrue: bool = False) -> None:
        """Show lines; those that say which letters are not true any more stand out."""
        for line in lines:
            say(line, "yellow" if untrue else None)

    def renews(self, command: str) -> bool:
        """Whether letters that are not true any more are written anew; `command` is the one that was given.

        Raises InputError where nothing is chosen.
        """
        if not is_attended():
            hint = f"write them anew: {command} --renew   or send them as they are: {command} --as-frozen"
            raise PersonNeeded("letters that wait are not true any more; a person must choose", hint)
        typed = _typed(_("1 = write them anew, 2 = send them as they were frozen, Enter = send nothing"))
        if typed not in ("1", "2"):
            raise InputError("not chosen: nothing was sent", "give the command again when you are ready")
        return typed == "1"

    def confirm(self, count: int) -> None:
        """Let the person type how many letters go out. Raises InputError for anything else."""
        if not is_attended():
            raise PersonNeeded(
                f"{count} letters are ready; a person must type their number", "give it at a terminal"
            )
        if _typed(_("Type the number {count} to send {count} letters:").format(count=count)) != str(count):
            raise InputError("not confirmed: nothing was sent", "give the command again when you are ready")

    def watch(self, count: int, clock: Clock) -> SendingShown:
        """What shows the sending of so many letters while it goes on."""
        return SendingShown(count, clock)


def _typed(question: str) -> str:
    return read_line(question) or ""
