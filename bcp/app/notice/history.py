"""`notice status NAME`: all letters to one contact in an incident, and everything that was tried with each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bcp.app.notice.office import letters_of
from bcp.app.session import Session
from bcp.command_words import as_typed
from bcp.errors import InputError
from bcp.incident.state import Incident
from bcp.notice.campaign.letters import IncidentLetters
from bcp.notice.campaign.outbox import CALL, HELD, NONE, LetterAttempt, LetterRow, State, is_set_aside, waits
from bcp.notice.campaign.post import find


@dataclass(frozen=True, slots=True)
class LetterHistory:
    """A letter, or what was told by phone (`channel` call): how far it is, and all attempts, oldest first."""

    campaign: str
    notice: str
    channel: str
    address: str
    state: State
    reason: str
    next_try: datetime | None
    attempts: tuple[LetterAttempt, ...]


@dataclass(frozen=True, slots=True)
class ContactHistory:
    """Where a contact stands in an incident, his letters, and the commands that lead on."""

    incident: str
    contact: str
    name: str
    standing: str
    reason: str
    letters: tuple[LetterHistory, ...]
    commands: tuple[str, ...]


def history_of(session: Session, incident: Incident, name: str) -> ContactHistory:
    """Everything that was tried to tell a contact. Raises InputError for one who is in no sending."""
    letters = letters_of(session, incident, "")
    rows = rows_of(letters, name)
    standing = next(one for one in letters.accounts() if one.contact == rows[0].key.contact)
    ledger = letters.post.ledger
    found = tuple(
        LetterHistory(
            row.key.campaign, row.key.campaign.split("/")[1], row.key.channel, row.address, row.state,
            row.reason, row.not_before if waits(row) else None, tuple(ledger.attempts(row.key)),
        )
        for row in rows
    )  # fmt: skip
    commands = tuple(session.meant(incident, one) for one in _commands(rows, standing.standing, rows[0].name))
    return ContactHistory(
        incident.id, standing.contact, standing.name, standing.standing, standing.reason, found, commands
    )


def rows_of(letters: IncidentLetters, name: str) -> list[LetterRow]:
    """The letters of a contact, also of one who is no contact any more. Raises InputError for one in no sending."""
    every = list(letters.rows())
    mine = [row for row in every if name.casefold() in (row.key.contact.casefold(), row.name.casefold())]
    if not mine:
        contact = find(letters.post.contacts, letters.post.office, name)
        mine = [row for row in every if row.key.contact == contact.id]
    if not mine:
        raise InputError(f"{name} is in no sending of this incident", "see everybody: bcp notice status")
    return [row for row in mine if row.key.contact == mine[0].key.contact]


def _commands(rows: list[LetterRow], standing: str, name: str) -> list[str]:
    held = any(waits(row) and row.reason == HELD for row in rows)
    aside = any(is_set_aside(row) for row in rows)
    untold = standing in ("unreachable", "unknown", "waiting", "not told")
    is_written_to = any(row.key.channel not in (NONE, CALL) for row in rows)
    return [
        *([as_typed(("bcp", "notice", "skip", name))] if held else []),
        *([as_typed(("bcp", "notice", "skip", name, "--undo"))] if aside and is_written_to else []),
        *([as_typed(("bcp", "notice", "called", name, "told"))] if untold else []),
        "bcp notice status",
    ]
