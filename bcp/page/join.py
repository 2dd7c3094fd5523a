"""Joins PDFs that typst made into one, whose tags, bookmarks and heads of tables are as whole as those of each.

Each part is set in a run of typst of its own and goes straight into the file: of its objects nothing but their numbers
is held. No library is used for that. Measured on the sheets of 101 plans: pypdf takes half as long as setting them
(70 µs an object, of which a sheet has 560), pikepdf holds all objects until the end (1 MB a sheet), and neither knows
how trees of tags are joined, which is most of what is here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

from bcp.page.pdf_objects import PdfObjects
from bcp.page.pdf_outline import OutlineItem, entries_of, put_outline
from bcp.page.pdf_part import STREAM, Part
from bcp.page.pdf_values import (
    Value,
    as_dictionary,
    as_list,
    dictionary,
    moved,
    number_of,
    reference_to,
    split_at_texts,
    written,
)

_PARENT_KEYS = (b"/StructParents", b"/StructParent")
_TITLE, _BELOW_TITLE = b"<</Type/StructElem/S/H1", b"<</Type/StructElem/S/H2"
"""typst wants each file to begin with the former; within a document that goes on it is the latter."""
_FOLIO_HERE = b"Q /Artifact <</Type/Pagination/Subtype/Footer>> BDC q /Folio Do Q EMC"
_OF_CATALOG = (b"/Lang", b"/MarkInfo", b"/ViewerPreferences")


class _Whole(NamedTuple):
    """What a part says of the file that it begins: its catalog, and as objects its title and what else is known."""

    catalog: Mapping[bytes, Value]
    info: bytes
    metadata: bytes


@dataclass
class _Division:
    """A document of the joined file: its element, and what that says."""

    number: int
    told: Mapping[bytes, Value] = field(default_factory=dict)


@dataclass
class Slot:
    """The place of a part in the joined file, and what is held of it: numbers of objects, bookmarks.

    On each of the pages that `folios` are for, a later run writes the number of the page.
    """

    division: _Division
    continues: bool
    pages: list[int] = field(default_factory=list)
    folios: list[int] = field(default_factory=list)
    elements: list[bytes] = field(default_factory=list)
    bookmarks: list[OutlineItem] = field(default_factory=list)
    whole: _Whole | None = None


class JoinedPdf:
    """One file out of parts, which are filled in in any order.

    Title, language and whatever else is said of the whole are those of the first slot.
    """

    def __init__(self) -> None:
        """Nothing is in it yet."""
        self._objects = PdfObjects()
        self._catalog, self._pages, self._tree = (self._objects.take() for _ in range(3))
        self._before, self._behind = (self._objects.new(_stream(text)) for text in (b"q", _FOLIO_HERE))
        self._slots: list[Slot] = []
        self._by_page: list[bytes] = []
        self._by_name: dict[bytes, bytes] = {}
        self._roles: dict[bytes, Value] = {}
        self._streams: dict[bytes, int] = {}
        self._keys = self._count = 0

    def slot(self, continues: bool = False) -> Slot:
        """The next place; a part that `continues` goes on with the document of the place before."""
        goes_on = continues and bool(self._slots)
        division = self._slots[-1].division if goes_on else _Division(self._objects.take())
        self._slots.append(Slot(division, goes_on))
        return self._slots[-1]

    def fill(self, slot: Slot, made: bytes, has_folios: bool = False) -> None:
        """Put a PDF that typst made into its place; with `has_folios` the numbers of its pages come later."""
        part = Part(made)
        self._count += 1
        numbers, own = self._numbered(part)
        numbers[part.document] = slot.division.number
        move = numbers.__getitem__
        slot.folios = [self._objects.take() for _page in part.pages if has_folios]
        folios = dict(zip(part.pages, slot.folios, strict=False))
        for number in own:
            head, stream, rest = part.bodies[number].partition(STREAM)
            if slot.continues and head.startswith(_TITLE):
                head = _BELOW_TITLE + head.removeprefix(_TITLE)
            head = self._moved(head, move)
            if number in folios:
                own_resources = moved(part.resources(number), move)
                head = self._with_folio(head, own_resources, folios[number])
            self._objects.put(numbers[number], head + stream + rest)
        slot.pages = [numbers[page] for page in part.pages]
        slot.bookmarks = entries_of(part, move)
        self._put_trees(slot, part, move)
        slot.whole = _Whole(part.catalog, part.info, part.metadata)

    def fill_folios(self, made: bytes, folios: Sequence[int]) -> None:
        """Write the numbers of pages, one on each page of a PDF that typst made, where they were left out before."""
        part = Part(made)
        self._count += 1
        numbers, own = self._numbered(part)
        move = numbers.__getitem__
        pages = [part.value(reference_to(page)) for page in part.pages]
        contents = {number_of(page[b"/Contents"]) for page in pages}
        for number in own:
            if number not in contents and number not in part.pages and not part.is_element(number):
                head, stream, rest = part.bodies[number].partition(STREAM)
                self._objects.put(numbers[number], moved(head, move) + stream + rest)
        for page, folio in zip(pages, folios, strict=True):
            head, stream, rest = part.bodies[number_of(page[b"/Contents"])].partition(STREAM)
            told = dictionary(head) | {
                b"/Type": b"/XObject",
                b"/Subtype": b"/Form",
                b"/BBox": page[b"/MediaBox"],
            }
            told |= {b"/Resources": moved(written(page[b"/Resources"]), move)}
            self._objects.put(folio, written(told) + stream + rest)

    def end(self) -> bytes:
        """The whole file. Raises ValueError where a slot is empty."""
        objects = self._objects
        whole = self._slots[0].whole if self._slots else None
        if whole is None or not all(slot.pages for slot in self._slots):
            raise ValueError("a part of the PDF is missing")
        pages = [page for slot in self._slots for page in slot.pages]
        kids = b" ".join(map(reference_to, pages))
        objects.put(self._pages, b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids))
        self._end_tree()
        entries: list[OutlineItem] = []
        for slot in self._slots:
            (entries[-1].below if slot.continues and entries else entries).extend(slot.bookmarks)
        outline = put_outline(entries, objects)
        mark = objects.mark()
        metadata = objects.new(_metadata(whole.metadata, len(pages), mark))
        told: dict[bytes, Value] = {key: whole.catalog[key] for key in _OF_CATALOG if key in whole.catalog}
        told |= {b"/Type": b"/Catalog", b"/Pages": reference_to(self._pages)}
        told |= {b"/StructTreeRoot": reference_to(self._tree), b"/Metadata": reference_to(metadata)}
        told |= {b"/Outlines": reference_to(outline)} if outline else {}
        objects.put(self._catalog, written(told))
        return objects.end(self._catalog, objects.new(whole.info), mark)

    def _numbered(self, part: Part) -> tuple[dict[int, int], list[int]]:
        """Where each object of a part is in the joined file, and which ones are to be put there.

        What another part has as well is there once: colours, pictures, letters of a font.
        """
        numbers, own = dict[int, int](), list[int]()
        for number, body in part.bodies.items():
            digest = sha256(body).digest() if _is_shareable(body) else b""
            if number in part.hung_on:
                continue
            if digest in self._streams:
                numbers[number] = self._streams[digest]
                continue
            numbers[number] = self._objects.take()
            own.append(number)
            if digest:
                self._streams[digest] = numbers[number]
        numbers[number_of(part.catalog[b"/Pages"])] = self._pages
        return numbers, own

    def _moved(self, head: bytes, move: Callable[[int], int]) -> bytes:
        """What is said of an object, with everything in it that names another one changed to its name here."""
        if b"/StructParent" in head:
            told = dictionary(head)
            for key in _PARENT_KEYS:
                if key in told:
                    told[key] = b"%d" % (int(written(told[key])) + self._keys)
            head = written(told)
        if b"/ID(" in head or b"/Headers[(" in head:
            head = b"".join(self._renamed(head))
        return moved(head, move)

    def _renamed(self, head: bytes) -> Iterator[bytes]:
        """The name of an element, and the heads that a cell names: two parts use the same ones."""
        before, in_heads = b"", False
        for is_text, piece in split_at_texts(head):
            if is_text:
                yield self._name(piece) if in_heads or before.endswith(b"/ID") else piece
                continue
            yield piece
            before = piece
            _rest, opened, behind = piece.rpartition(b"/Headers[")
            in_heads = b"]" not in behind if opened else in_heads and b"]" not in piece

    def _name(self, text: bytes) -> bytes:
        return b"(%d.%s" % (self._count, text[1:])

    def _with_folio(self, page: bytes, resources: bytes, folio: int) -> bytes:
        """A page that shows its number as well; `resources` are what its contents use."""
        told, used = dictionary(page), dictionary(resources)
        used[b"/XObject"] = {**as_dictionary(used.get(b"/XObject", {})), b"/Folio": reference_to(folio)}
        told[b"/Contents"] = [reference_to(self._before), told[b"/Contents"], reference_to(self._behind)]
        return written({**told, b"/Resources": used})

    def _put_trees(self, slot: Slot, part: Part, move: Callable[[int], int]) -> None:
        """Take the elements of a part into the document that they are of, and what leads to them."""
        told = dictionary(part.bodies[part.document])
        slot.elements = [moved(written(kid), move) for kid in as_list(told.pop(b"/K"))]
        if not slot.continues:
            slot.division.told = told
        by_page = part.by_page
        for key, value in by_page.items():
            self._by_page.append(b"%d %s" % (key + self._keys, moved(written(value), move)))
        self._keys += max(by_page, default=-1) + 1
        for name, value in part.by_name.items():
            self._by_name[self._name(name)] = moved(written(value), move)
        self._roles |= as_dictionary(part.tree.get(b"/RoleMap", {}))

    def _end_tree(self) -> None:
        """The tree of tags: the document, or one above the parts that were documents."""
        objects = self._objects
        divisions = [slot.division for slot in self._slots if not slot.continues]
        is_one = len(divisions) == 1
        top = divisions[0].number if is_one else objects.take()
        above = reference_to(self._tree if is_one else top)
        kids: dict[int, list[Value]] = {each.number: [] for each in divisions}
        for slot in self._slots:
            kids[slot.division.number] += slot.elements
        for each in divisions:
            place = {b"/S": b"/Document" if is_one else b"/Part", b"/P": above}
            objects.put(each.number, written({**each.told, **place, b"/K": kids[each.number]}))
        if not is_one:
            parts = b" ".join(reference_to(each.number) for each in divisions)
            said = b"<</Type/StructElem/S/Document/P %s/K[%s]>>"
            objects.put(top, said % (reference_to(self._tree), parts))
        by_page = objects.new(b"<</Nums[%s]>>" % b" ".join(self._by_page))
        told: dict[bytes, Value] = {b"/Type": b"/StructTreeRoot", b"/K": [reference_to(top)]}
        told |= {b"/ParentTree": reference_to(by_page), b"/ParentTreeNextKey": b"%d" % self._keys}
        told |= {b"/RoleMap": self._roles} if self._roles else {}
        if self._by_name:
            names = b"".join(name + value for name, value in sorted(self._by_name.items()))
            told |= {b"/IDTree": reference_to(objects.new(b"<</Names[%s]>>" % names))}
        objects.put(self._tree, written(told))


def _metadata(first: bytes, pages: int, mark: bytes) -> bytes:
    """What the first part says of itself, with how many pages there are now, and which file this is."""
    told = first.partition(STREAM)[2].removesuffix(b"endstream").rstrip(b"\n")
    told = re.sub(rb"(<xmpTPg:NPages>)\d+", rb"\g<1>%d" % pages, told)
    told = re.sub(rb"(<xmpMM:(?:Instance|Document)ID>)[^<]*", rb"\g<1>" + mark.hex().encode(), told)
    return _stream(told, b"/Type/Metadata/Subtype/XML")


def _stream(text: bytes, told: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>%s%s\nendstream" % (told, len(text), STREAM, text)


def _is_shareable(body: bytes) -> bool:
    """Whether an object is a stream that leads nowhere: letters of a font, colours, a picture."""
    head, stream, _rest = body.partition(STREAM)
    return bool(stream) and b" R" not in head and b"/StructParent" not in head
