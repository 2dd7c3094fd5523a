"""What comes back: bounces go to the ledger, replies become a board, automatic answers bother nobody.

A bounce is a delivery status notification (RFC 3464); the letter that it is about is known by the Message-ID
in the part that it returns. An automatic answer is known as RFC 3834 says, and by the headers that common
servers use instead.

Anybody may write to this mailbox. So a mail is measured before it is read, and one that cannot be read in whatever
way is a `StrangeMail`: it stops nothing, and is left to a person with a mail program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from hashlib import sha256
from itertools import islice
from typing import Literal, Protocol

from bcp.notice.campaign.outbox import LetterRow

Status = Literal["open", "taken", "answered", "automatic"]
_MOST = 200
LARGEST_MAIL = 30 * 1024 * 1024
"""Bytes; a larger mail is not read. Common servers take 25 MB."""
_LONGEST_HEADER = 64 * 1024
"""Letters of a header that are read: a list of 1,000 ids of earlier mails fits."""
_LONGEST_SUBJECT = 2000
_MOST_HEADERS = 2000
_LONGEST_HEADERS = 256 * 1024
_LONGEST_REPORT = 1024 * 1024
"""Bytes of a report that are read: what it says stands at its beginning, before the letter that it returns."""
_MOST_LEVELS = 50
_MOST_PARTS = 500
_MOST_BOUNDARIES = 5000
_LINE = re.compile(rb"^--", re.MULTILINE)
_HEADERS_END = re.compile(rb"\r?\n\r?\n|\r\r")


@dataclass(frozen=True, slots=True)
class Bounce:
    """A server says that it could not deliver a letter. `hard` means that the address will never do."""

    message_id: str
    recipient: str
    status: str
    reason: str
    delayed: bool = False
    """Only late: the server goes on trying. One that gave up says so, also with a status that begins with 4."""

    @property
    def hard(self) -> bool:
        """The address does not exist or does not take mail (RFC 3463: 5.1.x, 5.2.1)."""
        return self.status.startswith("5.1.") or self.status == "5.2.1"


@dataclass(frozen=True, slots=True)
class Received:
    """A message that somebody, or something, wrote to us."""

    message_id: str
    sender: str
    subject: str
    answers: tuple[str, ...]
    automatic: bool


@dataclass(frozen=True, slots=True)
class StrangeMail:
    """A mail that could not be read, why in a few words of ours, and whatever its headers say."""

    why: str
    sender: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class ClientReply:
    """One line of the board: who wrote, about which notice, who looks after it."""

    message_id: str
    incident: str
    campaign: str
    contact: str
    sender: str
    subject: str
    at: datetime
    owner: str = ""
    status: Status = "open"


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

    def seen(self, mailbox: str) -> int:
        """The number of the last message that was read from a mailbox."""
        ...

    def set_seen(self, mailbox: str, number: int) -> None:
        """Keep the number of the last message that was read."""
        ...


def read(raw: bytes) -> list[Bounce] | Received | StrangeMail:
    """What a message says: bounces, one a recipient, or something that was written to us. It never raises.

    Of anything but a report the headers alone are read: nobody needs its parts here, and they may be hostile.
    """
    if len(raw) > LARGEST_MAIL:
        return strange(raw, f"it is larger than {LARGEST_MAIL // 1024 // 1024} MB")
    end = _HEADERS_END.search(raw)
    head = raw[: end.start() if end else len(raw)] + b"\n\n"
    if len(head) > _LONGEST_HEADERS or head.count(b"\n") > _MOST_HEADERS:
        return strange(
            raw, f"it has more than {_MOST_HEADERS} lines or {_LONGEST_HEADERS // 1024} KB of headers"
        )
    try:
        # Not the policy that understands addresses: what spam writes there is too much for it.
        message: Message = BytesHeaderParser().parsebytes(head)
        if message.get_content_type() == "multipart/report":
            why = _too_much(raw[:_LONGEST_REPORT])
            bounces = [] if why else list(_bounces(message_from_bytes(raw[:_LONGEST_REPORT])))
            if why or bounces:
                return strange(raw, why) if why else bounces
        return _received(message, f"<{sha256(raw).hexdigest()[:32]}@no-id>")
    except Exception as error:  # noqa: BLE001 - a stranger wrote it, and the library fails in many ways
        return strange(raw, f"it cannot be read ({type(error).__name__})")


def strange(raw: bytes, why: str) -> StrangeMail:
    """A mail that is left aside; `raw` begins with its headers, as far as there are any."""
    try:
        headers = BytesHeaderParser().parsebytes(raw[:_LONGEST_HEADER])
        subject = _line(_decoded(_header(headers, "Subject")[:_LONGEST_SUBJECT]))
        return StrangeMail(why, parseaddr(_line(_header(headers, "From")))[1], subject)
    except Exception:  # noqa: BLE001 - as above: then it has no headers that anybody can read
        return StrangeMail(why)


def _too_much(report: bytes) -> str:
    """Why a report is not read: the library builds every part, and looks at each line once a level."""
    if report.lower().count(b"boundary") > _MOST_LEVELS:
        return "its parts lie too deep in each other"
    if sum(1 for _line in _LINE.finditer(report)) > _MOST_BOUNDARIES:
        return f"it has more than {_MOST_PARTS} parts"
    return ""


def _bounces(message: Message) -> Iterator[Bounce]:
    if message.get_content_type() != "multipart/report":
        return
    parts = list(islice(message.walk(), _MOST_PARTS))
    original = next((found for part in parts if (found := _original_id(part))), "")
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            yield from _each_recipient(part, original)


def _each_recipient(part: Message, original: str) -> Iterator[Bounce]:
    for block in _inner(part):
        recipient = str(block.get("Final-Recipient", block.get("Original-Recipient", "")))
        action = str(block.get("Action", "")).strip().lower()
        if not recipient or action in ("delivered", "relayed", "expanded"):
            continue
        reason = " ".join(str(block.get("Diagnostic-Code", "")).partition(";")[2].split())
        status = str(block.get("Status", "")).strip()
        delayed = action == "delayed" or (action != "failed" and status.startswith("4."))
        yield Bounce(original, recipient.partition(";")[2].strip(), status, reason[:_MOST], delayed)


def _inner(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _original_id(part: Message) -> str:
    """The Message-ID of the letter that a bounce returns, whole or only its headers."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        return next((str(inner.get("Message-ID", "")).strip() for inner in _inner(part)), "")
    if kind in ("text/rfc822-headers", "message/rfc822-headers"):
        headers = str(part.get_payload())[:_LONGEST_HEADER]
        found = re.search(r"^Message-ID:\s{0,9}(<[^<>\s]{1,998}>)", headers, re.I | re.M)
        return found[1] if found else ""
    return ""


