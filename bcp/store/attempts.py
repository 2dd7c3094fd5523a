"""What was done about each letter, and heard of it, as rows of their table."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection
from typing import Any

from bcp.event import moment, stamp
from bcp.notice.campaign.outbox import STATES, LetterAttempt, Settled
from bcp.store.part import one_of, typed
from bcp.store.queue import IS

_ATTEMPT = "INSERT INTO attempts (letter, at, stage, state, code, reply) VALUES (?, ?, ?, ?, ?, ?)"
NOTE = f"""
    INSERT INTO attempts (letter, at, stage, state, code, reply) SELECT id, ?, ?, state, ?, ? FROM letters WHERE {IS}
"""
OF = f"""
    SELECT row_number() OVER (ORDER BY rowid), at, stage, state, code, reply FROM attempts
    WHERE letter = (SELECT id FROM letters WHERE {IS}) ORDER BY rowid
"""


def keep(connection: Connection, letter: int, settled: Settled) -> None:
    """Keep how an attempt ended, of the letter with that number."""
    values = (letter, stamp(settled.at), settled.stage, settled.state, settled.code, settled.reply)
    connection.execute(_ATTEMPT, values)


def attempt(found: Sequence[Any]) -> LetterAttempt:
    """An attempt as it is kept. Raises ValueError or TypeError for a row that was never written."""
    typed(found, int, str, str, str, int | None, str)
    one_of(found[3], STATES)
    number, at, stage, state, code, reply = found
    return LetterAttempt(number, moment(at), stage, state, code, reply)
