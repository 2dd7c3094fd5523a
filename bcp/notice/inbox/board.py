"""The board of replies, and what keeps it: who wrote, about which notice, who looks after it, what was sorted away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Status = Literal["open", "taken", "answered", "automatic"]
ReplyKind = Literal["person", "look", "request", "hint"]
"""Who or what waits for somebody: a person; a program whose answer somebody should look at; somebody who may want no
more letters; a mail that says, without proof, that a letter did not arrive."""
Pile = Literal["bounce", "late", "automatic", "opt-out", "copy", "hint", "strange", "other"]


@dataclass(frozen=True, slots=True)
class ClientReply:
    """One line of the board: who wrote, about which notice, who looks after it; `why` it is of its kind."""

    message_id: str
    incident: str
    campaign: str
    contact: str
    sender: str
    subject: str
    at: datetime
    owner: str = ""
    status: Status = "open"
    kind: ReplyKind = "person"
    why: str = ""


@dataclass(frozen=True, slots=True)
class SortedMail:
    """A mail that nobody has to answer: on which pile it is, and why. `contact` is whose it is, where that is known."""

    message_id: str
    pile: Pile
    contact: str
    sender: str
    subject: str
    why: str
    at: datetime


class Board(Protocol):
    """What keeps the replies."""

    def put(self, reply: ClientReply) -> bool:
        """Keep a reply. Whether it is new."""
        ...

    def replies(self) -> Sequence[ClientReply]:
        """All replies, oldest first."""
        ...

    def move(
        self, message_id: str, status: Status, owner: str, was: tuple[Status, str], at: datetime
    ) -> bool:
        """Change who looks after a reply, if it still is as it `was`. Whether it was."""
        ...

    def lay_aside(self, mail: SortedMail) -> bool:
        """Keep what was sorted away; of many the newest. Whether it is new."""
        ...

    def lay_aside_all(self, mails: Sequence[SortedMail]) -> int:
        """The same of several, all or none. How many are new."""
        ...

    def sorted_mails(self) -> Sequence[SortedMail]:
        """What was sorted away, newest first."""
        ...

    def seen(self, mailbox: str) -> int:
        """The number up to which all messages of a mailbox were read."""
        ...

    def set_seen(self, mailbox: str, number: int) -> None:
        """All messages up to this number were read."""
        ...

    def seen_above(self, mailbox: str) -> set[int]:
        """The messages behind that number that were read all the same: the newest come first."""
        ...

    def add_seen(self, mailbox: str, numbers: Iterable[int]) -> None:
        """These messages were read, others before them were not yet."""
        ...

    def take_back(self, address: str) -> bool:
        """Write again to an address that opted out by mail; one that does so again is answered. Whether it had."""
        ...

    def begin_answer(self, address: str, at: datetime) -> bool:
        """Whether this address may be answered that it gets no more letters: it is once, and from now on was."""
        ...
