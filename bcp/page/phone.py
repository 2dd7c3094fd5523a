"""Phone numbers as a telephone dials them from a QR code, and the line where one is missing."""

from __future__ import annotations

import re
from urllib.parse import quote

LINE = "______________"
"""Where a number is missing: a line to write it on."""


def dial(number: str) -> str:
    """The `tel:` address of a number or a forwarding code; `#` is escaped (RFC 3966, RFC 3986)."""
    return "tel:" + quote(re.sub(r"[^\d+*#]", "", number), safe="+*")
