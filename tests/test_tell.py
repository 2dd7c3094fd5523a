"""Telling everyone with the command: as a person at a terminal does it, and as a script cannot."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path

import pexpect
import pytest

from tests import quick
from tests.posts import OFFICE, ROOT, USER, clients
from tests.posts import office as make_office
from tests.smtpd import PASSWORD, Faults, running
from tests.terminal import spawn

RUNBOOK = """\
runbook: outage
title: The line is dead
when: No line.
target: 8h
owner: lead
phases:
  - phase: First
    within: 15m
    steps:
      - step: tell
        title: Tell all clients
        who: lead
        notify: {notice: line-down, audience: clients}
        by_hand: Call each client from the list and say the agreed sentence, then tick the box beside the name.
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    make_office(tmp_path, None, clients(5))
    (tmp_path / "runbooks").mkdir()
    (tmp_path / "runbooks" / "outage.yaml").write_text(RUNBOOK)
    return tmp_path


def bcp(place: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return quick.run(arguments, place, surroundings(**environ), subprocess.DEVNULL, timeout=60)


def surroundings(**environ: str) -> dict[str, str]:
    told = {"PATH": os.environ["PATH"], "BCP_PERSON": "anna", "MAIL": PASSWORD}
    return {**told, "HOME": "/nonexistent", "NO_COLOR": "1", "TERM": "xterm", **environ}


def at_a_terminal(place: Path, *arguments: str) -> pexpect.spawn[str]:
    return spawn(
        sys.executable,
        ["-m", "bcp", *arguments],
        cwd=str(place),
        env=surroundings(),
        encoding="utf-8",
        timeout=30,
    )


def started(place: Path) -> Path:
    assert bcp(place, "incident", "start", "outage").returncode == 9
    return place


def test_a_person_types_the_count_and_everybody_is_told_once(place: Path) -> None:
    with running(place) as smtpd:
        started(make_office(place, smtpd, clients(5)))
        screen = at_a_terminal(place, "notice", "send", "line-down", "clients")
        screen.expect("Type the number 5 to send 5 letters")
        screen.sendline("5")
        screen.expect("5 told")
        screen.expect(pexpect.EOF)
        screen.close()
        assert screen.exitstatus == 0
        assert len(smtpd.accepted) == 5
        again = at_a_terminal(place, "notice", "send", "line-down", "clients")
        again.expect(pexpect.EOF)
        assert len(smtpd.accepted) == 5
        status = json.loads(bcp(place, "notice", "status", "--json").stdout)
        assert {one["standing"] for one in status["contacts"]} == {"told"}
        log = bcp(place, "incident", "log").stdout
        assert "notice line-down to clients: 5 told" in log
        assert "jan0@example.com" not in log and "Firma 0" not in log


def test_the_wrong_count_sends_nothing(place: Path) -> None:
    with running(place) as smtpd:
        started(make_office(place, smtpd, clients(5)))
        screen = at_a_terminal(place, "notice", "send", "line-down", "clients")
        screen.expect("Type the number 5")
        screen.sendline("4")
        screen.expect("[Nn]ot confirmed")
        screen.expect(pexpect.EOF)
        assert not smtpd.accepted


def test_without_a_terminal_nothing_is_sent(place: Path) -> None:
    with running(place) as smtpd:
        started(make_office(place, smtpd, clients(5)))
        said = bcp(place, "notice", "send", "line-down", "clients")
        assert said.returncode == 9 and "a person must type" in said.stderr
        assert not smtpd.accepted


def test_the_step_notify_sends_after_the_count_and_goes_on(place: Path) -> None:
    with running(place) as smtpd:
        make_office(place, smtpd, clients(5))
        screen = at_a_terminal(place, "incident", "start", "outage")
        screen.expect("> ")
        screen.sendline("")
        screen.expect("Type the number 5 to send 5 letters")
        screen.sendline("5")
        screen.expect("All steps are carried out")
        screen.close()
        assert len(smtpd.accepted) == 5
        assert "5 told" in bcp(place, "incident", "log").stdout


def test_a_drill_of_the_step_sends_nothing_and_asks_nothing(place: Path) -> None:
    with running(place) as smtpd:
        make_office(place, smtpd, clients(5))
        (place / "answers.yaml").write_text("default: done\n")
        said = bcp(place, "drill", "start", "outage", "--answers", "answers.yaml")
        assert said.returncode == 0, said.stderr
        assert "rehearsed, not sent" in bcp(place, "drill", "log").stdout
        assert not smtpd.connections and not smtpd.accepted


def test_where_nothing_can_be_sent_the_step_becomes_a_phone_tree(place: Path) -> None:
    rows = "name,email,phone,language\n" + "".join(
        f"F{n},f{n}@example.com,22 600 00 0{n},pl\n" for n in range(3)
    )
    with running(place, Faults(recipients={f"f{n}@example.com": "535 5.7.8 no" for n in range(3)})) as smtpd:
        make_office(place, smtpd, rows)
        screen = at_a_terminal(place, "incident", "start", "outage")
        screen.expect("> ")
        screen.sendline("")
        screen.expect("Type the number 3")
        screen.sendline("3")
        screen.expect("the call list is")
        (listed,) = (place / "incidents").glob("*/calls.txt")
        text = listed.read_text()
        assert text.count("[ ] told") == 3 and "+48 22 600 00 01" in text and "problem techniczny" in text
        assert bcp(place, "notice", "called", "F1", "told").returncode == 0
        assert bcp(place, "notice", "called", "F2", "no-answer").returncode == 0
        status = json.loads(bcp(place, "notice", "status", "--json").stdout)
        assert {c["name"]: c["standing"] for c in status["contacts"]} == {
            "F0": "waiting",
            "F1": "told",
            "F2": "waiting",
        }


def test_a_preview_shows_the_longest_name_and_the_ugliest_address_as_mail_that_opens(tmp_path: Path) -> None:
    long = "Spółka z bardzo długą nazwą pod firmą Zakład Remontowo-Budowlany Kowalscy i Synowie"
    rows = [f"{long},a@example.com,en", "B,o'b_c+d-e@mail.example.com,en", "C,c@example.com,en"]
    make_office(tmp_path, None, "name,email,language\n" + "\n".join(rows) + "\n")
    said = bcp(tmp_path, "notice", "preview", "line-down", "clients")
    assert said.returncode == 0, said.stderr
    assert "U+000A" not in said.stdout
    files = [Path(line.split(" ", 1)[1]) for line in said.stdout.splitlines() if line.startswith("──────")]
    assert {path.suffix for path in files} == {".eml"} and all(path.is_file() for path in files)
    english = [path for path in files if "line-down-en-" in path.name]
    letters = [message_from_bytes(path.read_bytes()) for path in english]
    # As RFC 2047 has it: no space between the encoded words into which a long name is divided.
    to = [str(make_header(decode_header(each["To"]))) for each in letters]
    assert to == [f"{long} <a@example.com>", "B <o'b_c+d-e@mail.example.com>"]
    assert letters[0]["Date"]
    assert str(make_header(decode_header(letters[0]["Subject"]))) in said.stdout


def test_a_preview_for_nobody_is_refused(place: Path) -> None:
    said = bcp(place, "notice", "preview", "all-clear", "told")
    assert said.returncode == 2 and 'obody is in the audience "told"' in said.stderr


def test_a_test_goes_to_oneself_through_the_same_settings(place: Path) -> None:
    with running(place) as smtpd:
        make_office(place, smtpd, clients(2))
        said = bcp(place, "notice", "test", "line-down")
        assert said.returncode == 0, said.stderr
        (letter,) = smtpd.accepted
        assert letter.recipient == "anna@example.com"
        assert letter.message["From"].addresses[0].addr_spec == USER


def test_a_test_that_fails_says_why(place: Path) -> None:
    with running(place, host="other.example") as smtpd:
        make_office(place, smtpd, clients(2))
        said = bcp(place, "notice", "test", "line-down")
        assert said.returncode == 5
        assert (
            "certificate of localhost is not to be trusted" in said.stderr and "Traceback" not in said.stderr
        )


def test_the_plan_says_all_before_anything_is_sent(place: Path) -> None:
    started(place)
    told = json.loads(bcp(place, "notice", "plan", "line-down", "clients", "--json").stdout)
    assert told["letters"] == 5 and told["paste"]["pl"].startswith("Mamy w biurze problem techniczny")
    said = bcp(place, "notice", "plan", "line-down", "clients")
    assert "[ ] voicemail  [ ] website-contact" in said.stdout
    assert "bcp notice places line-down" in said.stdout


def test_the_list_of_notices_shows_subjects_as_clients_read_them(place: Path) -> None:
    listed = bcp(place, "notice", "list").stdout
    assert "{" not in listed and "A technical problem at our office" in listed


def test_the_plan_can_be_seen_before_anything_has_happened(place: Path) -> None:
    said = bcp(place, "notice", "plan", "line-down", "clients")
    assert said.returncode == 0, said.stderr
    assert "1 letters by file, in pl" in said.stdout and "bcp notice places line-down" in said.stdout
    assert "No incident is open" in said.stderr
    assert "bcp notice send" not in said.stderr and "bcp notice pasted" not in said.stderr
    named = bcp(place, "notice", "plan", "line-down", "clients", "--incident", "2026-01-01-outage")
    assert named.returncode != 0 and "Traceback" not in named.stderr


def test_the_plan_names_whose_wish_not_to_be_written_to_nobody_can_read(place: Path) -> None:
    rows = "A,a@example.com,pl,maybe\nB,b@example.com,pl,PRAWDA\nC,c@example.com,pl,\nD,B@example.com,pl,\n"
    (place / "contacts" / "clients.csv").write_text(f"name,email,language,opted_out\n{rows}")
    said = bcp(place, "notice", "plan", "line-down", "clients")
    assert "2 letters by" in said.stdout and "not by letter: B (wants no notices)" in said.stdout
    assert "B wants no notices, yet the letter to D comes to the same address" in said.stdout
    unread = 'A (opted_out cannot be read, so it counts as yes: "maybe", contacts/clients.csv:2:20)'
    assert f"not by letter: {unread}" in said.stdout


def test_the_places_where_the_text_is_pasted_are_ticked_off_one_by_one(place: Path) -> None:
    started(place)
    nothing_sent = bcp(place, "notice", "pasted", "facebook")
    assert nothing_sent.returncode == 2 and "--notice line-down" in nothing_sent.stderr
    bcp(place, "notice", "pasted", "facebook", "--notice", "line-down")
    bcp(place, "notice", "pasted", "window of the shop", "--notice", "line-down")
    plan = bcp(place, "notice", "plan", "line-down", "clients").stdout
    assert "[x] facebook" in plan and "[ ] voicemail" in plan and "[x] window of the shop" in plan
    log = bcp(place, "incident", "log").stdout
    assert log.count("the text of the notice line-down stands here: facebook") == 1


def test_files_are_told_only_when_somebody_says_so(place: Path) -> None:
    started(place)
    screen = at_a_terminal(place, "notice", "send", "line-down", "clients")
    screen.expect("Type the number 5")
    screen.sendline("5")
    screen.expect("5 letters are ready, nobody has been told yet: open ")
    screen.expect(pexpect.EOF)
    assert bcp(place, "notice", "unknown", "--delivered", "all").returncode == 0
    status = json.loads(bcp(place, "notice", "status", "--json").stdout)
    assert {one["standing"] for one in status["contacts"]} == {"told"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("notice", "plan", "nothing", "clients"), 'there is no notice "nothing"'),
        (("notice", "plan", "line-down", "client"), 'nobody is in the audience "client"'),
        (("notice", "plan", "line-down", "clients", "--channel", "pigeon"), 'there is no channel "pigeon"'),
        (("notice", "plan", "line-down", "clients", "--overrule", "language"), "needs a reason"),
        (
            ("notice", "plan", "line-down", "clients", "--overrule", "a=one", "--overrule", "a=two"),
            '"a" is overruled twice, with two reasons',
        ),
        (("notice", "plan", "line-down", "clients", "--next-update", "soon"), "is no date and time"),
        (("notice", "called", "Zorro", "told"), 'there is no contact "Zorro"'),
        (("notice", "called", "Firma 1", "maybe"), "is no result of a call"),
    ],
)
def test_a_slip_of_the_keys_is_a_sentence(place: Path, arguments: tuple[str, ...], words: str) -> None:
    started(place)
    said = bcp(place, *arguments)
    assert said.returncode == 2
    assert words in said.stderr[0].lower() + said.stderr[1:] and "Traceback" not in said.stderr


