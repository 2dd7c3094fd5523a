"""Puts the certificates of a time stamp in the order that its encoding demands.

Many authorities send them in the order of the chain. That is no fault of the stamp: the order is not signed, and
openssl takes any; but the library that reads stamps refuses all but the sorted one.
"""

from __future__ import annotations

from typing import NamedTuple

_CERTIFICATES = 0xA0
_LONG = 0x80


class _Piece(NamedTuple):
    """Where one value begins, where what it holds begins, and where it ends."""

    start: int
    inside: int
    end: int


def with_ordered_certificates(answer: bytes) -> bytes:
    """The answer of an authority (TimeStampResp of RFC 3161) with its certificates sorted.

    Raises ValueError for what is none.
    """
    try:
        (response,) = _pieces(answer, _Piece(0, 0, len(answer)))
        if len(_pieces(answer, response)) < 2:
            return answer  # it refuses: there is no stamp in it
        token = _pieces(answer, response)[1]
        (signed,) = _pieces(answer, _pieces(answer, token)[1])
        found = [each for each in _pieces(answer, signed) if answer[each.start] == _CERTIFICATES]
    except (IndexError, ValueError):
        raise ValueError("it is no time stamp") from None
    for certificates in found[:1]:
        each = sorted(answer[piece.start : piece.end] for piece in _pieces(answer, certificates))
        answer = answer[: certificates.inside] + b"".join(each) + answer[certificates.end :]
    return answer


def _pieces(data: bytes, within: _Piece) -> list[_Piece]:
    """The values that one holds. Raises IndexError or ValueError where it does not end where it says."""
    found, start = [], within.inside
    while start < within.end:
        inside, length = start + 2, data[start + 1]
        if length & _LONG:
            inside += length & ~_LONG
            length = int.from_bytes(data[start + 2 : inside], "big")
        if inside + length > within.end:
            raise ValueError("it is cut off")
        found.append(_Piece(start, inside, inside + length))
        start = inside + length
    return found
