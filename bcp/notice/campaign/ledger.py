"""Ledger: the protocol of what keeps the outbox, so that a sending can end at any moment and go on later."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from bcp.notice.campaign.outbox import (
    Approval,
    Campaign,
    Key,
    LetterAttempt,
    LetterDraft,
    LetterRow,
    Settled,
    State,
)


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

    def waiting(self, campaign: str) -> int:
        """How many letters are to be sent still."""
        ...

    def next(
        self, campaign: str, now: datetime, without: Collection[str] = (), apart: Collection[str] = ()
    ) -> LetterRow | None:
        """The first letter that is to be sent now, by no channel of `without`.

        With the addresses `apart`, one that has as little to do with them as there is: to another domain, and from
        the other end of those who wait.
        """
        ...

    def next_time(self, campaign: str, without: Collection[str] = ()) -> datetime | None:
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

    def stop(self, campaign: str, reason: str, goes_on: datetime | None = None) -> None:
        """Keep why a sending stopped, or "" when it goes on; and the moment at which it may go on without a person."""
        ...

    def approve(self, campaign: str, by: str) -> None:
        """A person agreed to what waits now. Letters that are added or written anew later end that."""
        ...

    def approval(self, campaign: str) -> Approval:
        """Who agreed to all that waits, and when it may go on without a person."""
        ...

    def release(self, keys: Iterable[Key]) -> None:
        """Put letters that are held back among the others again: it was not their recipients."""
        ...

    def hurry(self, campaign: str, now: datetime) -> None:
        """What is held back may be tried now, behind the others: a person asks for it."""
        ...

    def skip(self, key: Key, reason: str, at: datetime) -> bool:
        """Set a letter that waits aside and queue the next way, also of those who share it. Whether there was one.

        Raises Taken if it does not wait any more.
        """
        ...

    def take_up(self, key: Key, at: datetime) -> None:
        """Queue a letter that was set aside, in place of a next way that still waits.

        Raises Taken if it is not set aside, or if a next way is out.
        """
        ...

    def told_by_phone(self, campaigns: Iterable[str], contact: str, at: datetime) -> int:
        """Take back what waits for a contact who was told by phone; how many letters.

        A mailbox that others share gets the letter to one of them.
        """
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
