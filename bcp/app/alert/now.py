"""Tells people at once, for a process that is about to end: a watch that cannot begin."""

from __future__ import annotations

from dataclasses import replace

from bcp.alert.wording import of_news
from bcp.app.alert.post import AlertPost
from bcp.app.session import Session
from bcp.office.model import Office

_PATIENCE = 20.0
"""Seconds; what is not told by then is kept for the next watch or pass."""


def tell_now(session: Session, office: Office, words: str) -> None:
    """Tell the people of an office, and keep what no way took; the same words once a day, however often it is tried.

    Raises InputError where the office is not ours to run programs of.
    """
    now = session.clock.now()
    alert = of_news(words, now)
    day = now.astimezone(office.zone).date()
    post = AlertPost(session, lambda: office, session.remark)
    post.keep([replace(alert, id=f"{alert.id.rpartition(' ')[0]} {day.isoformat()}")])
    post.deliver(_PATIENCE)
