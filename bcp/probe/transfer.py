"""What came of a page and how it was carried, as plain records: what makes them brings h11 (excerpt.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

SMALL_SEGMENT = 536
"""Bytes of a TCP segment that pass any way through the internet (RFC 9293, 3.7.1)."""


class Transfer(NamedTuple):
    """So many bytes came after a question that was asked at `began`, until `ended` (monotonic seconds).

    `waited` is the part of that time for which nothing but the length of the way is to blame: a server sends some
    packets, and twice as many when they are answered (RFC 6928, RFC 5681).
    """

    size: int
    began: float
    ended: float
    waited: float


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What came of a page, from which address, and how it was carried; without a head where it was still on its way."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    transfer: Transfer | None = None
    address: str = ""
