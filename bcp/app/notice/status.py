"""`notice status`: who is told, not told, unreachable or unknown, and how each sending stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bcp.app.notice.by_hand import ReadyLetters, ready_letters
from bcp.app.notice.office import letters_of
from bcp.app.session import Session
from bcp.command_words import as_typed
from bcp.incident.state import Incident
from bcp.incident.text import noun
from bcp.notice.campaign.by_hand import UNTOLD
from bcp.notice.campaign.letters import ContactStanding, IncidentLetters
from bcp.notice.campaign.outbox import HELD, Campaign, waits
from bcp.notice.campaign.standing import counted
from bcp.notice.inbox.satisfaction import SatisfactionAnswer
from bcp.store.board import StoredAnswers


@dataclass(frozen=True, slots=True)
class SendingStatus:
    """A sending: why it stopped, if letters wait or are too late for that, how many contacts stand where, whether
    letters are still to go out.

    `held` of those are held back. `goes_on_at` is when the server may be asked again: a watch does that where
    somebody agreed to all that waits (`approved_by`).
    """

    campaign: str
    notice: str
    audience: str
    stopped: str
    standings: Mapping[str, int]
    waits: bool
    held: int
    goes_on_at: datetime | None
    approved_by: str
    only_held: bool


@dataclass(frozen=True, slots=True)
class NoticeStatus:
    """All contacts of an incident, all its sendings, what clients answered afterwards, the commands that lead on.

    `ready` are letters that a person is to send.
    """

    incident: str
    contacts: tuple[ContactStanding, ...]
    sendings: tuple[SendingStatus, ...]
    answers: tuple[SatisfactionAnswer, ...]
    commands: tuple[str, ...]
    ready: ReadyLetters | None = None


def notice_status(session: Session, incident: Incident) -> NoticeStatus:
    """Where everybody stands who was to be told of an incident."""
    letters = letters_of(session, incident, "")
    contacts = tuple(letters.accounts())
    sendings = tuple(_status_of(letters, one) for one in letters.post.ledger.campaigns(incident.id))
    answers = tuple(session.stores.of(StoredAnswers).answers(incident.id))
    held = [row.name for one in sendings if one.held for row in letters.held(one.campaign)]
    commands = [session.meant(incident, one) for one in _commands(contacts, sendings, held)]
    return NoticeStatus(
        incident.id,
        contacts,
        sendings,
        answers,
        tuple(commands) or (f"bcp {noun(incident)} status --incident {incident.id}",),
        ready_letters(letters),
    )


def _status_of(letters: IncidentLetters, one: Campaign) -> SendingStatus:
    # Read once: ten thousand letters take longer to read than to look at.
    rows = list(letters.post.ledger.rows(one.id))
    approval, waiting = letters.post.ledger.approval(one.id), sum(map(waits, rows))
    held = sum(waits(row) and row.reason == HELD for row in rows)
    # What was held back may be set aside since then; what was too late stays so.
    is_over = not waiting and all(row.state != "expired" for row in rows)
    stopped = "" if is_over else one.stopped
    return SendingStatus(
        one.id, one.notice, one.audience, stopped, counted(rows), waiting > 0, held,
        approval.goes_on if waiting else None, approval.by, 0 < waiting == held,
    )  # fmt: skip


def _commands(
    contacts: Sequence[ContactStanding], sendings: Sequence[SendingStatus], held: Sequence[str]
) -> list[str]:
    standings = {one.standing for one in contacts}
    return [
        *(as_typed(("bcp", "notice", "send", one.notice, one.audience)) for one in sendings if one.waits),
        *(as_typed(("bcp", "notice", verb, held[0])) for verb in ("status", "skip") if held),
        *(["bcp notice unknown"] if "unknown" in standings else []),
        *(["bcp notice calls"] if standings & set(UNTOLD) else []),
    ]
