"""Channel: a way on which letters go out; each kind is one file, its fields are the YAML of `channels.yaml`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator

from bcp.contact.model import Contact, Medium
from bcp.files import IncidentFiles
from bcp.notice.campaign.outbox import Key
from bcp.notice.text.merge import LetterText
from bcp.outside import World
from bcp.yaml.shape import Shape
from bcp.yaml.types import Line, Model

Fate = Literal["sent", "written", "failed", "later", "unknown", "again", "account"]
"""What became of an attempt: `written` lies ready and somebody must carry it, `failed` is about this
recipient, `later` may work in a while, `again` was the connection's fault and does not count, `account`
stops all sending and is nobody's address's fault."""


def _reference(value: str) -> str:
    if value and not re.fullmatch(r"(env|file|keyring|command):.+", value):
        raise ValueError(
            "expected a reference, never the password: env:NAME, file:PATH, keyring:NAME or command:…"
        )
    return value


Reference = Annotated[
    Line,
    AfterValidator(_reference),
    Shape(
        r"^\s*(?:env|file|keyring|command):[^\r\n]+",
        "a reference, never the password: env:NAME, file:PATH, keyring:NAME or command:…",
    ),
]
"""Where a secret is, never the secret."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of one attempt, and the words that say so; `remark` is what concerns the whole sending, said once."""

    fate: Fate
    reply: str
    code: int | None = None
    stage: str = ""
    provider_id: str = ""
    remark: str = ""


DeliveryState = Literal["delivered", "failed", "on its way", "unheard"]
"""What a gateway knows of a message that it took; `unheard` where the gateway itself could not be asked."""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a gateway says became of a message; `at` is when that was, where it says so."""

    state: DeliveryState
    words: str
    code: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """What the provider allows: letters in a minute, and in a day; 0 means that no limit is known."""

    a_minute: float = 0
    a_day: int = 0


@dataclass(frozen=True, slots=True)
class Envelope:
    """A frozen letter that is about to go; `files` takes those that are carried by hand."""

    key: Key
    address: str
    content: bytes
    at: datetime
    zone: str
    files: IncidentFiles


class Channel(Model):
    """A way on which letters go out."""

    medium: ClassVar[Medium]
    reports: ClassVar[bool] = False
    """Whether it can be asked what became of a letter that was taken."""

    def describe(self) -> str:
        """Where letters go on this way, in a few words."""
        raise TypeError(f"{type(self).__name__} has no words")

    def pace(self) -> Pace:
        """What the provider allows."""
        return Pace()

    def cost(self) -> str:
        """What each letter costs more of what the provider allows than itself, in a sentence; else nothing."""
        return ""

    def report(self, provider_id: str, world: World) -> DeliveryReport:
        """What became of a letter that was taken under this id; asked only where there are `reports`."""
        raise TypeError(f"{type(self).__name__} knows nothing of {provider_id}")

    def reaches(self, contact: Contact) -> str | None:
        """Where a letter to this contact goes on this way, or None where he cannot be reached by it."""
        return contact.address(self.medium)

    def is_room(self, address: str) -> bool:
        """Whether a letter to this address is read by several people, so that it greets them all."""
        return False

    def reply_address(self) -> str:
        """Where answers go, if this way has such an address."""
        return ""

    def content(self, key: Key, contact: Contact, text: LetterText, office: tuple[str, str]) -> bytes:
        """The letter for a contact, as it is frozen; `office` is our name and where we read mail.

        Raises InputError for what cannot be sent this way.
        """
        raise TypeError(f"{type(self).__name__} writes nothing")

    def send(self, envelope: Envelope, world: World, claim: Callable[[], None]) -> Handed:
        """Send it; `claim` is called at the last moment at which nothing can have arrived."""
        raise TypeError(f"{type(self).__name__} sends nothing")
