"""Sets a file that is too long for one run of typst: each layout, or piece of a long log, apart; then joins them.

1. A log is cut where a page ends, so that the next run goes on with a full page.
2. Each run is set as soon as all page numbers are known that its texts name. Those whose texts name pages further on,
   as contents do, are only laid out at first, which tells how many pages they take, and are set at the end.
3. Should the numbers have moved anything, all are set once more with those that are known now.
4. The number of each page at its foot is written last: only then it is known how many there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bcp.i18n import _
from bcp.page.join import JoinedPdf, Slot
from bcp.page.runs import MOST_ENTRIES, foot_of, is_cut, is_long, named
from bcp.page.typeset import Run, SetBefore, find_fonts, forget, share_one_heap
from bcp.progress import UNWATCHED, Progress, Task

_UNKNOWN = 100
"""The number that stands for one which is not known yet: most have as many digits, or fewer."""
_ROUNDS = 4
_MOST_HELD = 10
"""When so many pages were set they are let go of, of one megabyte each; typst itself would hold hundreds."""
_FOLIOS = 200
"""So many numbers of pages are set at once."""
_Plain = dict[str, Any]


@dataclass(slots=True)
class _Piece:
    """What one run sets.

    One that `continues` goes on with the document of the piece before. `weight` is how much of the work it is. Other
    pieces name `marks` in it, on pages of its own counted from 1; its texts name the pages of the `shown` ones.
    """

    layout: str
    title: str
    foot: str
    continues: bool
    weight: int
    own: Sequence[str]
    shown: set[str]
    pages: int = _UNKNOWN
    marks: Mapping[str, int] = field(default_factory=dict)

    def learn(self, laid: Mapping[str, Any]) -> None:
        """Take what its run says."""
        self.pages, self.marks = laid["pages"], dict(laid["marks"])


@dataclass(slots=True)
class _Placed:
    """A piece in its place, and what was thought to be the number of its first page and the pages of what it names."""

    piece: _Piece
    slot: Slot
    first: int
    told: Mapping[str, int] | None = None


def set_apart(layouts: Sequence[str], title: str, progress: Progress, kept: SetBefore | None = None) -> bytes:
    """The PDF of all layouts (see `bcp.page.pdf.as_json`), one after the other.

    Pages without a number are the same wherever they are: those in `kept` are not set again. Raises InputError for
    what cannot be set, ValueError and its like for what can be, but not be joined.
    """
    share_one_heap()
    press = _Press(title, layouts, kept)
    pieces: Iterable[_Piece] = press.pieces()
    known: Mapping[str, int] = {}
    with progress.task(_("Preparing the pages"), press.weight) as task, UNWATCHED.task("") as again:
        for round_ in range(_ROUNDS):
            joined = JoinedPdf()
            placed = press.set_all(pieces, known, joined, again if round_ else task)
            pieces, known = [each.piece for each in placed], _marks(placed)
            if _is_right(placed, known):
                press.number(placed, joined)
                return joined.end()
    raise ValueError("the numbers of the pages change each time")


class _Press:
    """What all runs of one file share: the fonts, and what any of them names of another."""

    def __init__(self, title: str, layouts: Sequence[str], kept: SetBefore | None) -> None:
        self._title, self._layouts, self._kept = title, layouts, kept
        self._fonts = find_fonts()
        self.weight = self._held = 0
        self._named = set[str]()
        for layout in layouts:
            documents = json.loads(layout)["documents"]
            self.weight += sum(map(_weight, documents))
            self._named.update(named(documents))

    def pieces(self) -> Iterator[_Piece]:
        """Everything that one run is to set."""
        for layout in self._layouts:
            told = json.loads(layout)
            if is_cut(told["documents"]):
                yield from self._cut(told)
            else:
                yield self._piece(layout, told["documents"], continues=False)

    def set_all(
        self, pieces: Iterable[_Piece], known: Mapping[str, int], joined: JoinedPdf, task: Task
    ) -> list[_Placed]:
        """Set everything into its place; `known` are the pages of what texts name, as far as that is known before."""
        placed: list[_Placed] = []
        later: list[_Placed] = []
        known, first = dict(known), 1
        for piece in pieces:
            one = _Placed(piece, joined.slot(piece.continues), first)
            placed.append(one)
            if piece.shown <= known.keys() | set(piece.own):
                self._set(one, known, joined, task)
            else:
                piece.learn(self._lay(piece))
                later.append(one)
            known |= _marks([one])
            first += piece.pages
        for one in later:
            self._set(one, known, joined, task)
        return placed

    def number(self, placed: Sequence[_Placed], joined: JoinedPdf) -> None:
        """Write the number of each page that has a foot."""
        pages = sum(one.piece.pages for one in placed)
        numbered = [
            (folio, {"number": one.first + index, "foot": one.piece.foot})
            for one in placed
            for index, folio in enumerate(one.slot.folios)
        ]
        told = {**json.loads(self._layouts[0]), "documents": [], "codes": {}}
        layout = json.dumps(told, ensure_ascii=False)
        for begin in range(0, len(numbered), _FOLIOS):
            these = numbered[begin : begin + _FOLIOS]
            place = {"pages": pages, "folios": [told for _folio, told in these]}
            run = Run(layout, self._title, json.dumps(place), self._fonts)
            joined.fill_folios(run.pdf(), [folio for folio, _told in these])
            self._forget(_FOLIOS)

    def _set(self, one: _Placed, known: Mapping[str, int], joined: JoinedPdf, task: Task) -> None:
        piece = one.piece
        one.told = {mark: known[mark] for mark in piece.shown if mark in known}
        kept = None if piece.foot or self._kept is None else self._kept
        made = kept.find(piece.layout) if kept else None
        if made is None:
            run = self._run(piece, one.first, one.told)
            made = run.pdf()
            piece.learn(run.laid())
            self._forget(piece.pages)
            if kept:
                kept.keep(piece.layout, made)
        joined.fill(one.slot, made, has_folios=bool(piece.foot))
        piece.pages = len(one.slot.pages)
        task.advance(piece.weight, piece.title)

    def _cut(self, told: _Plain) -> Iterator[_Piece]:
        """The pieces of a document that has a long log; where it is cut, the piece before ends with a full page."""
        (document,) = told["documents"]
        rest, continues = [{**block, "long": is_long(block)} for block in document["blocks"]], False
        while rest:
            taken, rest = _taken(rest)
            piece = self._piece_of(told, taken, continues)
            if rest:
                laid = self._lay(piece)
                entries = taken[-1]["entries"]
                kept = _full_pages(laid, len(entries))
                taken[-1] = {**taken[-1], "entries": entries[:kept]}
                rest[0] = {**rest[0], "entries": entries[kept:] + rest[0]["entries"]}
                piece = self._piece_of(told, taken, continues)
                if laid["held"]:
                    piece.shown.add(f"{document['id']}:more contacts")
                    self._named |= piece.shown
                    rest = _with_contacts(taken, rest, laid["held"])
            yield piece
            continues = True

    def _piece_of(self, told: _Plain, blocks: Sequence[_Plain], continues: bool) -> _Piece:
        documents = [{**told["documents"][0], "blocks": blocks}]
        layout = json.dumps({**told, "documents": documents}, ensure_ascii=False)
        return self._piece(layout, documents, continues)

    def _piece(self, layout: str, documents: Sequence[_Plain], continues: bool) -> _Piece:
        ids = {document["id"] for document in documents}
        own = sorted(mark for mark in self._named if mark.rpartition(":")[0] in ids)
        weight, shown = sum(map(_weight, documents)), set(named(documents))
        return _Piece(layout, documents[0]["title"], foot_of(documents[0]), continues, weight, own, shown)

    def _lay(self, piece: _Piece) -> Mapping[str, Any]:
        laid = self._run(piece, _UNKNOWN, dict.fromkeys(piece.shown, _UNKNOWN)).laid()
        self._forget(laid["pages"])
        return laid

    def _forget(self, pages: int) -> None:
        """Let go of what was set, now and then: that takes as long as setting a page."""
        self._held += pages
        if self._held >= _MOST_HELD:
            forget()
            self._held = 0

    def _run(self, piece: _Piece, first: int, elsewhere: Mapping[str, int]) -> Run:
        place: _Plain = {"first": first, "continues": piece.continues}
        place |= {"elsewhere": elsewhere, "marks": piece.own}
        return Run(piece.layout, piece.title, json.dumps(place), self._fonts)


def _marks(placed: Iterable[_Placed]) -> dict[str, int]:
    """The page in the whole file of everything that texts name; a document in pieces begins with the first of them."""
    found: dict[str, int] = {}
    for one in placed:
        for mark, page in one.piece.marks.items():
            found.setdefault(mark, one.first + page - 1)
    return found


def _is_right(placed: Sequence[_Placed], known: Mapping[str, int]) -> bool:
    """Whether all numbers that texts name are what they were thought to be."""
    first = 1
    for one in placed:
        named_right = all(known.get(mark) == page for mark, page in (one.told or {}).items())
        if one.first != first or not named_right:
            return False
        first += one.piece.pages
    return True


def _taken(blocks: Sequence[_Plain]) -> tuple[list[_Plain], list[_Plain]]:
    """What the next run sets, and what is left: the last that it sets may be the first entries of a log."""
    for index, block in enumerate(blocks):
        if is_long(block):
            head = {**block, "entries": block["entries"][:MOST_ENTRIES]}
            tail = {**block, "title": "", "entries": block["entries"][MOST_ENTRIES:]}
            return [*blocks[:index], head], [tail, *blocks[index + 1 :]]
    return list(blocks), []


def _full_pages(laid: Mapping[str, Any], count: int) -> int:
    """How many of the last `count` entries fill whole pages: the next begins a page, and the one before has ended."""
    entries: Sequence[tuple[int, int]] = laid["entries"][-count:]
    for index in range(count - 1, 0, -1):
        (_begin, end), (begin, _end) = entries[index - 1], entries[index]
        if end < begin:
            return index
    return count


def _with_contacts(taken: Sequence[_Plain], rest: Sequence[_Plain], held: int) -> list[_Plain]:
    """What is left, with the contacts at its end for whom the first page had no room."""
    (contacts,) = (block for block in taken if block["kind"] == "contacts")
    more = {"contacts": contacts["contacts"][-held:], "more": contacts["more"]}
    return [{**block, **more} if block["kind"] == "end" else block for block in rest]


def _weight(document: _Plain) -> int:
    """How much of the work a document is: the entries of its long logs, else one."""
    blocks = document["blocks"]
    return sum(len(block["entries"]) for block in blocks if block.get("long", is_long(block))) or 1
