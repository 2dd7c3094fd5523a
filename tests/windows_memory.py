"""Lays out adapters as Windows does in the memory of a program of 64 bits: structures that point to one another."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

BASE = 0x7FF6_1234_0000
ADAPTER_SIZE = 448


@dataclass(frozen=True)
class WindowsAdapter:
    """What Windows would say of one adapter; `addresses` are pairs of an address with its prefix and its state."""

    name: str
    index: int = 7
    index_6: int = 7
    kind: int = 6
    state: int = 1
    metric: int = 25
    addresses: Sequence[tuple[str, int]] = ()
    gateways: Sequence[str] = ()
    name_servers: Sequence[str] = ()
    suffix: str = ""


class Memory:
    """Bytes that lie at BASE."""

    def __init__(self) -> None:
        self.raw = bytearray()

    def put(self, content: bytes) -> int:
        """Add bytes; where they lie. All lies at multiples of eight."""
        self.raw += bytes(-len(self.raw) % 8)
        where = BASE + len(self.raw)
        self.raw += content
        return where

    def linked(self, rows: Sequence[tuple[bytes, bytes]]) -> int:
        """A list whose members lead on to the next one; each is a head, eight bytes of pointer, and a tail."""
        following = 0
        for head, tail in reversed(rows):
            following = self.put(head + struct.pack("<Q", following) + tail)
        return following

    def sockaddr(self, address: str) -> bytes:
        """A SOCKET_ADDRESS that points to an address."""
        found = ip_address(address)
        if found.version == 4:
            there = struct.pack("<HH4s8x", 2, 0, found.packed)
        else:
            there = struct.pack("<HHI16sI", 23, 0, 0, found.packed, 0)
        return struct.pack("<Qi4x", self.put(there), len(there))

    def text(self, text: str) -> int:
        """Letters of two bytes."""
        return self.put(text.encode("utf-16-le") + b"\0\0")


def laid_out(adapters: Sequence[WindowsAdapter]) -> bytes:
    """What GetAdaptersAddresses would write at BASE for them: the first adapter comes first."""
    memory = Memory()
    memory.put(bytes(ADAPTER_SIZE) * len(adapters))
    for number, each in enumerate(adapters):
        is_last = number == len(adapters) - 1
        row = _adapter(memory, each, 0 if is_last else BASE + (number + 1) * ADAPTER_SIZE)
        memory.raw[number * ADAPTER_SIZE : number * ADAPTER_SIZE + len(row)] = row
    return bytes(memory.raw)


def _adapter(memory: Memory, told: WindowsAdapter, following: int) -> bytes:
    unicast = memory.linked([_unicast(memory, *each) for each in told.addresses])
    gateways, servers = (
        memory.linked([(struct.pack("<II", 32, 0), memory.sockaddr(each)) for each in some])
        for some in (told.gateways, told.name_servers)
    )
    key = memory.put(b"{00000007-0000-0000-0000-000000000000}\0")
    suffix, description, name = map(memory.text, (told.suffix, "Network card", told.name))
    head = struct.pack("<II", ADAPTER_SIZE, told.index)
    head += struct.pack("<9Q", following, key, unicast, 0, 0, servers, suffix, description, name)
    body = struct.pack("<8s6I", bytes(8), 6, 0, 1500, told.kind, told.state, told.index_6)
    tail = struct.pack("<64xQQQQQII", 0, 0, 0, 0, gateways, told.metric, told.metric)
    return head + body + tail


def _unicast(memory: Memory, address: str, state: int) -> tuple[bytes, bytes]:
    bare, _slash, prefix = address.partition("/")
    tail = memory.sockaddr(bare) + struct.pack("<iiiIIIB7x", 0, 0, state, 0, 0, 0, int(prefix))
    return struct.pack("<II", 64, 0), tail
