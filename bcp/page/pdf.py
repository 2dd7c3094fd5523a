"""Writes documents as one PDF: what the template is told of them, as plain data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from bcp.page.blocks import Document
from bcp.page.height import is_tall
from bcp.page.labels import Labels
from bcp.page.letters import on_paper, strange
from bcp.page.qr import svg
from bcp.page.runs import as_log, is_cut, runs
from bcp.page.typeset import SetBefore, typeset
from bcp.progress import UNWATCHED, Progress

PAPERS = {"a4": "a4", "letter": "us-letter"}
SIZES = {"normal": 1.0, "large": 1.2}
LONGEST_WORD = 25
"""So many letters fit into a line everywhere but in narrow columns."""
_LONGEST = {"contact": 20}
_WIDE, _INSET, _LETTER = 184.0, 4.0, 2.8
"""Millimetres: a table on A4, the space within a cell, a letter of large text."""
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


def write(
    documents: Sequence[Document],
    words: Labels,
    paper: str = "a4",
    text: str = "normal",
    *,
    progress: Progress = UNWATCHED,
    kept: SetBefore | None = None,
) -> bytes:
    """The PDF of `documents`, one after the other; the same input gives the same bytes.

    In `kept` pages without a number are looked for, and left for the next time (see `typeset`). Raises InputError for
    what cannot be set: nothing is ever left out or cut off silently.
    """
    return typeset(as_json(documents, words, paper, text), documents[0].title, progress, kept)


def as_json(documents: Sequence[Document], words: Labels, paper: str, text: str) -> str:
    """What the template is told, as it reads it: one line for each run that sets it (see `bcp.page.runs`).

    `paper` is one of `PAPERS`, `text` one of `SIZES`.
    """
    whole = documents[0]
    layouts = (told(each, words, paper, text, whole) for each in runs(documents))
    return "\n".join(json.dumps(layout, ensure_ascii=False) for layout in layouts)


def told(
    documents: Sequence[Document], words: Labels, paper: str, text: str, whole: Document | None = None
) -> dict[str, Any]:
    """What the template is told: the documents as plain data, its few words, and the pictures of the codes.

    `whole` is the first document of the file that they are in, where that is another one.
    """
    shown = [_set(_logged(_plain(document))) for document in documents]
    for steps in (block for document in shown for block in document["blocks"] if block["kind"] == "steps"):
        _mark_tall(steps, PAPERS[paper], SIZES[text])
    whole = whole or documents[0]
    return {
        **({"cut": True} if is_cut(shown) else {}),
        "title": whole.title,
        "author": whole.proof.left,
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


def _logged(document: dict[str, Any]) -> dict[str, Any]:
    """A plain document, in which what is too long for a table is a log."""
    blocks = (as_log(each) if each["kind"] == "table" else [each] for each in document["blocks"])
    return {**document, "blocks": [block for made in blocks for block in made]}


def strange_in(document: Document) -> list[str]:
    """The signs of a document that paper cannot show, each once."""
    return list(dict.fromkeys(sign for text in _texts(_plain(document)) for sign in strange(text)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _set(value: Any, longest: int = LONGEST_WORD) -> Any:
    """`value` as it can be set: no sign that the fonts lack, no word that is wider than its column."""
    if isinstance(value, str):
        return breakable(on_paper(value), longest)
    if isinstance(value, list):
        return [_set(each, longest) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("kind") == "table":
        return {**{key: _set(each) for key, each in value.items() if key != "rows"}, "rows": _rows(value)}
    longest = _LONGEST.get(value.get("kind", ""), longest)
    return {
        key: each if key == "code" else on_paper(each) if key == "svg" else _set(each, longest)
        for key, each in value.items()
    }


def _rows(table: dict[str, Any]) -> list[list[str]]:
    """The cells of a table: the narrower a column, the shorter the words that fit."""
    shares = [column["share"] for column in table["columns"]]
    fits = [int((_WIDE * share / sum(shares) - _INSET) / _LETTER) for share in shares]
    return [[_set(cell, max(4, most)) for cell, most in zip(row, fits, strict=True)] for row in table["rows"]]


def breakable(text: str, longest: int = LONGEST_WORD) -> str:
    """`text` where lines may break inside of words of more than `longest` letters.

    They break behind a joint (of addresses of websites and mailboxes), and where there is none anywhere.
    """
    if len(text) <= longest:
        return text
    return re.sub(rf"\S{{{longest + 1},}}", lambda found: "\u200b".join(_parts(found[0], longest)), text)


def _parts(word: str, longest: int) -> Iterator[str]:
    for part in _JOINT.sub("\\g<0>\u200b", word).split("\u200b"):
        if len(part) <= longest:
            yield part
        else:
            size = longest // 2
            yield from (part[at : at + size] for at in range(0, len(part), size))


def _mark_tall(steps: dict[str, Any], paper: str, scale: float) -> None:
    """Say of each row whether it may be split, since it is taller than a page."""
    pause = steps["pause"]["title"] + steps["pause"]["text"] if steps["pause"] else ""
    for row in steps["rows"]:
        row["tall"] = is_tall(row, pause if row is steps["rows"][-1] else "", paper, scale)


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
