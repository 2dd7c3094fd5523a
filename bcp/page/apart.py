"""Sets a file that is too long for one run of typst: each layout, or piece of a long log, apart; then joins them.

1. Each run is laid out, and says how many pages it takes and on which of them what others name is. A log is cut
   where a page ends, so that the next run goes on with a full page.
2. From that follow the numbers of all pages.
3. Each run is set with them and joined to the ones before. Should the longer or shorter numbers move anything, what was
   learnt then is used, and all are set once more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bcp.errors import InputError
from bcp.i18n import _
from bcp.page.join import JoinedPdf
from bcp.page.runs import MOST_ENTRIES, is_cut, is_long, named
from bcp.page.typeset import Run, find_fonts, forget
from bcp.progress import Progress, Task

_UNKNOWN = 100
"""The number that stands for one which is not known yet: most have as many digits, or fewer."""
_ROUNDS = 4
_MOST_HELD = 10
"""So many pages may be held at once, of one megabyte each."""
_Plain = dict[str, Any]


@dataclass(slots=True)
class _Piece:
    """What one run sets: its layout; what of it others name, and on which of its pages that is, counted from 1.

    One that `continues` goes on with the document of the piece before. Its `weight` is how much of the work it is.
    """

    layout: str
    title: str
    continues: bool
    weight: int
    named: list[str]
    pages: int = _UNKNOWN
    marks: tuple[tuple[str, int], ...] = ()

    def learn(self, laid: Mapping[str, Any]) -> bool:
        """Take what its run says; whether anything is other than it was known."""
        before = self.pages, self.marks
        self.pages, self.marks = laid["pages"], tuple((mark, page) for mark, page in laid["marks"])
        return before != (self.pages, self.marks)


def set_apart(layouts: Sequence[str], title: str, progress: Progress) -> bytes:
    """The PDF of all layouts (see `bcp.page.pdf.as_json`), one after the other.

    Raises InputError for what cannot be set.
    """
    press = _Press(title, layouts)
    with progress.task(_("Setting the pages"), 2 * press.weight) as task:
        pieces = list(press.pieces(task))
        made = press.set_all(pieces, task)
    for _round in range(_ROUNDS):
        if made is not None:
            return made
        with progress.task(_("Setting the pages again, with other numbers"), press.weight) as task:
            made = press.set_all(pieces, task)
    raise InputError(f"{title}: the page cannot be set: the numbers of its pages change each time")


class _Press:
    """What all runs of one file share: the fonts, and what any of them names of another."""

    def __init__(self, title: str, layouts: Sequence[str]) -> None:
        self._title, self._layouts = title, layouts
        self._fonts = find_fonts()
        self.weight = self._held = 0
        self._named = set[str]()
        for layout in layouts:
            documents = json.loads(layout)["documents"]
            self.weight += sum(map(_weight, documents))
            self._named.update(named(documents))

    def pieces(self, task: Task) -> Iterator[_Piece]:
        """Everything that one run is to set, laid out."""
        for layout in self._layouts:
            told = json.loads(layout)
            if is_cut(told["documents"]):
                yield from self._cut(told, task)
                continue
            piece = self._piece(layout, told["documents"], continues=False)
            piece.learn(self._lay(piece))
            task.advance(piece.weight, piece.title)
            yield piece

    def set_all(self, pieces: Sequence[_Piece], task: Task) -> bytes | None:
        """Everything, with the numbers that are known; None where they turn out to be others, which then are known."""
        joined, first, is_other = JoinedPdf(), 1, False
        pages = sum(piece.pages for piece in pieces)
        elsewhere = dict(_numbered(pieces))
        for piece in pieces:
            run = self._run(piece, first, pages, elsewhere)
            first += piece.pages
            joined.add(run.pdf(), piece.continues)
            is_other |= piece.learn(run.laid())
            self._forget(piece.pages)
            task.advance(piece.weight, piece.title)
        return None if is_other else joined.end()

    def _cut(self, told: _Plain, task: Task) -> Iterator[_Piece]:
        """The pieces of a document that has a long log; where one is cut, the piece before ends with a full page."""
        (document,) = told["documents"]
        rest, continues = [{**block, "long": is_long(block)} for block in document["blocks"]], False
        while rest:
            taken, rest = _taken(rest)
            laid = self._lay(self._piece_of(told, taken, continues))
            if rest:
                entries = taken[-1]["entries"]
                kept, pages = _full_pages(laid, len(entries))
                taken[-1] = {**taken[-1], "entries": entries[:kept]}
                rest[0] = {**rest[0], "entries": entries[kept:] + rest[0]["entries"]}
                laid = {**laid, "pages": pages}
                rest = _with_contacts(taken, rest, laid["held"])
            piece = self._piece_of(told, taken, continues)
            piece.learn(laid)
            task.advance(piece.weight, piece.title)
            yield piece
            continues = True

    def _piece_of(self, told: _Plain, blocks: Sequence[_Plain], continues: bool) -> _Piece:
        documents = [{**told["documents"][0], "blocks": blocks}]
        layout = json.dumps({**told, "documents": documents}, ensure_ascii=False)
        return self._piece(layout, documents, continues)

    def _piece(self, layout: str, documents: Sequence[_Plain], continues: bool) -> _Piece:
        ids = {document["id"] for document in documents}
        own = sorted(mark for mark in self._named if mark.rpartition(":")[0] in ids)
        return _Piece(layout, documents[0]["title"], continues, sum(map(_weight, documents)), own)

    def _lay(self, piece: _Piece) -> Mapping[str, Any]:
        laid = self._run(piece, _UNKNOWN, _UNKNOWN, dict.fromkeys(self._named, _UNKNOWN)).laid()
        self._forget(laid["pages"])
        return laid

    def _forget(self, pages: int) -> None:
        """Let go of what was set, now and then: that takes as long as setting a page."""
        self._held += pages
        if self._held >= _MOST_HELD:
            forget(self._fonts)
            self._held = 0

    def _run(self, piece: _Piece, first: int, pages: int, elsewhere: Mapping[str, int]) -> Run:
        place: _Plain = {"first": first, "pages": pages, "continues": piece.continues}
        place |= {"elsewhere": elsewhere, "marks": piece.named}
        return Run(piece.layout, self._title, json.dumps(place), self._fonts)


def _taken(blocks: Sequence[_Plain]) -> tuple[list[_Plain], list[_Plain]]:
    """What the next run sets, and what is left: the last that it sets may be the first entries of a log."""
    for index, block in enumerate(blocks):
        if is_long(block):
            head = {**block, "entries": block["entries"][:MOST_ENTRIES]}
            tail = {**block, "title": "", "entries": block["entries"][MOST_ENTRIES:]}
            return [*blocks[:index], head], [tail, *blocks[index + 1 :]]
    return list(blocks), []


def _full_pages(laid: Mapping[str, Any], count: int) -> tuple[int, int]:
    """How many of the last `count` entries fill whole pages, and how many pages there are then.

    A page is full where one begins the next one, and the one before has ended.
    """
    entries: Sequence[tuple[int, int]] = laid["entries"][-count:]
    for index in range(count - 1, 0, -1):
        (_begin, end), (begin, _end) = entries[index - 1], entries[index]
        if end < begin:
            return index, begin - 1
    return count, laid["pages"]


def _with_contacts(taken: Sequence[_Plain], rest: Sequence[_Plain], held: int) -> list[_Plain]:
    """What is left, with the contacts at its end for whom the first page had no room."""
    for block in taken:
        if block["kind"] == "contacts" and held:
            more = {"contacts": block["contacts"][-held:], "more": block["more"]}
            return [{**each, **more} if each["kind"] == "end" else each for each in rest]
    return list(rest)


def _weight(document: _Plain) -> int:
    """How much of the work a document is: the entries of its long logs, else one."""
    blocks = document["blocks"]
    return sum(len(block["entries"]) for block in blocks if block.get("long", is_long(block))) or 1


def _numbered(pieces: Iterable[_Piece]) -> Iterator[tuple[str, int]]:
    """The page in the whole file of each mark; of a document in pieces its begin is where the first one begins."""
    first, seen = 1, set[str]()
    for piece in pieces:
        yield from ((mark, first + page - 1) for mark, page in piece.marks if mark not in seen)
        seen.update(mark for mark, _page in piece.marks)
        first += piece.pages
