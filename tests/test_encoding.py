"""Which encoding a small table is in: one name is enough, and where it is not, nobody is told that it was."""

from __future__ import annotations

import random

import pytest

from bcp.encoding.detect import Undecodable, decoded, readings
from bcp.errors import SourceError
from bcp.table import parse
from tests.work import letters_made

CENTRAL = ("cp1250", "iso8859_2", "cp852", "mac_latin2")
GREEK = ("cp1253", "iso8859_7", "cp737", "mac_greek")
NAMES = {
    ("PL", CENTRAL): "Żółw Sp. z o.o.|PRZEDSIĘBIORSTWO ŻÓŁĆ|Wójcik|Zieliński|Woźniak|Kozłowski|Łukasz Świątek",
    ("CZ", CENTRAL): "Kříž a syn|Dvořáček|Jiří Novotný|Růžička|Sedláček|Přikryl|Čermák|Železářství Kůň|Větříšek",
    ("GR", GREEK): "Γιώργος Παπαδόπουλος|Αρτοποιείο Ήλιος|ALPHA Α.Ε.|Ελένη Νικολάου|Ωδείο|Άννα Δημητρίου",
    ("DE", ("cp1252", "cp1250", "iso8859_15", "cp850")): "Bäckerei Müller|Köhler|Jürgen Schröder|Schäfer|Günther|Böhm",
}  # fmt: skip


def table(*names: str) -> str:
    return "name;email\r\n" + "".join(f"{name};x{n}@example.com\r\n" for n, name in enumerate(names))


@pytest.mark.parametrize(("home", "pages"), NAMES, ids=[home for home, _pages in NAMES])
def test_one_name_in_any_encoding_of_the_country_is_read_or_asked_about_and_most_are_read(
    home: str, pages: tuple[str, ...]
) -> None:
    asked = 0
    names = NAMES[home, pages].split("|")
    for page in pages:
        for name in names:
            first, *others = readings(table(name).encode(page), [home])
            assert others or first.text == table(name), (page, name, first)
            assert table(name) in [first.text, *(each.text for each in others)]
            asked += bool(others)
    assert asked <= len(pages) * len(names) / 10


@pytest.mark.parametrize(("home", "pages"), NAMES, ids=[home for home, _pages in NAMES])
def test_a_few_names_are_enough_also_in_an_office_of_another_country(
    home: str, pages: tuple[str, ...]
) -> None:
    draw = random.Random(17)
    for page in pages:
        text = table(*draw.sample(NAMES[home, pages].split("|"), 5))
        assert [each.text for each in readings(text.encode(page), ["PL"])] == [text], page


def test_what_is_as_likely_in_another_encoding_is_a_rival() -> None:
    found = readings("firma;e-mail\r\nCafé Señor;a@example.com\r\n".encode("cp1252"), ["PL"])
    assert {each.text.split("\r\n")[1][:10] for each in found} == {"Café Señor", "Café Seńor"}
    assert [each.encoding for each in readings("name\nCafé Señor\n".encode("cp1252"), ["ES"])] == ["cp1252"]


def test_the_addresses_and_numbers_of_a_table_say_where_it_comes_from() -> None:
    text = "name;email;phone\nΔΕΗ;a@example{};{}\n"
    assert len(readings(text.format(".com", "").encode("cp1253"), ["PL"])) > 1
    for here in (text.format(".gr", ""), text.format(".com", "+30 210 600 0001")):
        assert [each.text for each in readings(here.encode("cp1253"), ["PL"])] == [here]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["Żółw", "Ωδείο", "Ö", "★ 李明", "Şahin"])
def test_unicode_is_read_with_and_without_its_mark(encoding: str, name: str) -> None:
    assert readings(table(name).encode(encoding), ["PL"]) == [(table(name), encoding.removesuffix("-sig"))]


def test_what_was_broken_before_it_was_saved_is_doubted() -> None:
    broken = table("Żółw").encode().decode("cp1252")
    first, other = readings(broken.encode(), ["PL"])
    assert first.text == broken
    assert other.text == table("Żółw")
    assert decoded(broken.encode(), other.encoding) == other


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (table("Żółw", "Świątek").encode()[:-4] + table("Łoś").encode("cp1250"), 4),
        (b"\xef\xbb\xbf" + table("Novak", "Łoś").encode("cp1250"), 3),
        (table("Żółw").encode("utf-16")[:-1], 1),
    ],
)
def test_bytes_that_are_no_letters_are_refused_with_their_line(raw: bytes, line: int) -> None:
    with pytest.raises(SourceError) as refused:
        parse(raw, "crm.csv", languages=["PL"])
    (mistake,) = refused.value.mistakes
    assert "cannot be read as" in mistake.message or "neither as" in mistake.message
    assert mistake.line >= line and "UTF-8" in mistake.hint


def test_what_is_no_name_in_any_language_is_never_sure() -> None:
    assert len(readings(table("Предприятие").encode("koi8-r"), ["PL"])) > 1


def test_an_encoding_that_a_person_names_is_taken_strictly() -> None:
    raw = table("Señor").encode("cp1252")
    assert parse(raw, "crm.csv", encoding="cp1252").rows[0][0].text == "Señor"
    with pytest.raises(Undecodable):
        decoded(raw, "utf-8")


def test_a_long_word_whose_wide_letter_is_cut_in_two_is_read() -> None:
    for before in range(36, 42):
        text = "name\n" + "a" * before + "ó\n"
        assert parse(text.encode(), "x.csv").rows[0][0].text == "a" * before + "ó"


def test_an_end_of_file_of_dos_changes_nothing() -> None:
    text = table("Wójcik", "Żółw")
    assert [each.text for each in readings((text + "\x1a").encode("cp852"), ["PL"])] == [text + "\x1a"]


def test_a_long_table_is_decoded_a_few_times_only() -> None:
    rows = [f"Żółw {number}" for number in range(2000)]
    raws = [table(*rows[:count]).encode("cp1250") for count in (1000, 2000)]
    once, twice = (letters_made(lambda raw=raw: readings(raw, ["PL"])) for raw in raws)  # type: ignore[misc]
    assert twice - once < 6 * (len(raws[1]) - len(raws[0]))