def test_a_runbook_that_names_a_notice_or_an_audience_which_is_not_there_is_told(place: Path) -> None:
    text = RUNBOOK.replace("line-down, audience: clients", "line-dwn, audience: clents")
    (place / "runbooks" / "outage.yaml").write_text(text)
    said = bcp(place, "validate").stderr
    assert 'there is no notice "line-dwn"' in said and 'did you mean "line-down"?' in said
    assert 'there is no audience "clents"' in said


def test_a_notice_with_a_fact_that_no_step_sets_is_a_mistake_of_the_runbook(place: Path) -> None:
    (place / "runbooks" / "outage.yaml").write_text(RUNBOOK.replace("line-down", "shop-migration"))
    said = bcp(place, "validate")
    assert said.returncode == 2
    assert 'says the fact "window_begins", which no earlier step sets' in said.stderr


def test_a_foreign_spreadsheet_is_brought_in_with_its_columns_named(place: Path) -> None:
    (place / "crm.csv").write_bytes("Nazwa;Kontakt;Mail\nŁoś;Jan;jan@example.com\n".encode("cp1250"))
    refused = bcp(place, "contact", "import", "crm.csv", "--into", "crm")
    assert refused.returncode == 9 and "Nazwa" in refused.stderr
    said = bcp(place, "contact", "import", "crm.csv", "--into", "crm", "--map", "Nazwa=name")
    assert said.returncode == 0, said.stderr
    assert '"person": "Jan"' in bcp(place, "contact", "list", "crm", "--json").stdout


