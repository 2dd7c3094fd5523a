"""What is set in one run of typst: a document, two cards that share a page, some letters; so that a run stays small."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from bcp.page.blocks import Card, Document

MOST_ROWS = 300
"""A longer table is printed as a log, which can be set in several runs."""
MOST_ENTRIES = 600
"""Of a log so many are set at once: typst holds everything that it sets until a run is over."""
_LETTERS, _MOST_LETTERS = 32, 96
"""So many letters are set at once: about, and at most."""


def runs(documents: Sequence[Document]) -> Iterator[tuple[Document, ...]]:
    """`documents` in their order, those together that are set in one run."""
    together: list[Document] = []
    for document in documents:
        if together and not _is_beside(document, together):
            yield tuple(together)
            together = []
        together.append(document)
    if together:
        yield tuple(together)


def _is_beside(document: Document, together: Sequence[Document]) -> bool:
    """Whether a document is set with those before it: the second card of a page, a letter with no number on its pages.

    Which letter is the first of a run is decided by itself: so the other runs stay what they are when one is left out.
    """
    if _is_card(document):
        return len(together) == 1 and _is_card(together[0])
    if document.proof.hash or together[-1].proof.hash:
        return False
    return len(together) < _MOST_LETTERS and sha256(document.id.encode()).digest()[0] % _LETTERS != 0


def _is_card(document: Document) -> bool:
    return any(isinstance(block, Card) for block in document.blocks)


def as_log(table: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A plain table as a log, and what of it is there to be written on; one that is short stays what it is.

    The widest column is what an entry says, the others stand in front of it.
    """
    columns, rows = table["columns"], table["rows"]
    if len(rows) <= MOST_ROWS:
        yield dict(table)
        return
    widest = max(range(len(columns)), key=lambda index: columns[index]["share"])

    def entry(cells: Sequence[str]) -> list[str]:
        heads = (cell.replace("\n", " ") for index, cell in enumerate(cells) if index != widest)
        return [" · ".join(filter(None, heads)), cells[widest]]

    head, text = entry([column["title"] for column in columns])
    yield {"kind": "log", "title": f"{head} · {text}", "entries": [entry(row) for row in rows]}
    if table["empty"]:
        yield {**table, "rows": []}


def is_long(block: Mapping[str, Any]) -> bool:
    """Whether a plain block is a log that takes more than one run."""
    return block["kind"] == "log" and len(block["entries"]) > MOST_ENTRIES


def is_cut(documents: Iterable[Mapping[str, Any]]) -> bool:
    """Whether plain documents (see `bcp.page.pdf.told`) have a log that is too long for one run."""
    return any(is_long(block) for document in documents for block in document["blocks"])


def named(documents: Iterable[Mapping[str, Any]]) -> list[str]:
    """Whatever plain documents name the page of, each once: where a sheet begins, a step that an answer leads to."""
    return list(dict.fromkeys(mark for document in documents for mark in _named(document)))


def _named(document: Mapping[str, Any]) -> Iterator[str]:
    for block in document["blocks"]:
        if block["kind"] == "contents":
            yield from (f"{entry['document']}:begin" for entry in block["entries"])
        elif block["kind"] == "steps":
            answers = (answer for row in block["rows"] for answer in row.get("answers", ()))
            yield from (
                f"{one['sheet'] or document['id']}:{one['anchor']}" for one in answers if one["anchor"]
            )


def foot_of(document: Mapping[str, Any]) -> str:
    """Where the pages of a plain document have their number: at the foot of a `page` or of a `card`, or nowhere."""
    if not document["proof"]["hash"]:
        return ""
    return "card" if any(block["kind"] == "card" for block in document["blocks"]) else "page"
