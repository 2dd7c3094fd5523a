"""What a reader for the blind finds in a PDF: tags that close, a language, a title, words for each picture."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pdfua import validate

from bcp.page.catalog import Catalog, Wanted
from bcp.page.labels import Labels, languages
from bcp.page.pdf import write
from tests.page.paper import sample_office, shelf_of

KINDS = [
    Wanted("runbook", "internet-outage"),
    Wanted("role", "internet-outage", "deputy"),
    Wanted("wallet", "internet-outage"),
    Wanted("phone-card"),
    Wanted("door"),
    Wanted("calls"),
]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return shelf_of(sample_office(tmp_path_factory.mktemp("office")))


@pytest.fixture(scope="module", params=KINDS, ids=str)
def made(shelf: Catalog, request: pytest.FixtureRequest) -> bytes:
    words = Labels("pl")
    return write([shelf.document(request.param, words)], words)


def test_an_independent_reader_finds_nothing_against_pdf_ua(made: bytes, tmp_path: Path) -> None:
    """pdfua checks a part of the rules of ISO 14289-1 and says so itself; veraPDF is not to be had here."""
    path = tmp_path / "made.pdf"
    path.write_bytes(made)
    report = validate(path)
    assert [str(finding) for finding in report.findings] == []


def test_every_kind_has_its_language_its_title_and_words_for_each_picture(made: bytes) -> None:
    with pikepdf.open(BytesIO(made)) as pdf:
        root = pdf.Root
        assert str(root.Lang) == "pl" and bool(root.MarkInfo.Marked)
        assert bool(root.ViewerPreferences.DisplayDocTitle) and str(pdf.docinfo["/Title"])
        elements = list(_elements(root.StructTreeRoot))
        kinds = [str(each.get("/S", "")) for each in elements]
        assert len(elements) > 5 and "/Document" in kinds
        for each in elements:
            if each.get("/S") == "/Figure":
                assert len(str(each.Alt)) > 10, "what the picture is, and what it dials"


def test_every_table_closes_and_has_a_head(made: bytes) -> None:
    with pikepdf.open(BytesIO(made)) as pdf:
        for table in _elements(pdf.Root.StructTreeRoot):
            if table.get("/S") != "/Table":
                continue
            rows = [each for each in _elements(table) if each.get("/S") == "/TR"]
            widths = {sum(_span(cell) for cell in _cells(row)) for row in rows}
            assert len(widths) == 1, widths
            assert any(each.get("/S") == "/TH" for each in _elements(table))


def test_what_is_read_aloud_begins_with_the_title_and_keeps_the_order_of_the_page(shelf: Catalog) -> None:
    """The headings in the order of the tags are those of the sheet, each level below the one before."""
    words = Labels("en")
    document = shelf.document(Wanted("runbook", "internet-outage"), words)
    with pikepdf.open(BytesIO(write([document], words))) as pdf:
        found = [
            str(each.S)
            for each in _elements(pdf.Root.StructTreeRoot)
            if str(each.get("/S", "")) in ("/H1", "/H2")
        ]
    wanted = [
        "/H1" if block.level == 1 else "/H2" for block in document.blocks if type(block).__name__ == "Heading"
    ]
    assert found[0] == "/H1" and found.count("/H1") == 1
    assert len(found) >= len(wanted)


@pytest.mark.parametrize("language", languages())
def test_a_sheet_says_in_which_language_it_is_read(shelf: Catalog, language: str) -> None:
    words = Labels(language)
    made = write([shelf.document(Wanted("door"), words)], words)
    with pikepdf.open(BytesIO(made)) as pdf:
        assert str(pdf.Root.Lang) == language


def _elements(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Every element below `node`, in the order in which it is read."""
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from _elements(child)


def _cells(row: pikepdf.Dictionary) -> list[pikepdf.Dictionary]:
    return [each for each in row.K if isinstance(each, pikepdf.Dictionary) and str(each.S) in ("/TD", "/TH")]


def _span(cell: pikepdf.Dictionary) -> int:
    told = cell.get("/A", [])
    for each in told if isinstance(told, pikepdf.Array) else [told]:
        if isinstance(each, pikepdf.Dictionary) and "/ColSpan" in each:
            return int(each.ColSpan)
    return 1
