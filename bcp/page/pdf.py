"""Writes documents as one PDF: what the template is told of them, as plain data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from bcp.page.blocks import Document
from bcp.page.labels import Labels
from bcp.page.qr import svg
from bcp.page.typeset import typeset

PAPERS = {"a4": "a4", "letter": "us-letter"}
SIZES = {"normal": 1.0, "large": 1.2}
_LONG = re.compile(r"\S{26,}")
_JOINT = re.compile(r"[/.@_?&=:,;](?=\w)")
_LABELS = (
    "page",
    "page_short",
    "done",
    "what",
    "latest",
    "time",
    "initials",
    "result",
    "warning",
    "decision",
    "qr",
)


def write(documents: Sequence[Document], words: Labels, paper: str = "a4", text: str = "normal") -> bytes:
    """The PDF of `documents`, one after the other; the same input gives the same bytes.

    Raises InputError for what cannot be set: nothing is ever left out or cut off silently.
    """
    return typeset(as_json(documents, words, paper, text), documents[0].title)


def as_json(documents: Sequence[Document], words: Labels, paper: str, text: str) -> str:
    """What the template is told, as it reads it; `paper` is one of `PAPERS`, `text` one of `SIZES`."""
    return json.dumps(told(documents, words, paper, text), ensure_ascii=False)


def told(documents: Sequence[Document], words: Labels, paper: str, text: str) -> dict[str, Any]:
    """What the template is told: the documents as plain data, its few words, and the pictures of the codes."""
    shown = [_breakable(_plain(document)) for document in documents]
    return {
        "title": documents[0].title,
        "author": documents[0].proof.left,
        "language": words.language,
        "paper": PAPERS[paper],
        "scale": SIZES[text],
        "words": {label: words(label) for label in _LABELS},
        "documents": shown,
        "codes": {code: svg(code) for code in _codes(shown)},
    }


def _plain(value: Any) -> Any:
    """`value` as JSON can hold it; a block becomes a mapping whose `kind` is its name in small letters."""
    if hasattr(value, "_fields"):
        made = {name: _plain(each) for name, each in zip(value._fields, value, strict=True)}
        return {"kind": type(value).__name__.removesuffix("Block").lower(), **made}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def _breakable(value: Any) -> Any:
    """`value` in whose long words (addresses of websites and mailboxes) a line may break behind a joint."""
    if isinstance(value, str):
        return _LONG.sub(lambda found: _JOINT.sub("\\g<0>\u200b", found[0]), value)
    if isinstance(value, dict):
        return {key: each if key in ("code", "svg") else _breakable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_breakable(each) for each in value]
    return value


def _codes(value: Any) -> Iterator[str]:
    """Everything below `value` that is to stand as a QR code."""
    if isinstance(value, dict):
        if value.get("code"):
            yield value["code"]
        for each in value.values():
            yield from _codes(each)
    elif isinstance(value, list):
        for each in value:
            yield from _codes(each)
