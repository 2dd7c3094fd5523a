"""What paper needs of an office without mistakes: that its sheets fit, are ready, and that copies are current."""

from __future__ import annotations

from bcp.app.print.cache import Lines, fingerprint_of, make_ready
from bcp.app.print.copies import Outdated, outdated
from bcp.app.session import Session
from bcp.errors import Mistake
from bcp.page.cache import FOLDER
from bcp.page.catalog import Catalog
from bcp.validate import OfficeConfig


def printed_from(session: Session) -> str:
    """The fingerprint of all files where this office prints; where it has not yet, nothing."""
    return fingerprint_of(session) if (session.folder / FOLDER).is_dir() else ""


def unfit(session: Session, whole: OfficeConfig, source: str, lines: Lines) -> list[Mistake]:
    """What looks otherwise on a printed page than it was meant; where nothing does, it is left ready to be printed.

    `source` is what `printed_from` said before the files were read, `lines` are kept (see `app/print/cache`).
    """
    catalog = Catalog(whole)
    found = catalog.mistakes("a4", "normal")
    if not found and source:
        make_ready(session, catalog, source, lines)
    return found


def outdated_copies(session: Session, whole: OfficeConfig) -> list[Outdated]:
    """The copies that an edit has made outdated."""
    return outdated(session, Catalog(whole))
