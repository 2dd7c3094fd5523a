"""The board of replies in SQLite: taking one is compare-and-set, so two people never answer the same client.

What was sorted away stands beside it, the newest of it: an office's mailbox holds much that has to do with nobody here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, get_args

from bcp.event import moment, stamp
from bcp.notice.campaign.outbox import OPTED_OUT, unnamed
from bcp.notice.inbox.board import ClientReply, Pile, ReplyKind, SortedMail, Status
from bcp.notice.inbox.satisfaction import SatisfactionAnswer, Satisfied
from bcp.store.part import Columns, StorePart, one_of, typed

_COLUMNS = "message_id, incident, campaign, contact, sender, subject, at, owner, status, kind, why"
_PUT = f"INSERT OR IGNORE INTO replies ({_COLUMNS}, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_SORTED = "message_id, pile, contact, sender, subject, why, at"
_LAY_ASIDE = f"INSERT OR IGNORE INTO sorted_mails ({_SORTED}) VALUES (?, ?, ?, ?, ?, ?, ?)"
_MOST_SORTED = 10_000
_TIDY = f"""
    DELETE FROM sorted_mails WHERE rowid <= (SELECT max(rowid) FROM sorted_mails) - {_MOST_SORTED}
"""
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
            reply.owner, reply.status, reply.kind, reply.why, at,
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

    def lay_aside(self, mail: SortedMail) -> bool:
        """Keep what was sorted away; of many the newest. Whether it is new."""
        return self.lay_aside_all([mail]) == 1

    def lay_aside_all(self, mails: Sequence[SortedMail]) -> int:
        """The same of several, all or none. How many are new."""
        if not mails:
            return 0
        rows = [
            (each.message_id, each.pile, each.contact, each.sender, each.subject, each.why, stamp(each.at))
            for each in mails
        ]
        with self._database.writing() as connection:
            count = connection.executemany(_LAY_ASIDE, rows).rowcount
            connection.execute(_TIDY)
        return count

    def sorted_mails(self) -> Sequence[SortedMail]:
        """What was sorted away, newest first."""
        return self._kept(f"SELECT {_SORTED} FROM sorted_mails ORDER BY at DESC, rowid", (), _sorted_mail)

    def seen(self, mailbox: str) -> int:
        """The number up to which all messages of a mailbox were read."""
        query = "SELECT number FROM seen WHERE mailbox = ?"
        found: list[int] = self._kept(query, (mailbox,), lambda row: typed(row, int)[0])
        return found[0] if found else 0

    def set_seen(self, mailbox: str, number: int) -> None:
        """All messages up to this number were read."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO seen (mailbox, number) VALUES (?, ?)", (mailbox, number)
            )
            connection.execute("DELETE FROM seen_above WHERE mailbox = ? AND number <= ?", (mailbox, number))

    def seen_above(self, mailbox: str) -> set[int]:
        """The messages behind that number that were read all the same."""
        query = "SELECT number FROM seen_above WHERE mailbox = ?"
        return set(self._kept(query, (mailbox,), lambda row: int(typed(row, int)[0])))

    def add_seen(self, mailbox: str, numbers: Iterable[int]) -> None:
        """These messages were read, others before them were not yet."""
        values = [(mailbox, number) for number in numbers]
        if values:
            self._database.write("INSERT OR IGNORE INTO seen_above (mailbox, number) VALUES (?, ?)", values)

    def take_back(self, address: str) -> bool:
        """Write again to an address that opted out by mail; one that does so again is answered. Whether it had."""
        self._database.write("DELETE FROM opt_out_answers WHERE address = ?", [(unnamed(address),)])
        statement = "DELETE FROM suppressed WHERE address = ? AND reason = ?"
        return self._database.write(statement, [(address.casefold(), OPTED_OUT)]) == 1

    def begin_answer(self, address: str, at: datetime) -> bool:
        """Whether this address may be answered that it gets no more letters: it is once, and from now on was."""
        statement = "INSERT OR IGNORE INTO opt_out_answers (address, at) VALUES (?, ?)"
        return self._database.write(statement, [(unnamed(address), stamp(at))]) == 1


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
    typed(row, *[str] * 11)
    one_of(row[8], get_args(Status))
    one_of(row[9], get_args(ReplyKind))
    values: tuple[Any, ...] = (*row[:6], moment(row[6]), *row[7:])
    return ClientReply(*values)


def _sorted_mail(row: Columns) -> SortedMail:
    typed(row, *[str] * 7)
    one_of(row[1], get_args(Pile))
    values: tuple[Any, ...] = (*row[:6], moment(row[6]))
    return SortedMail(*values)


def _answer(row: Columns) -> SatisfactionAnswer:
    incident, contact, satisfied, comment, by, at = typed(row, *[str] * 6)
    one_of(satisfied, get_args(Satisfied))
    return SatisfactionAnswer(incident, contact, satisfied, comment, by, moment(at))
