"""Finds incidents and drills, the open ones and those that are over."""

from __future__ import annotations

from bcp.app.session import Session
from bcp.incident.journal import STARTED, Book, of_kind, open_incidents
from bcp.incident.state import Incident


def every(session: Session, kind: str) -> list[Incident]:
    """All incidents, or all drills, the newest last."""
    return [Book(session.log, stream).incident for stream in of_kind(session.log.streams(STARTED), kind)]


def open_book(session: Session, runbook: str, kind: str) -> Book | None:
    """The open incident (or drill) of a runbook."""
    for stream in reversed(open_incidents(session.log, kind)):
        book = Book(session.log, stream)
        if book.incident.runbook == runbook:
            return book
    return None
