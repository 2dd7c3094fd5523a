"""The outbox: who is told what by which way, one row a letter; and Ledger, the protocol of what keeps it.

A row is unique by campaign, contact and channel: so nobody is told twice. Its state says how far it came:

    queued ──▶ in-flight ──▶ sent         the server answered for it
      ▲  │         ├──▶ deferred          later again
      │  │         ├──▶ failed            the contact's next way is tried
      └──┼─────────┤                      (a failure that was ours)
         │         └──▶ unknown           it may have arrived: a person decides
         └──▶ cancelled, expired          never sent

A row may also begin as suppressed, with the reason, or as failed where there is no way to reach somebody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from secrets import token_hex
from typing import Literal, NamedTuple, Protocol, get_args

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
READ_BACK = "read-back"
"""The kind of a letter to a provider, which tells nobody of the incident."""
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


class Ledger(Protocol):
    """What keeps the outbox; each method is one transaction, on the disk when it returns."""

    def freeze(self, campaign: Campaign, drafts: Iterable[LetterDraft], cancels: Iterable[str] = ()) -> int:
        """Keep the campaign and its letters, all or none; those that are there already stay. How many are new.

        What still waits in the campaigns that it `cancels` is cancelled with it.
        """
        ...

    def renew(self, campaign: Campaign, drafts: Iterable[LetterDraft]) -> None:
        """Put the drafts in place of the letters of all who were not told, all or none.

        What is out, or may be, stays. Letters that wait and for which there is no draft will not go out. Nobody may
        be sending meanwhile (`sole_sender`).
        """
        ...

    def campaigns(self, incident: str) -> Sequence[Campaign]:
        """The campaigns of an incident, oldest first."""
        ...

    def contacts(self, incident: str) -> Sequence[str]:
        """Everybody who is in a sending of an incident, in the order in which they came into the first one.

        Nobody ever moves in it: who comes later stands behind all others.
        """
        ...

    def rows(self, campaign: str) -> Iterator[LetterRow]:
        """The letters of a campaign in the order of their contacts and ranks."""
        ...

    def next(self, campaign: str, now: datetime) -> LetterRow | None:
        """The first letter that is to be sent now."""
        ...

    def next_time(self, campaign: str) -> datetime | None:
        """When the next letter is to be sent that waits; None where none waits."""
        ...

    def content(self, key: Key) -> bytes:
        """The frozen content of a letter."""
        ...

    def message_ids(self, campaign: str) -> Mapping[str, Key]:
        """The letters of a campaign that are mails, by their Message-IDs."""
        ...

    def claim(self, key: Key, at: datetime) -> None:
        """Put a waiting letter in flight. Raises Taken if it is not waiting any more."""
        ...

    def settle(self, key: Key, settled: Settled) -> None:
        """Write how an attempt ended; after a failure the next way is queued, also of those who shared the letter."""
        ...

    def attempts(self, key: Key) -> Sequence[LetterAttempt]:
        """What was done about a letter and heard of it, oldest first."""
        ...

    def note(self, key: Key, stage: str, code: int | None, reply: str, at: datetime) -> None:
        """Keep what was heard of a letter, such as a delivery report; how far it came stays as it is."""
        ...

    def take_next_way(self, campaign: str, contact: str) -> bool:
        """Queue the contact's next way although an earlier one is unknown. Whether there was one."""
        ...

    def settle_doubt(self, key: Key, state: State, reason: str, at: datetime) -> None:
        """What a person decided about a letter of which nobody knew. Raises Taken if it is not unknown any more."""
        ...

    def bounce(self, key: Key, settled: Settled) -> None:
        """A letter that was sent came back; the contact's next way is queued. Raises Taken if it is failed already."""
        ...

    def doubt(self, campaign: str, at: datetime) -> int:
        """What a crash left in flight becomes unknown. How many."""
        ...

    def end(self, campaigns: Iterable[str], state: State, reason: str, at: datetime) -> int:
        """End all letters that wait (cancelled, expired). How many."""
        ...

    def stop(self, campaign: str, reason: str) -> None:
        """Keep why a sending stopped, or "" when it goes on."""
        ...

    def note_call(self, campaign: str, contact: str, name: str, settled: Settled, reason: str) -> None:
        """Keep what came of telling a contact by phone."""
        ...

    def suppress(self, address: str, reason: str, at: datetime) -> None:
        """Never write to this address again, in any campaign."""
        ...

    def suppressed(self) -> Mapping[str, str]:
        """The addresses that are not written to, each with its reason; of those who are forgotten the digest."""
        ...

    def sole_sender(self) -> AbstractContextManager[None]:
        """Held while letters are sent. Raises InputError while another process of this office sends."""
        ...


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
