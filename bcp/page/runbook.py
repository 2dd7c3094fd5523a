"""The runbook sheet: everything that people need who follow a runbook with nothing but paper and a pen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bcp.page.blocks import Document
from bcp.page.labels import Labels
from bcp.page.proof import proof
from bcp.page.sheet import Sheet


def runbook_sheet(content: Mapping[str, Any], words: Labels) -> Document:
    """The blank sheet of one runbook (`bcp.page.content.sheet`)."""
    blocks = Sheet(content, words).whole()
    return Document(content["id"], content["title"], words.language, proof(content, words), blocks)
