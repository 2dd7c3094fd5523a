"""Cells as people fill them: wishes, marks that nobody sees, wrapped addresses, several entries in one cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from bcp.contact import taken, wish
from bcp.contact.load import load
from tests.test_contact import put

LEFT = (
    """
TRUE|PRAWDA|WAHR|PRAVDA|ΑΛΗΘΕΣ|ΑΛΗΘΗΣ|αληθής|ANO|TAK|JA|ΝΑΙ|yes|x|X|×|✓|✔|✔\ufe0f|☑|1|1,0|unsubscribed|Unsubscribed
opted_out|opt-out|wypisany|WYPISANA|odhlášen|Odhlášena|abgemeldet|abbestellt|διαγράφηκε|nie wysyłać|do not contact
wypisany 3.5.|01.05.2024 r.|\u200bTAK\u00a0|2024-05-01|1.5.2024|1. 5. 2024|01/05/2024
2024-05-01T10:00:11Z|2024-05-01 10:00
""".strip()
    .replace("\n", "|")
    .split("|")
)
STAYED = """
FALSE|FAŁSZ|Fałsz|FALSCH|NEPRAVDA|ΨΕΥΔΕΣ|ψευδής|NIE|NE|NEIN|ΟΧΙ|όχι|no|0|0,0|-|–|—|☐|\u200b
""".strip().split("|")
UNREAD = [
    "not unsubscribed",
    "nie wypisany",
    "neodhlášen",
    "maybe",
    "?",
    "45413",
    "za rok",
    "☒",
    "ja nein",
    "żółty",
    "32.13.20245",
    "nie wiem",
]


def test_a_wish_is_read_as_the_spreadsheets_and_people_of_five_languages_write_it(tmp_path: Path) -> None:
    cells = [*LEFT, *STAYED, *UNREAD]
    rows = "".join(f"F{n};f{n}@example.com;pl;{cell}\n" for n, cell in enumerate(cells))
    found = load(put(tmp_path, f"name;email;language;opted_out\n{rows}"), "PL")
    read = {cells[int(one.name[1:])]: (one.opted_out, bool(one.unread_wish)) for one in found.all}
    assert {cell: read[cell] for cell in LEFT} == dict.fromkeys(LEFT, (True, False))
    assert {cell: read[cell] for cell in STAYED} == dict.fromkeys(STAYED, (False, False))
    assert {cell: read[cell] for cell in UNREAD} == dict.fromkeys(UNREAD, (True, True))
    assert len(found.mistakes) == len(UNREAD)
    assert (
        found.all[-1].unread_wish
        == f'"nie wiem", contacts/clients.csv:{len(cells) + 1}:{len("F99;f99@example.com;pl;") + 1}'
    )


def test_what_may_leave_somebody_out_is_read_as_the_safe_value(tmp_path: Path) -> None:
    head = "name,email,language,groups,running_project\n"
    rows = "A,a@example.com,pl,,maybe\nB,b@example.com,pl,vip;Unsubscribed,\n"
    found = load(put(tmp_path, head + rows), "PL")
    a, b = found.all
    assert (a.running_project, b.opted_out) == (True, True)
    assert "counts as one with a running project" in found.mistakes[0].hint
    assert 'the group "unsubscribed"' in found.changed[0].message


def test_a_mailbox_that_somebody_does_not_want_letters_at_is_remarked_where_another_has_it_too(
    tmp_path: Path,
) -> None:
    rows = "name,email,language,opted_out\nA,a@example.com,pl,yes\nB,a@example.com,pl,\n"
    found = load(put(tmp_path, rows), "PL")
    assert [(one.message, "A opted out, yet" in one.hint) for one in found.remarks] == [
        ("A and B have one mailbox", True)
    ]


TAKEN = {
    "\u200ba@example.com": ("a@example.com", False),
    "a@exam\u00adple.com\u00a0": ("a@example.com", False),
    "mailto:a@example.com?subject=x": ("a@example.com", True),
    "Anna <a@example.com>": ("a@example.com", True),
    '"Nowak, Anna" <a@example.com>': ("a@example.com", True),
    "a@example.com.": ("a@example.com", True),
    "a@example.com,": ("a@example.com", True),
    "<a@example.com>": ("a@example.com", True),
    "[a@example.com](mailto:a@example.com)": ("a@example.com", True),
    "E-mail: a@example.com": ("a@example.com", True),
    "a@example.com (praca)": ("a@example.com", True),
    "a@example.com; b@example.com": ("a@example.com", True),
    "a@example.com / b@example.com": ("a@example.com", True),
    "a@example.com/b@example.com": ("a@example.com", True),
    "a@example.com b@example.com": ("a@example.com", True),
    "a@example.com\nb@example.com": ("a@example.com", True),
    "a@example.com oder b@example.com": ("a@example.com", True),
    "a@@example.com; b@example.com": ("b@example.com", True),
    "a/b@example.com": ("a/b@example.com", False),
    "“a@example.com”": ("a@example.com", True),
    "mailto:%61@example.com": ("a@example.com", True),
    "ａ＠example.com": ("a@example.com", False),
    "a(at)example.com": None,
    "a@example.co m": None,
    "anna nowak@example.com": None,
    "anna nowak@example.com jan@example.com": None,
    "a@example,com": None,
}


@pytest.mark.parametrize("text", TAKEN)
def test_the_first_address_is_taken_where_it_is_surely_one_and_what_stood_there_is_told(text: str) -> None:
    if TAKEN[text] is None:
        with pytest.raises(ValueError):
            taken.email(text)
    else:
        found = taken.email(text)
        assert (found.value, bool(found.left)) == TAKEN[text]


NUMBERS = {
    "22 600 01 11": ("+48226000111", False),
    "\u202a+48226000111\u202c": ("+48226000111", False),
    "22\u00a0600\u200901\u202f11": ("+48226000111", False),
    "２２ ６００ ０１ １１": ("+48226000111", False),
    "＋48 22 600 01 11": ("+48226000111", False),
    "+48 (0)22 600 01 11": ("+48226000111", False),
    "0048 (0) 22 600 01 11": ("+48226000111", False),
    "+48 022 600 01 11": ("+48226000111", False),
    "022 600 01 11": ("+48226000111", False),
    "+39 (0)6 1234567": ("+39061234567", False),
    "0048226000111": ("+48226000111", False),
    "48226000111": ("+48226000111", False),
    "48226000111,00": ("+48226000111", False),
    "48226000111.0": ("+48226000111", False),
    "tel:+48226000111": ("+48226000111", True),
    "tel:+48-22-600-01-11;ext=5": ("+48226000111", True),
    "tel. 22 600 01 11": ("+48226000111", True),
    "22 600 01 11 ext 12": ("+48226000111", True),
    "22 600 01 11 wew. 12": ("+48226000111", True),
    "22 600 01 11, wew 12": ("+48226000111", True),
    "22 600 01 11 linka 12": ("+48226000111", True),
    "22 600 01 11 DW 12": ("+48226000111", True),
    "22 600 01 11 εσωτ. 12": ("+48226000111", True),
    "22 600 01 11 x12": ("+48226000111", True),
    "22 600 01 11 #12": ("+48226000111", True),
    "22 600 01 11 Jana": ("+48226000111", True),
    "Jana: 22 600 01 11": ("+48226000111", True),
    "22 600 01 11 (biuro)": ("+48226000111", True),
    "22 600 01 11, 22 600 01 12": ("+48226000111", True),
    "22 600 01 11 / 22 600 01 12": ("+48226000111", True),
    "22 600 01 11\n22 600 01 12": ("+48226000111", True),
    "226000111/12": ("+48226000111", True),
    "22 600 01 11 lub 600 100 200": ("+48226000111", True),
    "+48 226000111 ::: +48 600100200": ("+48226000111", True),
    "fax 22 600 01 12, 22 600 01 11": ("+48226000111", True),
    "p. Jana 22 600 01 11": ("+48226000111", True),
    "tel./fax 22 600 01 11": ("+48226000111", True),
    "22 600 01 11 (8-16)": ("+48226000111", True),
    "2024-05-01": None,
    "4.86E+10": None,
    "4,86226E+10": None,
    "600 100 KOT": None,
    "22 600 01 1O": None,
    "22 600 01 11 22 600 01 12": None,
    "fax 22 600 01 12": None,
    "brak": None,
}


@pytest.mark.parametrize("text", NUMBERS)
def test_the_first_number_is_taken_where_it_is_surely_one_and_what_stood_there_is_told(text: str) -> None:
    if NUMBERS[text] is None:
        with pytest.raises(ValueError):
            taken.phone(text, "PL")
    else:
        found = taken.phone(text, "PL")
        assert (found.value, bool(found.left)) == NUMBERS[text]


def test_what_nobody_sees_is_no_part_of_a_name_and_what_was_left_out_is_told(tmp_path: Path) -> None:
    head = "name,email,mobile,language,groups\n"
    name = '"Krop\u200bka\nsp.\u00a0z\u00a0o.o.\t"'
    rows = f'{head}{name},a@example.com,"600 100 200, 600 100 201",PL\u200e,\u200bvip\n'
    found = load(put(tmp_path, rows), "PL")
    (one,) = found.all
    assert (one.name, one.mobile, one.language, one.groups) == (
        "Kropka sp. z o.o.",
        "+48600100200",
        "pl",
        ("vip",),
    )
    assert not found.mistakes
    assert [note.message for note in found.changed] == [
        "characters that nobody sees were left out of this cell: 1, the line break in this cell was read as a blank",
        '+48600100200 was read from "600 100 200, 600 100 201"',
        "characters that nobody sees were left out of this cell: 1",
        "characters that nobody sees were left out of this cell: 1",
    ]


@pytest.mark.parametrize(
    ("header", "cells", "means"),
    [
        ("zgoda", "tak nie", "consent"),
        ("Zgoda na mailing", "tak", "consent"),
        ("Souhlas", "ano ne", "consent"),
        ("Einwilligung", "Ja", "consent"),
        ("Συγκατάθεση", "ΝΑΙ", "consent"),
        ("newsletter ok", "x", "consent"),
        ("Einverstanden", "ja nein", "consent"),
        ("OK to email", "yes no", "consent"),
        ("Bitte nicht mailen", "x", "opted_out"),
        ("Newsletter", "monthly weekly", None),
        ("consent", "", None),
        ("Zgoda cofnięta", "2024-05-01", "opted_out"),
        ("brak zgody", "x", "opted_out"),
        ("Wypis z KRS", "tak", None),
        ("not unsubscribed", "x", "consent"),
        ("Nesouhlas", "ano", "opted_out"),
        ("Kein Newsletter", "x", "opted_out"),
        ("Nie wysyłać", "x", "opted_out"),
        ("Unsubscribed", "yes", "opted_out"),
        ("do_not_email", "1", "opted_out"),
        ("Status", "subscribed unsubscribed", "consent"),
        ("Status", "active pending", None),
        ("Uwagi", "tak", None),
    ],
)
def test_a_header_says_whether_a_yes_means_letters_or_none(
    header: str, cells: str, means: str | None
) -> None:
    assert wish.sense(header, cells.split()) == means


@pytest.mark.parametrize(
    ("group", "is_out"),
    [
        ("unsubscribed", True),
        ("wypisani", True),
        ("nie wysyłać", True),
        ("wypisane faktury", False),
        ("vip", False),
    ],
)
def test_a_group_is_a_wish_only_where_its_whole_name_says_so(group: str, is_out: bool) -> None:
    assert wish.leaves(group) is is_out


def test_a_contact_file_is_read_in_whichever_letters_its_ending_is_written(tmp_path: Path) -> None:
    put(tmp_path, "name,email,language\nA,a@example.com,pl\n", "CLIENTS.CSV")
    put(tmp_path, "BEGIN:VCARD\nFN:B\nEND:VCARD\n", "phone.VCF")
    assert [(one.name, one.file) for one in load(tmp_path, "PL").all] == [("A", "CLIENTS"), ("B", "phone")]


@pytest.mark.parametrize(
    ("header", "hint"),
    [
        ("zgoda", "who agrees is the opposite of opted_out"),
        ("unsubscribed", "is called opted_out"),
        ("emial", "email"),
    ],
)
def test_a_column_of_wishes_under_another_name_says_what_it_should_be_called(
    tmp_path: Path, header: str, hint: str
) -> None:
    (mistake,) = load(put(tmp_path, f"name,{header}\nA,tak\n"), "PL").mistakes
    assert hint in mistake.hint
