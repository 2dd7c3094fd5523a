"""What offices write when nobody thinks of paper: told with its place, or set by the same rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from bcp.errors import InputError
from bcp.page.catalog import Wanted, pages
from bcp.page.labels import Labels
from bcp.page.letters import known_letters
from bcp.page.typeset import FONTS
from tests.offices import OFFICE, office_in, runbook
from tests.page.offices import office_with_people, office_with_steps, office_with_text, steps
from tests.page.paper import Sheet, pdf_of, read, shelf_of, squash

OUTAGE = Wanted("runbook", "outage")


def sheets_of(office: Path, paper: str = "a4", text: str = "normal") -> list[Sheet]:
    shelf = shelf_of(office)
    return read(pdf_of(shelf, OUTAGE, "en", paper, text), office)


def remarks(office: Path, paper: str = "a4", text: str = "normal") -> list[str]:
    return [str(each) for each in shelf_of(office).remarks(["outage"], paper, text)]


def test_a_runbook_of_two_hundred_steps_prints_every_one_of_them_in_order(tmp_path: Path) -> None:
    found = sheets_of(office_with_steps(tmp_path, 200))
    whole = "".join(page.text for page in found)
    places = [whole.index(f"\n{number}\nLEAD") for number in range(1, 201)]
    assert places == sorted(places)
    assert "END" in found[-1].text


def test_a_step_of_two_thousand_letters_obeys_the_rules_on_every_paper(tmp_path: Path) -> None:
    office = office_with_text(tmp_path, by_hand="Take the phone and call them again. " * 55)
    for paper in ("a4", "letter"):
        for page in sheets_of(office, paper):
            assert max(word.bottom for word in page.words) < page.height - 14


def test_a_step_taller_than_a_page_is_told_with_its_place(tmp_path: Path) -> None:
    office = office_with_text(tmp_path, by_hand="Take the phone and call them again. " * 110)
    assert "lines, at most 52" in remarks(office)[0]
    assert remarks(office)[0].startswith("runbooks/outage.yaml:11:")


@pytest.mark.parametrize("text", ["normal", "large"])
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_tallest_step_that_is_let_through_stays_on_its_page(
    tmp_path: Path, paper: str, text: str
) -> None:
    """Grown letter by letter until it is refused; the last one before that fits, pause point and all."""
    tallest = 0
    for count in range(10, 90, 2):
        office = office_with_text(tmp_path, by_hand="WIDE MÜHSAM MARKWÖRTER OHNE ENDE " * count)
        shelf = shelf_of(office)
        if any("too tall" in mistake.message for mistake in shelf.mistakes(paper, text)):
            break
        tallest = count
    office = office_with_text(tmp_path, by_hand="WIDE MÜHSAM MARKWÖRTER OHNE ENDE " * tallest)
    found = sheets_of(office, paper, text)
    assert tallest > 20
    for page in found:
        foot = min(word.top for word in page.words if word.text == "SHA-256")
        body = [word for word in page.words if word.bottom < foot + 1 or word.top > foot + 12]
        assert max(word.bottom for word in body) <= foot + 1


def test_a_word_of_sixty_letters_is_broken(tmp_path: Path) -> None:
    word = "Donaudampfschifffahrt" * 3
    office = office_with_text(tmp_path, title=f"Call {word}")
    assert not remarks(office)
    found = sheets_of(office)
    assert squash(word) in found[1].squashed
    assert max(each.right for page in found for each in page.words) <= found[1].width - 34


def test_a_long_address_of_a_website_is_broken_at_its_joints(tmp_path: Path) -> None:
    address = "https://status.example.org/outages/region-mazowieckie/warszawa?line=44810200&lang=pl#now"
    found = sheets_of(
        office_with_text(tmp_path, by_hand=f"Open {address} on a mobile phone and read it aloud.")
    )
    assert squash(address) in found[1].squashed
    assert max(word.right for page in found for word in page.words) <= found[1].width - 34


def test_a_long_mail_address_is_broken_at_its_joints_in_large_letters(tmp_path: Path) -> None:
    address = "zgloszenia.awarii.linii@obsluga.klienta.biznesowego.wisla.example.org.pl"
    found = sheets_of(office_with_text(tmp_path, title=f"Write to {address}"), "letter", "large")
    assert squash(address) in found[1].squashed
    assert max(word.right for page in found for word in page.words) <= found[1].width - 34


def test_a_letter_that_the_font_lacks_is_named_with_its_place(tmp_path: Path) -> None:
    told = remarks(office_with_text(tmp_path, title="Call the 🦄 now"))
    assert told[0].startswith("runbooks/outage.yaml:11:")
    assert 'paper cannot show "🦄" (U+1F984, UNICORN FACE)' in told[0]


def test_an_invisible_letter_is_named_and_turns_nothing(tmp_path: Path) -> None:
    office = office_with_text(tmp_path, by_hand="Call \u202ethem backwards, please, and write it down.")
    assert "paper cannot show (U+202E, RIGHT-TO-LEFT OVERRIDE): nothing is printed" in remarks(office)[0]
    assert squash("Call them backwards, please") in sheets_of(office)[1].squashed


def test_markup_in_a_text_stands_on_paper_as_it_was_written(tmp_path: Path) -> None:
    nasty = 'Say #panic("x") *bold* _it_ $x$ <b>no</b> \\u{41} // @ref [link] = head'
    office = office_with_text(
        tmp_path, title=nasty, by_hand=f"{nasty} and read it back once more to be sure."
    )
    found = sheets_of(office)
    assert squash(nasty) in found[1].squashed


def test_forty_contacts_stand_on_two_pages_and_page_one_says_where(tmp_path: Path) -> None:
    found = sheets_of(office_with_people(tmp_path, 40))
    assert squash("More contacts: page") in found[0].squashed
    whole = "".join(page.text for page in found)
    for number in range(1, 41):
        assert whole.count(f"Person {number}\n") >= 1
    assert "END" in found[-1].text
    assert "Phase 1" in found[1].text and "Phase 1" not in found[0].text


def test_people_without_a_phone_number_stand_behind_the_others_with_a_line_to_write_it_on(
    tmp_path: Path,
) -> None:
    office = office_in(tmp_path, outage=runbook(steps(2)))
    (office / "bcp.yaml").write_text(OFFICE.replace(', phone: "+48600000102"', ""), encoding="utf-8")
    first = sheets_of(office)[0]
    assert first.text.count("Piotr Lis") == 2
    assert first.text.index("Anna Nowak\nlead") < first.text.index("Piotr Lis\nlead\n____")
    assert "Anna Nowak / Piotr Lis" in first.text


def test_a_first_page_that_says_too_much_is_told(tmp_path: Path) -> None:
    office = office_in(
        tmp_path, outage=runbook(steps(1)).replace("Nobody has internet", "Nobody has any. " * 40)
    )
    assert '"when" is too long for the first page: 639 letters, at most 400' in remarks(office)[0]


def test_the_list_of_letters_is_that_of_the_fonts() -> None:
    from fontTools.ttLib import TTFont

    faces: dict[str, list[set[int]]] = {}
    for path in FONTS.glob("*.ttf"):
        faces.setdefault(path.stem.partition("-")[0], []).append(set(TTFont(path).getBestCmap()))
    assert {ord(each) for each in known_letters()} == set().union(
        *(set.intersection(*each) for each in faces.values())
    )
    for letters in (
        "ąćęłńóśźż",
        "áčďéěíňóřšťúůýž",
        "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
        "äöüß",
        "їієґ",
        "€zł",
        "عمرو محمد للتجارة پچژگ",
        "דב כהן בע״מ",
        "□→✓",
    ):
        assert set(letters) <= known_letters(), letters


def test_a_language_without_labels_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError) as told:
        Labels("fr")
    assert told.value.hint == "choose one with --lang: cs, de, el, en, pl"


def test_an_unknown_runbook_gets_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(InputError) as told:
        shelf_of(office_with_steps(tmp_path, 1)).content(Wanted("runbook", "outrage"))
    assert told.value.hint == 'did you mean "outage"?'


def test_a_role_without_steps_is_refused_with_the_roles_there_are(tmp_path: Path) -> None:
    with pytest.raises(InputError) as told:
        shelf_of(office_with_steps(tmp_path, 1)).content(Wanted("role", "outage", "cook"))
    assert told.value.hint == "its roles: lead"


def test_the_document_of_a_language_has_that_language(tmp_path: Path) -> None:
    shelf = shelf_of(office_with_steps(tmp_path, 1))
    assert pages(shelf.content(OUTAGE), Labels("cs")).language == "cs"
