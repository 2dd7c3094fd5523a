"""Writes the objects of a PDF one after the other; small ones are packed together, as PDF knows it since 1.5."""

from __future__ import annotations

import zlib
from array import array
from hashlib import sha256
from io import BytesIO

from bcp.page.pdf_values import reference_to

_HEAD = b"%PDF-1.7\n%\x80\x80\x80\x80\n"
_PACKED = 200
"""So many small objects are packed into one: a reader unpacks all of them to see one."""
_ALONE, _IN_PACK = 1, 2
_ID = 16


class PdfObjects:
    """The objects of one file, each with the number that was taken for it before. Only the packed ones are held."""

    def __init__(self) -> None:
        """Nothing is in it yet."""
        self._file = BytesIO()
        self._told = sha256()
        self._kinds, self._places, self._within = array("B", [0]), array("Q", [0]), array("H", [65535])
        self._pack: list[tuple[int, bytes]] = []
        self._write(_HEAD)

    def take(self) -> int:
        """A number for an object that is put later."""
        self._kinds.append(0)
        self._places.append(0)
        self._within.append(0)
        return len(self._kinds) - 1

    def put(self, number: int, body: bytes) -> None:
        """The object of that number; a stream stands alone, whatever else there is is packed."""
        if body.endswith(b"endstream"):
            self._put_alone(number, body)
            return
        self._pack.append((number, body))
        if len(self._pack) == _PACKED:
            self._put_pack()

    def new(self, body: bytes) -> int:
        """Put an object under a number of its own, which is given back."""
        number = self.take()
        self.put(number, body)
        return number

    def mark(self) -> bytes:
        """What tells this file from others: a hash of all that is written so far."""
        return self._told.digest()[:_ID]

    def end(self, root: int, info: int, mark: bytes) -> bytes:
        """The whole file; `root` and `info` are what its readers begin with, `mark` its identity."""
        self._put_pack()
        number = self.take()
        begin = self._file.tell()
        self._kinds[number], self._places[number] = _ALONE, begin
        table = zlib.compress(b"".join(self._entries()))
        identity = b"<%s>" % mark.hex().encode()
        said = b"<</Type/XRef/Size %d/W[1 5 2]/Root %s/Info %s/ID[%s %s]/Filter/FlateDecode/Length %d>>"
        told = said % (number + 1, reference_to(root), reference_to(info), identity, identity, len(table))
        self._write(b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, told, table))
        self._write(b"startxref\n%d\n%%%%EOF\n" % begin)
        return self._file.getvalue()

    def _entries(self) -> list[bytes]:
        rows = zip(self._kinds, self._places, self._within, strict=True)
        return [b"%c%s%s" % (kind, at.to_bytes(5, "big"), in_.to_bytes(2, "big")) for kind, at, in_ in rows]

    def _put_alone(self, number: int, body: bytes) -> None:
        self._kinds[number], self._places[number] = _ALONE, self._file.tell()
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def _put_pack(self) -> None:
        if not self._pack:
            return
        home, heads, bodies, at = self.take(), list[bytes](), list[bytes](), 0
        for index, (number, body) in enumerate(self._pack):
            self._kinds[number], self._places[number], self._within[number] = _IN_PACK, home, index
            heads.append(b"%d %d" % (number, at))
            bodies.append(body)
            at += len(body) + 1
        head = b" ".join(heads) + b"\n"
        packed = zlib.compress(head + b"\n".join(bodies))
        said = b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream"
        self._put_alone(home, said % (len(bodies), len(head), len(packed), packed))
        self._pack = []

    def _write(self, text: bytes) -> None:
        self._file.write(text)
        self._told.update(text)
