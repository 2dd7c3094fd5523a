"""The report of an incident as a document: its sections become blocks, and the day is drawn."""

from __future__ import annotations

from collections.abc import Iterator

from bcp.event import canonical, digest
from bcp.incident.report.report import Report
from bcp.incident.report.section import Section
from bcp.page.blocks import (
    Block,
    Column,
    Document,
    EndBlock,
    Heading,
    PictureBlock,
    Proof,
    TableBlock,
    TextBlock,
)
from bcp.page.content import DIGITS, in_groups
from bcp.page.day import draw, words_of
from bcp.page.labels import Labels
from bcp.visible import visible

_PICTURE_BEHIND = 1


def document(report: Report, words: Labels) -> Document:
    """The document; the picture stands behind the first section."""
    blocks: list[Block] = [Heading(visible(report.title), report.incident, level=1)]
    for number, section in enumerate(report.sections, 1):
        blocks += section_blocks(section)
        if number == _PICTURE_BEHIND and report.picture.lanes:
            blocks.append(PictureBlock(visible(draw(report.picture)), visible(words_of(report.picture))))
            blocks.append(TextBlock(report.legend))
    blocks.append(EndBlock(words("end")))
    content = digest(canonical([[each.title, each.texts, each.rows] for each in report.sections]))[:DIGITS]
    proof = Proof(report.office, f"{report.incident} · {in_groups(report.head)}", content)
    return Document(f"report-{report.incident}", visible(report.title), words.language, proof, tuple(blocks))


def section_blocks(section: Section) -> Iterator[Block]:
    """A heading, the sentences, and the table."""
    yield Heading(section.title, section.note)
    for text in section.texts:
        yield TextBlock(visible(text))
    if section.rows:
        columns = tuple(
            Column(title, share) for title, share in zip(section.columns, section.shares, strict=True)
        )
        yield TableBlock(columns, tuple(tuple(map(visible, row)) for row in section.rows))
