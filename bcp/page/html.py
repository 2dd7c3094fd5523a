"""Writes documents as one HTML page: self-contained, for any browser, a phone or a printer without this tool."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from html import escape
from pathlib import Path
from typing import Any

from bcp.page.blocks import (
    AnswerBlock,
    Beside,
    Blank,
    Box,
    Break,
    CallBlock,
    Calls,
    Card,
    Codes,
    ContactBlock,
    ContactsBlock,
    Contents,
    DecisionBlock,
    Document,
    EndBlock,
    Face,
    Field,
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
from bcp.page.qr import svg

_STYLE = Path(__file__).parent / "sheet.css"


def write(documents: Sequence[Document], words: Labels) -> str:
    """One HTML file that needs no other: style and QR codes are inside, and nothing is fetched."""
    title = escape(documents[0].title)
    body = "\n".join(_document(document, words) for document in documents)
    style = _STYLE.read_text(encoding="utf-8")
    return (
        f'<!DOCTYPE html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _document(document: Document, words: Labels) -> str:
    parts = (document.proof.left, document.proof.right, f"SHA-256 {document.proof.hash}")
    head = " · ".join(_e(part) for part in parts if part)
    blocks = "\n".join(_show(block, words, document.id) for block in document.blocks)
    return f'<article id="{_e(document.id)}">\n<header>{head}</header>\n{blocks}\n</article>'


@singledispatch
def _show(block: Any, words: Labels, home: str) -> str:
    """The HTML of one block of the document `home`."""
    raise TypeError(f"no HTML is known for {type(block).__name__}")


@_show.register
def _heading(block: Heading, words: Labels, home: str) -> str:
    note = f'<p class="note">{_e(block.note)}</p>' if block.note else ""
    return f"<h{block.level}>{_e(block.text)}</h{block.level}>{note}"


@_show.register
def _text(block: TextBlock, words: Labels, home: str) -> str:
    return _paragraphs(block.text)


@_show.register
def _box(block: Box, words: Labels, home: str) -> str:
    return (
        f'<div class="box {block.border}"><strong>{_e(block.title)}</strong>{_paragraphs(block.text)}</div>'
    )


@_show.register
def _beside(block: Beside, words: Labels, home: str) -> str:
    return f'<div class="beside">{"".join(_show(box, words, home) for box in block.boxes)}</div>'


@_show.register
def _form(block: Form, words: Labels, home: str) -> str:
    said = f"<p><strong>{_e(block.title)}</strong> {_e(block.text)}</p>" if block.title or block.text else ""
    return (
        f'<div class="box form {block.border}">{said}{"".join(_field(field) for field in block.fields)}</div>'
    )


def _field(field: Field) -> str:
    inside = _e(field.value) or (":" if field.writing == "clock" else "&nbsp;")
    written = f'<span class="{field.writing}">{inside}</span>'
    return f'<span class="field"><strong>{_e(field.label)}</strong> {written}</span>'


@_show.register
def _table(block: TableBlock, words: Labels, home: str) -> str:
    titles = [column.title for column in block.columns]
    head = "".join(f'<th scope="col">{_e(title)}</th>' for title in titles)
    rows = "".join(_row(row, titles, block.badges) for row in block.rows)
    empty = _row([""] * len(titles), titles, False) * block.empty
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}{empty}</tbody></table>"


def _row(cells: Sequence[str], titles: Sequence[str], badges: bool) -> str:
    """One row; on a phone its cells stand below each other, each behind the title of its column."""
    shown = [_e(cell) or "&nbsp;" for cell in cells]
    if badges:
        shown[0] = f'<b class="badge">{shown[0]}</b>'
    told = zip(titles, cells, shown, strict=True)
    written = (f'<td data-title="{_e(title)}"{_free(not cell)}>{each}</td>' for title, cell, each in told)
    return f"<tr{_free(not any(cells))}>{''.join(written)}</tr>"


def _free(is_free: bool) -> str:
    """Marks what is there to be written on: a phone does not show it."""
    return ' class="free"' if is_free else ""


@_show.register
def _contacts(block: ContactsBlock, words: Labels, home: str) -> str:
    cards = "".join(_contact(contact) for contact in block.contacts)
    return f'<h2>{_e(block.title)}</h2><div class="contacts">{cards}</div>'


def _contact(contact: ContactBlock) -> str:
    number = f'<a href="{_e(contact.code)}">{_e(contact.phone)}</a>' if contact.code else _e(contact.phone)
    said = f'<strong>{_e(contact.who)}</strong><br><small>{_e(contact.note)}</small><br><b class="number">{number}</b>'
    return f'<div class="contact"><p>{said}</p>{_qr(contact.code)}</div>'


@_show.register
def _steps(block: Steps, words: Labels, home: str) -> str:
    rows = "".join(_show(row, words, home) for row in block.rows)
    return rows + (_show(block.pause, words, home) if block.pause is not None else "")


@_show.register
def _tick(row: Tick, words: Labels, home: str) -> str:
    ticked = row.mark is not None and row.mark.ticked
    first = f'{_tick_box(ticked)} <b class="nr">{_e(row.number)}</b> <b class="badge">{_e(row.badge)}</b>'
    parts = [
        f'<p class="only">{_e(row.condition)}</p>' if row.condition else "",
        f'<p class="warning"><strong>{_e(words("warning"))}:</strong> {_e(row.warning)}</p>'
        if row.warning
        else "",
        f"<h3>{_e(row.title)}</h3>",
        f"<p><strong>{_e(words('result'))}</strong> {_e(row.result)}</p>" if row.result else "",
        f'<p class="about">{_e(row.about)}</p>' if row.about else "",
        _paragraphs(row.by_hand),
        *(_blank(blank) for blank in row.blanks),
    ]
    return (
        f'<section class="step" id="{_e(home)}-{_e(row.anchor)}"><div class="first">{first}</div>'
        f'<div class="deed">{"".join(parts)}</div>'
        f'<div class="when">{_latest(row, words)}{_when(row, words)}</div></section>'
    )


def _latest(row: Tick | DecisionBlock, words: Labels) -> str:
    if not row.deadline:
        return ""
    return f"<small>{_e(words('latest'))}</small> <strong>{_e(row.deadline)}</strong>"


def _when(row: Tick | DecisionBlock, words: Labels) -> str:
    if row.mark is None:
        return f'<span class="clock">:</span><small>{_e(words("initials"))} ____</small>'
    return (
        f"<strong>{_e(row.mark.outcome)}</strong><br>{_e(row.mark.time)}<br><small>{_e(row.mark.by)}</small>"
    )


def _blank(blank: Blank) -> str:
    free = _choices(blank.choices) or '<span class="line">&nbsp;</span>'
    given = f"<strong>{_e(blank.value)}</strong>" if blank.value else free
    return f'<p class="asked">{_e(blank.label)} {given}</p>'


def _choices(choices: Sequence[str]) -> str:
    return " ".join(f'<span class="choice">{_tick_box(False)} {_e(choice)}</span>' for choice in choices)


@_show.register
def _decision(row: DecisionBlock, words: Labels, home: str) -> str:
    marks = f'<b class="nr">{_e(row.number)}</b> <b class="badge">{_e(words("decision"))}</b>'
    answers = "".join(_answer(answer, home) for answer in row.answers)
    return (
        f'<section class="decision" id="{_e(home)}-{_e(row.anchor)}"><p>{marks} <b class="badge">{_e(row.badge)}</b> '
        f"{_latest(row, words)}</p><h3>{_e(row.question)}</h3>{answers}<p>{_e(row.default)}</p>"
        f'<div class="when">{_when(row, words)}</div></section>'
    )


def _answer(answer: AnswerBlock, home: str) -> str:
    target = f"#{answer.sheet or home}-{answer.anchor}" if answer.anchor else ""
    said = f'<a href="{_e(target)}">{_e(answer.text)}</a>' if target else _e(answer.text)
    return f'<p class="answer">{_tick_box(answer.ticked)} <strong>{_e(answer.answer)}</strong> <span>{said}</span></p>'


@_show.register
def _picture(block: PictureBlock, words: Labels, home: str) -> str:
    return f'<figure role="img" aria-label="{_e(block.alt)}">{block.svg}</figure>'


@_show.register
def _lines(block: Lines, words: Labels, home: str) -> str:
    return '<div class="rule"></div>' * block.number


@_show.register
def _break(block: Break, words: Labels, home: str) -> str:
    return '<div class="break"></div>'


@_show.register
def _poster(block: Poster, words: Labels, home: str) -> str:
    return f'<div class="poster">{_paragraphs(block.text)}</div><div class="below">{_paragraphs(block.note)}</div>'


@_show.register
def _codes(block: Codes, words: Labels, home: str) -> str:
    codes = "".join(
        f'<div class="contact"><p>{_e(code.title)}<br><b class="number">{_e(code.text)}</b></p>{_qr(code.code)}</div>'
        for code in block.codes
    )
    listed = f'<div class="contacts">{codes}</div>'
    return f'<div class="box"><h2>{_e(block.title)}</h2>{_paragraphs(block.note)}{listed}</div>'


@_show.register
def _card(block: Card, words: Labels, home: str) -> str:
    return f'<p>{_e(block.fold)}</p><div class="card">{"".join(_face(face) for face in block.faces)}</div>'


def _face(face: Face) -> str:
    rows = "".join(f"<tr><td>{_e(left)}</td><td><b>{_e(right)}</b></td></tr>" for left, right in face.rows)
    listed = "".join(f'<p class="asked">{_tick_box(False)} {_e(step)}</p>' for step in face.steps)
    title = f"<strong>{_e(face.title)}</strong>"
    return f'<div class="face">{title}<table>{rows}</table>{listed}{_paragraphs(face.text)}</div>'


@_show.register
def _calls(block: Calls, words: Labels, home: str) -> str:
    boxes = _choices(block.results)
    boxes += f'{_e(block.time)} <span class="clock">:</span>'
    say = f'<div class="box"><strong>{_e(block.title)}</strong>{_paragraphs(block.sentence)}</div>'
    return say + "".join(
        f'<div class="call"><div><p>{_caller(call)}</p><p>{boxes}</p></div>{_qr(call.code)}</div>'
        for call in block.calls
    )


def _caller(call: CallBlock) -> str:
    number = f'<a href="{_e(call.code)}">{_e(call.phone)}</a>' if call.code else _e(call.phone)
    return f'<b class="number">{number}</b> {_e(call.who)}<br><small>{_e(call.note)}</small>'


@_show.register
def _contents(block: Contents, words: Labels, home: str) -> str:
    entries = "".join(
        f'<li><a href="#{_e(entry.document)}">{_e(entry.title)}</a><br><small>{_e(entry.note)}</small></li>'
        for entry in block.entries
    )
    return f"<ol>{entries}</ol>"


@_show.register
def _end(block: EndBlock, words: Labels, home: str) -> str:
    return f'<p class="end">{_e(block.text)}</p>'


def _tick_box(ticked: bool) -> str:
    return f'<span class="tick">{"X" if ticked else "&nbsp;"}</span>'


def _qr(code: str) -> str:
    return f'<span class="qr">{svg(code)}</span>' if code else ""


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{_e(part)}</p>" for part in text.split("\n") if part)


def _e(text: str) -> str:
    return escape(text, quote=True)
