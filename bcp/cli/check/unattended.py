"""What goes on with nobody there, for a pass and for the watch: handed to the deeds of checks."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from typing import ParamSpec

from bcp.app.alert.of_pass import PassAlerts
from bcp.app.check import duties
from bcp.app.check.run import PassResult
from bcp.app.session import Session
from bcp.cli import bug
from bcp.cli.check.show import show_pass
from bcp.cli.terminal.output import say, show

P = ParamSpec("P")


def strike(session: Session, tell: Callable[[str], None]) -> None:
    """Look at the clock for each open incident; what fell due is told once."""
    duties.strike(session, tell, say)


def begin(session: Session, runbook: str) -> None:
    """Begin an incident without a person, as the office allowed it, and say how far it came."""
    # Imported here: these cost a fifth of a pass that finds nothing.
    from bcp.app.incident.chosen import StartRequest
    from bcp.app.incident.start import start
    from bcp.cli.incident import outcome
    from bcp.cli.incident.at_terminal import AtTerminal

    outcome.of_walk(session, start(session, StartRequest("incident", runbook), AtTerminal(leads=False)))


def alerts_of(session: Session) -> PassAlerts:
    """What a pass tells people besides printing it; a bug in it is kept and told, and ends nothing beside it."""
    return PassAlerts(session, lambda do: bug.guarded(do, set()))


class TerminalWatcher:
    """Runs the watch at a terminal, or for a system that keeps what is printed; it does what a pass does."""

    say = staticmethod(say)
    show = staticmethod(show)
    begin = staticmethod(begin)
    strike = staticmethod(strike)

    def __init__(self) -> None:
        self._bugs_told: set[str] = set()

    def tell(self, session: Session, result: PassResult) -> None:
        """As a pass is told."""
        show_pass(session, result, verbose=False)

    def hung_up(self) -> None:
        """What would be shown from here on has nowhere to go; that the watch ends is in the log."""
        logging.getLogger(__name__).warning("the terminal of the watch was closed: it ends")
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            if stream is not None and stream.isatty():
                os.dup2(nowhere, stream.fileno())

    def bug(self, error: BaseException) -> None:
        """Kept in a file, and told once for each place."""
        bug.tell_bug_beside(error, self._bugs_told)

    def guarded(self, do: Callable[P, None]) -> Callable[P, None]:
        """The same for a bug in `do`."""
        return bug.guarded(do, self._bugs_told)
