"""vCards as phones, address books and mail programs write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bcp.contact.load import load
from bcp.contact.model import Contact
from tests.test_contact import put


def cards(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(["BEGIN:VCARD", *lines, "END:VCARD", ""]).encode(encoding)


def only(place: Path, raw: bytes, country: str = "PL") -> Contact:
    found = load(put(place, raw, "clients.vcf"), country)
    assert not found.mistakes
    (one,) = found.all
    return one


FOURTH = (
    "VERSION:4.0",
    "FN:Ελένη Ιωάννου",
    "EMAIL;PREF=2:old@example.com",
    "EMAIL;PREF=1:new@example.com",
    'TEL;VALUE=uri;TYPE="voice,cell";PREF=1:tel:+30-691-000-0001;ext=5',
    "TEL;VALUE=uri;TYPE=home:tel:+30-210-600-0001",
    "LANG;PREF=1:el",
    "CATEGORIES:klienci,vip",
    "CATEGORIES:staff",
)


@pytest.mark.parametrize(
    "lines",
    [
        ("EMAIL:old@example.com", "EMAIL;TYPE=pref:new@example.com"),
        ("item1.EMAIL;type=INTERNET:old@example.com", "item2.EMAIL;type=INTERNET;type=pref:new@example.com"),
        ("EMAIL;INTERNET:old@example.com", "EMAIL;INTERNET;PREF:new@example.com"),
        ("EMAIL;PREF=50:old@example.com", "EMAIL:oldest@example.com", "EMAIL;PREF=1:new@example.com"),
        ("EMAIL:old@example.com", 'EMAIL;TYPE="work,pref":new@example.com'),
    ],
)
def test_of_several_addresses_the_preferred_one_is_taken_and_the_others_are_told(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    found = load(put(tmp_path, cards("FN:Anna Nowak", *lines, "LANG:pl"), "clients.vcf"), "PL")
    assert found.all[0].email == "new@example.com"
    assert "old@example.com" in found.changed[0].message and found.changed[0].line > 2


def test_a_card_of_the_fourth_version_is_read_whole(tmp_path: Path) -> None:
    one = only(tmp_path, cards(*FOURTH), "GR")
    assert (one.email, one.mobile, one.phone) == ("new@example.com", "+306910000001", "+302106000001")
    assert (one.person, one.language, one.groups) == ("Ελένη Ιωάννου", "el", ("klienci", "vip", "staff"))


@pytest.mark.parametrize(
    ("lines", "name", "person"),
    [
        (("N:Novák;Jan;;;",), "Jan Novák", "Jan Novák"),
        (("FN:", "N:Wrona;Halina;Maria;Pani;"), "Halina Maria Wrona", "Halina Maria Wrona"),
        (("N:Novák\\nx;Jan",), "Jan Novák x", "Jan Novák x"),
        (("ORG:Kropka\\; s.r.o.;Dział;Biuro", "FN:Jan"), "Kropka; s.r.o.", "Jan"),
        (("ORG:Kropka\\ns.r.o.;Dział", "FN:Jan"), "Kropka s.r.o.", "Jan"),
        (("ORG;ENCODING=QUOTED-PRINTABLE:=4E=6F=0D=0A=78", "FN:Jan"), "No x", "Jan"),
        (("ORG:;Dział", "FN:Jan"), "Dział", "Jan"),
        (("ORG:Kropka", "FN:Kropka", "KIND:org"), "Kropka", ""),
        (("FN:Kropka", "KIND:org"), "Kropka", ""),
        (("FN;CHARSET=UTF-8:=C5=BB=C3=B3=C5=82w",), "Żółw", "Żółw"),
        (("FN;QUOTED-PRINTABLE:=C5=BB=C3=B3=", "=C5=82w"), "Żółw", "Żółw"),
        (("FN:=C5=BB=C3=B3=", "=C5=82w"), "Żółw", "Żółw"),
        (("FN;CHARSET=ISO-8859-2;ENCODING=QUOTED-PRINTABLE:=AF=F3=B3w",), "Żółw", "Żółw"),
        (("FN;CHARSET=windows-1250;ENCODING=QUOTED-PRINTABLE:=AF=F3=B3w",), "Żółw", "Żółw"),
        (("FN;CHARSET=nonsense;ENCODING=QUOTED-PRINTABLE:=C5=BB=C3=B3=C5=82w",), "Żółw", "Żółw"),
        (("FN;ENCODING=b:xbvDs8WCdw==",), "Żółw", "Żółw"),
        (('FN;X-A="a:b;c":Jan',), "Jan", "Jan"),
        (("FN:1=1",), "1=1", "1=1"),
        (("N:;;;;", "FN:"), "a@example.com", ""),
        (("FN:Boss", "AGENT:", "BEGIN:VCARD", "FN:Help", "EMAIL:h@example.com", "END:VCARD"), "Boss", "Boss"),
        (("PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRg=", "", "FN:Jan"), "Jan", "Jan"),
        (("PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSk", " ABAQ==", "FN:Jan"), "Jan", "Jan"),
    ],
)
def test_a_name_is_read_in_each_form_that_a_card_writes_it(
    tmp_path: Path, lines: tuple[str, ...], name: str, person: str
) -> None:
    one = only(tmp_path, cards(*lines, "LANG:pl", "EMAIL:a@example.com"))
    assert (one.name, one.person, one.email) == (name, person, "a@example.com")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250"])
def test_the_bytes_of_a_card_may_be_in_any_encoding_that_it_or_its_file_says(
    tmp_path: Path, encoding: str
) -> None:
    charset = ";CHARSET=windows-1250" if encoding == "cp1250" else ""
    raw = cards(f"FN{charset}:Żółw Sp. z o.o.", "EMAIL:a@example.com", encoding=encoding)
    assert only(tmp_path, raw).name == "Żółw Sp. z o.o."


def test_a_group_is_no_contact_and_is_told(tmp_path: Path) -> None:
    group = cards("FN:Klienci", "X-ADDRESSBOOKSERVER-KIND:group", "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1")
    other = cards("VERSION:4.0", "KIND:group", "FN:Biuro", "MEMBER:urn:uuid:2")
    found = load(put(tmp_path, group + other + cards("FN:Jan", "EMAIL:j@example.com"), "a.vcf"), "PL")
    assert [one.name for one in found.all] == ["Jan"] and not found.mistakes
    assert [note.message for note in found.changed] == [
        'the card "Klienci" is a group and no contact: it is left out',
        'the card "Biuro" is a group and no contact: it is left out',
    ]


def test_a_number_that_is_a_mobile_phone_by_its_plan_is_one_although_the_card_does_not_say_so(
    tmp_path: Path,
) -> None:
    one = only(
        tmp_path, cards("FN:Jan", "TEL;TYPE=work:+48226000111", "TEL;TYPE=home:+48600100209", "TEL;FAX:22")
    )
    assert (one.phone, one.mobile) == ("+48226000111", "+48600100209")


@pytest.mark.parametrize(
    "line", ["CATEGORIES:klienci,unsubscribed", "X-OPTED-OUT:tak", "X-OPT-OUT:perhaps", "NOTE:nie pisać"]
)
def test_a_wish_not_to_be_written_to_is_read_in_a_card_too(tmp_path: Path, line: str) -> None:
    found = load(put(tmp_path, cards("FN:Jan", "EMAIL:j@example.com", line), "a.vcf"), "PL")
    assert found.all[0].opted_out
