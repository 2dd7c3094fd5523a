"""The outbox in SQLite: a letter is claimed by compare-and-set, and each step is on the disk before the next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

from bcp.errors import InputError
from bcp.event import moment, stamp
from bcp.notice.campaign.outbox import (
    CALL,
    Approval,
    Campaign,
    Key,
    LetterAttempt,
    LetterDraft,
    LetterRow,
    Settled,
    State,
    Taken,
    message_id_of,
)
from bcp.store import attempts, set_aside
from bcp.store.letter_rows import EVERYBODY, OF_CAMPAIGN, OF_LETTER, of_campaign
from bcp.store.letter_rows import campaign as campaign_of
from bcp.store.letter_rows import row as row_of
from bcp.store.part import Columns, StorePart, as_written, text, typed
from bcp.store.queue import IS, WAITS, add, next_way, renew, sharers

_PAGE = 500
_DOMAIN = "lower(substr(address, instr(address, '@') + 1))"
_WAITING = f"campaign = ? AND {WAITS}"
_ADD_CAMPAIGN = """
    INSERT INTO campaigns (id, incident, notice, number, kind, audience, by, at, expires_at, overruled, next_update)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
"""
_CLAIM = f"""
    UPDATE letters SET state = 'in-flight', last_at = ?, first_at = CASE first_at WHEN '' THEN ? ELSE first_at END
    WHERE {IS} AND state IN ('queued', 'deferred')
"""
_SETTLE = f"""
    UPDATE letters SET state = ?, attempts = attempts + ?, not_before = ?, code = ?, reply = ?, last_at = ?,
        provider_id = CASE ? WHEN '' THEN provider_id ELSE ? END,
        reason = CASE WHEN ? <> '' THEN ? WHEN reason = 'held back' THEN '' ELSE reason END
    WHERE {IS} RETURNING id
"""
_END = f"UPDATE letters SET state = ?, reason = ?, last_at = ? WHERE {_WAITING}"
_DOUBT = """
    UPDATE letters SET state = 'unknown', reply = ?, last_at = ? WHERE campaign = ? AND state = 'in-flight'
"""
_DECIDE = f"UPDATE letters SET state = ?, reason = ?, last_at = ? WHERE {IS} AND state = 'unknown'"
_CALLED = """
    INSERT INTO letters (campaign, contact, channel, rank, name, address, language, content, state, reason,
        attempts, last_at)
    VALUES (?, ?, ?, 99, ?, '', '', x'', ?, ?, 1, ?)
    ON CONFLICT (campaign, contact, channel) DO UPDATE SET state = excluded.state, reason = excluded.reason,
        attempts = attempts + 1, last_at = excluded.last_at RETURNING id
"""

_HEADS = """
    SELECT contact, channel, substr(content, 1, 16384) FROM letters WHERE campaign = ? AND content <> x'' ORDER BY id
