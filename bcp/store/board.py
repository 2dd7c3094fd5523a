"""The board of replies in SQLite: taking one is compare-and-set, so two people never answer the same client."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import get_args

from bcp.event import moment, stamp
from bcp.notice.inbox.inbox import ClientReply, Status
from bcp.notice.inbox.satisfaction import SatisfactionAnswer, Satisfied
from bcp.store.part import Columns, StorePart, one_of, typed

_COLUMNS = "message_id, incident, campaign, contact, sender, subject, at, owner, status"
_PUT = f"INSERT OR IGNORE INTO replies ({_COLUMNS}, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_MOVE = """
    UPDATE replies SET status = ?, owner = ?, changed_at = ?
    WHERE message_id = ? AND status = ? AND owner = ?
"""


class StoredBoard(StorePart):
    """A `Board` in SQLite."""

    def put(self, reply: ClientReply) -> bool:
        """Keep a reply. Whether it is new."""
        at = stamp(reply.at)
        values = (
            reply.message_id, reply.incident, reply.campaign, reply.contact, reply.sender, reply.subject, at,
            reply.owner, reply.status, at,
        )  # fmt: skip
        return self._database.write(_PUT, [values]) == 1

    def replies(self) -> Sequence[ClientReply]:
        """All replies, oldest first."""
        return self._kept(f"SELECT {_COLUMNS} FROM replies ORDER BY at, rowid", (), _reply)

    def move(
        self, message_id: str, status: Status, owner: str, was: tuple[Status, str], at: datetime
    ) -> bool:
        """Change who looks after a reply, if it still is as it `was`. Whether it was."""
        return self._database.write(_MOVE, [(status, owner, stamp(at), message_id, *was)]) == 1

    def seen(self, mailbox: str) -> int:
        """The number of the last message that was read from a mailbox."""
        query = "SELECT number FROM seen WHERE mailbox = ?"
        found: list[int] = self._kept(query, (mailbox,), lambda row: typed(row, int)[0])
        return found[0] if found else 0

    def set_seen(self, mailbox: str, number: int) -> None:
        """Keep the number of the last message that was read."""
        statement = "INSERT OR REPLACE INTO seen (mailbox, number) VALUES (?, ?)"
        self._database.write(statement, [(mailbox, number)])


class StoredAnswers(StorePart):
    """What clients answered to the follow-up, in SQLite; the last answer of a contact counts."""

    def keep(self, answer: SatisfactionAnswer) -> None:
        """Keep an answer; an earlier one of the same contact is replaced."""
        values = (
            answer.incident, answer.contact, answer.satisfied, answer.comment, answer.by, stamp(answer.at),
        )  # fmt: skip
        self._database.write("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)", [values])

    def answers(self, incident: str) -> Sequence[SatisfactionAnswer]:
        """The answers after an incident, oldest first."""
        query = (
            "SELECT incident, contact, satisfied, comment, by, at FROM answers WHERE incident = ? ORDER BY at"
        )
        return self._kept(query, (incident,), _answer)


def _reply(row: Columns) -> ClientReply:
    typed(row, *[str] * 9)
    one_of(row[8], get_args(Status))
    return ClientReply(row[0], row[1], row[2], row[3], row[4], row[5], moment(row[6]), row[7], row[8])


def _answer(row: Columns) -> SatisfactionAnswer:
    incident, contact, satisfied, comment, by, at = typed(row, *[str] * 6)
    one_of(satisfied, get_args(Satisfied))
    return SatisfactionAnswer(incident, contact, satisfied, comment, by, moment(at))
