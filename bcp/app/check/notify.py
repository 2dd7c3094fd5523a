"""Calls a person to the screen: by the program that the office named, else by the desktop's own."""

from __future__ import annotations

import shutil

from bcp.app.session import Session
from bcp.app.worlds import world_of
from bcp.office.model import Office
from bcp.outside import Program
from bcp.secret_text import written

NOTIFY_WITHIN = 20.0
"""Seconds."""


def notify(session: Session, office: Office, text: str) -> str | None:
    """Hand it `text`; why nobody was notified, else None. Where there is no program at all, that is no failure."""
    program = office.watch.notify or (["notify-send", "bcp"] if shutil.which("notify-send") else None)
    if program is None:
        return None
    ran = world_of(session).run(Program((*map(written, program), text), NOTIFY_WITHIN))
    return None if ran.code == 0 else ran.trouble or ran.output.strip()