"""

_BUSY = "another process of this office is sending letters now"
_WATCH_IT = (
    "watch it from here: bcp notice status   (or stop it there with Ctrl-C, then give the command again)"
)


class Outbox(StorePart):
    """A `Ledger` in SQLite."""

    def freeze(self, campaign: Campaign, drafts: Iterable[LetterDraft], cancels: Iterable[str] = ()) -> int:
        """Keep the campaign and its letters, all or none; those that are there already stay. How many are new.

        What still waits in the campaigns that it `cancels` is cancelled with it.
        """
        with self._database.writing() as connection:
            for other in cancels:
                connection.execute(_END, ("cancelled", f"{campaign.notice} came", stamp(campaign.at), other))
            connection.execute(_ADD_CAMPAIGN, of_campaign(campaign))
            count = sum(add(connection, draft) for draft in drafts)
            if count:
                set_aside.approve(connection, campaign.id, "")
            return count

    def renew(self, campaign: Campaign, drafts: Iterable[LetterDraft]) -> None:
        """Put the drafts in place of the letters of all who were not told, all or none."""
        with self._database.writing() as connection:
            renew(connection, campaign, drafts)
            set_aside.approve(connection, campaign.id, "")

    def campaigns(self, incident: str) -> Sequence[Campaign]:
        """The campaigns of an incident, oldest first."""
        return self._campaigns("WHERE incident = ? ORDER BY rowid", (incident,))

    def all_campaigns(self) -> Sequence[Campaign]:
        """The campaigns of all incidents, oldest first."""
        return self._campaigns("ORDER BY rowid", ())

    def _campaigns(self, which: str, values: tuple[str, ...]) -> Sequence[Campaign]:
        return self._kept(f"SELECT {OF_CAMPAIGN} FROM campaigns {which}", values, campaign_of)

    def contacts(self, incident: str) -> Sequence[str]:
        """Everybody who is in a sending of an incident, in the order in which they came into the first one."""
        return self._kept(EVERYBODY, (incident,), text)

    def rows(self, campaign: str) -> Iterator[LetterRow]:
        """The letters of a campaign in the order in which they were frozen; read page by page."""
        last, full = 0, True
        query = f"SELECT id, {OF_LETTER} FROM letters WHERE campaign = ? AND id > ? ORDER BY id LIMIT ?"
        while full:
            page = self._kept(query, (campaign, last, _PAGE), _numbered)
            yield from (row for _number, row in page)
            full, last = len(page) == _PAGE, page[-1][0] if page else last

    def next(
        self, campaign: str, now: datetime, without: Collection[str] = (), apart: Collection[str] = ()
    ) -> LetterRow | None:
        """The first letter that is to be sent now: what was put off comes behind the others."""
        domains = sorted({address.rpartition("@")[2].casefold() for address in apart})
        order = f"not_before, {_DOMAIN} IN ({_marks(domains)}), id DESC" if apart else "not_before, id"
        query = f"SELECT {OF_LETTER} FROM letters WHERE {_by(without)} AND not_before <= ? ORDER BY {order} LIMIT 1"
        found = self._kept(query, (campaign, *without, stamp(now), *domains), row_of)
        return found[0] if found else None

    def next_time(self, campaign: str, without: Collection[str] = ()) -> datetime | None:
        """When the next letter is to be sent that waits; None where none waits."""
        query = f"SELECT not_before FROM letters WHERE {_by(without)} ORDER BY not_before LIMIT 1"
        found = self._kept(query, (campaign, *without), text)
        return (moment(found[0]) if found[0] else datetime.min.replace(tzinfo=UTC)) if found else None

    def waiting(self, campaign: str) -> int:
        """How many letters are to be sent still."""
        ((count,),) = self._rows(f"SELECT count(*) FROM letters WHERE {_WAITING}", (campaign,))
        return int(count)

    def content(self, key: Key) -> bytes:
        """The frozen content of a letter."""
        return bytes(self._one(f"SELECT content FROM letters WHERE {IS}", key, bytes))

    def message_ids(self, campaign: str) -> Mapping[str, Key]:
        """The letters of a campaign that are mails, by their Message-IDs."""
        found: dict[str, Key] = {}
        with self._database.reading() as connection:
            # One after the other: the beginnings of ten thousand letters are more than what is kept of them.
            for contact, channel, head in connection.execute(_HEADS, (campaign,)):
                found[message_id_of(bytes(head))] = Key(campaign, contact, channel)
        found.pop("", None)
        return found

    def claim(self, key: Key, at: datetime) -> None:
        """Put a waiting letter in flight. Raises Taken if it is not waiting any more."""
        if self._database.write(_CLAIM, [(stamp(at), stamp(at), *key)]) != 1:
            raise Taken

    def settle(self, key: Key, settled: Settled) -> None:
        """Write how an attempt ended; after a failure the next way is queued, also of those who shared the letter."""
        later = stamp(settled.not_before) if settled.not_before else ""
        values = (
            settled.state, int(settled.counts), later, settled.code, settled.reply, stamp(settled.at),
            settled.provider_id, settled.provider_id, settled.reason, settled.reason, *key,
        )  # fmt: skip
        with self._database.writing() as connection:
            letter = connection.execute(_SETTLE, values).fetchone()[0]
            attempts.keep(connection, letter, settled)
            if settled.state == "failed":
                for contact in (key.contact, *sharers(connection, key)):
                    next_way(connection, key.campaign, contact)

    def attempts(self, key: Key) -> Sequence[LetterAttempt]:
        """What was done about a letter and heard of it, oldest first."""
        return self._kept(attempts.OF, key, attempts.attempt)

    def note(self, key: Key, stage: str, code: int | None, reply: str, at: datetime) -> None:
        """Keep what was heard of a letter, such as a delivery report; how far it came stays as it is."""
        self._database.write(attempts.NOTE, [(stamp(at), stage, code, reply, *key)])

    def take_next_way(self, campaign: str, contact: str) -> bool:
        """Queue the contact's next way although an earlier one is unknown. Whether there was one."""
        with self._database.writing() as connection:
            return next_way(connection, campaign, contact)

    def settle_doubt(self, key: Key, state: State, reason: str, at: datetime) -> None:
        """What a person decided about a letter of which nobody knew. Raises Taken if it is not unknown any more."""
        if self._database.write(_DECIDE, [(state, reason, stamp(at), *key)]) != 1:
            raise Taken

    def bounce(self, key: Key, settled: Settled) -> None:
        """A letter that was sent came back; the contact's next way is queued. Raises Taken if it is failed already."""
        if self._one(f"SELECT state FROM letters WHERE {IS}", key, str) not in ("sent", "unknown"):
            raise Taken
        self.settle(key, settled)

    def doubt(self, campaign: str, at: datetime) -> int:
        """What a crash left in flight becomes unknown. How many."""
        return self._database.write(_DOUBT, [("the sending broke off", stamp(at), campaign)])

    def end(self, campaigns: Iterable[str], state: State, reason: str, at: datetime) -> int:
        """End all letters that wait (cancelled, expired). How many."""
        with self._database.writing() as connection:
            return sum(
                connection.execute(_END, (state, reason, stamp(at), campaign)).rowcount
                for campaign in campaigns
            )

    def stop(self, campaign: str, reason: str, goes_on: datetime | None = None) -> None:
        """Keep why a sending stopped, or "" when it goes on; and when it may go on without a person."""
        with self._database.writing() as connection:
            connection.execute("UPDATE campaigns SET stopped = ? WHERE id = ?", (reason, campaign))
            set_aside.goes_on(connection, campaign, goes_on)

    def approve(self, campaign: str, by: str) -> None:
        """A person agreed to what waits now. Letters that are added or written anew later end that."""
        with self._database.writing() as connection:
            set_aside.approve(connection, campaign, by)

    def approval(self, campaign: str) -> Approval:
        """Who agreed to all that waits, and when it may go on without a person."""
        query = "SELECT by, goes_on_at FROM approvals WHERE campaign = ?"
        found = self._kept(query, (campaign,), set_aside.approval)
        return found[0] if found else Approval()

    def release(self, keys: Iterable[Key]) -> None:
        """Put letters that are held back among the others again: it was not their recipients."""
        with self._database.writing() as connection:
            set_aside.release(connection, keys)

    def hurry(self, campaign: str, now: datetime) -> None:
        """What is held back may be tried now, behind the others: a person asks for it."""
        with self._database.writing() as connection:
            set_aside.hurry(connection, campaign, now)

    def skip(self, key: Key, reason: str, at: datetime) -> bool:
        """Set a letter that waits aside and queue the next way. Raises Taken if it does not wait any more."""
        with self._database.writing() as connection:
            return set_aside.set_aside(connection, key, reason, at)

    def take_up(self, key: Key, at: datetime) -> None:
        """Queue a letter that was set aside. Raises Taken if it is not, or if a next way is out."""
        with self._database.writing() as connection:
            set_aside.take_up(connection, key, at)

    def told_by_phone(self, campaigns: Iterable[str], contact: str, at: datetime) -> int:
        """Take back what waits for a contact who was told by phone; how many letters."""
        with self._database.writing() as connection:
            return sum(set_aside.take_back(connection, one, contact, at) for one in campaigns)

    def note_call(self, campaign: str, contact: str, name: str, settled: Settled, reason: str) -> None:
        """Keep what came of telling a contact by phone."""
        values = (campaign, contact, CALL, name, settled.state, reason, stamp(settled.at))
        with self._database.writing() as connection:
            letter = connection.execute(_CALLED, values).fetchone()[0]
            attempts.keep(connection, letter, settled)

    def suppress(self, address: str, reason: str, at: datetime) -> None:
        """Never write to this address again, in any campaign."""
        statement = "INSERT OR REPLACE INTO suppressed (address, reason, at) VALUES (?, ?, ?)"
        self._database.write(statement, [(address.casefold(), reason, stamp(at))])

    def suppressed(self) -> Mapping[str, str]:
        """The addresses that are not written to, each with its reason."""
        rows = self._kept("SELECT address, reason FROM suppressed", (), lambda row: typed(row, str, str))
        return {str(address): str(reason) for address, reason in rows}

    @contextmanager
    def sole_sender(self) -> Iterator[None]:
        """Held while letters are sent; the system ends it when the process dies. Raises InputError if taken."""
        from bcp.incident.journal import Busy

        with ExitStack() as held:
            try:
                held.enter_context(self._database.alone("sending"))
            except Busy:
                raise InputError(_BUSY, _WATCH_IT) from None
            yield

    def _one(self, query: str, key: Key, type_: type) -> Any:
        """The only value of the only row that there must be."""
        with self._database.reading() as connection:
            found = connection.execute(query, key).fetchall()
            return as_written(lambda rows: typed(rows[0], type_)[0], found)


def _numbered(row: Columns) -> tuple[int, LetterRow]:
    """A letter behind its number."""
    typed(row[:1], int)
    return row[0], row_of(row[1:])


def _by(without: Collection[str]) -> str:
    """The condition of a letter that waits, by no channel of `without`."""
    return f"{_WAITING} AND channel NOT IN ({_marks(without)})" if without else _WAITING


def _marks(values: Collection[str]) -> str:
    return ", ".join("?" * len(values))