def _received(message: Message, otherwise: str) -> Received:
    """A message; one without an id of its own is known by `otherwise`, so that two of them are two."""
    named = " ".join(_header(message, name) for name in ("In-Reply-To", "References"))
    return Received(
        message_id=_line(_header(message, "Message-ID")) or otherwise,
        sender=parseaddr(_line(_header(message, "From")))[1],
        subject=_line(_decoded(_header(message, "Subject")[:_LONGEST_SUBJECT])),
        answers=tuple(re.findall(r"<[^<>\s]{1,998}>", named)),
        automatic=_is_automatic(message),
    )


def _is_automatic(message: Message) -> bool:
    """RFC 3834 (5), RFC 5230, and X-Autoreply, X-Autorespond and Precedence of older servers."""
    submitted = _line(message.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    precedence = _line(message.get("Precedence", "")).lower()
    return (
        submitted not in ("no", "")
        or precedence in ("auto_reply", "bulk", "junk", "list")
        or any(name in message for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply"))
        or _line(message.get("Return-Path", "x")) == "<>"
    )


def _header(message: Message, name: str) -> str:
    """A header as it is written, as far as it is read."""
    return str(message.get(name, ""))[:_LONGEST_HEADER]


def _decoded(value: str) -> str:
    """A header as people read it; one that cannot be read as it says stays as it is written."""
    try:
        return str(make_header(decode_header(value)))
    except (ValueError, LookupError, HeaderParseError):
        return value


def _line(value: object) -> str:
    """One line that can be kept."""
    return " ".join(str(value).replace("\0", " ").encode(errors="replace").decode().split())[:_MOST]


def about(
    received: Received, letters: Mapping[str, LetterRow], senders: Mapping[str, LetterRow]
) -> LetterRow | None:
    """The letter that a reply is about: the one it names, else the last one that went to this sender."""
    named = next((letters[one] for one in received.answers if one in letters), None)
    return named or senders.get(received.sender.casefold())
