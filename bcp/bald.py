"""Letters as they are compared where people leave out capitals and accents."""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = re.compile(r"[\u0300-\u036f]+")


def bald(text: str) -> str:
    """Small letters without their accents, ł as l, a final ς as any σ; letters that only look different as one."""
    if text.isascii():
        return text.casefold()
    return (
        _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold())).replace("ł", "l").replace("ς", "σ")
    )
