"""The one address or number that is taken of a cell in which people wrote more: several, a name, an extension.

What is taken is surely what was meant; where nobody can know, nothing is. What was left is told with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from bcp.contact import cell
from bcp.contact.cell import bare


class FirstEntry(NamedTuple):
    """What was taken of a cell; `left` is what else stood there, for people; nothing where nothing did."""

    value: str
    left: str = ""


_OR = r"\s+(?:or|and|lub|albo|oraz|oder|und|nebo|anebo|ή|και)\s+"
_BETWEEN = re.compile(rf"[;,|\n]|\s*:::\s*|\s+/+\s+|{_OR}", re.I)
_FORM = re.compile(r"[<(\[]\s*(?:mailto:)?\s*([^\s<>()\[\]]++)\s*[>)\]]", re.I)
_LINK = re.compile(r"\s*mailto:([^?\s]+)(?:\?.*)?", re.I)
_LABEL = re.compile(r"[^\W\d][\w .\-]{0,30}:\s*", re.UNICODE)
_COMMENT = re.compile(r"\s*\([^()@]{0,80}\)\s*$")
_QUOTES = "'\"<>“”„‟‘’‚«»"
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
"""Letters, digits and signs as wide as those of East Asia, and how they are written elsewhere."""
_SHOWN = 80
_MOST = 500
"""Letters of a cell that is looked through; ten addresses are fewer."""


def email(text: str) -> FirstEntry:
    """The first address of the cell, unwrapped from `mailto:` and `Name <…>`, without a dot or a comma behind it.

    Raises ValueError with a sentence where no address is surely one: `a(at)b.com` and `anna nowak@b.com` stay unread.
    """
    said = _looked_through(text)
    try:
        return FirstEntry(cell.email(said))
    except ValueError as error:
        return _first(said, _BETWEEN.split(_apart(said)), _address, error)


def _looked_through(text: str) -> str:
    said = bare(text).strip().translate(_WIDE)
    if len(said) > _MOST:
        raise ValueError(f"expected at most {_MOST} letters, not {len(said)}")
    return said


def _apart(said: str) -> str:
    """Addresses with only blanks or slashes between them, apart; a blank before a word without @ may be a slip."""
    tokens = re.split(r"[\s/]+", said)
    return ";".join(tokens) if len(tokens) > 1 and all("@" in token for token in tokens) else said


def _address(piece: str) -> str:
    form = _FORM.search(piece)
    if form and "@" in form[1]:
        inside = form[1]
    else:
        link = _LINK.fullmatch(piece)
        inside = unquote(link[1]) if link else _COMMENT.sub("", _LABEL.sub("", piece, count=1))
    return cell.email(inside.strip(" \t\n.,;:" + _QUOTES))


_CALL = re.compile(r"tel|phone|τηλ", re.I)
_FAX = re.compile(r"fax|faks|φαξ|f:", re.I)
_SHORTENED = re.compile(r"\+?\d(?:[.,]\d+)?[eE]\+?\d{1,2}")
_DECIMALS = re.compile(r"(\+?\d{7,15})[.,]0{1,2}")
_INSIDE = re.compile(
    r"[\s,;.]*(?:;ext=|ext(?:ension)?\b|x(?=\s?\d)|wewn?\b|w\.|linka\b|kl(?:apka)?\b|dw\b|durchwahl\b|nst\b|apparat\b"
    r"|εσωτ\w*|εσ\b|#)[\s.:=]*\d{1,6}\s*$",
    re.I,
)
_SIGNS = r"\d\s()./·\-\u2010-\u2015\u2212"
_PLAIN = re.compile(rf"[+{_SIGNS}]+")
_BEGINS = re.compile(
    rf"\s*((?:tel|callto|sms|phone):|[^\d+(]{{0,40}}?[\s.:=]|[^\d+(\w]*+)?([+(]*+\s*+\d[{_SIGNS}]*+)(.*)",
    re.S | re.I,
)
_HOURS = re.compile(r"(?<=\d)\s*\([^()]{0,60}\)\s*$")
_DAY = re.compile(r"(?:19|20)\d\d([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2(?:19|20)\d\d")


def phone(text: str, country: str) -> FirstEntry:
    """The first number of the cell as E.164, without an extension and words; see `cell.phone`.

    Raises ValueError with a sentence where no number is surely one.
    """
    said = _looked_through(text)
    if _SHORTENED.fullmatch(said):
        raise ValueError(
            f'the spreadsheet has shortened this number to "{said}": format the column as text, then type it again'
        )
    if _DAY.fullmatch(said):
        raise ValueError(f'"{said}" is a day and no phone number')
    said = _DECIMALS.sub(r"\1", said) if _DECIMALS.fullmatch(said) else said
    said = re.sub(r"^((?:\+|00)(?!39)\d{1,3}\s*)\(0\)", r"\1", said)
    try:
        return (
            FirstEntry(cell.phone(said, country))
            if _PLAIN.fullmatch(said)
            else _number_of(said, country, None)
        )
    except ValueError as error:
        return _number_of(said, country, error)


def is_mobile(text: str, country: str) -> bool:
    """Whether this number is surely a mobile phone, by the numbering plan of its country."""
    import phonenumbers

    try:
        number = phonenumbers.parse(phone(text, country).value)
    except ValueError:
        return False
    return bool(phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE)


def _number_of(said: str, country: str, error: ValueError | None) -> FirstEntry:
    unread = error or ValueError(f'"{said[:40]}" is no phone number, such as +48 22 600 00 01')
    parts = [part for piece in _BETWEEN.split(said) for part in _with_slashes(piece)]
    return _first(said, parts, lambda piece: _number(piece, country), unread)


def _with_slashes(piece: str) -> Iterator[str]:
    """The piece, and of `600100200/201` what is before the slash: only where the whole is no number this is tried."""
    yield piece
    if "/" in piece:
        yield piece.partition("/")[0]


def _number(piece: str, country: str) -> str:
    import phonenumbers

    rest = _HOURS.sub("", _INSIDE.sub("", piece))
    found = _BEGINS.fullmatch(rest)
    label = found[1] or "" if found else ""
    if found is None or (_FAX.search(label) and not _CALL.search(label)):
        raise ValueError(f'"{piece.strip()[:40]}" is no phone number to call')
    digits, behind = found[2], found[3]
    if behind and (digits[-1].isdigit() and behind[0].isalnum()):
        raise ValueError(f'"{piece.strip()[:40]}" is no phone number')
    number = cell.phone(digits.rstrip(" (./-"), country)
    if not phonenumbers.is_valid_number(phonenumbers.parse(number)):
        raise ValueError(f'"{piece.strip()[:40]}" is no phone number of its country')
    return number


def _first(said: str, pieces: list[str], read: Callable[[str], str], error: ValueError) -> FirstEntry:
    """The first of the pieces that can be read, and the whole as what stood there. Raises `error` if none can."""
    for piece in filter(str.strip, pieces):
        try:
            value = read(piece)
        except ValueError:
            continue
        whole = " ".join(said.split())
        return FirstEntry(value, whole if len(whole) <= _SHOWN else whole[: _SHOWN - 1] + "…")
    raise error
