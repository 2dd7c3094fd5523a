"""A PDF as typst makes one, opened to be joined with others: its objects as bytes, and what they hang on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from bcp.page.pdf_values import (
    Value,
    as_dictionary,
    as_list,
    dictionary,
    number_of,
    reference_to,
    written,
)

STREAM = b"\nstream\n"
"""What stands between the dictionary of a stream and its bytes."""
_ENTRY = 20
_CATALOG = {
    *(b"/Type", b"/Pages", b"/Metadata", b"/Lang", b"/StructTreeRoot", b"/MarkInfo", b"/ViewerPreferences"),
    b"/Outlines",
}
_HOLDING = (b"/Pages", b"/Metadata", b"/StructTreeRoot")
_TREE = {b"/Type", b"/K", b"/RoleMap", b"/ParentTree", b"/ParentTreeNextKey", b"/IDTree"}


class Bookmark(NamedTuple):
    """An entry of the outline: its title and where it leads, as the file has them, and the entries below it."""

    title: Value
    target: Value
    below: tuple[Bookmark, ...]


class Part:
    """One PDF. What is in it and is not known here raises ValueError: nothing is lost without a word."""

    def __init__(self, made: bytes) -> None:
        """`made` as typst writes it: one classic table of objects, and no stream of them."""
        self.bodies = dict(_bodies(made))
        self._outline: set[int] = set()
        self.trailer = dictionary(made[made.rindex(b"trailer") + len(b"trailer") :])
        self.catalog = self._known(self.trailer[b"/Root"], _CATALOG)
        self.tree = self._known(self.catalog[b"/StructTreeRoot"], _TREE)
        self.pages = [number_of(each) for each in as_list(self.value(self.catalog[b"/Pages"])[b"/Kids"])]
        (self.document,) = (number_of(each) for each in as_list(self.tree[b"/K"]))
        self.bookmarks = self._bookmarks(self.catalog[b"/Outlines"]) if b"/Outlines" in self.catalog else ()
        held = [self.trailer[b"/Root"], self.trailer[b"/Info"], *map(self.catalog.__getitem__, _HOLDING)]
        self.hung_on = {*map(number_of, held), self.document, *self._outline}
        """The numbers of the objects that hold the whole together: of those a joined file has its own."""

    def value(self, reference: Value) -> dict[bytes, Value]:
        """The dictionary that is referred to."""
        return dictionary(self.bodies[number_of(reference)])

    def resources(self, page: int) -> bytes:
        """What the contents of a page use, as a dictionary."""
        told = self.value(reference_to(page))[b"/Resources"]
        return written(told) if isinstance(told, dict) else self.bodies[number_of(told)]

    def is_element(self, number: int) -> bool:
        """Whether an object is one of the tree of tags."""
        return self.bodies[number].startswith(b"<</Type/StructElem")

    @property
    def info(self) -> bytes:
        """Title and author, as the file has them."""
        return self.bodies[number_of(self.trailer[b"/Info"])]

    @property
    def metadata(self) -> bytes:
        """What the file says of itself, as a stream of XML."""
        return self.bodies[number_of(self.catalog[b"/Metadata"])]

    @property
    def by_page(self) -> Mapping[int, Value]:
        """Of each page, by its number in the tree of tags, what its marked contents belong to."""
        told = as_list(as_dictionary(self.tree[b"/ParentTree"])[b"/Nums"])
        return {int(_bytes(key)): each for key, each in zip(told[::2], told[1::2], strict=True)}

    @property
    def by_name(self) -> Mapping[bytes, Value]:
        """The elements that have a name, by it: cells of tables name their heads so."""
        told = as_list(as_dictionary(self.tree[b"/IDTree"])[b"/Names"]) if b"/IDTree" in self.tree else []
        return {_bytes(key): each for key, each in zip(told[::2], told[1::2], strict=True)}

    def _known(self, reference: Value, keys: set[bytes]) -> dict[bytes, Value]:
        found = self.value(reference)
        if strange := found.keys() - keys:
            raise ValueError(f"a PDF has what cannot be joined: {sorted(strange)}")
        return found

    def _bookmarks(self, above: Value) -> tuple[Bookmark, ...]:
        """The entries below one of the outline, or of its root."""
        self._outline.add(number_of(above))
        told, found = self.value(above), list[Bookmark]()
        following = told.get(b"/First")
        while following is not None:
            entry = self.value(following)
            found.append(Bookmark(entry[b"/Title"], entry[b"/Dest"], self._bookmarks(following)))
            following = entry.get(b"/Next")
        return tuple(found)


def _bytes(value: Value) -> bytes:
    if isinstance(value, bytes):
        return value
    raise ValueError(f"no simple value of a PDF: {value!r:.60}")


def _bodies(made: bytes) -> Iterator[tuple[int, bytes]]:
    """Each object: its number, and the bytes between `obj` and `endobj`."""
    at = int(made[made.rindex(b"startxref") + len(b"startxref") :].split()[0])
    head = re.compile(rb"xref\n0 (\d+)\n").match(made, at)
    if head is None:
        raise ValueError("a PDF has no table of objects that can be joined")
    table = made[head.end() : head.end() + _ENTRY * int(head[1])]
    entries = [table[each : each + _ENTRY] for each in range(0, len(table), _ENTRY)]
    places = {number: int(entry[:10]) for number, entry in enumerate(entries) if entry[17:18] == b"n"}
    ends = sorted([*places.values(), at])
    behind = dict(pairwise(ends))
    for number, place in places.items():
        begin = made.index(b"obj", place) + len(b"obj")
        yield number, made[begin : made.rindex(b"endobj", begin, behind[place])].strip()
