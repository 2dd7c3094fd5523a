"""The command `bcp print`, and the copy of a running incident, as people use them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.offices import bcp, office_in, runbook
from tests.page.offices import office_with_steps, office_with_text, steps
from tests.page.paper import read, sample_office, squash


def hash_of(office: Path, *arguments: str) -> str:
    """Print it, and give the hash that the command told."""
    ran = bcp(office, "print", *arguments)
    assert ran.returncode == 0, ran.stderr
    found = re.search(r"[0-9a-f]{12}", ran.stderr)
    assert found
    return found[0]


def test_a_sheet_is_written_under_its_name_and_hash_without_any_store(tmp_path: Path) -> None:
    office = office_with_steps(tmp_path, 3)
    printed = hash_of(office, "outage")
    assert (office / f"outage-{printed}.pdf").read_bytes().startswith(b"%PDF-")
    assert not (office / "incidents").exists()


def test_a_runbook_needs_no_verb_and_no_name_means_all_of_them(tmp_path: Path) -> None:
    office = office_in(tmp_path, outage=runbook(steps(1)), other=runbook(steps(2), "other"))
    ran = bcp(office, "print", "-o", "all.txt")
    assert ran.returncode == 0
    assert (office / "all.txt").read_text(encoding="utf-8").count("= END =") == 2
    assert bcp(office, "print", "sheet", "other", "-o", "-").stdout.count("[ ]   2.") == 1


def test_the_hash_is_the_same_in_every_language_size_and_look(tmp_path: Path) -> None:
    office = office_with_steps(tmp_path, 3)
    kinds = [
        (),
        ("--lang", "el"),
        ("--paper", "letter"),
        ("--text", "large"),
        ("-o", "x.html"),
        ("-o", "x.txt"),
    ]
    assert len({hash_of(office, "outage", *kind) for kind in kinds}) == 1


@pytest.mark.parametrize("kind", ["pack", "door", "phone-card", "wallet"])
def test_the_other_documents_have_their_verbs(tmp_path: Path, kind: str) -> None:
    office = sample_office(tmp_path)
    printed = hash_of(office, kind, "-o", "made.pdf", "--lang", "pl")
    pages = read((office / "made.pdf").read_bytes(), tmp_path)
    assert printed in pages[0].text
    assert bcp(office, "print", "verify", printed).returncode == 0


def test_the_contents_of_the_pack_name_the_page_on_which_each_document_begins(tmp_path: Path) -> None:
    office = sample_office(tmp_path)
    hash_of(office, "pack", "-o", "pack.pdf")
    pages = read((office / "pack.pdf").read_bytes(), tmp_path)
    for title in ("The office has no internet", "The office phone is dead", "Sending calls elsewhere"):
        place = re.search(re.escape(title) + r"\s+SHA-256 \w+\s+page (\d+)", pages[0].text)
        assert place, pages[0].text
        assert squash(title) in pages[int(place[1]) - 1].squashed


def test_a_decision_names_the_page_on_which_its_answer_goes_on(tmp_path: Path) -> None:
    office = sample_office(tmp_path)
    hash_of(office, "internet-outage", "-o", "made.pdf")
    pages = read((office / "made.pdf").read_bytes(), tmp_path)
    whole = "".join(page.text for page in pages)
    links = re.findall(r"go on with step (\d+), page (\d+)", whole)
    assert links
    for number, page in links:
        assert re.search(rf"^{number}$", pages[int(page) - 1].text, re.M)
    assert "take the sheet “Work for two weeks without the line”, step 1, page 2" in whole.replace("\n", " ")


def test_a_role_sheet_holds_the_steps_of_one_role_with_the_numbers_of_the_whole(tmp_path: Path) -> None:
    office = sample_office(tmp_path)
    text = bcp(office, "print", "internet-outage", "--role", "deputy", "-o", "-").stdout
    assert "DEPUTY: Ask a neighbour" in text and "LEAD: Look at the router" not in text
    assert re.search(r"\[ \] +5\. DEPUTY: Ask a neighbour", text)
    assert "Wait for step 4 (LEAD)" in text


def test_verify_says_what_changed_and_since_when(tmp_path: Path) -> None:
    office = office_with_steps(tmp_path, 3)
    printed = hash_of(office, "outage")
    assert "outage: current." in bcp(office, "print", "verify", printed).stdout
    path = office / "runbooks" / "outage.yaml"
    changed = (
        path.read_text(encoding="utf-8").replace("within: 1h", "within: 2h").replace("step: s3", "step: s4")
    )
    path.write_text(changed.replace("A number is written down", "A ticket", 1), encoding="utf-8")
    (office / "bcp.yaml").write_text(
        (office / "bcp.yaml").read_text(encoding="utf-8").replace("801 802 803", "801 802 804"),
        encoding="utf-8",
    )
    ran = bcp(office, "print", "verify", printed.upper()[:8])
    assert ran.returncode == 8
    assert "outdated since" in ran.stdout
    for line in (
        'the number for faults: "801 802 803" is now "801 802 804"',
        'the deadline: "3600.0" is now "7200.0"',
        's1, the wanted result: "A number is written down" is now "A ticket"',
        "s3: taken out",
        "s4: added",
    ):
        assert line in ran.stdout
    told = json.loads(bcp(office, "print", "verify", printed, "--json").stdout)
    assert told["state"] == "outdated" and told["now"] != printed


def test_a_change_that_no_reader_sees_leaves_paper_current(tmp_path: Path) -> None:
    office = office_with_steps(tmp_path, 3)
    printed = hash_of(office, "outage")
    path = office / "runbooks" / "outage.yaml"
    path.write_text("# a remark\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    (office / "checks" / "internet.yaml").write_text(
        (office / "checks" / "internet.yaml").read_text(encoding="utf-8").replace("30s", "60s"),
        encoding="utf-8",
    )
    assert bcp(office, "print", "verify", printed).returncode == 0


def test_a_hash_from_nowhere_and_one_that_is_none_are_refused(tmp_path: Path) -> None:
    office = office_with_steps(tmp_path, 1)
    assert "No page with 0123456789ab was printed" in bcp(office, "print", "verify", "0123456789ab").stderr
    assert "is no hash of a printed page" in bcp(office, "print", "verify", "page 3").stderr


def test_outdated_copies_are_found_until_they_are_taken_down(tmp_path: Path) -> None:
    office = office_with_steps(tmp_path, 3)
    printed = hash_of(office, "outage")
    assert bcp(office, "print", "copies", "add", printed, "reception", "behind the desk").returncode == 0
    assert "hangs already" in bcp(office, "print", "copies", "add", printed, "reception", "desk").stderr
    assert bcp(office, "print", "outdated").returncode == 0
    bare = (office / "bcp.yaml").read_text(encoding="utf-8")
    (office / "bcp.yaml").write_text(bare.replace("Piotr Lis", "Piotr Lisek"), encoding="utf-8")
    told = bcp(office, "validate")
    assert told.returncode == 0
    assert "The copy reception (behind the desk) of outage is not current" in told.stderr
    ran = bcp(office, "print", "outdated")
    assert ran.returncode == 8
    assert "reception (behind the desk)" in ran.stdout and "Piotr Lis" in ran.stdout
    assert bcp(office, "print", "copies", "collect", "reception").returncode == 0
    assert bcp(office, "print", "outdated").returncode == 0
    assert "No copy called" in bcp(office, "print", "copies", "collect", "reception").stderr


def test_a_copy_whose_review_is_overdue_is_outdated(tmp_path: Path) -> None:
    told = "reviewed: 2020-01-01\nvalid_for: 30d\n"
    office = office_in(tmp_path, outage=runbook(steps(1), more=told))
    printed = hash_of(office, "outage")
    ran = bcp(office, "print", "verify", printed)
    assert ran.returncode == 8 and "its review is overdue" in ran.stdout
    assert "valid until 31 January 2020" in bcp(office, "print", "outage", "-o", "-").stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("outage", "--paper", "a5"), '--paper: "a5" is not known'),
        (("outage", "--text", "huge"), '--text: "huge" is not known'),
        (("outage", "--lang", "fr"), 'no printed labels in "fr"'),
        (("outage", "-o", "sheet.docx"), "names no kind of file"),
        (("outage", "-o", "nowhere/sheet.pdf"), "cannot be written"),
        (("outage", "--to", "laser", "-o", "x.html"), "only a PDF can be sent to a printer"),
        (("utage",), 'there is no runbook "utage"'),
    ],
)
def test_what_cannot_be_printed_is_told_in_a_sentence(
    tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    ran = bcp(office_with_steps(tmp_path, 1), "print", *arguments)
    assert ran.returncode == 2
    assert sentence.casefold() in ran.stderr.casefold()
    assert "Traceback" not in ran.stderr


def test_what_paper_cannot_show_is_told_with_line_and_caret(tmp_path: Path) -> None:
    ran = bcp(office_with_text(tmp_path, title="Call the 🦄 now"), "print", "outage")
    assert ran.returncode == 0
    assert "runbooks/outage.yaml:11:" in ran.stderr and "UNICORN FACE" in ran.stderr and "^" in ran.stderr


def test_validate_names_what_paper_cannot_show_without_calling_it_a_mistake(tmp_path: Path) -> None:
    ran = bcp(office_with_text(tmp_path, title="Call the 🦄 now"), "validate")
    assert ran.returncode == 0
    assert "Paper will show this in another way" in ran.stderr and "UNICORN FACE" in ran.stderr


def test_html_needs_no_other_file_and_escapes_what_the_office_wrote(tmp_path: Path) -> None:
    office = office_with_text(tmp_path, title="<script>alert(1)</script> & <b>Call</b>")
    hash_of(office, "outage", "-o", "sheet.html")
    page = (office / "sheet.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;Call&lt;/b&gt;" in page
    assert "<script" not in page
    assert not re.search(r"(src|href)=[\"'](?!#|tel:)", page) and "@import" not in page and "url(" not in page


def test_the_incident_copy_shows_clock_times_ticks_and_facts_and_the_head_of_its_journal(
    tmp_path: Path,
) -> None:
    questions = "ask: {questions: [{fact: ticket, ask: Ticket number?}, {fact: loud, ask: Is it loud?, type: yes-no}]}"
    body = "by_hand: Dial the number and write the answers down., "
    undo = f"{{title: Tell them again, {body}manual: {{}}}}"
    phases = f"""
  - phase: First hour
    within: 1h
    steps:
      - {{step: call, title: Call them, {body}{questions}}}
      - {{step: tell, title: "Tell all that {{fact:ticket}} is open", {body}manual: {{}}, undo: {undo}}}
      - {{step: later, title: Look again, {body}manual: {{}}}}
