"""The HTML of every kind of page in a real browser: on the screen, on a phone, and as it prints it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bcp.page import html
from bcp.page.catalog import Catalog, Wanted, pages
from bcp.page.labels import Labels, languages
from tests.browser import Browser, browser
from tests.page.browser import run, widths_on_a_phone
from tests.page.paper import read, sample_office, shelf_of, squash

KINDS = [
    Wanted("runbook", "internet-outage"),
    Wanted("role", "internet-outage", "deputy"),
    Wanted("wallet", "internet-outage"),
    Wanted("phone-card"),
    Wanted("door"),
]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return shelf_of(sample_office(tmp_path_factory.mktemp("office")))


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.mark.parametrize("wanted", KINDS, ids=str)
def test_a_page_needs_no_scrolling_sideways_on_a_phone(
    chromium: Browser, shelf: Catalog, wanted: Wanted, tmp_path: Path
) -> None:
    made = html.write([pages(shelf.content(wanted), Labels("en"))], Labels("en"))
    needed, given = widths_on_a_phone(chromium, made, tmp_path)
    assert needed <= given <= 390


def test_the_browser_prints_the_sheet_with_every_step_and_without_the_network(
    shelf: Catalog, tmp_path: Path
) -> None:
    page, made = tmp_path / "page.html", tmp_path / "print.pdf"
    content = shelf.content(KINDS[0])
    page.write_text(html.write([pages(content, Labels("pl"))], Labels("pl")), encoding="utf-8")
    run(page, "--no-pdf-header-footer", f"--print-to-pdf={made}")
    whole = "".join(sheet.squashed for sheet in read(made.read_bytes(), tmp_path))
    for phase in content["phases"]:
        for step in phase["steps"]:
            assert squash(step["title"].partition("{")[0]) in whole
    assert squash(Labels("pl")("end")) in whole


def test_the_screen_shows_something(chromium: Browser, shelf: Catalog, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        html.write([pages(shelf.content(KINDS[0]), Labels("de"))], Labels("de")), encoding="utf-8"
    )
    chromium.open(page.as_uri())
    shades = Image.open(BytesIO(chromium.picture(1000, 1400))).convert("L").histogram()
    dark = sum(shades[:128]) / sum(shades)
    assert 0.02 < dark < 0.5


def test_on_a_phone_a_row_of_a_table_stands_behind_the_titles_and_lines_to_write_on_are_left_out(
    shelf: Catalog,
) -> None:
    made = html.write([pages(shelf.content(KINDS[0]), Labels("en"))], Labels("en"))
    assert '<td data-title="Role"><b class="badge">LEAD</b></td>' in made
    assert '<td data-title="Today (fill in)" class="free">' in made
    assert made.count('<tr class="free">') >= 20, "the log, promises and measures"


def test_each_step_of_the_card_has_a_box_and_its_own_number_once(shelf: Catalog) -> None:
    made = html.write([pages(shelf.content(Wanted("wallet", "internet-outage")), Labels("en"))], Labels("en"))
    steps = re.findall(r'<p class="asked"><span class="tick">&nbsp;</span> (\d)\. ', made)
    assert steps == ["1", "2", "3", "4", "5"] and "<ol>" not in made


def test_no_sentence_ends_with_two_full_stops_and_no_head_with_an_empty_part(shelf: Catalog) -> None:
    for language in languages():
        words = Labels(language)
        made = html.write([pages(shelf.content(wanted), words) for wanted in KINDS], words)
        assert not re.search(
            r"(?<!\.)\.\.(?!\.)", re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", made, flags=re.S)
        )
        assert "· ·" not in made
