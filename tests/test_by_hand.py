"""Clients who are told by hand: codes, links, the page for a phone, letters as files, and what is reported of them."""

from __future__ import annotations

import json
import stat
import sys
from html import unescape
from pathlib import Path
from re import findall
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from bcp.app.notice.by_hand import ReadyLetters
from bcp.cli.notice.by_hand import show_ready
from bcp.contact.model import Contact
from bcp.errors import InputError
from bcp.notice.campaign.codes import CallTick, as_code, codes, ticks
from bcp.notice.campaign.letters import IncidentLetters
from bcp.notice.campaign.links import LONGEST, links
from bcp.notice.campaign.post import LetterContext
from bcp.notice.text.merge import LetterText
from bcp.page.kept_runs import KeptRuns
from tests.offices import STREAM, Stage, bcp, office_in, runbook
from tests.page.paper import read, squash
from tests.posts import office as with_letters
from tests.posts import order, post_room, real_world

PHASES = "  - phase: A\n    steps:\n      - {step: look, title: Look, by_hand: Do., manual: {}}\n"
HEAD = "name,person,email,phone,mobile,language,preferred_channel,opted_out\n"
ROWS = f"""{HEAD}\
Piekarnia Kłos,Halina Wrona,halina@example.com,+48 22 600 01 11,+48 600 000 211,pl,,no
Praxis,Sabine Keller,s@example.com,+49 30 23125015,+49 1512 3456789,de,whatsapp,no
Ελαιόλαδο,Ελένη Παπαδοπούλου,e@example.com,+30 21 0000 0016,+30 6912345678,el,viber,no
Kiosk,Jan Cichy,jan@example.com,+48 22 600 01 19,,pl,,yes
Silent Ltd,Grace Carter,grace+x@example.com,,,en,,no
"""
TEXT = LetterText(
    "pl", "Łącze & telefon?", 'Dzień dobry,\n\n100% pewne: "a+b" #1', sms="Tel. +48 600 & więcej?"
)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office in an outage, without a channels.yaml, and some who read no mail."""
    place = with_letters(office_in(tmp_path, outage=runbook(PHASES)), None, ROWS)
    Stage(place)
    return place


def sent(place: Path, notice: str = "line-down", audience: str = "clients") -> IncidentLetters:
    """A sending that became files."""
    post = post_room(place)
    letters = IncidentLetters(post, LetterContext(STREAM, None, {}, "anna"), real_world(place))
    prepared = post.prepare(letters.affair, order(notice, audience))
    post.freeze(prepared)
    letters.deliver(prepared.campaign.id)
    return letters


def page_of(place: Path) -> str:
    done = bcp(place, "notice", "calls")
    assert done.returncode == 0, done.stderr
    return (place / "incidents" / STREAM / "phone.html").read_text(encoding="utf-8")


def shown(page: str) -> dict[str, list[str]]:
    """The links of each client, by its code."""
    parts = page.split('<article aria-labelledby="')[1:]
    return {
        part.partition('"')[0]: [unescape(one) for one in findall(r'<a class="way" href="([^"]*)"', part)]
        for part in parts
    }


def standing(place: Path) -> dict[str, str]:
    status = json.loads(bcp(place, "notice", "status", "--json").stdout)
    return {one["name"]: one["standing"] for one in status["contacts"]}


def test_each_link_carries_the_text_in_the_form_that_its_program_reads() -> None:
    whole = Contact("a", "A", email="a?b@example.com", phone="+48226000111", mobile="+48600000211")
    by_way = {one.way: one.opens for one in links(whole, TEXT, {})}
    assert by_way["call"] == "tel:+48226000111"
    assert by_way["sms"].startswith("sms:+48600000211?&body=")
    assert unquote(by_way["sms"].partition("body=")[2]) == TEXT.sms
    assert by_way["whatsapp"].startswith("https://wa.me/48600000211?text=")
    assert parse_qs(urlsplit(by_way["whatsapp"]).query) == {"text": [TEXT.sms]}
    assert by_way["viber"] == "viber://chat?number=%2B48600000211"
    address, _sign, query = by_way["email"].partition("?")
    assert unquote(address) == "mailto:a?b@example.com"
    assert parse_qs(query) == {"subject": [TEXT.subject], "body": [TEXT.body.replace("\n", "\r\n")]}
    for opens in by_way.values():
        assert opens.isascii() and not set(opens) & set(" \"'<>"), opens


@pytest.mark.parametrize(
    ("contact", "ways"),
    [
        (Contact("a", "A", email="a@example.com", phone="+48226000111"), ["call", "email"]),
        (Contact("a", "A", phone="+48600000211"), ["call", "sms", "whatsapp", "viber"]),
        (Contact("a", "A", mobile="+48600000211", preferred_channel="viber"), ["viber", "call", "sms", "whatsapp"]),
        (Contact("a", "A", phone="+48226000111", preferred_channel="whatsapp"), ["whatsapp", "call"]),
        (Contact("a", "A", email="a@example.com", preferred_channel="whatsapp"), ["email"]),
        (Contact("a", "A", email="gone@example.com", mobile="+48600000299"), ["call"]),
        (Contact("a", "A", email="a@example.com", mobile="+48600000211", opted_out=True), []),
        (Contact("a", "A"), []),
    ],
)  # fmt: skip
def test_a_contact_has_the_links_of_its_own_ways_the_preferred_one_first(
    contact: Contact, ways: list[str]
) -> None:
    refused = {"gone@example.com": "came back", "+48600000299": "wants none"}
    assert [one.way for one in links(contact, TEXT, refused)] == ways


@pytest.mark.parametrize("length", [200, 400, 5000])
def test_a_mail_too_long_for_a_link_becomes_the_short_text_and_says_so(length: int) -> None:
    text = LetterText("el", "Θέμα", "γ" * length, sms="Σύντομο" * (200 if length == 5000 else 1))
    (one,) = links(Contact("a", "A", email="a@example.com"), text, {})
    assert (len(one.opens) <= LONGEST, one.is_short) == (True, length > 200)
    assert unquote(one.opens).endswith({200: text.body, 400: text.sms, 5000: text.subject}[length])


def test_every_code_means_one_contact_and_is_short() -> None:
    made = list(codes(map(str, range(6000))).values())
    assert made[:3] + made[9:10] + made[216:217] == ["A1", "A2", "A3", "B1", "AA1"]
    assert len(set(made)) == 6000 and max(map(len, made)) == 4
    assert not set("".join(made)) & set("IO0")


def test_what_is_typed_is_a_name_with_its_result_or_codes() -> None:
    assert ticks(["Kiosk", "told"]) == ((CallTick("Kiosk", "told"),), False)
    assert ticks(["A3=told", "b1=No-Answer,", "A3=told", "C2"]) == (
        (CallTick("A3", "told"), CallTick("b1", "no-answer"), CallTick("C2", "told")), True,
    )  # fmt: skip
    for typed in (
        ["A3=told,B1=no-answer"],
        ["A3", "=", "told;b1:no-answer."],
        ["A3 : told", "B1= no-answer"],
        ["A3;B1=No-answer"],
    ):
        said = [(as_code(one.who), one.result) for one in ticks(typed).all]
        assert said == [("A3", "told"), ("B1", "no-answer")], typed
    assert as_code("Α3") == "A3", "a Greek keyboard was on"
    assert ticks(["A3", "B1"]).is_list and ticks(["Kiosk, the one=sent"]).all == (
        CallTick("Kiosk, the one", "sent"),
    )
    for typed in (
        ["A3=maybe"],
        ["A3=told", "A3=no-answer"],
        ["Kiosk"],
        ["Kiosk", "maybe"],
        ["A3=told", "Kiosk"],
    ):
        with pytest.raises(InputError):
            ticks(typed)


def test_the_page_has_each_client_who_is_not_told_with_its_text_and_its_links_and_is_private(
    office: Path,
) -> None:
    sent(office)
    page = page_of(office)
    found = shown(page)
    assert list(found) == ["A1", "A2", "A3", "A5"]
    assert [one.partition(":")[0] for one in found["A1"]] == ["mailto", "tel", "sms", "https", "viber"]
    assert "by hand: " not in page, "the first link says it in the language of the page"
    assert found["A2"][0].startswith("https://wa.me/4915123456789?text=Agencja%20Kropka%3A%20")
    assert found["A3"][0] == "viber://chat?number=%2B306912345678"
    assert found["A5"][0].startswith("mailto:grace%2Bx@example.com?subject=")
    assert 'lang="de">Agencja Kropka: ' in page and "As of" in page
    assert "names and numbers" in page and "Jan Cichy" not in page, "who wants no notices is not there"
    if sys.platform != "win32":
        for name in ("phone.html", "letters.pdf"):
            assert stat.S_IMODE((office / "incidents" / STREAM / name).stat().st_mode) == 0o600


def test_codes_stay_the_same_and_who_is_told_leaves_the_page(office: Path) -> None:
    sent(office)
    assert list(shown(page_of(office))) == ["A1", "A2", "A3", "A5"]
    done = bcp(office, "notice", "called", "A1=sent", "a2=told", "A5=no-answer")
    assert "Piekarnia Kłos (Halina Wrona): a message was sent by hand." in done.stderr, done.stderr
    kept = (office / "incidents" / STREAM / "phone.html").read_text(encoding="utf-8")
    assert list(shown(kept)) == ["A3", "A5"], "the page is written anew with each report"
    contacts = office / "contacts" / "clients.csv"
    contacts.write_text(ROWS.replace(HEAD, f"{HEAD}Aaa,New,new@example.com,,,en,,no\n"), encoding="utf-8")
    sent(office)
    sent(office, "update")
    page = page_of(office)
    assert list(shown(page)) == ["A6", "A1", "A2", "A3", "A5"], "who came later has a code behind all others"
    assert "Halina Wrona" in page.split('id="A1"')[1].partition("</h2>")[0]


def test_papers_keep_nobody_who_was_told_and_who_has_no_number_is_named(office: Path) -> None:
    sent(office)
    folder = office / "incidents" / STREAM
    listed = bcp(office, "notice", "calls")
    assert "Not told, and no phone number is known: Silent Ltd (Grace Carter)" in listed.stderr
    bcp(office, "notice", "called", "A1=told", "A2=told", "A3=told")
    ended = bcp(office, "notice", "calls")
    assert "Nobody who is not told yet has a phone number." in ended.stderr
    assert "Silent Ltd (Grace Carter)" in ended.stderr and "Nobody is left" not in ended.stderr
    assert "Piekarnia" not in (folder / "calls.txt").read_text(encoding="utf-8")
    assert (folder / "letters.pdf").exists()
    bcp(office, "notice", "called", "A5=sent")
    assert not (folder / "letters.pdf").exists(), "what was handed over is not printed again"
    assert "Nobody is left to be called." in bcp(office, "notice", "calls").stderr


def test_all_that_was_tried_says_of_a_file_that_it_is_one_and_that_nobody_said_it_went(office: Path) -> None:
    letters = sent(office)
    name = next(row.name for row in letters.rows() if row.state == "unknown")
    told = bcp(office, "notice", "status", name).stdout
    assert "nobody said yet that it went" in told and "became a file" in told and "no answer" not in told


def test_a_list_that_is_typed_again_changes_nothing_and_takes_no_told_away(office: Path) -> None:
    letters = sent(office)
    assert bcp(office, "notice", "called", "A1", "A2").returncode == 0
    before = list(letters.rows())
    again = bcp(office, "notice", "called", "A1=told", "A2=no-answer")
    assert again.returncode == 0 and again.stderr.count("stays as it was written down before") == 2
    assert list(letters.rows()) == before
    assert bcp(office, "notice", "called", "A1", "no-answer").returncode == 0
    assert standing(office)["Piekarnia Kłos (Halina Wrona)"] == "unknown", (
        "one who says it by itself is believed"
    )


def test_whom_a_person_wrote_to_by_hand_gets_no_letter_from_here_any_more(office: Path) -> None:
    post = post_room(office)
    prepared = post.prepare(LetterContext(STREAM, None, {}, "anna"), order())
    post.freeze(prepared)
    done = bcp(office, "notice", "called", "A1=sent", "A5=no-answer")
    assert done.stderr.count("The letter that waited is not sent any more.") == 1, done.stderr
    sent(office)
    lying = [path.name for path in (office / "incidents").glob("*/letters/*")]
    assert lying == ["line-down-1-silent-ltd-grace-carter.eml"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("A9=told",), '"A9" is no code of this incident'),
        (("A1=told", "Zorro=told"), 'there is no contact "Zorro"'),
        (("A1=maybe",), '"maybe" is no result of a call'),
        (("A1=told", "A4"), '"A4" is a code of the list and a name'),
    ],
)
def test_a_slip_in_a_list_writes_nothing_down(office: Path, typed: tuple[str, ...], words: str) -> None:
    file = office / "contacts" / "clients.csv"
    file.write_text(ROWS + "A4,Somebody,x@example.com,,,en,,no\n", encoding="utf-8")
    before = list(sent(office).rows())
    done = bcp(office, "notice", "called", *typed)
    assert done.returncode == 2 and words in done.stderr[0].lower() + done.stderr[1:], done.stderr
    assert list(sent(office).rows()) == before


def test_who_wants_whatsapp_or_viber_gets_no_letter_and_is_named_in_the_plan(office: Path) -> None:
    plan = bcp(office, "notice", "plan", "line-down", "clients").stdout
    assert "Praxis (Sabine Keller) (wants WhatsApp: you send it by hand" in plan, plan
    assert "(wants Viber:" in plan
    letters = sent(office)
    assert not list((office / "incidents").glob("*/letters/*praxis*"))
    assert standing(office)["Praxis (Sabine Keller)"] == "not told"
    assert bcp(office, "notice", "called", "A2=sent").returncode == 0
    assert standing(office)["Praxis (Sabine Keller)"] == "told"
    assert "praxis-sabine-keller" in letters.post.told(STREAM), "who was told by hand gets the all-clear"


def test_letters_that_lie_as_files_are_said_to_be_ready_and_are_printed_whole(
    office: Path, tmp_path: Path
) -> None:
    sent(office)
    page_of(office)
    said = bcp(office, "notice", "status").stderr + bcp(office, "notice", "status").stdout
    assert f"2 letters are ready, nobody has been told yet: open {office}" in said and "unknown:" not in said
    assert "phone.html" in said and "letters.pdf" in said and "bcp notice called A1=sent" in said
    pages = read((office / "incidents" / STREAM / "letters.pdf").read_bytes(), tmp_path)
    for one, name in zip(pages, ("Halina Wrona", "Grace Carter"), strict=True):
        assert squash(name) in one.squashed and squash("Anna Nowak Agencja Kropka") in one.squashed
        assert "SHA-256" not in one.text
    assert bcp(office, "notice", "unknown", "--delivered", "A1").returncode == 0
    assert "1 letter is ready and not sent yet" in bcp(office, "notice", "status").stderr
    assert list(shown((office / "incidents" / STREAM / "phone.html").read_text("utf-8"))) == [
        "A2",
        "A3",
        "A5",
    ]


@pytest.mark.parametrize("are_others_unknown", [True, False])
def test_where_others_are_in_doubt_too_no_command_says_that_all_went(
    are_others_unknown: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    ready = ReadyLetters(frozenset({"a"}), frozenset(), 0, Path("phone.html"), None)
    show_ready(ready, are_others_unknown=are_others_unknown)
    said = capsys.readouterr()
    assert "1 letter is ready, nobody has been told yet: open phone.html" in said.err
    assert ("--delivered all" in said.out) is not are_others_unknown


def test_who_is_forgotten_is_on_no_page_and_in_no_table(office: Path) -> None:
    sent(office, audience="clients")
    page_of(office)
    assert bcp(office, "notice", "export", "update", "clients").returncode == 0
    folder = office / "incidents" / STREAM
    assert (folder / "letters.pdf").is_file() and list((folder / "handed-over").glob("*.csv"))
    KeptRuns(folder / "letters-set").keep("a page of letters", b"%PDF with Halina, packed")
    assert list((folder / "letters-set").iterdir())
    done = bcp(
        office, "contact", "forget", "Halina", "--confirm", "piekarnia-kłos-halina-wrona".replace("ł", "l")
    )
    assert done.returncode == 0, done.stderr
    assert not (folder / "phone.html").exists() and not (folder / "letters.pdf").exists()
    assert not list((folder / "letters-set").iterdir())
    assert [path.name for path in (folder / "handed-over").glob("*-pl*.csv")] == []
