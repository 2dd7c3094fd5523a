"""Small damage to what is whole: to bytes, and to trees of lists, mappings and plain values. All from one `Random`."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

MOST_BYTES = 256 * 1024
"""No input is larger: what takes long then takes too long for its size."""

TOKENS = [
    *(
        b"\x00",
        b"\x1b[2J",
        b"\x1b]0;x\x07",
        b"\x9b2J",
        b"\xff\xfe",
        b"\xed\xb2\x80",
        b"\xc3",
        b"\xef\xbb\xbf",
        b"\x7f",
    ),
    *("\u202e", "\u2028", "\u0085", "\ufeff", "İ", "é" * 300),
    *(
        b"\r",
        b"\n",
        b"\t",
        b"'",
        b'"',
        b"\\",
        b"{",
        b"}",
        b"[",
        b"]",
        b": ",
        b"- ",
        b"#",
        b"|\n",
        b">\n",
        b"? ",
        b",",
    ),
    *(
        b"&a ",
        b"*a",
        b"<<: *a\n",
        b"!!binary ",
        b"!!set ",
        b"!!python/object:os.system ",
        b"---\n",
        b"%YAML 9.9\n",
    ),
    *(
        b"[" * 2000,
        b"{a: " * 500,
        b"(" * 500,
        b"9" * 5000,
        b"A" * 70000,
        b"=\n" * 3000,
        b";" * 3000,
        b"\r\n " * 3000,
    ),
    *(
        b"{fact:x}",
        b"{{ 7*7 }}",
        b"{% for a in b %}",
        b"{fact:",
        b"env:HOME",
        b"file:/etc/passwd",
        b"../../../x",
    ),
    *(
        b"-1",
        b"1e999",
        b"0x1F",
        b"2026-02-30",
        b"24:61",
        b"99999999999d",
        b"\xc2\xb2",
        b"NaN",
        b"=?utf-8?b?/w==?=",
    ),
]
_TOKENS = [token.encode() if isinstance(token, str) else token for token in TOKENS]
VALUES: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        -1,
        2**63,
        10**400,
        1.5,
        float("inf"),
        float("nan"),
        "",
        " ",
        "\n",
        "no",
        "~",
        "\x00",
    ),
    *(
        "\x1b[2J",
        "\u202e",
        "\udc80",
        "²",
        "٣",
        "A" * 70000,
        "99999999999d",
        "2026-02-30",
        "0000-00-00T00:00:00+99:99",
    ),
    *(
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00+14:00",
        "24:00",
        "-o",
        "{fact:x}",
        "{fact:",
        "{{x}}",
        "%s%n",
    ),
    *(
        "env:HOME",
        "file:/etc/passwd",
        "../../x",
        "a/b",
        "//",
        "http://[",
        "http://a:99999999/",
        "http://\u2100/",
        "*",
    ),
    *([], {}, [[]], {"": {}}, [None], {"a": None}),
]


def of_bytes(random: Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """`data` with a few places changed; `others` may lend a piece."""
    found = bytearray(data)
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        at = random.randrange(len(found) + 1)
        end = min(len(found), at + int(random.expovariate(1 / 20)) + 1)
        match random.randrange(8):
            case 0 if found:
                found[min(at, len(found) - 1)] ^= 1 << random.randrange(8)
            case 1:
                found[at:end] = b""
            case 2:
                found[at:at] = random.choice(_TOKENS)
            case 3:
                found[at:end] = random.choice(_TOKENS)
            case 4:
                found[at:at] = found[at:end] * random.choice((1, 2, 50))
            case 5:
                other = random.choice(others or [data])
                start = random.randrange(len(other) + 1)
                found[at:end] = other[start : start + random.randrange(200)]
            case 6 if random.random() < 0.2:
                del found[at:]
            case _:
                found[at:at] = random.randbytes(random.randrange(1, 6))
    return bytes(found[:MOST_BYTES])


def of_tree(random: Random, tree: Any, others: Sequence[Any] = ()) -> Any:
    """A copy of a tree (of lists, mappings and plain values) with a few places changed."""
    found = [copy.deepcopy(tree)]
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        places = list(_places(found))
        holder, key = random.choice(places)
        match random.randrange(9):
            case 0 if holder is not found:
                del holder[key]
            case 1 | 2:
                holder[key] = copy.deepcopy(random.choice(VALUES))
            case 3:
                other, place = random.choice(list(_places([random.choice([*others, tree])])))
                holder[key] = copy.deepcopy(other[place])
            case 4:
                other, place = random.choice(places)
                holder[key] = copy.deepcopy(other[place])
            case 5 if isinstance(holder, dict):
                name = random.choice([value for value in VALUES if isinstance(value, str)])
                holder[random.choice((name, f"{key}x"))] = holder.pop(key)
            case 6 if isinstance(holder, list) and len(holder) < 1000:
                holder[key:key] = [copy.deepcopy(holder[key])] * random.choice((1, 2, 30))
            case 7:
                for _ in range(random.choice((1, 3, 200))):
                    holder[key] = random.choice(([holder[key]], {"a": holder[key]}))
            case _ if isinstance(holder[key], str):
                text = holder[key].encode("utf-8", "surrogateescape")
                holder[key] = of_bytes(random, text).decode("utf-8", "replace")
    return found[0]


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Each place of the tree: the list or mapping, and the key in it."""
    open_ = [tree]
    while open_:
        holder = open_.pop()
        for key, value in holder.items() if isinstance(holder, dict) else enumerate(holder):
            yield holder, key
            if isinstance(value, list | dict):
                open_.append(value)
