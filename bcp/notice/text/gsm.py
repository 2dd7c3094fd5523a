"""How many text messages a text becomes, and which letter makes it more (3GPP TS 23.038, 23.040)."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
_BARRED = str.maketrans("łŁøđħ", "lLodh")
_PRINTED = str.maketrans(
    dict.fromkeys("„”“‟«»", '"') | dict.fromkeys("’‘‚‛‹›", "'") | dict.fromkeys("–—‐‑‒−•", "-")
    | dict.fromkeys("\u00a0\u202f\u2009", " ") | {"…": "...", "\u00ad": ""}
)  # fmt: skip
"""What a printed text has instead of the plain marks of GSM-7."""


class Segments(NamedTuple):
    """The number of messages, the units used, and the first letter that GSM-7 does not have, if any."""

    messages: int
    units: int
    odd_letter: str = ""


def segments(text: str) -> Segments:
    """160 letters of GSM-7 in one message, 153 in each of several; 70 and 67 as soon as one letter is not in it."""
    odd = next((letter for letter in text if letter not in _BASIC and letter not in _EXTENDED), "")
    if odd:
        units, alone, each = len(text.encode("utf-16-be")) // 2, 70, 67
    else:
        units, alone, each = sum(2 if letter in _EXTENDED else 1 for letter in text), 160, 153
    return Segments(1 if units <= alone else -(-units // each), units, odd)


def without_accents(text: str) -> str:
    """`lacze nie dziala`: what is left of the letters in GSM-7, with plain quotes, dashes and blanks."""
    plain = unicodedata.normalize("NFKD", text.translate(_BARRED).translate(_PRINTED))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def thrifty(text: str) -> str:
    """The text with plain quotes, dashes and blanks where these alone make it twice as many messages."""
    plain = text.translate(_PRINTED)
    return text if segments(plain).odd_letter else plain
