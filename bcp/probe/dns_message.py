"""DNS messages (RFC 1035, RFC 3596): a query in, an answer out, whatever bytes come back.

Own code, because a check by name must not cost the 60 ms of CPU that importing a DNS library costs, and a
look needs six record types only.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from bcp.host_name import ascii_name

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "MX": 15, "TXT": 16, "AAAA": 28}
_NAMES = {number: name for name, number in TYPES.items()}
NO_ERROR, SERVER_FAILURE, NO_SUCH_NAME, REFUSED = 0, 2, 3, 5
_HEAD = struct.Struct("!HHHHHH")
_RECORD = struct.Struct("!HHIH")
_IS_ANSWER, _IS_CUT, _WANT_RECURSION = 0x8000, 0x0200, 0x0100
_MOST_RECORDS = 500


class MalformedDns(ValueError):
    """These bytes are not a DNS answer."""


@dataclass(frozen=True, slots=True)
class DnsRecord:
    """One record of an answer; `value` is the address, the name or the text."""

    name: str
    type: str
    ttl: int
    value: str


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """What a name server said."""

    id: int
    code: int
    is_cut: bool
    question: tuple[str, str]
    records: tuple[DnsRecord, ...]

    def values(self, kind: str) -> list[str]:
        """The values of all records of one type."""
        return [record.value for record in self.records if record.type == kind]


def query(name: str, kind: str, number: int) -> bytes:
    """The question for `name` with the id `number`. Raises ValueError for what cannot be a name."""
    head = _HEAD.pack(number, _WANT_RECURSION, 1, 0, 0, 0)
    return head + _packed(name) + struct.pack("!HH", TYPES[kind], 1)


def _packed(name: str) -> bytes:
    labels = ascii_name(name).removesuffix(".").encode("ascii").split(b".")
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def parse(data: bytes) -> DnsAnswer:
    """The answer in `data`. Raises Malformed for anything that is none."""
    try:
        number, flags, questions, answers, _, _ = _HEAD.unpack_from(data)
        if not flags & _IS_ANSWER or questions != 1:
            raise MalformedDns("it is no answer to one question")
        name, at = _name(data, _HEAD.size)
        kind, _ = struct.unpack_from("!HH", data, at)
        records, at = [], at + 4
        for _ in range(min(answers, _MOST_RECORDS)):
            record, at = _record(data, at)
            records.append(record)
    except struct.error:
        raise MalformedDns("it ends too early") from None
    question = (name, _NAMES.get(kind, str(kind)))
    return DnsAnswer(number, flags & 0x0F, bool(flags & _IS_CUT), question, tuple(records))


def _record(data: bytes, at: int) -> tuple[DnsRecord, int]:
    name, at = _name(data, at)
    kind, _, ttl, length = _RECORD.unpack_from(data, at)
    at += _RECORD.size
    if at + length > len(data):
        raise MalformedDns("it ends too early")
    return DnsRecord(name, _NAMES.get(kind, str(kind)), ttl, _value(data, kind, at, length)), at + length


def _value(data: bytes, kind: int, at: int, length: int) -> str:
    raw = data[at : at + length]
    match _NAMES.get(kind):
        case "A" if length == 4:
            return str(IPv4Address(raw))
        case "AAAA" if length == 16:
            return str(IPv6Address(raw))
        case "NS" | "CNAME":
            return _name(data, at)[0]
        case "MX" if length > 2:
            return f"{struct.unpack_from('!H', data, at)[0]} {_name(data, at + 2)[0]}"
        case "TXT":
            return _text(raw)
        case "A" | "AAAA" | "MX":
            raise MalformedDns("a record has a wrong length")
    return raw.hex()


def _text(raw: bytes) -> str:
    parts, at = [], 0
    while at < len(raw):
        parts.append(raw[at + 1 : at + 1 + raw[at]])
        at += 1 + raw[at]
    return b"".join(parts).decode(errors="replace")


def _name(data: bytes, at: int) -> tuple[str, int]:
    """The name at `at` and where it ends; a pointer may only go backwards, so no chain of them is endless."""
    labels: list[str] = []
    end, length, start = 0, 0, at
    while True:
        if at >= len(data):
            raise MalformedDns("it ends too early")
        size = data[at]
        if size >= 0xC0:
            end = end or at + 2
            at = struct.unpack_from("!H", data, at)[0] & 0x3FFF
            if at >= start:
                raise MalformedDns("a name points forward")
            start = at
        elif size > 63:
            raise MalformedDns("a name has a label of a strange kind")
        elif size:
            labels.append(data[at + 1 : at + 1 + size].decode("ascii", errors="replace").lower())
            length += size + 1
            if length > 255:
                raise MalformedDns("a name is too long")
            at += size + 1
        else:
            return ".".join(labels), end or at + 1
