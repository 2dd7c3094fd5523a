"""Pages that come packed (gzip, deflate), whether that was asked for or not; never more than a bound of them."""

from __future__ import annotations

import re
import zlib
from typing import NamedTuple

_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
_WAYS = {
    "gzip": (_GZIP,),
    "x-gzip": (_GZIP,),
    "deflate": (_ZLIB, _RAW),
}  # some send deflate without its frame
_MOST_LAYERS = 3
_PACKS = re.compile(r"^(br|brotli|zstd|dcb|dcz|(x-)?(compress|bzip2?|xz|lzma|snappy)|pack200-gzip|exi|sdch)$")
"""What packs, too; browsers pass over any other word, such as `utf-8`, `none` or `aws-chunked`."""


class Unpacked(NamedTuple):
    """What was packed. There is more of it where `is_cut` (ours) or `is_torn` (it ended in the middle).

    `packing` names what we cannot unpack.
    """

    body: bytes
    is_cut: bool = False
    is_torn: bool = False
    packing: str = ""


def unpacked(body: bytes, encoding: str, most: int) -> Unpacked:
    """`body` as it was before its server packed it, at most `most` bytes; `encoding` is the header Content-Encoding.

    What ends in the middle is unpacked so far.
    """
    layers = [each.strip().lower() for each in encoding.split(",")]
    layers = [each for each in layers if each in _WAYS or _PACKS.search(each)]
    found = Unpacked(body)
    for layer in reversed(layers[:_MOST_LAYERS]):
        if not found.body:
            break
        plain = next(filter(None, (_inflated(found.body, way, most) for way in _WAYS.get(layer, ()))), None)
        if plain is None:
            return Unpacked(b"", packing=layer[:20])
        found = Unpacked(plain.body, found.is_cut or plain.is_cut, found.is_torn or plain.is_torn)
    return found


def _inflated(body: bytes, way: int, most: int) -> Unpacked | None:
    """None for what is not packed in this way. A file of gzip may have several parts behind each other."""
    plain = b""
    while body and len(plain) <= most:
        inflating = zlib.decompressobj(way)
        try:
            plain += inflating.decompress(body, most + 1 - len(plain))
        except zlib.error:
            return Unpacked(plain[:most], is_torn=True) if plain else None
        if not inflating.eof:
            return Unpacked(plain[:most], is_cut=len(plain) > most, is_torn=len(plain) <= most)
        body = inflating.unused_data if way == _GZIP else b""
    return Unpacked(plain[:most], len(plain) > most)
