"""Writes documents as plain text, 78 letters wide, for a terminal, a mail or a dot-matrix printer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import singledispatch
from textwrap import wrap
from typing import Any

from bcp.page.blocks import (
    Beside,
    Box,
    Break,
    Calls,
    Card,
    Codes,
    ContactsBlock,
    Contents,
    DecisionBlock,
    Document,
    EndBlock,
    Form,
    Heading,
    Lines,
    PictureBlock,
    Poster,
    Steps,
    TableBlock,
    TextBlock,
    Tick,
)
from bcp.page.labels import Labels

WIDTH = 78
_INDENT = " " * 9
_GAPS = {"clock": "__:__", "date": "__________", "line": "____________________"}


def write(documents: Sequence[Document], words: Labels) -> str:
    """`documents` as text, one after the other; a form feed between them begins a new page."""
    said = "\f".join("\n".join(_document(document, words)) + "\n" for document in documents)
    return said.replace("\u200b", "")


def _document(document: Document, words: Labels) -> Iterator[str]:
    yield f"{document.proof.left} · {document.proof.right} · SHA-256 {document.proof.hash}"
    yield "=" * WIDTH
    for block in document.blocks:
        yield from _say(block, words)


@singledispatch
def _say(block: Any, words: Labels) -> Iterator[str]:
    """The lines of one block."""
    raise TypeError(f"no text is known for {type(block).__name__}")


@_say.register
def _heading(block: Heading, words: Labels) -> Iterator[str]:
    yield ""
    yield from wrap(block.text.upper() if block.level == 1 else block.text, WIDTH)
    if block.level > 1:
        yield "-" * min(WIDTH, len(block.text))
    yield from wrap(block.note, WIDTH)


@_say.register
def _text(block: TextBlock, words: Labels) -> Iterator[str]:
    yield ""
    yield from _paragraphs(block.text)


@_say.register
def _box(block: Box, words: Labels) -> Iterator[str]:
    yield from _titled(block.title, block.text)


@_say.register
def _beside(block: Beside, words: Labels) -> Iterator[str]:
    for box in block.boxes:
        yield from _say(box, words)


@_say.register
def _form(block: Form, words: Labels) -> Iterator[str]:
    yield ""
    yield from wrap(f"{block.title} {block.text}".strip(), WIDTH)
    said = "   ".join(f"{field.label} {field.value or _GAPS[field.writing]}" for field in block.fields)
    yield from wrap(said, WIDTH)


@_say.register
def _table(block: TableBlock, words: Labels) -> Iterator[str]:
    yield ""
    yield " | ".join(column.title for column in block.columns)
    for row in block.rows:
        yield " | ".join(" ".join(cell.split()) or "______" for cell in row)
    for _row in range(block.empty):
        yield " | ".join("_" * max(8, len(column.title)) for column in block.columns)


@_say.register
def _contacts(block: ContactsBlock, words: Labels) -> Iterator[str]:
    yield from _heading(Heading(block.title), words)
    for contact in block.contacts:
        yield f"{contact.phone:<20} {contact.who}"
        yield from wrap(contact.note, WIDTH, initial_indent=" " * 21, subsequent_indent=" " * 21)


@_say.register
def _steps(block: Steps, words: Labels) -> Iterator[str]:
    for row in block.rows:
        yield from _say(row, words)
    if block.pause is not None:
        yield from _say(block.pause, words)


@_say.register
def _tick(row: Tick, words: Labels) -> Iterator[str]:
    yield ""
    box = "[x]" if row.mark is not None and row.mark.ticked else "[ ]"
    yield from _indented(row.condition)
    yield from _indented(f"{words('warning')}: {row.warning}" if row.warning else "")
    first = f"{box} {row.number:>3}. "
    yield from wrap(
        f"{row.badge}: {row.title} {_latest(row, words)}",
        WIDTH,
        initial_indent=first,
        subsequent_indent=_INDENT,
    )
    yield from _indented(f"{words('result')} {row.result}" if row.result else "")
    yield from _indented(row.about)
    yield from _paragraphs(row.by_hand, _INDENT)
    for blank in row.blanks:
        choices = "  ".join(f"[ ] {choice}" for choice in blank.choices)
        yield from _indented(f"{blank.label} {blank.value or choices or _GAPS['line']}")
    if row.mark is None:
        yield f"{_INDENT}{words('time')} __:__  {words('initials')} ______"
    else:
        yield f"{_INDENT}{row.mark.outcome} · {row.mark.time} · {row.mark.by}"


@_say.register
def _decision(row: DecisionBlock, words: Labels) -> Iterator[str]:
    yield ""
    said = f"{row.number} {words('decision')} {row.badge}: {row.question} {_latest(row, words)}"
    yield from wrap(said, WIDTH, subsequent_indent=_INDENT)
    for answer in row.answers:
        box = "[x]" if answer.ticked else "[ ]"
        yield from wrap(
            f"{box} {answer.answer}: {answer.text}", WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT
        )
    yield from _indented(row.default)
    told = (
        f"{row.mark.time} {row.mark.by}" if row.mark else f"{words('time')} __:__  {words('initials')} ____"
    )
    yield f"{_INDENT}{told}"


@_say.register
def _picture(block: PictureBlock, words: Labels) -> Iterator[str]:
    yield ""
    yield from _paragraphs(block.alt)


@_say.register
def _lines(block: Lines, words: Labels) -> Iterator[str]:
    for _line in range(block.number):
        yield ""
        yield "_" * WIDTH


@_say.register
def _break(block: Break, words: Labels) -> Iterator[str]:
    yield ""


@_say.register
def _poster(block: Poster, words: Labels) -> Iterator[str]:
    yield ""
    for line in block.text.split("\n"):
        yield from (part.center(WIDTH).rstrip() for part in wrap(line.upper(), WIDTH))
    for line in block.note.split("\n"):
        yield from (part.center(WIDTH).rstrip() for part in wrap(line, WIDTH))


@_say.register
def _codes(block: Codes, words: Labels) -> Iterator[str]:
    yield from _titled(block.title, block.note)
    for code in block.codes:
        yield f"    {code.title}: {code.text}"


@_say.register
def _card(block: Card, words: Labels) -> Iterator[str]:
    for face in block.faces:
        yield ""
        yield face.title
        yield from (f"{right:<20} {left}" for left, right in face.rows)
        for step in face.steps:
            yield from wrap(step, WIDTH, initial_indent="[ ] ", subsequent_indent="    ")
        yield from _paragraphs(face.text)


@_say.register
def _calls(block: Calls, words: Labels) -> Iterator[str]:
    yield from _titled(block.title, block.sentence)
    boxes = "  ".join(f"[ ] {result}" for result in block.results)
    for call in block.calls:
        yield ""
        yield from wrap(f"{call.phone:<20} {call.who}", WIDTH, subsequent_indent=" " * 21)
        yield from wrap(call.note, WIDTH, initial_indent=" " * 21, subsequent_indent=" " * 21)
        yield f"{' ' * 21}{boxes}  {block.time} __:__"


@_say.register
def _contents(block: Contents, words: Labels) -> Iterator[str]:
    for entry in block.entries:
        yield from _titled(entry.title, entry.note)


@_say.register
def _end(block: EndBlock, words: Labels) -> Iterator[str]:
    yield ""
    yield f" {block.text} ".center(WIDTH, "=")


def _titled(title: str, text: str) -> Iterator[str]:
    yield ""
    yield title
    yield from _paragraphs(text, "    ")


def _latest(row: Tick | DecisionBlock, words: Labels) -> str:
    return f"({words('latest')} {row.deadline})" if row.deadline else ""


def _paragraphs(text: str, indent: str = "") -> Iterator[str]:
    for part in text.split("\n"):
        yield from wrap(part, WIDTH, initial_indent=indent, subsequent_indent=indent)


def _indented(text: str) -> Iterator[str]:
    yield from wrap(text, WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT)
