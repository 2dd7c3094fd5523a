"""Moves an incident from one store to another: its events as they are, and its letters with how far each came."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from sqlite3 import Connection, IntegrityError
from typing import Any

from bcp.errors import ChainBroken, StoreError
from bcp.event import Row
from bcp.incident.evidence.export import SentRecord
from bcp.store.letter_rows import OF_CAMPAIGN, OF_LETTER, campaign, row
from bcp.store.part import Columns, StorePart

HANDED_OVER = "handed over"
_CAMPAIGN = f"id, {OF_CAMPAIGN}"
_LETTER = f"{OF_LETTER}, content"
_CAMPAIGNS = f"SELECT {_CAMPAIGN} FROM campaigns WHERE incident = ? ORDER BY rowid"
_LETTERS = f"""
    SELECT {_LETTER} FROM letters WHERE campaign IN (SELECT id FROM campaigns WHERE incident = ?) ORDER BY id
"""
_GIVE_AWAY = """
    UPDATE letters SET state = 'cancelled', reason = ? WHERE state IN ('queued', 'deferred', 'in-flight')
    AND campaign IN (SELECT id FROM campaigns WHERE incident = ?)
"""
_STATE, _REASON, _CONTENT = 7, 8, 16
_KEY = ("campaign", "contact", "channel")
_WAITING = ("queued", "deferred")


class Mover(StorePart):
    """Packs and takes in."""

    def pack(self, incident: str) -> dict[str, Any]:
        """The campaigns and letters of an incident, as JSON can hold them; what was cancelled by handing over waits."""
        return {
            "campaigns": self._kept(_CAMPAIGNS, (incident,), _packed_campaign),
            "letters": self._kept(_LETTERS, (incident,), _packed),
        }

    def give_away(self, incident: str) -> None:
        """What waits here is sent from elsewhere now: it is cancelled here."""
        self._database.write(_GIVE_AWAY, [(HANDED_OVER, incident)])

    def take_in(self, rows: Sequence[Row], packed: Mapping[str, Any], lost: bool) -> None:
        """Keep the events that are not here yet, and the letters.

        `packed` was looked at (`bcp.store.packed`). With `lost`, nobody knows whether what waited there was sent after
        all: it becomes unknown. Raises ChainBroken if the incident went on here in another way than there.
        """
        stream = rows[0].stream
        with self._database.writing() as connection:
            here = connection.execute(
                "SELECT stream, seq, kind, body, hash FROM events WHERE stream = ? ORDER BY seq", (stream,)
            ).fetchall()
            for mine, theirs in zip(here, rows, strict=False):
                if mine[4] != theirs.hash:
                    raise ChainBroken(
                        f"{stream} went on in two ways: event {theirs.seq} here is not event {theirs.seq} there",
                        "two computers wrote; keep both files and compare their journals by hand",
                    )
            connection.executemany(
                "INSERT INTO events (stream, seq, kind, body, hash) VALUES (?, ?, ?, ?, ?)", rows[len(here) :]
            )
            if len(rows) >= len(here):
                _keep_letters(connection, packed, lost)


def from_export(incident: str, sent: SentRecord) -> dict[str, Any]:
    """The sendings and letters of an export, as `take_in` wants them: who was told, but neither address nor text.

    Raises KeyError or TypeError for lines that are none of an export.
    """
    return {
        "campaigns": [
            [
                each["campaign"],
                incident,
                *(each[key] for key in ("notice", "number", "kind", "audience", "by", "at", "expires_at")),
                json.dumps(each["overruled"], ensure_ascii=False),
                each["stopped"],
                "",
            ]
            for each in sent.campaigns
        ],
        "letters": [
            [
                each["campaign"], each["contact"], each["channel"], 0, each["contact"], "", each["language"],
                each["state"], each["reason"], 0, "", None, "", "", each["last_at"] or "", each["last_at"] or "", "",
            ]
            for each in sent.letters
        ],
    }  # fmt: skip


def _packed_campaign(found: Columns) -> list[Any]:
    campaign(found[1:])
    return list(found)


def _packed(found: Columns) -> list[Any]:
    row(found[:_CONTENT])
    letter = list(found)
    if letter[_STATE] == "cancelled" and letter[_REASON] == HANDED_OVER:
        letter[_STATE], letter[_REASON] = "queued", ""
    if letter[_STATE] == "in-flight":
        letter[_STATE] = "unknown"
    letter[_CONTENT] = base64.b64encode(letter[_CONTENT]).decode("ascii")
    return letter


def _keep_letters(connection: Connection, packed: Mapping[str, Any], lost: bool) -> None:
    try:
        connection.executemany(
            f"INSERT INTO campaigns ({_CAMPAIGN}) VALUES ({_marks(_CAMPAIGN)}) ON CONFLICT (id) DO UPDATE SET"
            " stopped = excluded.stopped",
            packed["campaigns"],
        )
        columns = [name for name in _LETTER.split(", ") if name not in _KEY]
        sets = ", ".join(f"{name} = excluded.{name}" for name in columns)
        connection.executemany(
            f"INSERT INTO letters ({_LETTER}) VALUES ({_marks(_LETTER)})"
            f" ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET {sets}",
            [_unpacked(list(letter), lost) for letter in packed["letters"]],
        )
    except IntegrityError:
        raise StoreError(
            "the letters in this file cannot be kept", "ask for a new file: bcp incident hand-over FILE"
        ) from None


def _unpacked(letter: list[Any], lost: bool) -> list[Any]:
    if lost and letter[_STATE] in (*_WAITING, "in-flight"):
        letter[_STATE] = "unknown"
        letter[_REASON] = "it waited on a computer that was lost"
    letter[_CONTENT] = base64.b64decode(letter[_CONTENT], validate=True)
    return letter


def _marks(columns: str) -> str:
    return ", ".join("?" * len(columns.split(", ")))
