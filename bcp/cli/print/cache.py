"""What is said of printed pages, and what is kept of them so that the next time only the page is to be set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bcp.app.session import Session
from bcp.cli.terminal.output import next_lines
from bcp.page.blocks import Document
from bcp.page.cache import MOST, Ready
from bcp.page.catalog import Shelf, Wanted
from bcp.page.content import version_hash
from bcp.page.copies import register_text
from bcp.page.labels import Words
from bcp.page.pdf import as_json


def make_ready(session: Session, shelf: Shelf, from_: str) -> None:
    """Keep what each sheet says, so that the first print after an edit sets its page at once.

    `from_` is the fingerprint of the files of that shelf, in which there is no mistake.
    """
    ready, words = Ready(session.folder), Words(shelf.whole.office.language)
    for name in list(shelf.whole.runbooks)[: MOST // 2]:
        if ready.find(["print", name], from_) is None:
            wanted = Wanted("runbook", name)
            document = shelf.document(wanted, words)
            told = as_json([document], words, "a4", "normal")
            ready.keep(["print", name], from_, kept([document], [shelf.content(wanted)], told, None))


def kept(
    documents: Sequence[Document], contents: Sequence[Mapping[str, Any]], told: str, file: str | None
) -> dict[str, Any]:
    """What is kept for the next time; without a `file` the page gets the name that it has by itself."""
    lines = [*hashes(documents), *((line, "bold") for line in next_lines(following(documents)))]
    prints = {version_hash(content): register_text(content) for content in contents}
    file = file or file_of(documents[0])
    return {"file": file, "told": told, "title": documents[0].title, "prints": prints, "said": lines}


def file_of(document: Document) -> str:
    """The file that the page is written to where none is named."""
    return f"{document.id}-{document.proof.hash}.pdf"


def hashes(documents: Sequence[Document]) -> list[tuple[str, str]]:
    """The hash and the title of each document, with the style of that line."""
    return [(f"    {document.proof.hash}  {document.title}", "") for document in documents]


def following(documents: Sequence[Document]) -> tuple[str, ...]:
    """The commands that come next."""
    return f"bcp print copies add {documents[0].proof.hash} NAME PLACE", "bcp print outdated"
