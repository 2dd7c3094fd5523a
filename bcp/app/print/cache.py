"""What is kept of printed pages so that the next time only the page is to be set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bcp.app.session import Session
from bcp.page.blocks import Document
from bcp.page.cache import MOST, Ready, fingerprint
from bcp.page.catalog import Catalog, Wanted
from bcp.page.content import version_hash
from bcp.page.copies import register_text
from bcp.page.labels import Labels
from bcp.page.pdf import as_json

Lines = Callable[[Sequence[Document]], list[tuple[str, str]]]
"""What is said below the name of a file with these documents: texts and their styles."""


def fingerprint_of(session: Session) -> str:
    """What the pages are made from; nothing where a file cannot be read: then they are not kept for the next time."""
    try:
        return fingerprint(session.folder)
    except OSError:
        return ""


def make_ready(session: Session, catalog: Catalog, source: str, lines: Lines) -> None:
    """Keep what each sheet says, so that the first print after an edit sets its page at once.

    `source` is the fingerprint of the files of that catalog, in which there is no mistake.
    """
    ready, words = Ready(session.folder), Labels(catalog.whole.office.language)
    for name in list(catalog.whole.runbooks)[: MOST // 2]:
        if ready.find(["print", name], source) is None:
            wanted = Wanted("runbook", name)
            documents = [catalog.document(wanted, words)]
            layout = as_json(documents, words, "a4", "normal")
            content = [catalog.content(wanted)]
            ready.keep(["print", name], source, entry(documents, content, layout, None, lines))


def entry(
    documents: Sequence[Document],
    contents: Sequence[Mapping[str, Any]],
    layout: str,
    file: str | None,
    lines: Lines,
) -> dict[str, Any]:
    """What is kept for the next time; without a `file` the page gets the name that it has by itself."""
    prints = {version_hash(content): register_text(content) for content in contents}
    file = file or file_of(documents[0])
    title = documents[0].title
    return {"file": file, "told": layout, "title": title, "prints": prints, "said": lines(documents)}


def file_of(document: Document) -> str:
    """The file that the page is written to where none is named."""
    return f"{document.id}-{document.proof.hash}.pdf"
