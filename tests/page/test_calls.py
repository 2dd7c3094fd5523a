"""The call list on paper: everybody once, the sentence in each language, and nothing of a client kept elsewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bcp.contact.load import load as load_contacts
from bcp.notice.campaign.post import LetterContext, SendingRequest
from bcp.page.catalog import Wanted
from bcp.page.labels import Labels
from bcp.page.pdf import write
from tests.frozen import START
from tests.offices import bcp
from tests.page.paper import read, sample_office, shelf_of, squash
from tests.posts import office as post_office
from tests.posts import post_room
from tests.test_tell import RUNBOOK

CLIENTS = """\
name,person,email,phone,language,opted_out,running_project
Piekarnia,Halina Wrona,,+48 22 600 01 11,pl,no,no
Vinařství,Tomáš Novák,,+420 222 000 012,cs,no,yes
Praxis,Sabine Keller,,+49 30 23125015,de,no,no
Ελαιόλαδο,Ελένη Παπαδοπούλου,,+30 21 0000 0016,el,no,no
Kiosk,Jan Cichy,,+48 22 600 01 19,pl,yes,no
Silent Ltd,Grace Carter,grace@example.com,,en,no,no
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """The sample office with clients of our own."""
    made = sample_office(tmp_path / "office")
    (made / "contacts" / "clients.csv").write_text(CLIENTS, encoding="utf-8")
    return made


def set_pages(folder: Path, *arguments: str) -> str:
    """The text of what a command printed, without white space."""
    ran = bcp(folder, *arguments, "-o", "made.pdf")
    assert ran.returncode == 0, ran.stderr
    made = (folder / "made.pdf").read_bytes()
    return "".join(page.squashed for page in read(made, folder))


def rest(text: str) -> str:
    """The list without the heads of its pages."""
    return re.sub(r"SHA-256\w{12}", "", text)


def test_the_list_names_everybody_once_with_the_sentence_in_the_language_of_each(office: Path) -> None:
    text = set_pages(office, "print", "calls", "line-down", "clients", "--lang", "pl")
    for number in ("+48 22 600 01 11", "+420 222 000 012", "+49 30 23125015", "+30 21 0000 0016"):
        assert text.count(squash(number)) == 1
    for said in ("problem techniczny", "technické potíže", "technisches Problem", "εχνικό πρόβλημα"):
        assert text.count(squash(said)) == 1
    for label in ("Powiedz po czesku:", "Powiedz po grecku:", "Powiedz po niemiecku:", "projekt w toku"):
        assert squash(label) in text
    assert "JanCichy" not in text, "who does not want to be told is not called"
    assert squash("Bez numeru telefonu; trzeba powiadomić inaczej: Silent Ltd (Grace Carter)") in text


def test_what_nobody_knows_yet_is_a_line_to_fill_in(office: Path) -> None:
    text = set_pages(office, "print", "calls", "line-down")
    assert "styczn" not in text and "leden" not in text and "{{" not in text and "____" in text
    assert "+48600000110" in text, "the number that rings when the line is dead is known"


def test_a_client_stands_nowhere_but_in_the_contacts_and_on_the_paper(office: Path) -> None:
    assert bcp(office, "print", "calls", "-o", "calls.pdf").returncode == 0
    assert bcp(office, "print", "pack", "-o", "pack.pdf").returncode == 0
    kept = [path.read_text(encoding="utf-8") for path in (office / "prints").rglob("*") if path.is_file()]
    assert len(kept) > 10
    for text in kept:
        assert not re.search(r"Halina|Wrona|226000111|22 600 01 11|Piekarnia", text)


def test_an_edited_client_makes_the_list_and_the_pack_outdated_in_words(office: Path) -> None:
    bcp(office, "print", "calls", "-o", "calls.pdf")
    digits = next((office / "prints").glob("*.json")).stem
    assert bcp(office, "print", "copies", "add", digits, "reception", "drawer").returncode == 0
    assert bcp(office, "print", "verify", digits).returncode == 0
    path = office / "contacts" / "clients.csv"
    path.write_text(CLIENTS + "New,New,,+48 22 600 01 55,pl,no,no\n", encoding="utf-8")
    ran = bcp(office, "print", "verify", digits)
    assert ran.returncode == 8
    assert 'how many are called: "4" is now "5"' in ran.stdout
    assert "who is called, on which number, in which language: changed" in ran.stdout
    assert bcp(office, "print", "outdated").returncode == 8


