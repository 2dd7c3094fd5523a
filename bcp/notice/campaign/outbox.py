"""The outbox: who is told what by which way, one row a letter; `ledger.py` is the protocol of what keeps it.

A row is unique by campaign, contact and channel: so nobody is told twice. Its state says how far it came:

    queued ──▶ in-flight ──▶ sent         the server answered for it
      ▲  │         ├──▶ deferred          later again
      │  │         ├──▶ failed            the contact's next way is tried
      └──┼─────────┤                      (a failure that was ours)
         │         └──▶ unknown           it may have arrived: a person decides
         └──▶ cancelled, expired          never sent

A row may also begin as suppressed, with the reason, or as failed where there is no way to reach somebody. A letter
that a server refused in words about us, or hung up at, is held back: deferred behind all others, for one recipient
proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from secrets import token_hex
from typing import Literal, NamedTuple, get_args

State = Literal[
    "queued", "in-flight", "sent", "deferred", "failed", "unknown", "suppressed", "cancelled", "expired"
]
STATES: tuple[str, ...] = get_args(State)
RESERVE = "in reserve"
SAME_ADDRESS = "same address as "
OPTED_OUT = "opted out"
TOLD_BEFORE = "told before"
NO_WAY = "no way to reach"
BY_HAND = "by hand: "
"""How the reason begins why nothing is written to somebody who prefers a way that no machine sends; behind it that."""
GONE = "not among those who are told any more"
HELD = "held back"
"""The reason of a letter that waits behind all others, because the server's answer to it may be about us."""
SKIPPED = "skipped by "
BY_PHONE = "told by a person"
"""The reason of a letter that waited for somebody who was told by phone, or by a message of a person, meanwhile."""
READ_BACK = "read-back"
"""The kind of a letter to a provider, which tells nobody of the incident."""
OF_OUTAGE = ("down", "update", "number")
"""The kinds of letters that are not true any more once it is over."""
NONE = "none"
"""The channel of somebody to whom nothing is written."""
CALL = "call"
"""The channel of what a person told by phone."""

TOUCHED: tuple[State, ...] = ("in-flight", "sent", "unknown")
"""States of a letter that somebody may have read."""


_MESSAGE_ID = re.compile(rb"^Message-ID: (<[^<>\s]{1,998}>)\r\n", re.MULTILINE)


class Key(NamedTuple):
    """What makes a letter the only one of its kind."""

    campaign: str
    contact: str
    channel: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """One sending of a notice to an audience; `number` counts the sendings of this notice in this incident."""

    incident: str
    notice: str
    number: int
    kind: str
    audience: str
    by: str
    at: datetime
    expires_at: datetime
    overruled: Mapping[str, str] = field(default_factory=dict)
    stopped: str = ""
    next_update: datetime | None = None

    @property
    def id(self) -> str:
        """`2026-11-26-internet-outage/line-down/1`."""
        return f"{self.incident}/{self.notice}/{self.number}"

    @property
    def tells(self) -> bool:
        """Whether it tells people of the incident, so that they must be accounted for and get the all-clear."""
        return self.kind != READ_BACK


@dataclass(frozen=True, slots=True)
class LetterDraft:
    """A letter as it is frozen: everything that it takes to send it. `rank` orders the ways of one contact."""

    key: Key
    rank: int
    name: str
    address: str
    language: str
    content: bytes
    state: State = "queued"
    reason: str = ""

    @property
    def why_not(self) -> str:
        """Why nothing is written to this contact, or nothing."""
        return self.reason if self.key.channel == NONE else ""


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter in the ledger, without its content."""

    key: Key
    rank: int
    name: str
    address: str
    language: str
    state: State
    reason: str = ""
    attempts: int = 0
    not_before: datetime | None = None
    code: int | None = None
    reply: str = ""
    provider_id: str = ""
    first_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """How an attempt ended, as it is written into the ledger."""

    state: State
    at: datetime
    stage: str = ""
    code: int | None = None
    reply: str = ""
    provider_id: str = ""
    not_before: datetime | None = None
    counts: bool = True
    reason: str = ""


class Approval(NamedTuple):
    """Who agreed to all letters of a sending that wait, or nobody; and when it may go on without a person."""

    by: str = ""
    goes_on: datetime | None = None


@dataclass(frozen=True, slots=True)
class LetterAttempt:
    """What was done about a letter, or heard of it: the `n`th of it, counted from 1; `state` is the letter's then."""

    n: int
    at: datetime
    stage: str
    state: State
    code: int | None
    reply: str


class Taken(Exception):
    """Another process took the letter, or it was cancelled meanwhile: it must not be sent here."""


def message_id(domain: str) -> str:
    """A Message-ID for a letter that is being written, which nobody can guess: it proves that a bounce had the letter.

    It is frozen with the letter, so a repeated one has it as well, and names nobody.
    """
    return f"<{token_hex(16)}@{domain}>"


def message_id_of(content: bytes) -> str:
    """The Message-ID of a letter as it is frozen; nothing where it is no mail."""
    head = content.partition(b"\r\n\r\n")[0] if content.startswith(b"From: ") else b""
    found = _MESSAGE_ID.search(head)
    return found[1].decode("ascii", "replace") if found else ""


def without_id(content: bytes) -> bytes:
    """What a letter says, whenever it was written."""
    return _MESSAGE_ID.sub(b"", content, count=1)


def unnamed(address: str) -> str:
    """An address of somebody who is forgotten, as it is kept so that nobody writes there again: its digest."""
    return f"sha256:{sha256(f'bcp suppressed {address.casefold()}'.encode()).hexdigest()}"


def why_suppressed(address: str, suppressed: Mapping[str, str]) -> str:
    """Why this address is not written to; nothing where it is. `suppressed` is that of a ledger."""
    return suppressed.get(address.casefold()) or suppressed.get(unnamed(address), "")


def waits(row: LetterRow) -> bool:
    """Whether it is to go out still; a call that nobody answered is no letter."""
    return row.state in ("queued", "deferred") and row.key.channel != CALL


def is_set_aside(row: LetterRow) -> bool:
    """Whether a person decided that this one letter is not to go out: it ends no sending."""
    return row.state == "cancelled" and row.reason.startswith((SKIPPED, BY_PHONE))
