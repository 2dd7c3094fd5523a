"""Office paper never stops at one letter: names in any script are printed, a box stands for what no font here has."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from bcp.page.letters import on_paper, strange
from tests.offices import OFFICE, bcp, office_in, runbook
from tests.page.offices import steps
from tests.page.paper import ROOT, Sheet, read, squash

ARABIC, HEBREW, CHINESE, THAI = "محمد للتجارة", "דב כהן", "李明公司", "บริษัท ไทย"
FAMILY = "👨‍👩‍👧‍👦"
URL = "https://status.example.org/" + "a" * 70 + "/" + "outage-" * 5 + "?q=" + "Z" * 45
PEOPLE = f"""
people:
  - {{person: anna, name: {ARABIC}, phone: "+48600000101"}}
  - {{person: piotr, name: "{CHINESE} (Li)", phone: "+48600000102"}}
  - {{person: dov, name: {HEBREW}, phone: "+48600000103"}}
roles:
  - {{role: lead, owner: anna, deputies: [piotr, dov], title: Geschäftsführungsassistentin}}
"""
CLIENTS = f"""name,person,phone,language
{ARABIC},محمد,+48 600 000 299,en
{THAI},สมชาย,+48 600 000 298,en
Pizza 🍕 {FAMILY} Roma,Gino,+48 600 000 297,en
{HEBREW} (2019),{HEBREW},+48 600 000 296,en
"""
NOTICE = (ROOT / "notices" / "line-down.en.md").read_text(encoding="utf-8")


MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
"""What poppler puts around texts that run the other way."""


def squashed(pages: list[Sheet]) -> str:
    return re.sub(f"[{MARKS}]", "", "".join(page.squashed for page in pages))


@pytest.fixture
def office(tmp_path: Path) -> Path:
    by_hand = "\n".join(f"Line {number} of the step." for number in range(1, 54))
    tall = f"      - {{step: tall, title: A long one, manual: {{}}, by_hand: {json.dumps(by_hand)}}}\n"
    link = f"      - {{step: link, title: Look 🔥 there, manual: {{}}, by_hand: 'Open {URL} and read.'}}\n"
    place = office_in(
        tmp_path / "office",
        outage=runbook(
            "  - phase: A\n    within: 1h\n    steps:\n" + tall + link + tall.replace("tall", "last")
        ),
        other=runbook(steps(2), "other"),
    )
    head, _people, rest = OFFICE.partition("people:\n")
    (place / "bcp.yaml").write_text(head + PEOPLE + rest[rest.index("lines:") :], encoding="utf-8")
    for name, text in {"contacts/clients.csv": CLIENTS, "notices/line-down.en.md": NOTICE}.items():
        (place / name).parent.mkdir()
        (place / name).write_text(text, encoding="utf-8")
    return place


def printed(office: Path, *words: str, status: int = 0) -> tuple[list[Sheet], str]:
    """The pages of a command that writes `made.pdf`, and what it said."""
    ran = bcp(office, *words, "-o", "made.pdf")
    assert ran.returncode == status, ran.stderr
    return read((office / "made.pdf").read_bytes(), office), ran.stderr


@pytest.mark.parametrize(
    "words", ["print outage", "print pack", "print calls", "print wallet", "print phone-card"]
)
def test_every_kind_of_paper_is_printed_whatever_letters_names_have(office: Path, words: str) -> None:
    pages, _said = printed(office, *words.split())
    assert pages


def test_a_sheet_holds_all_of_a_long_step_and_of_a_long_address_within_its_margins(office: Path) -> None:
    pages, said = printed(office, "print", "outage")
    whole = squashed(pages)
    for number in range(1, 54):
        assert whole.count(squash(f"Line {number} of the step.")) == 2
    assert squash(URL) in whole
    assert max(word.right for page in pages for word in page.words) <= pages[0].width - 34
    for page in pages:
        foot = min(word.top for word in page.words if word.text == "SHA-256")
        body = [word for word in page.words if word.bottom < foot + 1 or word.top > foot + 12]
        assert max(word.bottom for word in body) <= foot + 1
    assert said.count("too tall for one page of paper") == 2


def test_names_are_printed_in_their_order_and_a_box_stands_for_the_rest(office: Path) -> None:
    pages, said = printed(office, "print", "outage")
    whole = squashed(pages)
    assert all(part in whole for part in (*ARABIC.split(), *HEBREW.split()))
    assert "□□□□(Li)" in whole and "Look□there" in whole
    assert said.count("bcp.yaml:") == 1 and said.count("李") == 2, "one remark for a place, and its line"
    assert squash("+48 600 000 101") in whole


def test_names_are_set_from_right_to_left_in_fonts_that_come_along(office: Path) -> None:
    printed(office, "print", "outage")
    fonts = subprocess.run(
        ["pdffonts", office / "made.pdf"], capture_output=True, text=True, check=True
    ).stdout
    assert "NotoSansArabic" in fonts and "NotoSansHebrew" in fonts
    # Poppler reads it from where the letters are.
    text = subprocess.run(["pdftotext", office / "made.pdf", "-"], capture_output=True, text=True, check=True)
    assert ARABIC in text.stdout and HEBREW in text.stdout


def test_one_bad_plan_is_named_and_all_else_of_the_pack_is_printed(office: Path) -> None:
    good = (office / "runbooks" / "other.yaml").read_text(encoding="utf-8")
    for bad in (good.replace("manual: {}", "who: nobody, manual: {}"), "runbook: ["):
        (office / "runbooks" / "other.yaml").write_text(bad, encoding="utf-8")
        for words in ("print pack", "print", "print wallet", "print outage other"):
            pages, said = printed(office, *words.split(), status=2)
            assert pages and "These could not be printed" in said and "runbooks/other.yaml:" in said
        assert printed(office, "print", "outage")[0] and printed(office, "print", "calls")[0]
        assert bcp(office, "print", "other").returncode == 2


def test_a_pack_of_which_no_plan_can_be_printed_still_holds_its_cards_and_lists(office: Path) -> None:
    for path in (office / "runbooks").iterdir():
        path.write_text("runbook: [", encoding="utf-8")
    pages, said = printed(office, "print", "pack", status=2)
    assert squash("+48 600 000 299") in squashed(pages)
    assert "runbooks/other.yaml:" in said and "runbooks/outage.yaml:" in said
    assert bcp(office, "print").returncode == 2


def test_text_and_pages_for_a_browser_keep_every_letter(office: Path) -> None:
    for suffix in ("txt", "html"):
        ran = bcp(office, "print", "calls", "-o", f"calls.{suffix}")
        assert ran.returncode == 0 and "paper" not in ran.stderr
        text = (office / f"calls.{suffix}").read_text(encoding="utf-8")
        assert all(name in text for name in (ARABIC, HEBREW, THAI, f"Pizza 🍕 {FAMILY} Roma"))


def test_what_is_typed_in_an_incident_is_on_its_copy_and_in_its_report(office: Path) -> None:
    assert bcp(office, "incident", "start", "outage").returncode == 9
    bcp(office, "incident", "note", f"{ARABIC} +48 600 000 299 rang, {THAI} too 🔥 {FAMILY}")
    long = " ".join(f"{number}th word" for number in range(900))
    bcp(office, "incident", "note", f"{'x' * 300} {long}")
    bcp(office, "promise", "add", "--from", CHINESE, "--by", "tomorrow", f"A modem 🔥 {URL}")
    for words in (("print",), ("report", "--format", "pdf")):
        pages, said = printed(office, "incident", *words)
        whole = squashed(pages)
        assert squash("+48 600 000 299 rang") in whole, "no digit changed its place"
        assert all(part in whole for part in ARABIC.split()) and "□" in whole
        assert not strange(whole)
        assert all(f"{number}th" in whole for number in range(900)), "a long note goes on"
        assert "paper cannot show" in said
        assert max(word.right for page in pages for word in page.words) <= pages[0].width - 34


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Żółta łódź → mostek", "Żółta łódź → mostek"),
        (f"{FAMILY} Nowak", "□ Nowak"),
        ("🇵🇱🇩🇪", "□□"),
        ("👍🏽 1️⃣ ☎️ ok", "□ 1 ☎ ok"),
        ("李明", "□□"),
        ("กี", "□"),
        ("ﬁ Ａ ﷺ", "fi A صلى الله عليه وسلم\u200e"),
        ("a\u202eb\u0000c", "abc"),
        ("e\u0301", "e\u0301"),
        (f"{ARABIC} 12", f"{ARABIC}\u200e 12"),
    ],
)
def test_a_sign_that_the_fonts_lack_is_one_box_whatever_it_is_made_of(text: str, shown: str) -> None:
    assert on_paper(text) == shown
