"""A watch asks gateways what became of text messages, beside its looks and in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable

from bcp.app.session import Session
from bcp.store.outbox import Outbox


def look(session: Session, tell: Callable[[str], None]) -> None:
    """Ask for the reports that are due, and tell of messages that did not arrive."""
    if not session.stores.of(Outbox).all_campaigns():
        return
    # Loaded only where something was ever sent, for the memory that the ways of sending take.
    from bcp.app.notice.reports import remind

    for words in remind(session):
        tell(words)
