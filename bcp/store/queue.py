"""Which letter of a contact waits: how letters are added, the next way is taken, and those that wait are renewed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from sqlite3 import Connection
from typing import Any

from bcp.event import stamp
from bcp.notice.campaign.outbox import (
    GONE,
    NO_WAY,
    RESERVE,
    SAME_ADDRESS,
    TOUCHED,
    Campaign,
    Key,
    LetterDraft,
    waits,
)
from bcp.notice.campaign.renewable import may_be_renewed
from bcp.store.letter_rows import OF_LETTER, next_update, of_draft, overruled, row
from bcp.store.part import as_written

IS = "campaign = ? AND contact = ? AND channel = ?"
WAITS = "state IN ('queued', 'deferred') AND channel <> 'call'"
"""Of a letter that is to go out still; a call that nobody answered is no letter."""
_ADD = """
    INSERT OR IGNORE INTO letters
        (campaign, contact, channel, rank, name, address, language, content, state, reason)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_RESERVE = f"""
    SELECT id, channel, address FROM letters
    WHERE campaign = ? AND contact = ? AND state = 'suppressed' AND reason = '{RESERVE}' ORDER BY rank LIMIT 1
"""
_PUT_IN = "UPDATE letters SET state = ?, reason = ? WHERE id = ?"
_HOLDER = """
    SELECT contact, state FROM letters
    WHERE campaign = ? AND channel = ? AND address = ? COLLATE NOCASE AND state <> 'suppressed'
"""
_HAS_ONE = f"""
    SELECT 1 FROM letters mine
    LEFT JOIN letters shared ON shared.campaign = mine.campaign AND shared.channel = mine.channel
        AND mine.reason = '{SAME_ADDRESS}' || shared.contact
    WHERE mine.campaign = ? AND mine.contact = ? AND (mine.state IN ('in-flight', 'sent', 'unknown')
        OR (mine.state IN ('queued', 'deferred') AND mine.channel <> 'call') OR shared.state <> 'failed')
"""
_TWINS = f"""
    SELECT contact FROM letters
    WHERE campaign = ? AND channel = ? AND state = 'suppressed' AND reason = '{SAME_ADDRESS}' || ? ORDER BY id
"""
_WITHDRAW = """
    UPDATE letters SET state = 'suppressed', reason = ? WHERE campaign = ? AND contact = ?
        AND state IN ('queued', 'deferred') AND channel <> 'call'
"""
_REWRITE = f"""
    UPDATE letters SET rank = ?, name = ?, address = ?, language = ?, content = ?, state = 'suppressed', reason = ?
    WHERE {IS}
"""
_PUT_OFF = (
    f"UPDATE letters SET state = 'deferred', not_before = ?, reason = ? WHERE {IS} AND state = 'queued'"
)


def add(connection: Connection, draft: LetterDraft) -> int:
    """Add a letter that is not there: how many are new.

    One to an address that has a letter already is kept as suppressed, and a further way of somebody who has a letter
    already waits in reserve. Whoever is to get none any more loses what still waits.
    """
    key = draft.key
    if draft.why_not and draft.reason != NO_WAY:
        connection.execute(_WITHDRAW, (draft.reason, key.campaign, key.contact))
    if draft.state == "queued" and _is_new_way_of_old_one(connection, draft):
        draft = replace(draft, state="suppressed", reason=RESERVE)
    if connection.execute(_ADD, of_draft(draft)).rowcount:
        return 1
    if not connection.execute(f"SELECT 1 FROM letters WHERE {IS}", key).fetchone():
        first, _state = connection.execute(_HOLDER, (key.campaign, key.channel, draft.address)).fetchone()
        reason = f"{SAME_ADDRESS}{first}"
        connection.execute(_ADD, of_draft(replace(draft, state="suppressed", reason=reason)))
    return 0


def _is_new_way_of_old_one(connection: Connection, draft: LetterDraft) -> bool:
    if connection.execute(f"SELECT 1 FROM letters WHERE {IS}", draft.key).fetchone():
        return False
    return connection.execute(_HAS_ONE, draft.key[:2]).fetchone() is not None


def next_way(connection: Connection, campaign: str, contact: str) -> bool:
    """Queue the next way of a contact; one to an address that has a letter already shares it, unless it failed."""
    while found := connection.execute(_RESERVE, (campaign, contact)).fetchone():
        letter, channel, address = found
        first, state = connection.execute(_HOLDER, (campaign, channel, address)).fetchone() or ("", "")
        if state != "failed":
            put_in = ("suppressed", f"{SAME_ADDRESS}{first}") if first else ("queued", "")
            connection.execute(_PUT_IN, (*put_in, letter))
            return True
        connection.execute(_PUT_IN, ("suppressed", f"{SAME_ADDRESS}{first}", letter))
    return False


def sharers(connection: Connection, key: Key) -> list[str]:
    """The contacts who share this letter, for it goes to their mailbox, too."""
    found = connection.execute(_TWINS, (key.campaign, key.channel, key.contact))
    return [twin for (twin,) in found.fetchall()]


def renew(connection: Connection, campaign: Campaign, drafts: Iterable[LetterDraft]) -> None:
    """Put the drafts in place of the letters of all who were not told; what is out stays as it is.

    First every letter that may still be written anew is put in reserve, so that no two of them are in each other's
    way while addresses change; then each contact's first way is queued, as after a failure.
    """
    kept = (next_update(campaign), overruled(campaign), campaign.id)
    connection.execute("UPDATE campaigns SET next_update = ?, overruled = ? WHERE id = ?", kept)
    found = connection.execute(f"SELECT {OF_LETTER} FROM letters WHERE campaign = ?", (campaign.id,))
    rows = {one.key: one for one in (as_written(row, each) for each in found.fetchall())}
    new = {draft.key: draft for draft in drafts}
    touched = {key.contact for key, one in rows.items() if one.state in TOUCHED}
    touched -= {key.contact for key, one in rows.items() if waits(one)}
    touched |= {key.contact for key, one in rows.items() if one.state in ("cancelled", "expired")}
    loose = [key for key, one in rows.items() if may_be_renewed(one, new.get(key))]
    for key in loose:
        written = new.get(key)
        values: tuple[Any, ...] = (
            (written.rank, written.name, written.address, written.language, written.content)
            if written
            else connection.execute(
                f"SELECT rank, name, address, language, content FROM letters WHERE {IS}", key
            ).fetchone()
        )
        connection.execute(_REWRITE, (*values, RESERVE if written else GONE, *key))
    for draft in new.values():
        if draft.key not in rows:
            last = draft if draft.why_not else replace(draft, state="suppressed", reason=RESERVE)
            connection.execute(_ADD, of_draft(last))
    for contact in dict.fromkeys(draft.key.contact for draft in new.values()):
        if contact not in touched:
            next_way(connection, campaign.id, contact)
    for key in loose:
        old, written = rows[key], new.get(key)
        if old.state == "deferred" and old.not_before and written and written.address == old.address:
            connection.execute(_PUT_OFF, (stamp(old.not_before), old.reason, *key))
