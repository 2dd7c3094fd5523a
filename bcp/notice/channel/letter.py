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

from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
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
    body = EmailMessage(policy=SMTP)
    body.set_content(text.body + "\n", cte="quoted-printable" if text.language != "el" else "base64")
    return _shared(sender, reply_to or address, text.language) + own + subject + named + body.as_bytes()


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


def _mailbox(header: str, name: str, address: str) -> bytes:
    """A header with one mailbox. Raises ValueError for a name or an address that it cannot hold."""
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
