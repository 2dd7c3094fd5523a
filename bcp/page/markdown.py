"""Writes documents of headings, texts, boxes and tables as Markdown, for a wiki or a mail."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from typing import Any

from bcp.page.blocks import Box, Document, EndBlock, Heading, PictureBlock, TableBlock, TextBlock
from bcp.page.labels import Labels


def write(documents: Sequence[Document], words: Labels) -> str:
    """`documents` as Markdown, one after the other; each ends with what proves its version."""
    return "\n\n---\n\n".join(_document(document) for document in documents) + "\n"


def _document(document: Document) -> str:
    proof = f"*{_e(document.proof.left)} · {_e(document.proof.right)} · SHA-256 {document.proof.hash}*"
    return "\n\n".join(filter(None, [*(_say(block) for block in document.blocks), proof]))


@singledispatch
def _say(block: Any) -> str:
    """The Markdown of one block."""
    raise TypeError(f"no Markdown is known for {type(block).__name__}")


@_say.register
def _heading(block: Heading) -> str:
    return "\n\n".join(filter(None, [f"{'#' * block.level} {_e(block.text)}", _e(block.note)]))


@_say.register
def _text(block: TextBlock) -> str:
    return _e(block.text)


@_say.register
def _box(block: Box) -> str:
    return f"> **{_e(block.title)}** {_e(block.text)}"


@_say.register
def _table(block: TableBlock) -> str:
    head = [column.title for column in block.columns]
    lines = [_row(head), _row(["---"] * len(head)), *(_row([_e(cell) for cell in row]) for row in block.rows)]
    return "\n".join(lines)


@_say.register
def _picture(block: PictureBlock) -> str:
    return f"*{_e(block.alt)}*"


@_say.register
def _end(block: EndBlock) -> str:
    return ""


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _e(text: str) -> str:
    """`text` as it is: nothing that people wrote becomes a mark, a link or a tag."""
    escaped = text.replace("\\", "\\\\").replace("\n", " ")
    for sign in "|*_`<>[]#":
        escaped = escaped.replace(sign, f"\\{sign}")
    return escaped
