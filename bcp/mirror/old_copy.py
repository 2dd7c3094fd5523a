"""Copies that an earlier version made, which kept scripts: before one is opened, what runs is taken out of it."""

from __future__ import annotations

from pathlib import Path

from bcp.files import not_written, write_whole
from bcp.mirror.crawl import FIRST
from bcp.mirror.passive import is_passive, passive_again
from bcp.mirror.svg import clean_svg

_PAGES = (".html", ".htm")
_RUN = (".js", ".mjs", ".xml", ".xsl", ".xslt", ".xhtml", ".xht", ".shtml", ".mht", ".mhtml", ".hta", ".svgz")
_LONGEST_BEGINNING = 4096


def make_passive(folder: Path) -> None:
    """Change each page of the copy in `folder` that does not begin with our policy; a copy of today stays as it is.

    The first page comes last, so that what was cut off is done again. Raises StoreError where it cannot be written.
    """
    try:
        files = sorted(folder.iterdir(), key=lambda each: (each.suffix in _PAGES, each.name == FIRST))
        pages = [each for each in files if each.suffix in _PAGES and not is_passive(_beginning(each))]
        if not pages:
            return
        for each in files:
            if each.suffix in _RUN:
                each.unlink()
            elif each.suffix == ".svg":
                write_whole(each, clean_svg(each.read_bytes()) or b"")
        for each in pages:
            write_whole(each, passive_again(each.read_bytes()))
    except OSError as error:
        raise not_written(error.filename or folder, error) from None


def _beginning(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(_LONGEST_BEGINNING)
