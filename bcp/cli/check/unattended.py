"""What goes on with nobody there, for a pass and for the watch: handed to the deeds of checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import ParamSpec

from bcp.app.check import duties
from bcp.app.check.run import PassResult
from bcp.app.session import Session
from bcp.check.model import Check
from bcp.cli import bug
from bcp.cli.check.show import show_pass
from bcp.cli.inbox.satisfaction import remind
from bcp.cli.incident.autostart import begin_auto
from bcp.cli.terminal.output import say, show
from bcp.incident.engine import Stop
from bcp.incident.journal import Book
from bcp.office.model import Office

P = ParamSpec("P")


def strike(session: Session, tell: Callable[[str], None]) -> None:
    """Look at the clock for each open incident; what fell due is told once."""
    duties.strike(session, tell, _go_on, remind)


def _go_on(session: Session, book: Book, by: str) -> Stop:
    from bcp.cli.incident.run import walk
    from bcp.cli.terminal.guide import Nobody

    return walk(session, book, Nobody(), by, None).run()


class TerminalWatcher:
    """Runs the watch at a terminal, or for a system that keeps what is printed."""

    def __init__(self) -> None:
        self._bugs_told: set[str] = set()

    def say(self, text: str) -> None:
        """On standard error."""
        say(text)

    def show(self, text: str) -> None:
        """On standard output."""
        show(text)

    def tell(self, session: Session, result: PassResult) -> None:
        """As a pass is told."""
        show_pass(session, result, verbose=False)

    def begin(self, session: Session, office: Office, checks: Mapping[str, Check], after: timedelta) -> None:
        """With nobody there."""
        begin_auto(session, office, checks, after)

    def strike(self, session: Session, tell: Callable[[str], None]) -> None:
        """As a pass does."""
        strike(session, tell)

    def bug(self, error: BaseException) -> None:
        """Kept in a file, and told once for each place."""
        bug.tell_bug_beside(error, self._bugs_told)

    def guarded(self, do: Callable[P, None]) -> Callable[P, None]:
        """The same for a bug in `do`."""
        return bug.guarded(do, self._bugs_told)
