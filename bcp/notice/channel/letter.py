"""A letter as mail: the text and the headers that make it personal, quiet and answerable.

- `Auto-Submitted` (RFC 3834) and `X-Auto-Response-Suppress` (Microsoft) keep holiday replies away.
- `List-Unsubscribe` (RFC 2369) with a mail address only: an https address would need a server that is up. There is no
  `List-ID`: a letter to one person comes from no list, and filters would sort it away as one.
- The body is plain text whose paragraphs are one line each, so that a phone breaks them at its own width; in transit
  they are quoted-printable or base64, which adds no line ends of its own (RFC 2045, 6.7).
- One recipient in To; nobody sees another's address.
- `Date` is not frozen: it is put in front when the letter goes.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.quoprimime import body_encode
from email.utils import format_datetime
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from bcp.contact.model import Contact
from bcp.errors import InputError
from bcp.notice.campaign.outbox import message_id
from bcp.notice.text.merge import LetterText


def as_mail(contact: Contact, text: LetterText, sender: tuple[str, str], reply_to: str = "") -> bytes:
    """The whole letter but its date, with CRLF line ends. `sender` is the name and the address.

    Raises InputError for a name or subject that no header can hold.
    """
    address = sender[1]
    try:
        own = _mailbox("To", contact.person or contact.name, contact.email or "")
        subject = _shared_subject(text.subject)
    except ValueError as error:
        words = f"no header of a mail can hold the name or the subject for {contact.called} ({error})"
        raise InputError(words, "write it in one line of plain text") from None
    named = f"Message-ID: {message_id(address.rpartition('@')[2])}\r\n".encode()
    body = _body(text.body, "quoted-printable" if text.language != "el" else "base64")
    return _shared(sender, reply_to or address, text.language) + own + subject + named + body


_PLAIN_NAME = re.compile(r"[^\W_]+(?:[ -][^\W_]+)*")
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_UNFOLDED = 76
"""Bytes of a header that stays one line whatever is in it (RFC 5322, 2.1.1)."""


@lru_cache(maxsize=64)
def _shared(sender: tuple[str, str], reply_to: str, language: str) -> bytes:
    """The headers that are the same in all letters of a sending; to make them takes longer than to send a letter."""
    name, address = sender
    headers = {
        "Reply-To": reply_to,
        "Content-Language": language,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "List-Unsubscribe": f"<mailto:{reply_to}?subject=unsubscribe>",
    }
    plain = (SMTP.fold_binary(key, _parsed(key, value)) for key, value in headers.items())
    return _mailbox("From", name, address) + b"".join(plain)


@lru_cache(maxsize=64)
def _shared_subject(subject: str) -> bytes:
    parsed = _parsed("Subject", subject)
    return SMTP.fold_binary("Subject", parsed) if subject.isascii() else _encoded("Subject", subject, "")


def _body(text: str, encoding: Literal["quoted-printable", "base64"]) -> bytes:
    """The words with their headers: what `EmailMessage.set_content` makes of them, in a tenth of the time.

    Most lines are the same in all letters of a sending, and each line is encoded apart from the others.
    """
    lines = f"{text}\n".encode().splitlines()
    if encoding == "base64":
        encoded = encodebytes(b"\r\n".join((*lines, b""))).replace(b"\n", b"\r\n")
    else:
        encoded = b"\r\n".join((*map(_quoted, lines), b""))
    return _body_headers(encoding) + encoded


@lru_cache(maxsize=2)
def _body_headers(encoding: str) -> bytes:
    body = EmailMessage(policy=SMTP)
    body.set_content("", cte=encoding)
    return body.as_bytes().partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


@lru_cache(maxsize=1024)
def _quoted(line: bytes) -> bytes:
    """One line as quoted-printable, with line breaks in it where it is long."""
    return body_encode(line.decode("latin-1"), SMTP.max_line_length or 0, "\r\n").encode("ascii")


def _mailbox(header: str, name: str, address: str) -> bytes:
    """A header with one mailbox. Raises ValueError for a name or an address that it cannot hold."""
    if _PLAIN_NAME.fullmatch(name) and _PLAIN_ADDRESS.fullmatch(address):
        # Most are so: nothing in them is quoted, nothing folded, and nobody has to look what they are made of.
        line = f"{header}: {name} <{address}>\r\n".encode()
        if not name.isascii():
            return _encoded(header, name, f"\r\n <{address}>")
        if len(line) <= _UNFOLDED:
            return line
    parsed = _parsed(header, Address(name, addr_spec=address))
    return SMTP.fold_binary(header, parsed) if name.isascii() else _encoded(header, name, f"\r\n <{address}>")


def _encoded(header: str, words: str, behind: str) -> bytes:
    """A header whose words have letters outside ASCII (RFC 2047), with what stands behind them.

    The words are encoded as one text: the folding of `email.policy` loses or adds blanks where it breaks a line between
    two such words, which every seventh long name has (https://github.com/python/cpython/issues/92081).
    """
    folded = Header(words, "utf-8", header_name=header).encode(linesep="\r\n")
    return f"{header}: {folded}{behind}\r\n".encode("ascii")


def _parsed(name: str, value: object) -> str:
    """A header as the policy keeps it. Raises ValueError for line breaks in it."""
    return SMTP.header_store_parse(name, value)[1]  # type: ignore[no-any-return]


def dated(content: bytes, at: datetime, zone: str) -> bytes:
    """The letter with its date, in the office's time."""
    return f"Date: {format_datetime(at.astimezone(ZoneInfo(zone)))}\r\n".encode() + content