def test_no_spreadsheet_is_brought_in_as_the_staff_or_outside_the_contacts(place: Path) -> None:
    (place / "crm.csv").write_text("name,email\nA,a@example.com\n")
    said = bcp(place, "contact", "import", "crm.csv", "--into", "staff", "--map", "name=name")
    assert said.returncode == 2 and "staff live in bcp.yaml: people" in said.stderr
    assert not (place / "contacts" / "staff.csv").exists()
    elsewhere = bcp(place, "contact", "import", "crm.csv", "--into", "../evil", "--map", "name=name")
    assert elsewhere.returncode == 2 and "is no name for a contact file" in elsewhere.stderr
    assert not (place / "evil.csv").exists()


def test_contacts_are_checked_confirmed_and_exported(place: Path) -> None:
    (place / "contacts" / "bad.csv").write_text("name,email,language\nA,not an address,pl\n")
    said = bcp(place, "contact", "check")
    assert said.returncode == 2 and "contacts/bad.csv:2:3: " in said.stderr
    assert bcp(place, "contact", "verify", "Firma 1").returncode == 0
    assert "not confirmed: Firma 1 " not in bcp(place, "contact", "check").stderr
    assert bcp(place, "contact", "export", "clients").stdout.splitlines()[0].startswith("id,name,person")