"""
    office = office_in(tmp_path, outage=runbook(phases))
    assert bcp(office, "incident", "start", "outage").returncode == 9
    assert (
        bcp(
            office, "incident", "step", "done", "call", "--fact", "ticket=T-77", "--fact", "loud=no"
        ).returncode
        == 0
    )
    assert bcp(office, "incident", "step", "done", "tell").returncode == 0
    assert bcp(office, "incident", "note", "The neighbour has it too 🦄").returncode == 0
    ran = bcp(office, "incident", "print", "-o", "copy.pdf")
    assert ran.returncode == 0, ran.stderr
    whole = "\n".join(page.text for page in read((office / "copy.pdf").read_bytes(), tmp_path))
    log = json.loads(bcp(office, "incident", "log", "--json").stdout)
    head = re.sub("(.{4})(?=.)", r"\1 ", log[-1]["hash"][:32])
    assert f"journal up to event {log[-1]['seq']} · {head}" in whole
    assert "Ticket number? T-77" in whole and "Is it loud? no" in whole
    assert "Tell all that T-77 is open" in whole
    assert re.search(r"done\n\d\d:\d\d\nAnna Nowak", whole)
    assert re.search(r"latest\n\d\d:\d\d\n", whole) and "T+1 h" not in whole
    assert "The neighbour has it too □" in whole
    assert re.search(r"2 Tell all that T-77 is open \d\d:\d\d", whole)


def test_a_role_without_a_runbook_gets_the_sheets_of_all_that_need_it(tmp_path: Path) -> None:
    office = sample_office(tmp_path)
    ran = bcp(office, "print", "--role", "deputy", "-o", "role.txt")
    assert ran.returncode == 0, ran.stderr
    text = (office / "role.txt").read_text(encoding="utf-8")
    assert text.count("SHEET FOR ONE ROLE") >= 5 and "\f" in text
    ran = bcp(office, "print", "--role", "deputi")
    assert ran.returncode == 2 and 'for the role "deputi"' in ran.stderr and "deputy" in ran.stderr


def test_the_copy_of_an_incident_carries_its_promises_and_the_answers_that_were_given(tmp_path: Path) -> None:
    office = sample_office(tmp_path)
    assert bcp(office, "incident", "start", "internet-outage", BCP_PERSON="anna").returncode == 9
    words = ["modem by courier", "--from", "Netia", "--said-by", "Kowalski", "--by", "tomorrow 12:00"]
    assert bcp(office, "promise", "add", *words).returncode == 0
    (decision, *_more) = json.loads(bcp(office, "decision", "list", "--json").stdout)
    answer = decision["answers"][0]["answer"]
    assert bcp(office, "decision", "answer", decision["decision"], answer).returncode == 0
    assert bcp(office, "incident", "print", "-o", "copy.txt").returncode == 0
    text = (office / "copy.txt").read_text(encoding="utf-8")
    assert "| Netia, Kowalski | modem by courier |" in text
    assert f"[x] {answer}" in text and text.count("[x]") == 1 + text.count("[x]   1.")
