"""A letter as mail: the text and the headers that make it personal, quiet and answerable.

- `Auto-Submitted` (RFC 3834) and `X-Auto-Response-Suppress` (Microsoft) keep holiday replies away.
- `List-Unsubscribe` with a mail address only: an https address would need a server that is up.
- One recipient in To; nobody sees another's address.
- `Date` is not frozen: it is put in front when the letter goes.
"""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from bcp.contact.model import Contact
from bcp.errors import InputError
from bcp.notice.merge import Text
from bcp.notice.outbox import Key, message_id


def as_mail(key: Key, contact: Contact, text: Text, sender: tuple[str, str], reply_to: str = "") -> bytes:
    """The whole letter but its date, with CRLF line ends. `sender` is the name and the address.

    Raises InputError for a name or subject that no header can hold.
    """
    name, address = sender
    domain = address.rpartition("@")[2]
    letter = EmailMessage(policy=SMTP)
    try:
        letter["From"] = Address(name, addr_spec=address)
        letter["To"] = Address(contact.person or contact.name, addr_spec=contact.email or "")
        letter["Subject"] = text.subject
    except ValueError as error:
        words = f"no header of a mail can hold the name or the subject for {contact.called} ({error})"
        raise InputError(words, "write it in one line of plain text") from None
    letter["Reply-To"] = reply_to or address
    letter["Message-ID"] = message_id(key, domain)
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    letter["List-Unsubscribe"] = f"<mailto:{reply_to or address}?subject=unsubscribe>"
    letter["List-ID"] = f"<notices.{domain}>"
    letter.set_content(text.body + "\n", cte="quoted-printable" if text.language != "el" else "base64")
    letter["Content-Language"] = text.language
    return letter.as_bytes()


def dated(content: bytes, at: datetime, zone: str) -> bytes:
    """The letter with its date, in the office's time."""
    return f"Date: {format_datetime(at.astimezone(ZoneInfo(zone)))}\r\n".encode() + content
