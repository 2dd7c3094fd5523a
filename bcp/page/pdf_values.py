"""The values of a PDF as typst writes them: dictionaries and lists are read, everything else stays the bytes it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Value = bytes | list["Value"] | dict[bytes, "Value"]
"""Keys and names keep their slash: `{b"/Type": b"/Page"}`; a reference is `b"12 0 R"`, a text `b"(Roles)"`."""

_TOKEN = re.compile(rb"\s*(<<|>>|\[|\]|/[^\s/<>\[\]()]*|<[0-9A-Fa-f\s]*>|\d+ 0 R(?![0-9A-Za-z])|[-+.\w]+|\()")
_IN_TEXT = re.compile(rb"\\.|[()]", re.DOTALL)
_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")


def read(text: bytes) -> Value:
    """The value that `text` begins with. Raises ValueError for what is none."""
    return _value(text, 0)[0]


def dictionary(text: bytes) -> dict[bytes, Value]:
    """The dictionary that `text` begins with. Raises ValueError for anything else."""
    return as_dictionary(read(text))


def as_dictionary(value: Value) -> dict[bytes, Value]:
    """`value`, which is a dictionary. Raises ValueError for anything else."""
    if isinstance(value, dict):
        return value
    raise ValueError(f"no dictionary of a PDF: {value!r:.60}")


def as_list(value: Value) -> list[Value]:
    """`value` as a list; one that stands alone is a list of one."""
    return value if isinstance(value, list) else [value]


def number_of(reference: Value) -> int:
    """The number of the object that is referred to. Raises ValueError for what is no reference."""
    found = _REFERENCE.fullmatch(reference) if isinstance(reference, bytes) else None
    if found is None:
        raise ValueError(f"no reference in a PDF: {reference!r:.60}")
    return int(found[1])


def reference_to(number: int) -> bytes:
    """The reference to an object."""
    return b"%d 0 R" % number


def written(value: Value) -> bytes:
    """`value` as a file has it."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, list):
        return b"[" + b" ".join(map(written, value)) + b"]"
    return b"<<" + b"".join(key + b" " + written(each) for key, each in value.items()) + b">>"


def moved(text: bytes, to: Callable[[int], int]) -> bytes:
    """`text` with each reference changed to where that object is now; what only looks like one in a text stays."""

    def change(found: re.Match[bytes]) -> bytes:
        return reference_to(to(int(found[1])))

    if b"(" not in text:
        return _REFERENCE.sub(change, text)
    return b"".join(
        part if is_text else _REFERENCE.sub(change, part) for is_text, part in split_at_texts(text)
    )


def split_at_texts(text: bytes) -> Iterator[tuple[bool, bytes]]:
    """`text` in pieces in their order, and of each whether it is a text in round brackets."""
    begin = 0
    while (at := text.find(b"(", begin)) >= 0:
        end = _end_of_text(text, at)
        yield False, text[begin:at]
        yield True, text[at:end]
        begin = end
    yield False, text[begin:]


def _end_of_text(text: bytes, begin: int) -> int:
    """Where the text ends that begins with the bracket there; brackets in it are in pairs, or behind a backslash."""
    depth = 0
    for found in _IN_TEXT.finditer(text, begin):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if not depth:
            return found.end()
    raise ValueError("a text in a PDF has no end")


def _value(text: bytes, at: int) -> tuple[Value, int]:
    token, at = _token(text, at)
    if token == b"[":
        return _list(text, at)
    if token == b"<<":
        return _dictionary(text, at)
    return token, at


def _token(text: bytes, at: int) -> tuple[bytes, int]:
    found = _TOKEN.match(text, at)
    if found is None:
        raise ValueError(f"no value of a PDF: {text[at : at + 40]!r}")
    if found[1] == b"(":
        end = _end_of_text(text, found.start(1))
        return text[found.start(1) : end], end
    return found[1], found.end()


def _list(text: bytes, at: int) -> tuple[list[Value], int]:
    made: list[Value] = []
    while True:
        token, behind = _token(text, at)
        if token == b"]":
            return made, behind
        value, at = _value(text, at)
        made.append(value)


def _dictionary(text: bytes, at: int) -> tuple[dict[bytes, Value], int]:
    made: dict[bytes, Value] = {}
    while True:
        key, behind = _token(text, at)
        if key == b">>":
            return made, behind
        made[key], at = _value(text, behind)
