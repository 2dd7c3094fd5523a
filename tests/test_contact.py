"""Contact files as offices have them: every spreadsheet's export, every mistake with its place."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcp.contact import audience, bring, cell, freshness
from bcp.contact.cell import as_written, harmless
from bcp.contact.foreign import brought
from bcp.contact.headers import guess
from bcp.contact.load import load
from bcp.contact.model import COLUMNS, Contact
from bcp.contact.wish import asks
from bcp.errors import InputError, SourceError
from bcp.office.model import Office
from bcp.table import MOST_BYTES, parse
from tests.offices import bcp, office_in
from tests.watching import Watching

HEAD = ",".join(COLUMNS)
ZOFIA = (
    'Piekarnia Łoś,Zofia Żak,Pani Zofio,zofia@example.com,22 600 00 01,600 000 001,pl,"vip;bakery",yes,sms,'
)


def put(folder: Path, text: str | bytes, name: str = "clients.csv") -> Path:
    (folder / "contacts").mkdir(exist_ok=True)
    raw = text if isinstance(text, bytes) else text.encode()
    (folder / "contacts" / name).write_bytes(raw)
    return folder


def test_a_row_becomes_a_contact_with_its_numbers_in_international_form(tmp_path: Path) -> None:
    found = load(put(tmp_path, f"{HEAD}\n{ZOFIA}\n"), "PL")
    assert not found.mistakes and not found.remarks
    (zofia,) = found.all
    assert zofia.id == "piekarnia-los-zofia-zak"
    assert (zofia.phone, zofia.mobile) == ("+48226000001", "+48600000001")
    assert zofia.groups == ("vip", "bakery")
    assert zofia.running_project and not zofia.opted_out
    assert zofia.preferred_channel == "sms" and zofia.file == "clients"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_a_spreadsheet_exports_is_read_as_it_comes(
    tmp_path: Path, delimiter: str, encoding: str, end: str
) -> None:
    cells = ["Piekarnia Łoś", "Žofie Żak", "zofia@example.com"]
    text = end.join([delimiter.join(["name", "person", "email"]), delimiter.join(cells)]) + end
    found = load(put(tmp_path, text.encode(encoding)), "PL")
    assert not found.mistakes
    assert (found.all[0].name, found.all[0].person) == ("Piekarnia Łoś", "Žofie Żak")


def test_the_old_greek_encoding_is_told_from_the_polish_one(tmp_path: Path) -> None:
    text = "name;person\nΑρτοποιείο Ήλιος;Γιώργος Παπαδόπουλος\n"
    found = load(put(tmp_path, text.encode("cp1253")), "GR")
    assert found.all[0].person == "Γιώργος Παπαδόπουλος"


def test_each_bad_cell_is_named_with_its_place_and_costs_only_itself(tmp_path: Path) -> None:
    rows = f'{HEAD}\n"Two\nlines, and commas",,,,,,,,,,\nB,,,b@@example.com,12,,klingo,,maybe,pigeon,\n'
    found = load(put(tmp_path, rows), "PL")
    assert [(m.line, m.column) for m in found.mistakes] == [
        (2, 1),
        (4, 5),
        (4, 20),
        (4, 24),
        (4, 32),
        (4, 38),
    ]
    assert "one line of plain text" in found.mistakes[0].message
    assert found.mistakes[1].message.startswith('"b@@example.com" is no e-mail address')
    assert [c.name for c in found.all] == ["B"]
    assert found.all[0].email is None


def test_an_unknown_column_is_named_and_the_import_is_offered(tmp_path: Path) -> None:
    found = load(put(tmp_path, "name,Telefon kom.\nA,1\n"), "PL")
    (mistake,) = found.mistakes
    assert str(mistake) == 'contacts/clients.csv:1:6: there is no column "Telefon kom."'
    assert "bcp contact import" in mistake.hint


def test_a_quoted_cell_that_never_ends_is_named_with_its_place() -> None:
    with pytest.raises(SourceError) as caught:
        parse(b'name,email\nA,"b\n', "x.csv")
    assert str(caught.value.mistakes[0]) == "x.csv:2:3: this quoted cell never ends"


def test_a_file_that_cannot_be_brought_in_is_put_right_where_it_comes_from(tmp_path: Path) -> None:
    office = office_in(tmp_path / "office")
    with (tmp_path / "crm.csv").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    said = bcp(office, "contact", "import", str(tmp_path / "crm.csv"))
    assert said.returncode == 2 and "larger than 10 MB" in said.stderr
    assert "export one sheet only" in said.stderr and "save crm.csv anew where it comes from" in said.stderr
    assert "validate" not in said.stderr and "files of this office" not in said.stderr


def test_a_file_of_50_megabytes_is_refused_without_reading_it_whole(tmp_path: Path) -> None:
    put(tmp_path, b"")
    with (tmp_path / "contacts" / "clients.csv").open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    began = time.monotonic()
    found = load(tmp_path, "PL")
    assert "larger than 10 MB" in found.mistakes[0].message
    assert time.monotonic() - began < 2
    assert MOST_BYTES < 50 * 1024 * 1024


def test_gaps_and_doubles_are_remarked(tmp_path: Path) -> None:
    rows = "name,email,language\nA,a@example.com,pl\nB,A@example.com,pl\nC,,en\nD,d@example.com,\n"
    found = load(put(tmp_path, rows), "PL")
    assert not found.mistakes
    assert [m.message for m in found.remarks] == [
        "C cannot be reached at all",
        "D has no language",
        "B and A have one mailbox",
    ]


def test_the_same_contact_twice_is_a_mistake_that_names_the_first(tmp_path: Path) -> None:
    found = load(put(tmp_path, "name,email\nA,a@example.com\na,b@example.com\n"), "PL")
    assert found.mistakes[0].message == '"a" is the same contact as in contacts/clients.csv, line 2'
    assert len(found.all) == 1


@pytest.mark.parametrize("name", ["staff.csv", "staff.vcf"])
def test_a_contact_file_named_like_the_staff_is_refused(tmp_path: Path, name: str) -> None:
    put(tmp_path, "name,phone\nB,22 600 00 01\n")
    found = load(put(tmp_path, "name,phone\nA,22 600 00 02\n", name), "PL")
    assert [contact.name for contact in found.all] == ["B"]
    (mistake,) = found.mistakes
    assert (mistake.file, mistake.line) == (f"contacts/{name}", 1)
    assert "staff live in bcp.yaml: people" in mistake.hint


def test_a_header_cannot_be_injected_through_a_name(tmp_path: Path) -> None:
    found = load(put(tmp_path, 'name,email\n"A\r\nBcc: x@example.com",a@example.com\n'), "PL")
    assert not found.all
    assert "one line of plain text" in found.mistakes[0].message


def test_a_vcard_is_a_contact(tmp_path: Path) -> None:
    card = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jan Nov\r\n ák\r\nORG:Novák\\, s.r.o.;Sales\r\n"
        "TEL;TYPE=CELL:+420 601 000 001\r\nTEL;TYPE=FAX:+420 2 0000\r\nTEL;TYPE=WORK:+420 224 000 001\r\n"
        "item1.EMAIL;TYPE=INTERNET:jan@example.cz\r\nLANG:cs\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Zofia=20=C5=BBak=\n\nEND:VCARD\n"
    )
    found = load(put(tmp_path, card, "suppliers.vcf"), "CZ")
    assert not found.mistakes
    jan, zofia = found.all
    assert (jan.name, jan.person, jan.email) == ("Novák, s.r.o.", "Jan Novák", "jan@example.cz")
    assert (jan.mobile, jan.phone, jan.language) == ("+420601000001", "+420224000001", "cs")
    assert zofia.name == "Zofia Żak"


def test_a_vcard_that_never_ends_is_named(tmp_path: Path) -> None:
    found = load(put(tmp_path, "BEGIN:VCARD\nFN:A\n", "a.vcf"), "PL")
    assert str(found.mistakes[0]) == "contacts/a.vcf:1:1: this vCard never ends"


names = st.text(
    st.characters(blacklist_categories=("Cc", "Cf", "Cs", "Mn", "Zl", "Zp", "Zs", "Lo")),
    min_size=1,
    max_size=20,
)


@settings(max_examples=100)
@given(st.lists(st.tuples(names, names, st.booleans()), max_size=8, unique_by=lambda t: t[0].casefold()))
def test_what_is_exported_loads_to_the_very_same_contacts(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, bool]]
) -> None:
    import unicodedata

    made = [
        Contact(
            f"c{n}",
            unicodedata.normalize("NFC", a),
            unicodedata.normalize("NFC", b),
            "",
            f"a{n}@example.com",
            "+48226000001",
            None,
            "pl",
            ("x", "y"),
            flag,
            "sms",
            flag or asks(a) or asks(b),  # a name that says so counts, too
            "clients",
            n + 2,
        )
        for n, (a, b, flag) in enumerate(rows)
    ]
    folder = put(tmp_path_factory.mktemp("office"), bring.exported(made))
    assert list(load(folder, "PL").all) == made


@given(st.text(max_size=12))
def test_a_formula_is_made_harmless_and_comes_back(text: str) -> None:
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert as_written(harmless(text)) == text


def test_the_columns_of_a_foreign_spreadsheet_are_guessed_by_words_and_by_values() -> None:
    raw = "Nazwa;Osoba kontaktowa;Adres;Kontakt 1;Kontakt 2\nA;Jan;Długa 1;a@example.com;+48 22 600 00 01\n"
    table = parse(raw.encode("cp1250"), "crm.csv")
    found = guess(table)
    assert found == {
        "Nazwa": "name",
        "Osoba kontaktowa": "person",
        "Adres": None,
        "Kontakt 1": "email",
        "Kontakt 2": "phone",
    }
    assert brought(table, found).rows[0] == {
        "name": "A", "person": "Jan", "email": "a@example.com", "phone": "+48 22 600 00 01",
    }  # fmt: skip


def test_an_import_without_a_name_says_how_to_name_it() -> None:
    table = parse(b"X,Y\n1,2\n", "crm.csv")
    with pytest.raises(InputError, match="recognised as the name") as caught:
        brought(table, {"X": None, "Y": None})
    assert "--map HEADER=name" in caught.value.hint


def test_two_columns_cannot_both_be_the_name() -> None:
    table = parse(b"Firma,Nazwa\nA,B\n", "crm.csv")
    with pytest.raises(InputError, match='are to become "name"'):
        brought(table, guess(table) | {"Nazwa": "name"})


@pytest.mark.parametrize(
    ("raw", "is_empty"),
    [
        (b"", True),
        (b"name,person\n", True),
        (b"name\nA\n", False),
        (b"name\rA\r", False),
        (b"name\r\nA", False),
    ],
)
def test_a_file_of_headings_alone_holds_nobody_whichever_way_its_lines_end(
    tmp_path: Path, raw: bytes, is_empty: bool
) -> None:
    put(tmp_path, raw)
    assert bring.holds_nobody(tmp_path / "contacts" / "clients.csv") is is_empty


def test_the_headings_of_polish_offices_are_known_with_their_dots() -> None:
    heads = "Nazwa firmy;Telefon;Tel. kom.;Projekt w toku;Mój e-mail"
    found = guess(parse(f"{heads}\nA;22 600 00 01;600 100 200;tak;a@example.com\n".encode(), "crm.csv"))
    assert list(found.values()) == ["name", "phone", "mobile", "running_project", "email"]


def test_a_confirmation_ends_when_the_contact_changes_or_grows_old(tmp_path: Path) -> None:
    put(tmp_path, "")
    anna = Contact("anna", "Anna", email="anna@example.com")
    freshness.confirm(tmp_path, anna, date(2026, 11, 1), "ewa")
    known = freshness.load(tmp_path)
    assert freshness.stale([anna], known, date(2026, 11, 2)) == []
    moved = Contact("anna", "Anna", email="anna@example.org")
    assert freshness.stale([moved], known, date(2026, 11, 2)) == [(moved, "changed since 2026-11-01")]
    assert freshness.stale([anna], known, date(2027, 6, 1)) == [(anna, "last confirmed 2026-11-01")]


OFFICE = Office.model_validate(
    {
        "name": "Kropka",
        "country": "PL",
        "timezone": "Europe/Warsaw",
        "language": "pl",
        "people": [{"person": "ewa", "name": "Ewa Lis", "phone": "+48600000009", "email": "ewa@example.com"}],
        "roles": [{"role": "lead", "owner": "ewa"}],
    }
)


def test_an_audience_is_a_file_a_group_the_staff_or_those_who_were_told() -> None:
    a = Contact("a", "A", file="clients", groups=("vip",), running_project=True)
    b = Contact("b", "B", file="suppliers")

    def who(name: str) -> list[str]:
        return [c.id for c in audience.members(name, (a, b), OFFICE, lambda: {"b", "ewa"})]

    assert who("all") == ["a", "b"]
    assert who("clients") == who("vip") == who("running-project") == ["a"]
    assert who("staff") == ["ewa"]
    assert who("told") == ["b", "ewa"]
    with pytest.raises(InputError, match="nobody is in the audience") as caught:
        who("client")
    assert caught.value.hint == 'did you mean "clients"?'


def test_a_contact_is_found_by_a_part_of_its_name_and_never_guessed() -> None:
    a, b = Contact("kropka-anna", "Kropka", "Anna"), Contact("kropka-jan", "Kropka", "Jan")
    assert audience.one("jan", (a, b)) is b
    with pytest.raises(InputError, match="fits 2 contacts"):
        audience.one("krop", (a, b))
    with pytest.raises(InputError, match='no contact "Zorro"'):
        audience.one("Zorro", (a, b))


def test_five_thousand_contacts_load_in_good_time(tmp_path: Path) -> None:
    rows = "\n".join(
        f"Firma {n},Jan {n},,jan{n}@example.com,22 600 {n:04},600 00{n:04},pl,vip,yes,," for n in range(5000)
    )
    put(tmp_path, f"{HEAD}\n{rows}\n")
    began = time.process_time()
    found = load(tmp_path, "PL")
    assert len(found.all) == 5000 and not found.mistakes
    assert time.process_time() - began < 6


@pytest.mark.parametrize(
    ("said", "code"),
    [("polski", "pl"), ("Čeština", "cs"), ("Deutsch", "de"), ("angielski", "en"), ("ελληνικά", "el")],
)
def test_a_language_may_be_written_by_its_name(said: str, code: str) -> None:
    assert cell.language(said) == code


def test_reading_the_contacts_shows_how_far_it_is(tmp_path: Path) -> None:
    put(tmp_path, "name\n" + "\n".join(f"Firma {number}" for number in range(7)) + "\n")
    put(tmp_path, "name\nNetia\n", "suppliers.csv")
    shown = Watching()
    assert len(load(tmp_path, "PL", progress=shown).all) == 8
    assert shown.sizes == [("Reading the contacts", None)] and shown.tasks[0].count == 8


def test_a_cell_that_says_what_another_one_said_is_read_by_its_own_column(tmp_path: Path) -> None:
    rows = "name,person,salutation,language,groups\npl,pl,pl,pl,pl\npl2,pl,pl,pl,pl\n"
    first, second = load(put(tmp_path, rows), "PL").all
    assert (first.name, first.person, first.language, first.groups) == ("pl", "pl", "pl", ("pl",))
    assert (second.person, second.language, second.groups) == ("pl", "pl", ("pl",))
