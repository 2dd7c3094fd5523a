"""What the clock does for every open incident: what falls due is told once to the people on duty."""

from __future__ import annotations

from collections.abc import Callable

from bcp.app.session import Session
from bcp.incident.journal import STARTED, books, open_incidents

Tell = Callable[[str], None]


def strike(session: Session, tell: Tell, say: Tell) -> None:
    """Look at the clock for each open incident; what it says is told once, however often this is called.

    A default that the office allowed to begin by itself is carried out up to its first gate, also where the process
    that began it has ended on the way; what it says on the way goes to `say`.
    """
    if not session.log.streams(STARTED):
        return
    # Loaded where there is something to look at, for a pass of cron comes every minute.
    from bcp.app.notice import satisfaction

    opened = open_incidents(session.log, "incident")
    if opened:
        from bcp.app.check.due import strike_one

        for book in books(session.log, opened, session.remark):
            strike_one(session, book, tell, say)
    for words in satisfaction.remind(session):
        tell(words)
