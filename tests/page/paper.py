"""Offices to print, and readers of finished pages: their texts, their places, their pictures."""

from __future__ import annotations

import re
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from shutil import copytree

from bcp.page.catalog import Catalog, Wanted, pages
from bcp.page.labels import Labels
from bcp.page.pdf import write
from bcp.validate import load
from tests.children import only_with

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(path.stem for path in (ROOT / "runbooks").glob("*.yaml"))


def sample_office(folder: Path) -> Path:
    """The sample office with everything that is shipped."""
    copytree(ROOT / "sample", folder, dirs_exist_ok=True)
    for part in ("runbooks", "checks", "notices"):
        copytree(ROOT / part, folder / part, dirs_exist_ok=True)
    return folder


def shelf_of(office: Path) -> Catalog:
    """What that office can print."""
    return Catalog(load(office))


def pdf_of(
    shelf: Catalog, wanted: Wanted, language: str = "en", paper: str = "a4", text: str = "normal"
) -> bytes:
    """One document as PDF."""
    words = Labels(language)
    return write([pages(shelf.content(wanted), words)], words, paper, text)


@dataclass(frozen=True)
class Word:
    """One word on a page, with its box in points from the top left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Sheet:
    """One page as a reader of PDF sees it."""

    width: float
    height: float
    words: tuple[Word, ...]
    text: str

    @cached_property
    def squashed(self) -> str:
        """Its text without any white space."""
        return squash(self.text)


def squash(text: str) -> str:
    """`text` without white space, and without what breaks lines: Czech and Polish repeat a hyphen after the break."""
    return re.sub(r"[\s\u200b\u00ad]+", "", text.replace("-\n-", "-"))


def read(made: bytes, folder: Path) -> list[Sheet]:
    """The pages of a PDF, read by poppler."""
    path = folder / "made.pdf"
    path.write_bytes(made)
    boxes = _run("pdftotext", "-bbox", str(path), "-")
    texts = _run("pdftotext", "-raw", str(path), "-").split("\f")
    tree = ET.fromstring(
        re.sub(r"<meta[^>]*>", "", boxes.replace(' xmlns="http://www.w3.org/1999/xhtml"', ""))
    )
    return [
        Sheet(float(page.get("width", 0)), float(page.get("height", 0)), tuple(_words(page)), text)
        for page, text in zip(tree.iter("page"), texts, strict=False)
    ]


def pictures(made: bytes, folder: Path, *options: str) -> list[Path]:
    """Each page as a picture (`pdftoppm`)."""
    path = folder / "made.pdf"
    path.write_bytes(made)
    _run("pdftoppm", *options, str(path), str(folder / "page"))
    return sorted(folder.glob("page-*"))


def check_with_qpdf(made: bytes, folder: Path) -> str:
    """What `qpdf --check` says; it fails where the file is damaged."""
    path = folder / "made.pdf"
    path.write_bytes(made)
    return _run("qpdf", "--check", str(path))


@cache
def footer(language: str) -> str:
    """The footer's page number as a pattern."""
    return re.escape(Labels(language)("page")).replace(r"\{page\}", r"(\d+)").replace(r"\{pages\}", r"(\d+)")


def _words(page: ET.Element) -> list[Word]:
    sides = ("xMin", "yMin", "xMax", "yMax")
    return [
        Word(word.text or "", *(float(word.get(side, 0)) for side in sides)) for word in page.iter("word")
    ]


def _run(*arguments: str) -> str:
    only_with(arguments[0])
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
