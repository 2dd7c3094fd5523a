"""The quality of every page of every shipped runbook: both papers, five languages, normal and large text."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageFilter

from bcp.fact_template import mentions
from bcp.normalize import say_phone
from bcp.page.catalog import Catalog, Wanted, pages
from bcp.page.content import phones, steps, version_hash
from bcp.page.labels import Labels, languages
from bcp.page.pdf import write
from bcp.page.phone import dial
from tests.page.paper import (
    SHIPPED,
    Sheet,
    check_with_qpdf,
    footer,
    pdf_of,
    pictures,
    read,
    sample_office,
    shelf_of,
    squash,
)

POINTS_PER_MM = 72 / 25.4
MARGIN = 12.5 * POINTS_PER_MM


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return shelf_of(sample_office(tmp_path_factory.mktemp("office")))


FORMATS = (("a4", "normal"), ("letter", "large"))
"""Each paper and each size of text with every language; in English also the other two pairs of them."""


@pytest.mark.parametrize(
    ("language", "paper", "text"),
    [
        *((language, *each) for language in languages() for each in FORMATS),
        ("en", "a4", "large"),
        ("en", "letter", "normal"),
    ],
)
def test_every_sheet_obeys_the_rules_of_the_page(
    shelf: Catalog, language: str, paper: str, text: str, tmp_path: Path
) -> None:
    """All runbooks are set in one go, as in the pack: a sheet begins on its own page and is told by its hash."""
    words = Labels(language)
    contents = [shelf.content(Wanted("runbook", runbook)) for runbook in SHIPPED]
    assert not shelf.remarks(SHIPPED, paper, text)
    whole = read(write([pages(content, words) for content in contents], words, paper, text), tmp_path)
    assert [re.search(footer(language), page.text) is not None for page in whole] == [True] * len(whole)
    for page in whole:
        _nothing_runs_off(page)
    for content in contents:
        found = [page for page in whole if version_hash(content) in page.squashed]
        _first_page_holds_what_it_must(found, content, words)
        _no_step_is_split(found, content)
        assert squash(words("end")) in found[-1].squashed
        whole = [page for page in whole if page not in found]
    assert whole == [], "every page says which version it is"


def _first_page_holds_what_it_must(found: list[Sheet], content: dict, words: Labels) -> None:
    first, second = found[0].squashed, found[1].squashed
    for label in ("use_when", "t0", "roles", "today", "contacts"):
        assert squash(words(label)) in first
    who, number = phones(content)[0]
    assert squash(who) in first and squash(say_phone(number)) in first
    title = squash(steps(content)[0]["title"])
    assert title not in first and title in second


def _no_step_is_split(found: list[Sheet], content: dict) -> None:
    acts = [act for step in steps(content) for act in (step, step["undo"]) if act] + list(
        content["stand_down"]
    )
    for act in acts:
        whole = [squash(part) for part in act["by_hand"].split("\n") if part and not mentions(part)]
        pages = [page for page in found if all(part in page.squashed for part in whole)]
        title = squash(act["title"].partition("{")[0])
        assert any(title in page.squashed for page in pages), act["id"]


def _nothing_runs_off(page: Sheet) -> None:
    for word in page.words:
        assert word.left >= MARGIN - 1 and word.right <= page.width - MARGIN + 1, word
        assert word.top >= 0 and word.bottom <= page.height - 5 * POINTS_PER_MM, word
    body = [word for word in page.words if word.top > 23 * POINTS_PER_MM]
    assert max(word.bottom for word in body) <= page.height - 5 * POINTS_PER_MM


def test_every_kind_of_document_is_whole_and_tagged_for_readers(shelf: Catalog, tmp_path: Path) -> None:
    for wanted in [
        Wanted("runbook", "internet-outage"),
        Wanted("role", "internet-outage", "deputy"),
        Wanted("wallet", "internet-outage"),
        Wanted("phone-card"),
        Wanted("door"),
    ]:
        made = pdf_of(shelf, wanted)
        assert "No syntax or stream encoding errors" in check_with_qpdf(made, tmp_path)
        assert b"/MarkInfo" in made and b"<pdfuaid:part>1</pdfuaid:part>" in made
        assert b"/StructTreeRoot" in made and b"/Lang" in made


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    once = pdf_of(shelf_of(sample_office(tmp_path / "one")), Wanted("runbook", "phone-outage"), "pl")
    again = pdf_of(shelf_of(sample_office(tmp_path / "two")), Wanted("runbook", "phone-outage"), "pl")
    assert once == again


def test_a_page_is_black_on_white(shelf: Catalog, tmp_path: Path) -> None:
    for path in pictures(pdf_of(shelf, Wanted("runbook", "long-outage")), tmp_path, "-r", "50", "-png"):
        red, green, blue = Image.open(path).convert("RGB").split()
        assert ImageChops.difference(red, green).getbbox() is None
        assert ImageChops.difference(red, blue).getbbox() is None


def test_the_letters_of_an_action_are_tall_enough_for_60_centimetres(shelf: Catalog, tmp_path: Path) -> None:
    """The x of a title, measured on the picture at 600 dpi: at least 2.54 mm (Degani, NASA CR-177605)."""
    path = pictures(
        pdf_of(shelf, Wanted("runbook", "phone-outage")), tmp_path, "-r", "600", "-f", "2", "-l", "2", "-gray"
    )
    picture = Image.open(path[0])
    title = steps(shelf.content(Wanted("runbook", "phone-outage")))[0]["title"]
    pages = read(pdf_of(shelf, Wanted("runbook", "phone-outage")), tmp_path)
    flat = next(
        word for word in title.split() if not re.search(r"[^aceimnorsuvwxz]", word) and "i" not in word
    )
    box = next(word for word in pages[1].words if word.text == flat)
    scale = 600 / 72
    ink = ImageChops.invert(
        picture.crop(
            (int(box.left * scale), int(box.top * scale), int(box.right * scale), int(box.bottom * scale))
        )
    )
    _left, top, _right, bottom = ink.point(lambda shade: 255 if shade > 128 else 0).getbbox()
    assert (bottom - top) / 600 * 25.4 >= 2.54


def test_every_qr_code_survives_a_bad_photocopy(shelf: Catalog, tmp_path: Path) -> None:
    for number, wanted in enumerate([Wanted("runbook", "internet-outage"), Wanted("phone-card")]):
        made = pdf_of(shelf, wanted)
        folder = tmp_path / str(number)
        folder.mkdir()
        read_codes: set[str] = set()
        for path in pictures(made, folder, "-r", "150", "-gray"):
            read_codes |= {code.text for code in zxingcpp.read_barcodes(_photocopied(Image.open(path)))}
        assert read_codes == _printed_codes(shelf, wanted)


def test_a_code_beside_each_number_of_the_call_list_survives_it_and_leads_to_the_preferred_way(
    tmp_path: Path,
) -> None:
    office = sample_office(tmp_path / "office")
    (office / "contacts" / "clients.csv").write_text(
        "name,phone,mobile,language,preferred_channel\n"
        "A,+48 22 600 01 11,+48 600 000 211,pl,call\nB,,+48 600 000 212,pl,whatsapp\n"
        "C,+30 21 0000 0016,+30 691 234 5678,el,viber\nD,+48 22 600 01 13,+48 600 000 214,pl,sms\n",
        encoding="utf-8",
    )
    words = Labels("en")
    made = write([shelf_of(office).document(Wanted("calls", "line-down", "clients"), words)], words)
    shown = pictures(made, tmp_path, "-r", "150", "-gray")
    read_codes = {
        code.text for path in shown for code in zxingcpp.read_barcodes(_photocopied(Image.open(path)))
    }
    assert read_codes == {
        "tel:+48226000111", "https://wa.me/48600000212", "viber://chat?number=%2B306912345678", "sms:+48600000214",
    }  # fmt: skip
    squashed = "".join(page.squashed for page in read(made, tmp_path))
    assert "+306912345678" in squashed and "prefersWhatsApp" in squashed
    assert squashed.count("prefersTextmessage") == 1, "whoever scans that code sees why no call begins"


def _printed_codes(shelf: Catalog, wanted: Wanted) -> set[str]:
    if wanted.kind == "runbook":
        return {dial(number) for _who, number in phones(shelf.content(wanted))}
    return {"tel:%23%2321%23", "tel:**21*+48600000101%23", "tel:**21*+48600000104%23"}


def _photocopied(page: Image.Image) -> Image.Image:
    """Blurred, sprinkled with noise and turned to pure black and white, as an old copier does it."""
    blurred = page.convert("L").filter(ImageFilter.GaussianBlur(1.2))
    noise = Image.frombytes("L", blurred.size, random.Random(11).randbytes(blurred.width * blurred.height))
    noisy = Image.blend(blurred, noise, 0.25)
    return noisy.point(lambda shade: 255 if shade > 120 else 0)


def test_a_pdf_of_a_runbook_of_thirty_steps_stays_below_200_kib(tmp_path: Path) -> None:
    from tests.page.offices import office_with_steps

    made = pdf_of(shelf_of(office_with_steps(tmp_path, 30)), Wanted("runbook", "outage"))
    assert len(made) <= 200 * 1024


@pytest.mark.parametrize("name", SHIPPED)
def test_a_pdf_of_a_shipped_runbook_stays_below_200_kib(shelf: Catalog, name: str) -> None:
    assert len(pdf_of(shelf, Wanted("runbook", name))) <= 200 * 1024
