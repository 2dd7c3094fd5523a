"""The claim dossier and its letter as documents."""

from __future__ import annotations

from collections.abc import Sequence

from bcp.claim.letter import Letter
from bcp.event import canonical, digest
from bcp.incident.dossier.claimed import ClaimedPart
from bcp.page.blocks import Block, Box, Document, EndBlock, Heading, Proof, TextBlock
from bcp.page.content import DIGITS
from bcp.page.labels import Labels
from bcp.page.report import section_blocks
from bcp.visible import visible


def dossier(parts: Sequence[ClaimedPart], title: str, caution: str, proof: Proof, words: Labels) -> Document:
    """The sixteen parts, each with how it stands; the caution stands first."""
    blocks: list[Block] = [Heading(visible(title), level=1), Box(caution, "")]
    for number, part in enumerate(parts, 1):
        heading, *rest = section_blocks(part.section)
        assert isinstance(heading, Heading)
        note = " · ".join(filter(None, [part.status.upper(), part.missing, heading.note]))
        blocks += [Heading(f"{number}. {heading.text}", visible(note)), *rest]
    blocks.append(EndBlock(words("end")))
    return Document("dossier", visible(title), words.language, proof, tuple(blocks))


def letter_document(letter: Letter, office: str) -> Document:
    """The letter on paper."""
    content = digest(canonical([letter.subject, list(letter.paragraphs)]))[:DIGITS]
    blocks: list[Block] = [
        *(TextBlock(visible(paragraph)) for paragraph in letter.paragraphs[:2]),
        Heading(visible(letter.subject), level=1),
        *(TextBlock(visible(paragraph)) for paragraph in letter.paragraphs[2:]),
    ]
    return Document(
        "letter", visible(letter.subject), letter.language, Proof(visible(office), "", content), tuple(blocks)
    )
