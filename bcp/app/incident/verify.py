"""Walks the chain of a journal, compares it with an anchor, and brings journal.txt back in step."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bcp.app.session import Session
from bcp.errors import ChainBroken, InputError
from bcp.event import Row, checked, unseal

_HEAD = re.compile("[0-9a-f]{8,64}")


@dataclass(frozen=True, slots=True)
class JournalProof:
    """A journal that holds: the number of its events, and its head.

    `anchored_at` is the number of the event that has the hash of the anchor; None where none has.
    """

    id: str
    whole: bool
    events: int
    head: str
    anchored: bool
    anchored_at: int | None
    journal_txt_rebuilt: bool


def verify(
    session: Session, streams: Sequence[str], kind: str, head: str | None = None
) -> list[JournalProof]:
    """Prove these journals of a kind. Raises ChainBroken at the first event that does not hold.

    With `head`, an anchor from outside, it also raises ChainBroken where no journal holds that hash, and InputError
    where it is none.
    """
    anchor = anchor_of(head)
    proofs = [_prove(session, session.book(stream, kind).incident.id, anchor) for stream in streams]
    if anchor and not any(proof.anchored for proof in proofs):
        which = f"the journal of {proofs[0].id} does not hold" if len(proofs) == 1 else "no journal holds"
        raise ChainBroken(
            f"{which} the head {head}",
            "its end was cut off or written anew since that head was printed; keep a copy of the database as it is",
        )
    return proofs


def anchor_of(head: str | None) -> str:
    """The hash that was asked for. Raises InputError for what is none, or too short to mean one event alone."""
    anchor = (head or "").strip().lower()
    if head is not None and not _HEAD.fullmatch(anchor):
        raise InputError(
            f'"{head}" is no head: 8 to 64 digits and letters from a to f',
            "copy it from a sheet, a report, a stamp or the manifest of an export",
        )
    return anchor


def _prove(session: Session, stream: str, anchor: str) -> JournalProof:
    rows: list[Row] = list(checked(session.log.rows(stream)))
    at = next((row.seq for row in rows if row.hash.startswith(anchor)), None) if anchor else None
    rebuilt = session.mend_record(unseal(row) for row in rows)
    return JournalProof(stream, True, len(rows), rows[-1].hash, at is not None, at, rebuilt)
