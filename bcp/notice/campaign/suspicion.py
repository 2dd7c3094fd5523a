"""Whose fault it is that letters fail: their recipients', or that of our account and its server, which all share.

A server that hangs up, or speaks of a quota, when it is told of a recipient may mean him, his provider or us. One
recipient proves nothing, nor do two mailboxes at one full provider. So after each such answer the next letter goes to
somebody who has as little to do with it as there is (`Ledger.next`, `apart`); what is taken for anybody clears the
account, and `ENOUGH` recipients in a row who get the same answer convict it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bcp.notice.campaign.outbox import HELD, Key, LetterRow
from bcp.notice.channel.base import Handed

AT_RECIPIENT = frozenset({"recipient", "data", "body"})
"""Stages at which an answer may be about the recipient."""
ENOUGH = 3
AT_LEAST = 2
"""Recipients who got the same answer where there is nobody else to ask, and nobody was told."""
MOST_FAILURES = 5
"""Recipients in a row who fail, each for his own reason: then a person is to look."""


def is_suspicious(handed: Handed) -> bool:
    """Whether it may be the recipient's fault or that of all, so that the letter is held back."""
    return handed.fate in ("again", "account") and handed.stage in AT_RECIPIENT


@dataclass
class Suspicion:
    """What recipients got since the last letter that was taken, on one channel."""

    _answers: dict[str, str] = field(default_factory=dict)
    _failed: set[str] = field(default_factory=set)
    _keys: list[Key] = field(default_factory=list)
    last: Handed = field(default_factory=lambda: Handed("again", ""))
    """The last answer that may be about the account."""

    @property
    def apart(self) -> frozenset[str]:
        """The addresses from which the next letter is to be far away."""
        known = {*self._answers, *self._failed}
        return frozenset(known) if self._answers or len(known) > 1 else frozenset()

    @property
    def keys(self) -> tuple[Key, ...]:
        """The letters that were held back for what is the account's fault."""
        return tuple(self._keys)

    def note(self, row: LetterRow, handed: Handed) -> None:
        """What became of a letter. One that was held back before says nothing new by failing again."""
        if handed.fate in ("sent", "written"):
            self.clear()
        elif row.reason == HELD:
            return
        elif is_suspicious(handed):
            self._answers[row.address.casefold()] = _alike(row, handed)
            self._keys.append(row.key)
            self.last = handed
        elif handed.fate in ("failed", "unknown"):
            self._failed.add(row.address.casefold() or row.key.contact)

    def clear(self) -> None:
        """A letter was taken: it is not the account."""
        self._answers.clear()
        self._failed.clear()
        self._keys.clear()

    def convicts(self, enough: int = ENOUGH) -> bool:
        """Whether so many recipients got the same answer that it is the account's fault, or its server's."""
        answers = list(self._answers.values())
        return any(answers.count(each) >= enough for each in answers)

    @property
    def too_many(self) -> bool:
        """Whether so many recipients failed in a row that a person is to look."""
        return len({*self._answers, *self._failed}) >= MOST_FAILURES


def _alike(row: LetterRow, handed: Handed) -> str:
    """The answer without what names this recipient or this moment."""
    address = row.address.casefold()
    local, _at, domain = address.partition("@")
    named = "|".join(rf"(?<!\w){re.escape(part)}(?!\w)" for part in (address, domain, local) if part)
    words = re.sub(named, "", handed.reply.casefold()) if named else handed.reply.casefold()
    return f"{handed.fate} {handed.stage} {handed.code} {re.sub(r'[^a-z]+', ' ', words).strip()}"
