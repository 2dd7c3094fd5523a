"""Forgets a contact in the database: who it was, where letters went and what they said; that letters went out stays."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from sqlite3 import Connection
from typing import NamedTuple

from bcp.errors import StoreError
from bcp.i18n import _
from bcp.notice.campaign.outbox import OPTED_OUT, SAME_ADDRESS, unnamed
from bcp.store.part import StorePart

_MINE = "SELECT id FROM letters WHERE contact = ?"
_EMPTY = """
    UPDATE letters SET contact = ?, name = '', address = '', content = x'', reply = '', reason = '', state =
        CASE WHEN state IN ('queued', 'deferred', 'in-flight') THEN 'cancelled' ELSE state END WHERE contact = ?
"""
_REPLY = """
    UPDATE replies SET message_id = ?, contact = ?, sender = '', subject = '', why = '' WHERE message_id = ?
"""
_PAGE = 200


class Correspondent(NamedTuple):
    """Somebody to whom letters went: the id, the name and the address of a letter."""

    contact: str
    name: str
    address: str


class EventAt(NamedTuple):
    """An event of a journal by its number."""

    stream: str
    seq: int


class Forgetting(StorePart):
    """What the database knows of people, and how it forgets one."""

    def correspondents(self) -> list[Correspondent]:
        """Everybody to whom letters went or are to go, with each name and address that they had."""
        query = "SELECT DISTINCT contact, name, address FROM letters WHERE name <> '' OR address <> '' ORDER BY id"
        return [Correspondent(*row) for row in self._rows(query)] if self._database.file.exists() else []

    def letters(self, contact: str) -> list[bytes]:
        """The letters of a contact."""
        found = self._rows("SELECT content FROM letters WHERE contact = ? AND content <> x''", (contact,))
        return [bytes(content) for (content,) in found]

    def forget(self, contact: str, is_of: Callable[[str], bool], opted_out: tuple[str, ...] = ()) -> int:
        """Put a number in place of a contact; how many letters it had. What still waited is cancelled.

        `is_of` tells whether a text names the contact. Whom a server refused, and the `opted_out` addresses, are
        not written to again: of these a digest is kept. A second time finds nothing and changes nothing.
        Raises StoreError, and then nothing was changed.
        """
        if not self._database.file.exists() and not opted_out:
            return 0
        number = f"forgotten-{secrets.token_hex(4)}"
        with self._database.writing() as connection:
            connection.execute("PRAGMA secure_delete = ON").fetchall()
            connection.execute(f"UPDATE attempts SET reply = '' WHERE letter IN ({_MINE})", (contact,))
            count = connection.execute(_EMPTY, (number, contact)).rowcount
            twins = (f"{SAME_ADDRESS}{number}", f"{SAME_ADDRESS}{contact}")
            connection.execute("UPDATE letters SET reason = ? WHERE reason = ?", twins)
            connection.execute(
                "UPDATE answers SET contact = ?, comment = '' WHERE contact = ?", (number, contact)
            )
            _forget_replies(connection, number, contact, is_of)
            _forget_addresses(connection, is_of, opted_out)
        return count

    def wipe(self) -> None:
        """Write the file anew without what was deleted in it, and empty its write-ahead log.

        Raises StoreError where another process uses the file, or has no room for it: then it is to be done again.
        """
        if not self._database.file.exists():
            return
        with self._database.reading() as connection:
            connection.execute("PRAGMA secure_delete = ON").fetchall()
            # Also what was deleted before without being overwritten, and what moved from page to page.
            connection.execute("VACUUM")
            ((busy, _pages, _moved),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        if busy:
            raise StoreError(
                _("another process reads the store, so its write-ahead log cannot be emptied"),
                _("it is tried again with the next command"),
            )

    def events(self, is_in: Callable[[str], bool]) -> Iterator[EventAt]:
        """The events in whose words somebody is named, of all journals; they stay as they are."""
        last = ("", 0)
        query = f"SELECT stream, seq, body FROM events WHERE (stream, seq) > (?, ?) ORDER BY stream, seq LIMIT {_PAGE}"
        while page := self._rows(query, last) if self._database.file.exists() else []:
            yield from (EventAt(stream, seq) for stream, seq, body in page if is_in(body))
            last = page[-1][:2]

    def letters_naming(self, is_in: Callable[[bytes], bool]) -> int:
        """How many letters to others name somebody in their words."""
        last, count = 0, 0
        query = f"SELECT id, content FROM letters WHERE id > ? ORDER BY id LIMIT {_PAGE}"
        while page := self._rows(query, (last,)) if self._database.file.exists() else []:
            count += sum(is_in(bytes(content)) for _id, content in page)
            last = page[-1][0]
        return count


def _forget_replies(connection: Connection, number: str, contact: str, is_of: Callable[[str], bool]) -> None:
    """A reply is kept under the name that a list shows, so it is known by what is in it; what was sorted away goes."""
    rows = connection.execute("SELECT message_id, contact, sender FROM replies").fetchall()
    for message_id, name, sender in rows:
        if name == contact or is_of(name) or is_of(sender):
            # Mail programs make this id of the address.
            connection.execute(_REPLY, (f"{number}-{secrets.token_hex(8)}", number, message_id))
    rows = connection.execute("SELECT message_id, contact, sender, subject, why FROM sorted_mails").fetchall()
    for row in rows:
        if contact in row or any(map(is_of, row)):
            connection.execute("DELETE FROM sorted_mails WHERE message_id = ?", row[:1])


def _forget_addresses(
    connection: Connection, is_of: Callable[[str], bool], opted_out: tuple[str, ...]
) -> None:
    rows = connection.execute("SELECT address, reason, at FROM suppressed").fetchall()
    for address, _reason, at in rows:
        if is_of(address):
            connection.execute("DELETE FROM suppressed WHERE address = ?", (address,))
            _keep_digest(connection, address, "refused before", at)
    for address in opted_out:
        _keep_digest(connection, address, OPTED_OUT, "")


def _keep_digest(connection: Connection, address: str, reason: str, at: str) -> None:
    """The reason may quote a server that names the address, so it is put in words of ours."""
    statement = "INSERT OR REPLACE INTO suppressed (address, reason, at) VALUES (?, ?, ?)"
    connection.execute(statement, (unnamed(address), reason, at))
