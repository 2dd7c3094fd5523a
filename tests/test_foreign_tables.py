"""Tables as offices' programs export them: Outlook, Google, titles above, names apart; nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from bcp.contact import wish
from bcp.contact.foreign import Brought, brought, examples
from bcp.contact.headers import guess, is_heading
from bcp.contact.load import load
from bcp.errors import SourceError
from bcp.table import Table, parse
from tests.offices import bcp, office_in
from tests.test_contact import put


def table_of(text: str) -> Table:
    return parse(text.encode(), "crm.csv", is_heading=is_heading)


def brought_of(text: str) -> Brought:
    table = table_of(text)
    return brought(table, guess(table))


def said(found: Brought) -> list[tuple[int, str]]:
    return [(note.line, note.message) for note in found.notes]


HALINA = {"name": "Halina Wrona", "person": "Halina Wrona", "email": "h@example.com"}


@pytest.mark.parametrize(
    "text",
    [
        "Imię;Nazwisko;Firma;E-mail\nHalina;Wrona;;h@example.com\n",
        "Vorname;Name;E-Mail\nHalina;Wrona;h@example.com\n",
        "Nachname;Vorname;Firma;E-Mail-Adresse\nWrona;Halina;;h@example.com\n",
        "Jméno;Příjmení;E-mail\nHalina;Wrona;h@example.com\n",
        "Όνομα;Επώνυμο;Διεύθυνση ηλεκτρονικού ταχυδρομείου\nHalina;Wrona;h@example.com\n",
        "Name,Surname,Mail\nHalina,Wrona,h@example.com\n",
        "Nazwisko i imię\tE-mail (praca)\nWrona Halina\th@example.com\n",
        "Osoba kontaktowa,Adres e-mail,,\nHalina Wrona,h@example.com,,\n",
        'sep=|\n"Imię i nazwisko"|"E-mail"\n"Halina Wrona"|"h@example.com"\n',
        "Lista klientów 2026;;;\n;;;\nImię i nazwisko;E-mail;Telefon;Uwagi\nHalina Wrona;h@example.com;;\n",
        "Klienci, stan na maj\nFirma;Kontakt;Mail\n;Halina Wrona;h@example.com\n",
        'Kontakt,Mail\n"Halina\r\nWrona",h@example.com\n',
        "First Name,Middle Name,Last Name,Title,Suffix,E-mail Address,E-mail 2 Address,Company,Job Title\n"
        "Halina,,Wrona,,,h@example.com,,,Owner\n",
    ],
)
def test_a_person_is_read_from_whatever_columns_hold_her(text: str) -> None:
    assert brought_of(text).rows == [HALINA]


def test_the_contacts_of_google_come_with_their_mobiles_and_groups() -> None:
    head = "First Name,Last Name,Name Prefix,Organization Name,Labels,E-mail 1 - Label,E-mail 1 - Value,"
    found = brought_of(
        head + "E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value\n"
        "Halina,Wrona,Pani,Piekarnia,Klienci ::: * myContacts,* Work,h@example.com,h2@example.com,"
        "Mobile,+48 600 100 200 ::: +48 600 100 201,Work,+48 22 600 01 13\n"
    )
    assert found.rows == [
        {
            "name": "Piekarnia", "person": "Halina Wrona", "salutation": "Pani", "groups": "Klienci",
            "email": "h@example.com", "mobile": "+48 600 100 200 ::: +48 600 100 201", "phone": "+48 22 600 01 13",
        }
    ]  # fmt: skip
    assert said(found) == [
        (2, '"h2@example.com" (E-mail 2 - Value) was left out: there is "h@example.com" already')
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("name;email;mobile\nKropka; s.r.o.;a@example.com;600100200\n", 2, "more cells than there are columns"),
        ("name,email,phone,\nKropka, s.r.o.,a@example.com,600100200\n", 2, "other columns than their own"),
        ("name,email,phone\nKropka, s.r.o.,a@example.com\n", 2, "other columns than their own"),
        ("name;email;phone\nA;a@example.com;1\nKropka\ns.r.o.;b@example.com;600100200\n", 3, "broken by a line break"),
        ("name;street;email\nKropka;Długa\n5;b@example.com\n", 2, "broken by a line break"),
        ('name,email\nA,a@example.com\n"B,b@example.com\nC,c@example.com"\n', 3, "hold 2 lines"),
        ('name,email\n"Kropka" s.c.,b@example.com\n', 2, "closing"),
        ("Kropka;a@example.com;600100200\nAlfa;b@example.com;600100201\n", 1, "where the names of the columns belong"),
    ],
)  # fmt: skip
def test_a_row_whose_cells_may_belong_elsewhere_is_refused_with_its_line(
    text: str, line: int, words: str
) -> None:
    with pytest.raises(SourceError) as refused:
        brought_of(text)
    assert [(each.line, words in each.message) for each in refused.value.mistakes] == [(line, True)]


def test_what_is_no_contact_and_what_is_lacking_is_named_with_its_line() -> None:
    found = brought_of(
        "Eksport z programu\nNazwa;E-mail;E-mail 2;Telefon\nA;;a2@example.com;4,86E+10\nNazwa;E-mail;E-mail 2;Telefon\n"
        ";b@example.com;;\nRazem: 2\n;;;\n"
    )
    assert found.rows == [
        {"name": "A", "email": "a2@example.com", "phone": "4,86E+10"},
        {"name": "b@example.com", "email": "b@example.com"},
        {"name": "Razem: 2"},
    ]
    assert said(found) == [
        (1, 'this row above the names of the columns was left out: "Eksport z programu"'),
        (3, 'the spreadsheet has shortened the number "4,86E+10": nobody can tell which one it was'),
        (4, "this row repeats the names of the columns"),
        (5, "this row has no name: it is called b@example.com"),
        (6, '"Razem: 2" has no address and no number'),
    ]


@pytest.mark.parametrize(
    ("head", "cell"),
    [("NIP", "5252344078"), (".", "x"), ("Data", "2024-05-01"), ("Od", "01.05.2024"), ("Lp.", "12345678")],
)  # fmt: skip
def test_a_number_of_something_else_is_no_telephone(head: str, cell: str) -> None:
    assert guess(table_of(f"Firma;{head}\nA;{cell}\n"))[head] is None


def test_a_title_is_how_somebody_is_addressed_only_where_such_words_stand_below_it() -> None:
    assert guess(table_of("Name,Title\nA,Dr.\nB,Ms\n"))["Title"] == "salutation"
    assert guess(table_of("Name,Title\nA,CEO\nB,Owner\n"))["Title"] is None


def test_names_with_letters_outside_ascii_are_shown_first() -> None:
    table = table_of("Imię;Nazwisko;Firma\nAda;Lis;\nBen;Kos;\nJan;Łoś;\nEwa;Mak;Żuk\n")
    assert examples(table, guess(table)) == ["Jan Łoś", "Żuk (Ewa Mak)", "Ada Lis"]


def test_where_letters_can_be_read_in_two_ways_the_choice_is_an_option(tmp_path: Path) -> None:
    office = office_in(tmp_path / "office")
    (tmp_path / "crm.csv").write_bytes("Firma;Mail\r\nCafé Señor;a@example.com\r\n".encode("cp1252"))
    order = ("contact", "import", str(tmp_path / "crm.csv"), "--into", "crm", "--map", "Firma=name")
    refused = bcp(office, *order)
    assert refused.returncode == 9
    assert "--encoding cp1250 (Café Seńor)" in refused.stderr
    assert "--encoding cp1252 (Café Señor)" in refused.stderr
    unknown = bcp(office, *order, "--encoding", "klingon")
    assert unknown.returncode == 2 and 'no encoding "klingon"' in unknown.stderr
    taken = bcp(office, *order, "--encoding", "windows-1252")
    assert taken.returncode == 0, taken.stderr
    assert "Café Señor" in (office / "contacts" / "crm.csv").read_text("utf-8-sig")


def test_a_foreign_row_that_cannot_be_told_apart_stops_the_import_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    office = office_in(tmp_path / "office")
    (tmp_path / "crm.csv").write_text("name;email\nKropka; s.r.o.;a@example.com\n")
    refused = bcp(
        office, "contact", "import", str(tmp_path / "crm.csv"), "--into", "crm", "--map", "name=name"
    )
    assert refused.returncode == 2 and "crm.csv:2:16" in refused.stderr
    assert "Nothing was brought in" in refused.stderr and "validate" not in refused.stderr
    assert not (office / "contacts" / "crm.csv").exists()


def test_a_contact_file_is_read_below_a_title_and_a_doubt_about_its_letters_is_remarked(
    tmp_path: Path,
) -> None:
    text = "sep=;\r\nKlienci 2026;\r\nname;email\r\nCafé Señor;a@example.com\r\n"
    found = load(put(tmp_path, text.encode("cp1252")), "PL")
    assert not found.mistakes
    assert [(each.name, each.line) for each in found.all] == [("Café Seńor", 4)]
    doubt = found.remarks[0]
    assert (doubt.line, doubt.hint) == (4, 'save the file again with the encoding "UTF-8"')
    assert '"Café Seńor;' in doubt.message and '"Café Señor;' in doubt.message
    assert load(put(tmp_path, text.encode("cp1252")), "ES").all[0].name == "Café Señor"


def test_the_office_and_its_contacts_say_which_letters_are_likely(tmp_path: Path) -> None:
    office = office_in(tmp_path / "office")
    raw = "name;email\r\nΟΤΕ;a@example.com\r\n".encode("cp1253")
    (tmp_path / "crm.csv").write_bytes(raw)
    order = ("contact", "import", str(tmp_path / "crm.csv"), "--into", "crm", "--map", "name=name")
    assert bcp(office, *order).returncode == 9
    put(office, "name,email,language\nA,a@example.com,el\n", "greek.csv")
    assert bcp(office, *order).returncode == 0
    assert "ΟΤΕ" in (office / "contacts" / "crm.csv").read_text("utf-8-sig")


def test_blank_cells_behind_the_last_column_are_no_cells() -> None:
    assert brought_of("Osoba;E-mail\nHalina Wrona;h@example.com;;;\n").rows == [HALINA]


def test_a_whole_name_beside_its_parts_is_not_joined_to_them() -> None:
    head = "Name,Given Name,Family Name,E-mail 1 - Value,Organization 1 - Name\n"
    text = head + "Halina Wrona,Halina,Wrona,h@example.com,\n"
    assert brought_of(text).rows == [HALINA]


def test_a_wish_that_stands_where_nobody_looks_for_it_is_no_consent(tmp_path: Path) -> None:
    """In a remark, a status, a list of the barred, or before a name."""
    office = office_in(tmp_path / "office")
    file = tmp_path / "crm.csv"
    file.write_text(
        "Nazwa;E-mail;Status;Uwagi;Blacklist\n"
        "A;a@example.com;subscribed;nie wysłano faktury;0\nB;b@example.com;unsubscribed;;0\n"
        "C;c@example.com;bounced;proszę nie pisać!;0\nD;d@example.com;;;1\nNIE KONTAKTOWAĆ - E;e@example.com;;;0\n"
    )
    given = bcp(office, "contact", "import", str(file), "--yes")
    assert (
        '"proszę nie pisać!" (Uwagi) was read as: this contact gets no notices' in given.stdout + given.stderr
    )
    assert [one.name for one in load(office, "PL").all if not one.opted_out] == ["A"]
    (office / "contacts" / "clients.csv").unlink()
    bcp(office, "contact", "import", str(file), "--yes", "--map", "Uwagi=", "--map", "Status=")
    assert [one.name for one in load(office, "PL").all if not one.opted_out] == ["A", "B", "C"]


def test_a_word_that_only_ends_like_a_no_is_no_wish() -> None:
    for header in ("Powiadomienie mailem", "Ostatnie wysłanie", "Block A"):
        assert wish.sense(header, ["TAK", "2026-01-01"]) is None
    for remark in ("wyłącznie mailować", "Casino Mail Ltd", "nie wysyłać faktur pocztą", "nicht abgemeldet"):
        assert not wish.asks(remark)


def test_a_remark_with_a_wish_hides_no_row_that_its_quote_has_swallowed(tmp_path: Path) -> None:
    office = office_in(tmp_path / "office")
    file = tmp_path / "crm.csv"
    head = "Nazwa;E-mail;Uwagi\nA;a@example.com;nie pisać\n"
    file.write_text(f'{head}B;b@example.com;"dzwonić\nC;c@example.com;\nD;d@example.com;x"\n')
    assert bcp(office, "contact", "import", str(file), "--yes").returncode == 2
    file.write_text(f'{head}B;b@example.com;"dzwonić,\nnie pisać"\nC;c@example.com;"od rana\ndo nocy"\n')
    assert bcp(office, "contact", "import", str(file), "--yes").returncode == 0
    assert [one.name for one in load(office, "PL").all if not one.opted_out] == ["C"]


def test_letters_that_a_name_has_lost_are_told(tmp_path: Path) -> None:
    text = "name,person,email\nZak?ad A,\ufffdukasz Nowak,a@example.com\nB,Co? Nic,b@example.com\n#ARG!,,c@x.pl\n"
    told = [one for one in load(put(tmp_path, text), "PL").changed if "letters" in one.message]
    assert [(one.line, one.message.partition(":")[0]) for one in told] == [
        (line, "letters of this cell were lost where it was saved") for line in (2, 2, 4)
    ]
