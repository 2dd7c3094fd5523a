"""`bcp watch test`: one message to everybody whom the watch tells, in good time."""

from __future__ import annotations

from bcp.app.check.notify import notify
from bcp.app.check.probing import office_and_checks
from bcp.app.session import Session
from bcp.cli.terminal.output import say, show
from bcp.errors import Exit
from bcp.i18n import _


def try_alerts(session: Session) -> int:
    """Send one, and say what became of it; the exit status. Raises SourceError for mistakes in the files."""
    office, _checks = office_and_checks(session)
    trouble = notify(session, office, _("This is a test of the watch. Nothing is wrong."))
    if trouble is not None:
        say(_("nobody was notified: {why}").format(why=trouble))
        return Exit.NOT_DELIVERED
    show(_("sent"))
    return Exit.OK