def test_the_office_of_the_tests_is_one(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "notices", tmp_path / "notices")
    (tmp_path / "bcp.yaml").write_text(OFFICE)
    assert bcp(tmp_path, "validate").returncode == 0


def told_by_file(place: Path) -> None:
    started(place)
    screen = at_a_terminal(place, "notice", "send", "line-down", "clients")
    screen.expect("Type the number 5")
    screen.sendline("5")
    screen.expect("5 letters are ready, nobody has been told yet: open ")
    screen.expect(pexpect.EOF)


def test_an_incident_does_not_close_over_people_of_whom_nobody_knows(place: Path) -> None:
    told_by_file(place)
    assert bcp(place, "incident", "step", "done", "tell").returncode == 0
    refused = bcp(place, "incident", "close")
    assert refused.returncode == 8 and "5 people are not accounted for" in refused.stderr
    assert bcp(place, "incident", "close", "--unaccounted").returncode == 8
    closed = bcp(place, "incident", "close", "--unaccounted", "--reason", "they visit us tomorrow")
    assert closed.returncode == 0, closed.stderr
    (stream,) = (path.parent.name for path in (place / "incidents").glob("*/journal.txt"))
    log = bcp(place, "incident", "log", "--incident", stream).stdout
    assert "closed with 5 people not accounted for: they visit us tomorrow" in log


