"""What tells of one contact and of nobody else, and whether a text, a mail or a file of bytes holds it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from functools import cached_property
from itertools import islice

from bcp.bald import bald
from bcp.contact.model import Contact
from bcp.encoding.code_pages import CODE_PAGES

_SEPARATOR = r"[\s().\-/_\u00a0\u202f\u2010-\u2015]{0,3}"
_SHORTEST = 3
"""A shorter name is a word of any text."""
_MOST_PARTS = 500
_MOST_LEVELS = 50
_LONGEST_MAIL = 4 * 1024 * 1024
_MAIL = re.compile(rb"\A(?:[!-9;-~]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)+\r?\n")
_LONGEST_TABLE = 2 * 1024 * 1024
"""Bytes of a file that is read in every code page that a table of contacts may have."""
_USUAL_PAGES = ("cp1250", "cp1253")
_LONGEST_HEAD = 64 * 1024


class Traces:
    """The names, addresses and numbers of one contact.

    What another contact has as well (the firm, a shared mailbox, the switchboard) stays with that one, and tells of
    nobody who is gone.
    """

    def __init__(self, contact: Contact, others: Iterable[Contact] = (), also: Iterable[str] = ()) -> None:
        """`also` are names, addresses and numbers that the contact had before."""
        shared = {form for other in others for form in _forms(other, ())}
        self.contact = contact
        self.forms = frozenset(
            form for form in _forms(contact, also) if form not in shared and len(form) >= _SHORTEST
        )

    def stand_in(self, text: str) -> bool:
        """Whether the text tells of the contact, in capitals or not, and however a number is grouped."""
        return self._pattern is not None and self._pattern.search(bald(text)) is not None

    def stand_in_bytes(self, raw: bytes) -> bool:
        """The same for a file: UTF-8, UTF-16, a table's old encodings, and a mail in its transfer encodings."""
        return any(map(self.stand_in, readings(raw)))

    def is_letter(self, raw: bytes) -> bool:
        """Whether a letter that lies as a file is to the contact: a mail by whom it is to, a text by its first line."""
        if not _MAIL.match(raw[:_LONGEST_HEAD]):
            return bald(raw.partition(b"\n")[0].decode("utf-8", "replace")).strip() in self.forms
        name, address = _to(raw)
        if bald(address) in self.forms:
            return True
        # A mailbox that others read as well tells nobody's letters apart, but the name does.
        is_his = address.casefold() == (self.contact.email or "").casefold()
        return is_his and name in (self.contact.person, self.contact.name)

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        said = [_said(form) for form in sorted(self.forms, key=lambda form: (-len(form), form))]
        return re.compile(f"(?<![^\\W_])(?:{'|'.join(said)})(?![^\\W_])") if said else None


def readings(raw: bytes) -> Iterator[str]:
    """The ways in which these bytes may be text; one that fits badly holds nobody."""
    yield raw.decode("utf-8", "replace")
    if not raw.isascii():
        for encoding in CODE_PAGES if len(raw) <= _LONGEST_TABLE else _USUAL_PAGES:
            yield raw.decode(encoding, "replace")
    if b"\0" in raw:
        # From either byte, for a text may begin anywhere among others.
        for start in (0, 1):
            yield raw[start:].decode("utf-16-le", "replace")
            yield raw[start:].decode("utf-16-be", "replace")
    if _MAIL.match(raw[:_LONGEST_HEAD]):
        yield from _of_mail(raw)


def written_on(letter: bytes) -> Iterator[str]:
    """To whom a letter of ours is written: the name, and the address or the number that stands on it."""
    if _MAIL.match(letter[:_LONGEST_HEAD]):
        yield from filter(None, _to(letter))
        return
    first, number, *_more = (*letter.decode("utf-8", "replace").split("\n", 2), "")
    if re.fullmatch(r"\+\d{5,}", number.strip()):
        yield from (first.strip(), number.strip())


def _to(raw: bytes) -> tuple[str, str]:
    return parseaddr(_header(str(message_from_bytes(raw[:_LONGEST_HEAD]).get("To", ""))))


def _of_mail(raw: bytes) -> Iterator[str]:
    if raw.lower().count(b"boundary") > _MOST_LEVELS:
        return
    message = message_from_bytes(raw[:_LONGEST_MAIL])
    for part in islice(message.walk(), _MOST_PARTS):
        yield "\n".join(_header(str(value)) for value in part.values())
        content = _content(part)
        if content is not None:
            yield content.decode("utf-8", "replace")
            yield content.decode("cp1250", "replace")


def _content(part: Message) -> bytes | None:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else None


def _header(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (ValueError, LookupError):
        return value


def _forms(contact: Contact, also: Iterable[str]) -> Iterator[str]:
    """Each in one spelling; a number as its digits behind a plus."""
    words = (contact.id, contact.name, contact.person, contact.called, contact.email or "", *also)
    for word in (*words, contact.phone or "", contact.mobile or ""):
        if word.strip():
            yield bald(word).strip()


def _said(form: str) -> str:
    """The pattern that finds a form in a text."""
    if re.fullmatch(r"\+\d{5,}", form):
        import phonenumbers

        try:
            number = phonenumbers.parse(form)
        except phonenumbers.NumberParseException:
            return re.escape(form)
        own = _SEPARATOR.join(str(number.national_number))
        return rf"(?:(?:\+|00)?{number.country_code}{_SEPARATOR})?0?{own}"
    return r"\s+".join(map(re.escape, form.split()))
