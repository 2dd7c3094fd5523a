"""Joins PDFs that typst made into one, whose tags, bookmarks and heads of tables are as whole as those of each.

Each part is set in a run of typst of its own and goes straight into the file: nothing but the numbers of its objects is
held, so a pack of a thousand sheets needs no more memory than one of ten. No library is used for that. Measured on the
sheets of 101 plans: pypdf takes as long as setting them (70 µs an object, of which a sheet has 560), pikepdf holds all
objects until the end (1 MB a sheet), and neither knows how trees of tags are joined, which is most of what is here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from bcp.page.pdf_objects import PdfObjects
from bcp.page.pdf_part import STREAM, Bookmark, Part
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
_OF_CATALOG = (b"/Lang", b"/MarkInfo", b"/ViewerPreferences")


@dataclass
class _Division:
    """A document of the joined file: its element, what that says, and the elements below it."""

    number: int
    told: Mapping[bytes, Value]
    kids: list[bytes]


@dataclass
class _Entry:
    """A bookmark as the joined file has it."""

    title: bytes
    target: bytes
    below: list[_Entry] = field(default_factory=list)


@dataclass(frozen=True)
class _Whole:
    """What is said of the whole file, by its first part."""

    catalog: Mapping[bytes, Value]
    info: bytes
    metadata: bytes


class JoinedPdf:
    """One file out of parts; title, language and whatever else is said of the whole are those of the first one."""

    def __init__(self) -> None:
        """Nothing is in it yet."""
        self._objects = PdfObjects()
        self._catalog, self._pages, self._tree = (self._objects.take() for _ in range(3))
        self._whole: _Whole | None = None
        self._kids: list[int] = []
        self._divisions: list[_Division] = []
        self._bookmarks: list[_Entry] = []
        self._by_page: list[bytes] = []
        self._by_name: dict[bytes, bytes] = {}
        self._roles: dict[bytes, Value] = {}
        self._streams: dict[bytes, int] = {}
        self._keys = self._count = 0

    def add(self, made: bytes, continues: bool = False) -> int:
        """Add a PDF that typst made; one that `continues` goes on with the document before. Its number of pages."""
        part = Part(made)
        self._whole = self._whole or _Whole(part.catalog, part.info, part.metadata)
        self._count += 1
        numbers, own = self._numbered(part, continues)
        move = numbers.__getitem__
        self._divide(part, move, continues)
        for number in own:
            head, stream, rest = part.bodies[number].partition(STREAM)
            if continues and head.startswith(_TITLE):
                head = _BELOW_TITLE + head.removeprefix(_TITLE)
            self._objects.put(numbers[number], self._moved(head, move) + stream + rest)
        self._kids += [numbers[page] for page in part.pages]
        entries = list(_entries(part.bookmarks, move))
        (self._bookmarks[-1].below if continues and self._bookmarks else self._bookmarks).extend(entries)
        self._put_trees(part, move)
        return len(part.pages)

    def end(self) -> bytes:
        """The whole file."""
        if self._whole is None:
            raise ValueError("nothing was joined")
        objects, whole = self._objects, self._whole
        kids = b" ".join(map(reference_to, self._kids))
        objects.put(self._pages, b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(self._kids), kids))
        self._end_tree()
        outline = self._end_outline()
        mark = objects.mark()
        metadata = objects.new(self._metadata(whole.metadata, mark))
        told: dict[bytes, Value] = {key: whole.catalog[key] for key in _OF_CATALOG if key in whole.catalog}
        told |= {b"/Type": b"/Catalog", b"/Pages": reference_to(self._pages)}
        told |= {b"/StructTreeRoot": reference_to(self._tree), b"/Metadata": reference_to(metadata)}
        told |= {b"/Outlines": reference_to(outline)} if outline else {}
        objects.put(self._catalog, written(told))
        info = objects.new(whole.info)
        return objects.end(self._catalog, info, mark)

    def _numbered(self, part: Part, continues: bool) -> tuple[dict[int, int], list[int]]:
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
        is_new = not (continues and self._divisions)
        numbers[part.document] = self._objects.take() if is_new else self._divisions[-1].number
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

    def _divide(self, part: Part, move: Callable[[int], int], continues: bool) -> None:
        """Take the elements of a part into the document that they are of."""
        told = dictionary(part.bodies[part.document])
        kids = [moved(written(kid), move) for kid in as_list(told.pop(b"/K"))]
        if continues and self._divisions:
            self._divisions[-1].kids.extend(kids)
        else:
            self._divisions.append(_Division(move(part.document), told, kids))

    def _put_trees(self, part: Part, move: Callable[[int], int]) -> None:
        by_page = part.by_page
        for key, value in by_page.items():
            self._by_page.append(b"%d %s" % (key + self._keys, moved(written(value), move)))
        self._keys += max(by_page, default=-1) + 1
        for name, value in part.by_name.items():
            self._by_name[self._name(name)] = moved(written(value), move)
        self._roles |= as_dictionary(part.tree.get(b"/RoleMap", {}))

    def _end_tree(self) -> None:
        """The tree of tags: the document, or one above the parts that were documents."""
        objects, divisions = self._objects, self._divisions
        is_one = len(divisions) == 1
        top = divisions[0].number if is_one else objects.take()
        for each in divisions:
            place = {
                b"/S": b"/Document" if is_one else b"/Part",
                b"/P": reference_to(self._tree if is_one else top),
            }
            objects.put(each.number, written({**each.told, **place, b"/K": list(each.kids)}))
        if not is_one:
            kids = b" ".join(reference_to(each.number) for each in divisions)
            said = b"<</Type/StructElem/S/Document/P %s/K[%s]>>"
            objects.put(top, said % (reference_to(self._tree), kids))
        by_page = objects.new(b"<</Nums[%s]>>" % b" ".join(self._by_page))
        told: dict[bytes, Value] = {b"/Type": b"/StructTreeRoot", b"/K": [reference_to(top)]}
        told |= {b"/ParentTree": reference_to(by_page), b"/ParentTreeNextKey": b"%d" % self._keys}
        told |= {b"/RoleMap": self._roles} if self._roles else {}
        if self._by_name:
            names = b"".join(name + value for name, value in sorted(self._by_name.items()))
            told |= {b"/IDTree": reference_to(objects.new(b"<</Names[%s]>>" % names))}
        objects.put(self._tree, written(told))

    def _end_outline(self) -> int:
        """The outline; 0 where there are no bookmarks."""
        if not self._bookmarks:
            return 0
        root = self._objects.take()
        first, last = self._put_entries(self._bookmarks, root)
        said = b"<</Type/Outlines/First %s/Last %s/Count %d>>"
        self._objects.put(root, said % (reference_to(first), reference_to(last), len(self._bookmarks)))
        return root

    def _put_entries(self, entries: Sequence[_Entry], above: int) -> tuple[int, int]:
        """Put bookmarks that are beside each other; the numbers of the first and the last one. They are closed."""
        numbers = [self._objects.take() for _entry in entries]
        for index, (number, entry) in enumerate(zip(numbers, entries, strict=True)):
            told: dict[bytes, Value] = {b"/Title": entry.title, b"/Dest": entry.target}
            told |= {b"/Parent": reference_to(above)}
            told |= {b"/Prev": reference_to(numbers[index - 1])} if index else {}
            told |= {b"/Next": reference_to(numbers[index + 1])} if number != numbers[-1] else {}
            if entry.below:
                first, last = self._put_entries(entry.below, number)
                told |= {b"/First": reference_to(first), b"/Last": reference_to(last)}
                told |= {b"/Count": b"-%d" % len(entry.below)}
            self._objects.put(number, written(told))
        return numbers[0], numbers[-1]

    def _metadata(self, first: bytes, mark: bytes) -> bytes:
        """What the first part says of itself, with how many pages there are now, and which file this is."""
        told = first.partition(STREAM)[2].removesuffix(b"endstream").rstrip(b"\n")
        told = re.sub(rb"(<xmpTPg:NPages>)\d+", rb"\g<1>%d" % len(self._kids), told)
        told = re.sub(rb"(<xmpMM:(?:Instance|Document)ID>)[^<]*", rb"\g<1>" + mark.hex().encode(), told)
        head = b"<</Type/Metadata/Subtype/XML/Length %d>>" % len(told)
        return head + STREAM + told + b"\nendstream"


def _is_shareable(body: bytes) -> bool:
    """Whether an object is a stream that leads nowhere: letters of a font, colours, a picture."""
    head, stream, _rest = body.partition(STREAM)
    return bool(stream) and b" R" not in head and b"/StructParent" not in head


def _entries(found: Sequence[Bookmark], move: Callable[[int], int]) -> Iterator[_Entry]:
    for each in found:
        target = moved(written(each.target), move)
        yield _Entry(written(each.title), target, list(_entries(each.below, move)))
