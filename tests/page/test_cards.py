"""Cards to cut out: two on a page, each with its version, nothing cut off, and numbers with room around them."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from bcp.normalize import say_phone
from bcp.page.catalog import Catalog, Wanted
from bcp.page.content import phones
from bcp.page.labels import Labels, languages
from bcp.page.pdf import write
from tests.offices import runbook
from tests.page.offices import office_with_people, steps
from tests.page.paper import SHIPPED, Sheet, read, sample_office, shelf_of, squash

POINTS_PER_MM = 72 / 25.4
LONGEST = (
    "Call the number for faults, say who you are and where the line is, ask for a ticket number and a name, "
    "then write both into the box below it"
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return shelf_of(sample_office(tmp_path_factory.mktemp("office")))


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("language", languages())
def test_two_wallet_cards_share_a_page_and_each_says_which_version_it_is(
    shelf: Catalog, language: str, paper: str, tmp_path: Path
) -> None:
    words = Labels(language)
    documents = [shelf.document(Wanted("wallet", name), words) for name in SHIPPED]
    found = read(write(documents, words, paper), tmp_path)
    assert len(found) == (len(SHIPPED) + 1) // 2
    for index, document in enumerate(documents):
        page = found[index // 2]
        assert page.text.count(document.proof.hash) == 3, "above the card, on it, and at the foot of the page"
        assert squash(document.proof.right) in page.squashed and squash(words("end")) in page.squashed
    for page in found:
        _nothing_leaves_the_page(page)


def test_ten_numbers_and_five_of_the_longest_steps_stay_on_their_faces(tmp_path: Path) -> None:
    office = office_with_people(tmp_path, 12)
    (office / "runbooks" / "outage.yaml").write_text(runbook(steps(5, LONGEST)), encoding="utf-8")
    shelf, words = shelf_of(office), Labels("en")
    (page,) = read(write([shelf.document(Wanted("wallet", "outage"), words)], words), tmp_path)
    shown = [say_phone(number) for _who, number in phones(shelf.content(Wanted("runbook", "outage")))[:10]]
    numbers = [page.squashed.index(squash(number)) for number in shown]
    assert len(numbers) == 10 and numbers == sorted(numbers)
    assert page.squashed.count(squash(LONGEST)) == 5
    lowest, end = (
        max(w.bottom for w in page.words if w.text == "it"),
        next(w for w in page.words if w.text == "END"),
    )
    top = next(word.top for word in page.words if word.text == "Numbers")
    assert lowest < top + 108 * POINTS_PER_MM < end.top, "the last step ends inside the card"
    rows = sorted({round(word.top) for word in page.words if word.text == "Person"})
    assert min(after - before for before, after in pairwise(rows)) >= 3.8 * POINTS_PER_MM


def _nothing_leaves_the_page(page: Sheet) -> None:
    for word in page.words:
        assert word.left >= 12 * POINTS_PER_MM and word.right <= page.width - 12 * POINTS_PER_MM, word
        assert word.bottom <= page.height - 4 * POINTS_PER_MM, word


@pytest.mark.parametrize("language", languages())
def test_a_code_stands_in_one_line_beside_its_picture_in_large_letters_too(
    shelf: Catalog, language: str, tmp_path: Path
) -> None:
    words = Labels(language)
    for page in read(
        write([shelf.document(Wanted("phone-card"), words)], words, "letter", "large"), tmp_path
    ):
        column = (page.width - (2 * 13 + 7) * POINTS_PER_MM - 6 * POINTS_PER_MM) / 2 - 24 * POINTS_PER_MM
        for word in (each for each in page.words if each.text.startswith("**21*+")):
            assert word.text.endswith("#") and word.right - word.left <= column


def test_a_long_title_pushes_what_stands_below_it_down(shelf: Catalog, tmp_path: Path) -> None:
    words = Labels("el")
    (page,) = read(
        write([shelf.document(Wanted("wallet", "divert-calls"), words)], words, "letter"), tmp_path
    )
    title = max(word.bottom for word in page.words if word.text == "works" and word.top < page.height / 4)
    assert next(word.top for word in page.words if word.text == "Agencja") >= title


def test_where_a_number_is_missing_there_is_a_line_to_write_it_on(tmp_path: Path) -> None:
    office = office_with_people(tmp_path, 3)
    file = office / "bcp.yaml"
    told = re.sub(
        r", phone: '\+486000000[23]'|, phone: '\+4860000000[23]'", "", file.read_text(encoding="utf-8")
    )
    file.write_text(told, encoding="utf-8")
    shelf, words = shelf_of(office), Labels("en")
    for kind in ("runbook", "wallet"):
        page = read(write([shelf.document(Wanted(kind, "outage"), words)], words), tmp_path)[0]
        assert page.text.count("_" * 14) >= 2 and "Person 2" in page.text and "Person 3" in page.text
