"""Tells people at once, for a process that is about to end: a watch that cannot begin."""

from __future__ import annotations

from bcp.alert.wording import of_news, once_a_day
from bcp.app.alert.post import AlertPost
from bcp.app.session import Session
from bcp.office.model import Office

_PATIENCE = 20.0
"""Seconds; what is not told by then is kept for the next watch or pass."""


def tell_now(session: Session, office: Office, words: str) -> None:
    """Tell the people of an office, and keep what no way took; the same words once a day, however often it is tried.

    Raises InputError where the office is not ours to run programs of.
    """
    post = AlertPost(session, lambda: office, session.remark)
    post.keep([once_a_day(of_news(words, session.clock.now()), office.zone)])
    post.deliver(_PATIENCE)
