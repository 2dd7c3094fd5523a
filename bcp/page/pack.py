"""The pack for the grab bag: contents, a list of what lies in the bag, and every sheet and card behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bcp.page.blocks import (
    Block,
    Break,
    Column,
    Contents,
    Document,
    EndBlock,
    EntryBlock,
    Field,
    Form,
    Heading,
    TableBlock,
)
from bcp.page.labels import Labels
from bcp.page.proof import proof

_ITEMS = 10
_OWN_ITEMS = 6


def pack_content(office: str, documents: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """What the front pages say: which documents (id and hash) lie in the pack."""
    listed = [{"id": name, "hash": hash_} for name, hash_ in documents]
    return {"document": "pack", "id": "pack", "office": {"name": office}, "documents": listed}


def pack_front(content: Mapping[str, Any], documents: Sequence[Document], words: Labels) -> Document:
    """The front pages of the pack that holds `documents`."""
    blocks = tuple(_blocks(documents, words))
    return Document("pack", words("pack_short"), words.language, proof(content, words), blocks)


def _blocks(documents: Sequence[Document], words: Labels) -> Iterator[Block]:
    yield Heading(words("pack"), level=1)
    yield Heading(words("contents"))
    yield Contents(tuple(EntryBlock(each.title, f"SHA-256 {each.proof.hash}", each.id) for each in documents))
    yield Break()
    yield Heading(words("pack_items"), words("pack_items_note"))
    columns = (
        Column(words("pack_item"), 9),
        Column(words("pack_where"), 5),
        Column(words("pack_checked"), 4),
    )
    rows = tuple((words(f"pack_item_{number}"), "", "") for number in range(1, _ITEMS + 1))
    yield TableBlock(columns, rows, _OWN_ITEMS)
    yield Form((Field(words("date"), "date"), Field(words("signature"), "line")))
    yield EndBlock(words("end"))