def test_the_pack_holds_the_list_where_somebody_can_be_called(office: Path) -> None:
    shelf = shelf_of(office)
    assert "calls" in [wanted.kind for wanted in shelf.packed()]
    assert "Call list" in [document.title for document in shelf.pack(Labels("en"))]
    (office / "contacts" / "clients.csv").write_text("name,email\nFirma,a@example.com\n", encoding="utf-8")
    assert "calls" not in [wanted.kind for wanted in shelf_of(office).packed()]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nothing-said",), 'there is no notice "nothing-said"'),
        (("line-down", "clientz"), 'nobody is in the audience "clientz"'),
    ],
)
def test_a_list_of_what_there_is_not_is_refused(
    office: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    ran = bcp(office, "print", "calls", *arguments)
    assert ran.returncode == 2 and sentence.lower() in ran.stderr.lower()


def test_a_name_that_paper_cannot_show_gets_a_box_and_is_told_with_its_place(office: Path) -> None:
    path = office / "contacts" / "clients.csv"
    path.write_text(CLIENTS.replace("Praxis", "Praxis \N{UNICORN FACE}"), encoding="utf-8")
    ran = bcp(office, "print", "calls")
    assert ran.returncode == 0
    assert "contacts/clients.csv:4:1" in ran.stderr and "UNICORN FACE" in ran.stderr
    sheet = bcp(office, "print", "internet-outage")
    assert (sheet.returncode, "UNICORN" in sheet.stderr) == (0, False), "a sheet does not name clients"


@pytest.fixture
def sending(tmp_path: Path) -> Path:
    """An office in an outage whose letters wait; one client is told already."""
    place = post_office(tmp_path, None, CLIENTS.replace("Praxis", "Praxis \N{UNICORN FACE}"))
    (place / "runbooks").mkdir()
    (place / "runbooks" / "outage.yaml").write_text(RUNBOOK)
    config = (place / "bcp.yaml").read_text()
    config = config.replace("roles:", '  - {person: piotr, name: Piotr Lis, phone: "+48600000102"}\nroles:')
    (place / "bcp.yaml").write_text(config)
    assert bcp(place, "incident", "start", "outage", BCP_PERSON="anna").returncode == 9
    incident = json.loads(bcp(place, "incident", "list", "--json").stdout)[0]["id"]
    _freeze(place, incident)
    assert bcp(place, "notice", "called", "Piekarnia", "told", BCP_PERSON="anna").returncode == 0
    return place


def _freeze(place: Path, incident: str) -> None:
    post = post_room(place)
    post.freeze(
        post.prepare(LetterContext(incident, START, {}, "anna"), SendingRequest("line-down", "clients"))
    )


def test_the_calls_of_a_sending_are_split_among_the_staff_who_are_there(sending: Path) -> None:
    text = rest(set_pages(sending, "notice", "calls", "--staff", "anna,piotr", "--lang", "en"))
    assert squash("Anna Nowak – calls: 2") in text and squash("Piotr Lis – calls: 1") in text
    for number in ("+420 222 000 012", "+49 30 23125015", "+30 21 0000 0016"):
        assert text.count(squash(number)) == 1
    assert squash("+48 22 600 01 11") not in text, "who is told already is not called again"
    assert "Praxis□" in text, "in the middle of an outage a strange letter stops nothing"
    assert "Copyofincident" in text and "asof" in text
    assert squash("Call list: A technical problem at our office") in text and "{%" not in text
    annas, piotrs = text.split("PiotrLis")
    assert [annas.count("told"), piotrs.count("told")] == [2, 3], "a table each, and two ways to report it"
    names = [re.findall(r"\((\w+)\)", part) for part in (annas, piotrs)]
    assert [len(found) for found in names] == [2, 2] and "GraceCarter" in names[1]


def test_the_list_of_a_sending_is_text_and_html_as_well(sending: Path) -> None:
    assert bcp(sending, "notice", "calls", "-o", "calls.html").returncode == 0
    page = (sending / "calls.html").read_text(encoding="utf-8")
    assert "Vinařství" in page and "technické potíže" in page
    told = bcp(sending, "notice", "calls", "-o", "-").stdout
    assert "[ ] told  [ ] no answer  [ ] wrong number" in told and "\u200b" not in told


def test_every_contact_of_a_large_office_is_on_its_list_and_nothing_runs_off(tmp_path: Path) -> None:
    """Two hundred contacts, with a name of sixty letters among them."""
    office = sample_office(tmp_path)
    rows = [f"Firma {n} {'X' * 60 if n == 7 else ''},Jan {n},+48226{n:06}" for n in range(200)]
    text = "name,person,phone\n" + "\n".join(rows) + "\n"
    (office / "contacts" / "clients.csv").write_text(text, encoding="utf-8")
    assert len(load_contacts(office, "PL").all) >= 200
    shelf = shelf_of(office)
    words = Labels("el")
    made = write([shelf.document(Wanted("calls"), words)], words, "letter", "large")
    pages = read(made, tmp_path)
    whole = "".join(page.squashed for page in pages)
    assert [n for n in range(200) if f"(Jan{n})" not in whole] == []
    for page in pages:
        assert max(word.right for word in page.words) <= page.width - 35
        assert max(word.bottom for word in page.words) <= page.height - 14
        assert squash("Πείτε") in page.squashed or page is pages[-1], "the sentence stands on every page"
