"""Letters that a person takes out of the queue and puts back, and which sendings may go on without a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from sqlite3 import Connection

from bcp.event import moment, stamp
from bcp.notice.campaign.outbox import (
    BY_PHONE,
    CALL,
    HELD,
    RESERVE,
    SAME_ADDRESS,
    SKIPPED,
    Approval,
    Key,
    Taken,
)
from bcp.store.part import Columns, typed
from bcp.store.queue import IS, WAITS, next_way, sharers

_SET_ASIDE = f"UPDATE letters SET state = 'cancelled', reason = ?, last_at = ? WHERE {IS} AND {WAITS}"
_ASIDE = f"""
    SELECT 1 FROM letters WHERE {IS} AND state = 'cancelled' AND (reason LIKE '{SKIPPED}%' OR reason = '{BY_PHONE}')
"""
_IS_OUT = """
    SELECT 1 FROM letters WHERE campaign = ? AND contact = ? AND state IN ('in-flight', 'sent', 'unknown')
"""
_BACK_IN_RESERVE = f"""
    UPDATE letters SET state = 'suppressed', reason = '{RESERVE}', not_before = ''
    WHERE campaign = ? AND contact = ? AND {WAITS}
"""
_QUEUE = f"UPDATE letters SET state = 'queued', reason = '', not_before = '', last_at = ? WHERE {IS}"
_RELEASE = f"""
    UPDATE letters SET state = 'queued', reason = '', not_before = '' WHERE {IS} AND {WAITS} AND reason = '{HELD}'
"""
_HURRY = f"UPDATE letters SET not_before = ? WHERE campaign = ? AND {WAITS} AND reason = '{HELD}' AND not_before > ?"
_MINE = f"SELECT channel FROM letters WHERE campaign = ? AND contact = ? AND {WAITS}"
_IS_TOLD = (
    f"SELECT 1 FROM letters WHERE campaign = ? AND contact = ? AND channel = '{CALL}' AND state = 'sent'"
)
_HAS_TEXT = f"SELECT 1 FROM letters WHERE {IS} AND content <> x''"
_GIVE_WAY = (
    f"UPDATE letters SET state = 'suppressed', reason = '{BY_PHONE}', not_before = '', last_at = ? WHERE {IS}"
)
_SHARE_WITH = """
    UPDATE letters SET reason = ? WHERE campaign = ? AND channel = ? AND state = 'suppressed' AND reason = ?
"""
_SHARE_NO_MORE = f"""
    UPDATE letters SET reason = '{BY_PHONE}'
    WHERE campaign = ? AND contact = ? AND state = 'suppressed' AND reason LIKE '{SAME_ADDRESS}%'
"""
_APPROVE = """
    INSERT INTO approvals (campaign, by, goes_on_at) VALUES (?, ?, '')
    ON CONFLICT (campaign) DO UPDATE SET by = excluded.by
"""
_GO_ON = """
    INSERT INTO approvals (campaign, by, goes_on_at) VALUES (?, '', ?)
    ON CONFLICT (campaign) DO UPDATE SET goes_on_at = excluded.goes_on_at
"""


def set_aside(connection: Connection, key: Key, reason: str, at: datetime) -> bool:
    """Set a letter that waits aside; the next way is queued, also of those who share it. Whether there was one."""
    if connection.execute(_SET_ASIDE, (reason, stamp(at), *key)).rowcount != 1:
        raise Taken
    for twin in sharers(connection, key):
        next_way(connection, key.campaign, twin)
    return next_way(connection, key.campaign, key.contact)


def take_up(connection: Connection, key: Key, at: datetime) -> None:
    """Queue a letter that was set aside, in place of a next way that still waits."""
    contacts = (key.contact, *sharers(connection, key))
    is_aside = connection.execute(_ASIDE, key).fetchone()
    if not is_aside or connection.execute(_IS_OUT, (key.campaign, key.contact)).fetchone():
        raise Taken
    for contact in contacts:
        connection.execute(_BACK_IN_RESERVE, (key.campaign, contact))
    connection.execute(_QUEUE, (stamp(at), *key))


def release(connection: Connection, keys: Iterable[Key]) -> None:
    """Put letters that are held back among the others again."""
    connection.executemany(_RELEASE, list(keys))


def hurry(connection: Connection, campaign: str, now: datetime) -> None:
    """What is held back is due now, behind the others."""
    connection.execute(_HURRY, (stamp(now), campaign, stamp(now)))


def take_back(connection: Connection, campaign: str, contact: str, at: datetime) -> int:
    """Take back what waits for a contact who was told by phone; how many letters.

    Where others share his mailbox, the first of them who was not told gets his own letter there.
    """
    channels = [channel for (channel,) in connection.execute(_MINE, (campaign, contact)).fetchall()]
    for channel in channels:
        key = Key(campaign, contact, channel)
        heir = _heir(connection, key)
        if heir is None:
            connection.execute(_SET_ASIDE, (BY_PHONE, stamp(at), *key))
            continue
        connection.execute(_GIVE_WAY, (stamp(at), *key))
        connection.execute(_QUEUE, (stamp(at), *key._replace(contact=heir)))
        shared = (f"{SAME_ADDRESS}{heir}", campaign, channel, f"{SAME_ADDRESS}{contact}")
        connection.execute(_SHARE_WITH, shared)
    # Should the letter that he shares fail, he needs no next way.
    connection.execute(_SHARE_NO_MORE, (campaign, contact))
    return len(channels)


def _heir(connection: Connection, key: Key) -> str | None:
    """Who gets a letter at the mailbox of `key` in place of its contact; None where nobody needs one."""
    for twin in sharers(connection, key):
        is_told = connection.execute(_IS_TOLD, (key.campaign, twin)).fetchone()
        if not is_told and connection.execute(_HAS_TEXT, key._replace(contact=twin)).fetchone():
            return twin
    return None


def approve(connection: Connection, campaign: str, by: str) -> None:
    """`by` agreed to all that waits in a sending now; nobody where it is empty."""
    connection.execute(_APPROVE, (campaign, by))


def goes_on(connection: Connection, campaign: str, at: datetime | None) -> None:
    """When a sending may go on without a person; None: not without one."""
    connection.execute(_GO_ON, (campaign, stamp(at) if at else ""))


def approval(found: Columns) -> Approval:
    """An approval as it is kept. Raises ValueError or TypeError for a row that was never written."""
    by, at = typed(found, str, str)
    return Approval(by, moment(at) if at else None)