def test_an_incident_whose_people_are_told_closes(place: Path) -> None:
    told_by_file(place)
    assert bcp(place, "incident", "step", "done", "tell").returncode == 0
    assert bcp(place, "notice", "unknown", "--delivered", "all").returncode == 0
    assert bcp(place, "incident", "close").returncode == 0


def test_what_clients_answer_afterwards_is_kept(place: Path) -> None:
    told_by_file(place)
    assert bcp(place, "notice", "answer", "Firma 1", "satisfied").returncode == 0
    said = bcp(place, "notice", "answer", "Firma 2", "not", "nobody picked up")
    assert "2 answers, 1 satisfied" in said.stderr
    assert "not satisfied  nobody picked up" in bcp(place, "notice", "status").stdout
    assert bcp(place, "notice", "answer", "Firma 2", "perhaps").returncode == 2


@pytest.mark.skipif(
    shutil.which("unshare") is None, reason="unshare is not installed: apt-get install util-linux"
)
def test_a_drill_needs_no_way_out_and_tries_none(place: Path) -> None:
    """In a network namespace in which even the loopback is down, each connection would fail and be told."""
    with running(place) as smtpd:
        make_office(place, smtpd, clients(5))
    (place / "answers.yaml").write_text("default: done\n")
    command = [sys.executable, "-m", "bcp", "drill", "start", "outage", "--answers", "answers.yaml"]
    ran = subprocess.run(
        ["unshare", "--net", "--map-root-user", *command],
        cwd=place,
        env=surroundings(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if "unshare failed" in ran.stderr:
        pytest.skip(f"this system gives no namespaces: {ran.stderr}")
    assert ran.returncode == 0, ran.stderr
    assert "rehearsed, not sent: 5 told" in bcp(place, "drill", "log").stdout


@pytest.mark.parametrize(
    ("said", "end", "outcome"), [("yes", "All steps are carried out", "done"), ("no", "It did", "")]
)
def test_letters_that_lie_as_files_count_once_somebody_carried_them(
    place: Path, said: str, end: str, outcome: str
) -> None:
    screen = at_a_terminal(place, "incident", "start", "outage")
    screen.expect("> ")
    screen.sendline("")
    screen.expect("Type the number 5")
    screen.sendline("5")
    screen.expect("5 letters are ready in ")
    screen.sendline(said)
    screen.expect(end)
    screen.close(force=True)
    log = json.loads(bcp(place, "incident", "log", "--json").stdout)
    assert (log[-1]["data"].get("outcome", ""), len(list(place.glob("incidents/*/letters/*.eml")))) == (
        outcome,
        5,
    )
    if outcome:
        assert log[-1]["data"]["evidence"]["standings"] == {"told": 5}


def corrected(place: Path) -> Path:
    """Letters wait, and then the address of one of them is corrected."""
    screen = at_a_terminal(place, "notice", "send", "line-down", "clients")
    screen.expect("Type the number 3")
    screen.sendline("0")
    screen.expect(pexpect.EOF)
    file = place / "contacts" / "clients.csv"
    file.write_text(file.read_text().replace("jan1@", "jan1.new@"))
    return place


def test_letters_that_wait_and_are_not_true_any_more_go_out_only_once_a_person_has_chosen(
    place: Path,
) -> None:
    with running(place) as smtpd:
        corrected(started(make_office(place, smtpd, clients(3))))
        amended = bcp(place, "incident", "amend", "--fact", "verdict=isp-down")
        assert "3 letters wait" in amended.stderr and "bcp notice send line-down clients" in amended.stderr
        alone = bcp(place, "notice", "send", "line-down", "clients")
        assert alone.returncode == 9 and "the address was corrected since: Firma 1" in alone.stderr
        assert "bcp notice send line-down clients --renew" in alone.stderr and "--as-frozen" in alone.stderr
        screen = at_a_terminal(place, "notice", "send", "line-down", "clients")
        screen.expect("1 = write them anew")
        screen.sendline("1")
        screen.expect("Type the number 3")
        screen.sendline("3")
        screen.expect("3 told")
        screen.expect(pexpect.EOF)
        assert {one.recipient for one in smtpd.accepted} == {
            f"jan{n}@example.com" for n in ("0", "1.new", "2")
        }


def test_the_step_asks_before_letters_that_are_not_true_any_more_go_out(place: Path) -> None:
    with running(place) as smtpd:
        corrected(started(make_office(place, smtpd, clients(3))))
        screen = at_a_terminal(place, "incident", "resume")
        screen.expect("> ")
        screen.sendline("")
        screen.expect("the address was corrected since")
        screen.expect("1=write anew, 2=send as frozen")
        screen.expect("> ")
        screen.sendline("2")
        screen.expect("Type the number 3")
        screen.sendline("3")
        screen.expect("All steps are carried out")
        assert "jan1@example.com" in {one.recipient for one in smtpd.accepted}


def with_a_finding(place: Path) -> Path:
    file = place / "notices" / "line-down.en.md"
    file.write_text(file.read_text() + "\nA discount of 10 % for everybody.\n")
    return place


def test_a_finding_is_overruled_in_the_step_with_a_reason_that_is_kept(place: Path) -> None:
    with running(place) as smtpd:
        with_a_finding(make_office(place, smtpd, clients(3)))
        screen = at_a_terminal(place, "incident", "start", "outage")
        screen.expect("> ")
        screen.sendline("")
        screen.expect('no-marketing: notices/line-down.en.md:.*"discount"')
        screen.expect("Send it all the same")
        screen.expect("> ")
        screen.sendline("the contract asks for it")
        screen.expect("Type the number 3")
        screen.sendline("3")
        screen.expect("All steps are carried out")
        assert len(smtpd.accepted) == 3
        assert "overruled no-marketing: the contract asks for it" in bcp(place, "incident", "log").stdout


def test_a_finding_that_nobody_overrules_shows_the_command_that_does(place: Path) -> None:
    with running(place) as smtpd:
        with_a_finding(make_office(place, smtpd, clients(3)))
        screen = at_a_terminal(place, "incident", "start", "outage")
        screen.expect("> ")
        screen.sendline("")
        screen.expect("Send it all the same")
        screen.expect("> ")
        screen.sendline("")
        screen.expect("bcp notice send line-down clients")
        screen.expect("--overrule no-marketing=")
        screen.sendline("p")
        screen.expect(pexpect.EOF)
        assert not smtpd.accepted


def test_a_rule_that_two_languages_break_is_asked_about_and_named_once(place: Path) -> None:
    make_office(place, None, clients(3), "  - channel: paper\n    file: {}\n")
    with_a_finding(place)
    file = place / "notices" / "line-down.pl.md"
    file.write_text(f"{file.read_text('utf-8')}\nRabat 10 % dla każdego.\n", "utf-8")
    screen = at_a_terminal(place, "incident", "start", "outage")
    screen.expect("> ")
    screen.sendline("")
    screen.expect("no-marketing: notices/line-down.en.md:")
    screen.expect("no-marketing: notices/line-down.pl.md:")
    screen.expect("Send it all the same")
    screen.expect("> ")
    screen.sendline("")
    screen.expect("--overrule no-marketing=")
    seen = screen.before
    screen.expect("> ")
    assert "--overrule" not in screen.before and "Send it all the same" not in seen + screen.before
    screen.sendline("p")
    screen.expect(pexpect.EOF)


def test_the_lint_measures_with_the_name_of_the_office_as_the_plan_does(place: Path) -> None:
    sms = "channels:\n  - channel: phone\n    sms-modem: {}\n"
    name = "Biuro Rachunkowe Ćwiklińska, Żądło i Wspólnicy, Świętochłowice"
    make_office(place, None, "name,mobile,language\nA,+48600000301,pl\n")
    (place / "channels.yaml").write_text(sms)
    assert bcp(place, "notice", "lint", "line-down").returncode == 0
    (place / "bcp.yaml").write_text(OFFICE.replace("Agencja Kropka", name))
    said, planned = (
        bcp(place, "notice", "lint", "line-down"),
        bcp(place, "notice", "plan", "line-down", "clients"),
    )
    assert said.returncode == planned.returncode == 2
    assert "line-down.pl.md:" in said.stderr and "parts instead of" in said.stderr
    assert "parts instead of" in planned.stderr


def test_ctrl_c_stops_behind_a_letter_and_says_how_to_go_on(place: Path) -> None:
    with running(place) as smtpd:
        started(make_office(place, smtpd, clients(7)))
        screen = at_a_terminal(place, "notice", "send", "line-down", "clients")
        screen.expect("Type the number 7")
        screen.sendline("7")
        screen.expect("have a look at one of them")
        screen.sendintr()
        screen.expect("5 told, 2 waiting")
        screen.expect("Next: bcp notice send line-down clients")
        screen.expect(pexpect.EOF)
        screen.close()
        assert screen.exitstatus == 130 and len(smtpd.accepted) == 5


def test_in_a_step_one_sees_how_far_the_letters_are_and_stops_them_behind_a_letter(place: Path) -> None:
    with running(place) as smtpd:
        make_office(place, smtpd, clients(7))
        screen = at_a_terminal(place, "incident", "start", "outage")
        screen.expect("> ")
        screen.sendline("")
        screen.expect("Type the number 7")
        screen.sendline("7")
        screen.expect("have a look at one of them")
        screen.expect("Sending the letters .* 5/7")
        screen.sendintr()
        screen.expect("stopped by hand")
        screen.sendline("p")
        screen.expect(pexpect.EOF)
        standings = json.loads(bcp(place, "notice", "status", "--json").stdout)["sendings"][0]["standings"]
        assert standings == {"told": 5, "waiting": 2} and len(smtpd.accepted) == 5


def test_a_drill_is_led_on_by_commands_that_know_it_and_waits_for_no_provider(place: Path) -> None:
    make_office(
        place, None, "name,phone,email,language\nA,22 600 00 01,a@example.com,en\nB,22 600 00 02,,en\n"
    )
    (place / "channels.yaml").write_text(
        "channels:\n  - channel: mail\n    smtp: {host: localhost, from: office@example.com}\n"
    )
    assert bcp(place, "drill", "start", "outage").returncode == 9
    said = bcp(place, "notice", "send", "line-down", "clients", "--drill")
    (calls,) = [line for line in said.stderr.splitlines() if "bcp notice calls" in line]
    command = calls.removeprefix("Next:").split("   (")[0].split()[1:]
    listed = bcp(place, *command)
    assert listed.returncode == 0 and "DRILL · CALL LIST" in listed.stdout, listed.stderr
