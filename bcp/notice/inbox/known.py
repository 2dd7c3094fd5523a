"""What we know before a mail comes in: the letters that went out, by their ids, and the addresses that we write to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bcp.contact.audience import staff
from bcp.notice.campaign.outbox import SAME_ADDRESS, Campaign, LetterRow
from bcp.notice.campaign.post import Post

_TAKEN_AS = re.compile(r"\b(?=[\w.-]*\d[\w.-]*\d)[A-Za-z0-9][A-Za-z0-9.-]{18,}[A-Za-z0-9]\b")
"""An id in an answer to a letter, so long that nobody guesses it."""


@dataclass(frozen=True, slots=True)
class KnownLetters:
    """The letters of all incidents.

    `by_id` has their Message-IDs in small letters; `taken_as` the ids under which a provider took them, which it says
    with its 250. Amazon SES puts that id in place of ours (docs.aws.amazon.com/ses, "Email header fields"), so its
    bounces return no other. `senders` has the last letter to each address, `addresses` are those of all contacts.
    """

    rows: tuple[LetterRow, ...]
    by_id: Mapping[str, LetterRow]
    taken_as: Mapping[str, LetterRow]
    senders: Mapping[str, LetterRow]
    addresses: frozenset[str]

    @classmethod
    def of(cls, post: Post, campaigns: Iterable[Campaign]) -> KnownLetters:
        """Read them from the ledger."""
        every = list(campaigns)
        rows = {row.key: row for row in letters(post, every)}
        ids = (named for one in every for named in post.ledger.message_ids(one.id).items())
        took = (row for row in rows.values() if row.code == 250)
        return cls(
            tuple(rows.values()),
            {name.lower(): rows[key] for name, key in ids if key in rows},
            _only_once((name.lower(), row) for row in took for name in _TAKEN_AS.findall(row.reply)),
            {row.address.casefold(): row for row in first_hand(rows.values()) if "@" in row.address},
            frozenset(one.email.casefold() for one in post.contacts.all if one.email),
        )

    def letter(self, name: str) -> LetterRow | None:
        """The letter with this id, ours or that of the provider who took it."""
        return self.by_id.get(name) or self.taken_as.get(name.strip("<>").partition("@")[0])

    def is_known(self, name: str) -> bool:
        """Whether it is the id of a letter of ours, or an address that we write to."""
        return name in self.by_id or name in self.senders or name in self.addresses


def letters(post: Post, campaigns: Iterable[Campaign]) -> Iterator[LetterRow]:
    """The letters of these sendings; one that went as a file has the mail address of its contact, who answers from it.

    Whoever sends it for us does so from a program that may give it another id.
    """
    people = (*post.contacts.all, *staff(post.office))
    addresses = {one.id: one.email for one in people if one.email}
    for campaign in campaigns:
        for row in post.ledger.rows(campaign.id):
            is_file = row.address == row.key.contact and row.key.contact in addresses
            yield replace(row, address=addresses[row.key.contact]) if is_file else row


def first_hand(rows: Iterable[LetterRow]) -> list[LetterRow]:
    """The same letters, those behind that were themselves written to their contact, and not to another's mailbox."""
    return sorted(rows, key=lambda row: not row.reason.startswith(SAME_ADDRESS))


def _only_once(named: Iterable[tuple[str, LetterRow]]) -> Mapping[str, LetterRow]:
    """Without what stands in the answers to several letters, such as the server's own name."""
    every = list(dict.fromkeys(named))
    counts = Counter(name for name, _row in every)
    return {name: row for name, row in every if counts[name] == 1}
