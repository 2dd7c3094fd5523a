"""Since when nobody looks at the checks, for whoever works on an incident and takes it that somebody does."""

from __future__ import annotations

from datetime import datetime

from bcp.app.session import Session
from bcp.store.last_look import LastOfAllLooks


def nobody_looks_since(session: Session) -> datetime | None:
    """The moment of the last look at any check, where several are missing by now; None where somebody looks."""
    return session.stores.of(LastOfAllLooks).nobody_since(session.clock.now())
