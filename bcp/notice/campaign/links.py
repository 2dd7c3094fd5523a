"""Links that open a call, a message or a mail to one contact on a phone or a computer, with the text already in it.

Opening one sends nothing: a person presses the button of the program that opens. Their forms:

- `tel:` RFC 3966.
- `sms:` RFC 5724 has `?body=`, and iOS wants `&body=`; both read `?&body=`
  (https://stackoverflow.com/questions/6480462).
- WhatsApp: https://wa.me/ and the digits, no plus (https://faq.whatsapp.com/5913398998672934).
- Viber: `viber://chat?number=` with the plus escaped. It takes no text: only a chat with a bot does
  (https://developers.viber.com/docs/tools/deep-links/), so the text is to be copied.
- `mailto:` RFC 6068; its line breaks are CR and LF.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple
from urllib.parse import quote

from bcp.contact.model import Contact
from bcp.notice.campaign.outbox import why_suppressed
from bcp.notice.text.merge import LetterText

Way = Literal["email", "call", "sms", "whatsapp", "viber"]
_ORDER: tuple[Way, ...] = ("call", "sms", "whatsapp", "viber", "email")

LONGEST = 2000
"""Letters of a `mailto:` link that each mail program takes: Windows hands over 2,083 at most
(https://learn.microsoft.com/troubleshoot/developer/browsers/performance/maximum-url-length)."""


@dataclass(frozen=True, slots=True)
class Link:
    """One way to a contact: what is opened, the number or address that is shown, and whether the text in it is the
    short one because the whole letter would be too long for a link.
    """

    way: Way
    opens: str
    shown: str
    is_short: bool = False


def links(
    contact: Contact, text: LetterText, suppressed: Mapping[str, str], first: Way | None = None
) -> list[Link]:
    """The ways that a contact has: the preferred one first, else `first`.

    Left out is an address or a number that is not written to any more (`suppressed`, as the ledger has them).
    """
    if contact.opted_out:
        return []
    mobile = mobile_of(contact)
    message = text.sms or text.subject
    found: dict[Way, Link] = {}
    if number := contact.rings:
        found["call"] = Link("call", f"tel:{number}", number)
    if mobile and not why_suppressed(mobile, suppressed):
        said = quote(message, safe="")
        found["sms"] = Link("sms", f"sms:{mobile}?&body={said}", mobile)
        found["whatsapp"] = Link("whatsapp", f"{_whatsapp(mobile)}?text={said}", mobile)
        found["viber"] = Link("viber", _viber(mobile), mobile)
        if not contact.mobile and _is_fixed(
            mobile
        ):  # it has what the contact says that it has, and nothing else
            for way in [one for one in found if one not in ("call", contact.preferred_channel)]:
                del found[way]
    if contact.email and not why_suppressed(contact.email, suppressed):
        found["email"] = _mail(contact.email, text)
    wanted = contact.preferred_channel
    return [
        found[way] for way in sorted(_ORDER, key=lambda way: (way != wanted, way != first)) if way in found
    ]


def mobile_of(contact: Contact) -> str | None:
    """The number at which a contact reads messages: the mobile one, else a telephone that is one."""
    import phonenumbers

    if contact.mobile or not contact.phone:
        return contact.mobile
    if contact.preferred_channel in ("sms", "whatsapp", "viber"):
        return contact.phone
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(contact.phone))
    except phonenumbers.NumberParseException:
        return None
    return contact.phone if kind == phonenumbers.PhoneNumberType.MOBILE else None


def _is_fixed(number: str) -> bool:
    """Whether it is surely a landline, which takes no text messages; WhatsApp Business may be on one."""
    import phonenumbers

    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
    return bool(kind == phonenumbers.PhoneNumberType.FIXED_LINE)


class Dialled(NamedTuple):
    """The number under which a contact is told by hand, and what a QR code beside it holds."""

    number: str
    code: str


def dialled(contact: Contact) -> Dialled:
    """The number under which a contact is told by hand, and the short link for a QR code beside it.

    There is no text in it: the code stays coarse enough to be read from a photocopy.
    """
    mobile, way = mobile_of(contact), contact.preferred_channel
    if mobile and way == "whatsapp":
        return Dialled(mobile, _whatsapp(mobile))
    if mobile and way == "viber":
        return Dialled(mobile, _viber(mobile))
    if mobile and way == "sms":
        return Dialled(mobile, f"sms:{mobile}")
    number = contact.rings or ""
    return Dialled(number, f"tel:{number}" if number else "")


def _whatsapp(number: str) -> str:
    return f"https://wa.me/{number.removeprefix('+')}"


def _viber(number: str) -> str:
    return f"viber://chat?number={quote(number, safe='')}"


def _mail(address: str, text: LetterText) -> Link:
    """The mail with the letter, or, where that would be too long, with the short text."""
    whole = _mailto(address, text.subject, text.body)
    if len(whole) <= LONGEST:
        return Link("email", whole, address)
    short = _mailto(address, text.subject, text.sms or text.subject)
    if len(short) > LONGEST:
        short = _mailto(address, text.subject, "")
    return Link("email", short, address, is_short=True)


def _mailto(address: str, subject: str, body: str) -> str:
    said = quote("\r\n".join(body.splitlines()), safe="")
    # A comma or a question mark in a mailbox would end the address.
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject, safe='')}" + (
        f"&body={said}" if said else ""
    )
