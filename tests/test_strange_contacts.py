"""Cards and tables that are broken, hostile or endless: the rest is read, the place is said, the work is bounded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bcp.contact import audience
from bcp.contact.forget import take_out
from bcp.contact.load import load
from bcp.contact.vcard import parse_cards
from bcp.errors import SourceError
from bcp.table import parse
from tests.offices import bcp, office_in
from tests.test_contact import put
from tests.work import letters_made

GOOD = "BEGIN:VCARD\nFN:{0}\nEMAIL:{0}@example.com\nEND:VCARD\n"


def soft_breaks(count: int) -> bytes:
    return b"BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE:" + b"a=\n" * count + b"a\nEND:VCARD\n"


@pytest.mark.parametrize(
    "hostile",
    [
        soft_breaks,
        lambda count: b"BEGIN:VCARD\n" * count,
        lambda count: b"BEGIN:VCARD\nFN:a" + b"\n a" * count + b"\nEND:VCARD\n",
        lambda count: b"BEGIN:VCARD\nTEL" + b";TYPE=A" * count + b":1\nEND:VCARD\n",
    ],
)
def test_twice_as_long_a_card_is_twice_the_work_and_no_more(hostile: Callable[[int], bytes]) -> None:
    once, twice = (letters_made(lambda n=n: parse_cards(hostile(n), "a.vcf")) for n in (1000, 2000))  # type: ignore[misc]
    assert once < 60 * len(hostile(1000))
    assert twice < 2.2 * once


def test_a_card_of_a_megabyte_of_soft_breaks_is_read_and_a_name_so_long_is_said(tmp_path: Path) -> None:
    place = put(office_in(tmp_path), soft_breaks(350_000), "qp.vcf")
    put(place, GOOD.format("jan"), "suppliers.vcf")
    said = bcp(place, "contact", "check")
    assert (
        said.returncode == 2
        and "contacts/qp.vcf:2:1: expected at most 4000 letters, not 350001" in said.stderr
    )
    listed = bcp(place, "contact", "list")
    assert "jan@example.com" in listed.stdout
    assert (
        "Mistakes in the contact files: 2. Somebody may be missing here: bcp contact check" in listed.stderr
    )


def test_a_soft_break_before_the_end_of_a_card_does_not_swallow_the_end(tmp_path: Path) -> None:
    card = "BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE:Jan=\nEND:VCARD\n" + GOOD.format("ewa")
    found = load(put(tmp_path, card, "a.vcf"), "PL")
    assert [each.name for each in found.all] == ["Jan", "ewa"] and not found.mistakes


def test_a_card_without_its_end_is_left_out_with_its_place_and_the_others_are_read(tmp_path: Path) -> None:
    open_card = "BEGIN:VCARD\nFN:Zofia\n"
    found = load(
        put(tmp_path, GOOD.format("jan") + open_card + GOOD.format("ewa") + open_card, "a.vcf"), "PL"
    )
    assert [each.name for each in found.all] == ["jan", "ewa"]
    assert [each[:2] for each in found.mistakes] == [("contacts/a.vcf", 5), ("contacts/a.vcf", 11)]
    take_out(tmp_path, audience.one("jan", found.all))
    rest = (tmp_path / "contacts" / "a.vcf").read_text()
    assert rest == open_card + GOOD.format("ewa") + open_card


HEAD = "name,email,opted_out\n"
ROWS = "".join(f"Firma {n},f{n}@example.com,\n" for n in range(3))
MORE = "".join(f"Kiosk {n},k{n}@example.com,\n" for n in range(3))


@pytest.mark.parametrize(
    ("broken", "lines"),
    [
        ('"Zofia,z@example.com,\n', [5]),
        ('"Zofia" Żak,z@example.com,\n', [5]),
        ('Zofia,"z@example.com,\n', [5]),
        ('"Zofia,z@example.com,\n"Jan,j@example.com,\n', [5, 6]),
        ('"Zofia\nŻak,z@example.com,\n', [5]),
        ('"Zofia" x,z@example.com,\nJan",j@example.com,\n', [5, 6]),
        ('"Zofia" x,z@example.com,\nonly a piece\n,,\n', [5, 6]),
    ],
)
def test_a_broken_quote_costs_its_own_row_and_no_other_that_is_surely_whole(
    tmp_path: Path, broken: str, lines: list[int]
) -> None:
    found = load(put(tmp_path, HEAD + ROWS + broken + MORE), "PL")
    names = [each.name for each in found.all]
    assert {f"Firma {n}" for n in range(3)} | {f"Kiosk {n}" for n in range(3)} <= set(names)
    assert not any("Zofia" in name or "Jan" in name for name in names)
    assert [each.line for each in found.mistakes] == lines
    assert all(each.file == "contacts/clients.csv" for each in found.mistakes)


def test_a_row_that_an_open_quote_swallowed_without_a_break_is_said(tmp_path: Path) -> None:
    text = 'name,email,groups\nFirma,f@example.com,"vip\nKiosk,k@example.com,",\nBar,b@example.com,\n'
    found = load(put(tmp_path, text), "PL")
    assert [each.name for each in found.all] == ["Firma", "Bar"]
    assert "hold 2 lines" in found.mistakes[0].message and found.mistakes[0].line == 2


def test_of_a_table_of_one_column_nothing_behind_a_broken_quote_is_read(tmp_path: Path) -> None:
    found = load(put(tmp_path, 'name\nFirma\n"Zofia" Żak\nKiosk\n'), "PL")
    assert [each.name for each in found.all] == ["Firma"]
    assert [each.line for each in found.mistakes] == [3, 4]


def test_behind_too_many_broken_rows_nothing_is_read_and_that_is_said(tmp_path: Path) -> None:
    found = load(put(tmp_path, HEAD + ROWS + '"x" y,z@example.com,\n' * 200 + MORE), "PL")
    assert len(found.all) == 3 and len(found.mistakes) < 60
    assert "from here on nothing is read" in found.mistakes[-1].message


def test_a_contact_goes_out_of_a_table_with_a_broken_row_and_that_row_stays(tmp_path: Path) -> None:
    broken = '"Zofia" Żak,z@example.com,\n'
    place = put(tmp_path, HEAD + ROWS + broken + MORE)
    take_out(place, audience.one("Firma 2", load(place, "PL").all))
    rest = (place / "contacts" / "clients.csv").read_text(encoding="utf-8")
    assert rest == HEAD + "".join(ROWS.splitlines(keepends=True)[:2]) + broken + MORE


def test_a_foreign_table_with_a_broken_quote_is_not_brought_in_by_halves() -> None:
    with pytest.raises(SourceError):
        parse((HEAD + ROWS + '"x" y\n' + MORE).encode(), "crm.csv")


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("Firma,f@example.com,nein danke!!,", 2),
        ("Firma,f@example.com,x y,", 2),
        ('Firma,f@example.com,"no\nno",', 2),
        (f"Firma,f@example.com,{'n' * 5000},", 2),
        ("Firma, Ltd,f@example.com,yes,", 2),
        ("Firma,f@example.com,,\nFirma,f@example.com,yes,", 3),
    ],
)
def test_a_wish_not_to_be_written_to_that_cannot_be_read_is_kept_and_said(
    tmp_path: Path, row: str, line: int
) -> None:
    found = load(put(tmp_path, f"name,email,opted_out\n{row}\n".replace(",\n", "\n")), "PL")
    assert [each.opted_out for each in found.all] == [True]
    assert line in [each.line for each in found.mistakes]


def test_a_readable_no_is_no_wish(tmp_path: Path) -> None:
    found = load(
        put(tmp_path, "name,email,opted_out\nA,a@example.com,no\nB,b@example.com,\nC,c@example.com,nie\n"),
        "PL",
    )
    assert [each.opted_out for each in found.all] == [False] * 3 and not found.mistakes


@pytest.mark.parametrize(
    "hostile",
    [
        lambda count: b'name,email\n"' + b"a" * count,
        lambda count: b"name,email\n" + b'"a\n' * count,
        lambda count: b'name,email\n"' + b'""' * count + b"a",
        lambda count: b'name,email\n"a"' + b" " * count + b"x",
        lambda count: b"name," + b",".join(b"c%d" % n for n in range(count)),
    ],
)
def test_a_table_of_a_megabyte_that_is_no_table_is_refused_with_a_sentence(
    tmp_path: Path, hostile: Callable[[int], bytes]
) -> None:
    found = load(put(tmp_path, hostile(300_000)), "PL")
    assert not found.all and 0 < len(found.mistakes) < 60
    once, twice = (
        letters_made(lambda n=n: load(put(tmp_path, hostile(n)), "PL"))  # type: ignore[misc]
        for n in (4000, 8000)
    )
    assert twice < 2.5 * once
