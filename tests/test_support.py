"""`bcp support`: one archive for whoever helps, shown before it is written, in which nobody is named."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pexpect
import pytest

from bcp.app.crash import mark_of
from bcp.clock import SystemClock
from bcp.event import Entry, Head
from bcp.store.journal import Journal
from bcp.store.migrations import MIGRATIONS
from tests.children import IS_WINDOWS, in_own_mounts, make_read_only, needs_root
from tests.offices import CHECK, bcp, office_in, runbook
from tests.terminal import spawn

FORMAT = len(MIGRATIONS)

PHASES = """
  - phase: A
    steps:
      - {step: one, title: One, by_hand: Do., manual: {}}
      - {step: ask, title: Ask, by_hand: Do., ask: {questions: [{fact: ticket, ask: Number?}]}}
"""
ALWAYS = ["about.txt", "journal.json", "checks.json", "mistakes.json", "files.json"]
SECRET, FILED = "s3cr3t-zamek/ž", "k0nvalinka+77"
CANARIES = [
    *("Zdenka", "Horáková", "Horakova", "Blue Fox", "Miloslav", "Vrba", "vrba@example.net"),
    *("777 123 456", "777123456", "777-123-456", "605 444 333", "605444333"),
    *(SECRET, FILED, "Magnolienweg", "PL61109010140000071219812874", "KON-88-1234", "heslo-wifi-9"),
    *("nobody else may read this", "Vertragsende"),
]
"""Whatever is in one of these places must not leave the house: people, contacts, letters, notes, facts, secrets."""
OFFICE = """
name: Agencja Kropka
country: PL
timezone: Europe/Warsaw
address: Magnolienweg 7
bank_account: PL61109010140000071219812874
people:
  - {person: anna, name: Zdenka Horáková, phone: "+420777123456", email: zdenka@example.org}
roles:
  - {role: lead, owner: anna}
lines:
  - {line: internet, provider: Netia, contract: KON-88-1234, support: "801 802 803"}
  - line: mobile
    way: {by-hand: {do: Switch on, back: Switch off, wifi: kropka, wifi_password: heslo-wifi-9}}
internet: {addresses: ["127.0.0.1:9"], page: "http://127.0.0.1:9/", names: [localhost]}
secrets:
  mail: env:MAIL_SECRET
  hook: file:hook.txt
"""
CONTACTS = """name;person;email;phone;language
Blue Fox;Miloslav Vrba;vrba@example.net;605 444 333;cs
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office with a canary in every place, an open incident, notes, letters, a log and a crash file."""
    place = office_in(tmp_path / "office", outage=runbook(PHASES))
    (place / "bcp.yaml").write_text(OFFICE, encoding="utf-8")
    for name, text in {
        "checks/internet.yaml": CHECK.replace("3 looks in 1s", "1 look in 0s"),
        "contacts/clients.csv": CONTACTS,
        "notices/hello.en.md": "---\nsubject: Vertragsende\nkind: update\n---\nnobody else may read this\n",
        "hook.txt": FILED,
        "runbooks/vrba.yaml": runbook(PHASES, "vrba"),
    }.items():
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    assert told(place, "incident", "start", "outage").returncode == 9
    assert not told(place, "incident", "note", "Zdenka Horáková rang Miloslav Vrba at 605 444 333").returncode
    told(
        place,
        "incident",
        "step",
        "done",
        "one",
        "--note",
        "nobody else may read this",
        "--by",
        "Zdenka Horáková",
    )
    told(place, "incident", "step", "done", "ask", "--fact", "ticket=Horakova 777-123-456")
    told(place, "contact", "verify", "Miloslav Vrba")
    told(place, "contact", "verify", "vrba@example.net")
    told(place, "notice", "preview", "hello", "clients")
    told(place, "incident", "status", "--by", "Horakova")
    assert told(place, "check", "run").returncode == 7
    crash(place)
    return place


def told(office: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    environ = {"BCP_PERSON": "anna", "MAIL_SECRET": SECRET, "USER": "vrba", **environ}
    return bcp(office, *arguments, **environ)


def crash(office: Path) -> None:
    """A real bug: the journal holds an event that no version of ours writes."""
    journal = Journal(office / "incidents", SystemClock())
    (stream,) = journal.streams("incident.started")
    *_others, last = journal.rows(stream)
    said = "Miloslav Vrba 605444333 vrba@example.net"
    entry = Entry("step.begun", "anna", {"step": said, "title": said})
    journal.append(stream, Head(last.seq, last.hash), [entry])
    journal.close()
    assert told(office, "incident", "note", "Horáková").returncode == 1


def packed(office: Path, *more: str, **environ: str) -> dict[str, bytes]:
    """The members of the archive."""
    file = office.parent / "support.zip"
    file.unlink(missing_ok=True)
    ran = told(office, "support", str(file), "--yes", *more, **environ)
    assert ran.returncode == 0, ran.stderr
    assert "Traceback" not in ran.stderr
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def outage_in(members: dict[str, bytes]) -> dict[str, Any]:
    """What is told of the journal of the incident."""
    told_of = json.loads(members["journal.json"])["streams"]
    return next(each for each in told_of if each["stream"].endswith("-outage"))


def assert_names_nobody(members: dict[str, bytes], canaries: Sequence[str] = CANARIES) -> None:
    for name, content in members.items():
        for canary in canaries:
            for form in {canary, canary.lower(), canary.upper(), json.dumps(canary)[1:-1]}:
                for written in (form.encode(), form.encode("cp1250", "ignore")):
                    assert written not in content, (name, form)
                    assert written not in name.encode(), (name, form)


def test_no_contact_no_letter_and_no_secret_is_in_any_file_of_it(office: Path) -> None:
    members = packed(office)
    assert {*ALWAYS, "bcp.log"} < members.keys() and any(name.startswith("crash/") for name in members)
    assert_names_nobody(members)


def test_neither_the_log_nor_a_crash_file_names_anybody_before_they_are_packed(office: Path) -> None:
    state = office / "incidents"
    assert_names_nobody(
        {path.name: path.read_bytes() for path in (state / "bcp.log", *(state / "crash").iterdir())}
    )


def test_the_log_is_masked_once_more_with_everybody_known(office: Path) -> None:
    """Whatever came into it from a library, or from a version that knew less."""
    with (office / "incidents" / "bcp.log").open("a", encoding="utf-8") as log:
        log.write(f"INFO: {' | '.join(CANARIES[:13])} | {SECRET} {FILED}\n")
    (office / "incidents" / "crash" / "20261126T000000.000Z-1.txt").write_text(
        "\n".join(CANARIES), encoding="utf-8"
    )
    # The words of a letter have no shape and belong to nobody: nothing of ours writes them there.
    assert_names_nobody(packed(office), CANARIES[:-2])


def test_what_helps_is_in_it(office: Path) -> None:
    members = packed(office)
    about = members["about.txt"].decode()
    for word in (
        "bcp ",
        "Python",
        "SQLite",
        "terminal",
        "GiB free",
        "in the office folder",
        f"format {FORMAT}",
    ):
        assert word in about
    stream = outage_in(members)
    journal = Journal(office / "incidents", SystemClock())
    rows = list(journal.rows(journal.streams("incident.started")[0]))
    assert (stream["events"], stream["head"], stream["chain"]) == (len(rows), rows[-1].hash, "holds")
    assert stream["kinds"]["note.written"] == 1 and sum(stream["kinds"].values()) == len(rows)
    assert stream["first"] <= stream["last"]
    files = json.loads(members["files.json"])
    assert files["contact files"] == 1 and len(files["bcp.yaml"]["sha256"]) == 64
    assert "outage.yaml" in [each["name"] for each in files["runbooks"]]
    assert json.loads(members["mistakes.json"]) == []
    assert "ended: status 1" in members["bcp.log"].decode()


def test_the_states_of_the_checks_are_in_it(office: Path) -> None:
    (check,) = json.loads(packed(office)["checks.json"])
    assert (check["check"], check["state"]) == ("internet", "down") and "127.0.0.1" not in str(check)


# Shown before it is written


def test_without_a_terminal_it_shows_the_list_and_writes_nothing(office: Path) -> None:
    ran = told(office, "support")
    assert ran.returncode == 9
    for name in (*ALWAYS, "bcp.log", "crash/"):
        assert re.search(rf"^  {re.escape(name)}.*\(\d+ k?B\)  \S", ran.stdout, re.MULTILINE)
    assert "Not in it:" in ran.stdout and "contacts, clients" in ran.stdout
    assert "bcp support --yes" in ran.stderr
    assert not list(office.glob("*.zip"))


def test_the_list_alone_is_shown_with_list_and_as_data_with_json(office: Path) -> None:
    assert told(office, "support", "--list").returncode == 0
    ran = told(office, "support", "--list", "--json")
    assert ran.returncode == 0
    shown = json.loads(ran.stdout)
    assert {*ALWAYS, "bcp.log"} <= {each["name"] for each in shown["members"]}
    assert all(each["bytes"] > 0 and each["what"] for each in shown["members"]) and shown["left_out"]
    assert not list(office.glob("*.zip"))


@pytest.mark.parametrize(("key", "is_written"), [("", True), ("n", False), ("what?", False)])
def test_at_a_terminal_enter_writes_it_and_anything_else_does_not(
    office: Path, key: str, is_written: bool
) -> None:
    child = spawn(
        sys.executable, ["-m", "bcp", "support"], cwd=str(office), env={**os.environ, "BCP_PERSON": "anna"},
        encoding="utf-8", timeout=60, dimensions=(40, 250),
    )  # fmt: skip
    child.expect("Not in it:")
    child.expect(r"\[Enter\] yes, n no")
    assert not list(office.glob("*.zip"))
    child.sendline(key)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert len(list(office.glob("bcp-support-????-??-??.zip"))) == is_written


def test_it_is_for_its_owner_alone_and_never_takes_the_place_of_a_file(office: Path) -> None:
    assert told(office, "support", "--yes").returncode == 0
    assert told(office, "support", "--yes").returncode == 0
    first, second = sorted(office.glob("bcp-support-*.zip"))
    assert IS_WINDOWS or first.stat().st_mode & 0o777 == 0o600 == second.stat().st_mode & 0o777
    before = first.read_bytes()
    ran = told(office, "support", str(first), "--yes")
    assert ran.returncode == 2 and "is there already" in ran.stderr
    assert first.read_bytes() == before


# Where something is broken


def test_of_the_folder_for_temporary_files_only_crashes_of_this_office_are_packed(
    office: Path, tmp_path: Path
) -> None:
    (tmp_path / "tmp").mkdir()
    own, other, nobody = mark_of(office.resolve()), mark_of(tmp_path / "other"), mark_of(None)
    for mark in (own, other, nobody):
        (tmp_path / "tmp" / f"bcp-bug-{mark}-20261126T000000.000Z-1.txt").write_text("here")
    packed_ones = [name for name in packed(office, TMPDIR=str(tmp_path / "tmp")) if "bcp-bug" in name]
    assert sorted(packed_ones) == sorted(
        f"crash/bcp-bug-{mark}-20261126T000000.000Z-1.txt" for mark in (own, nobody)
    )


def test_a_damaged_store_costs_its_own_parts_only(office: Path) -> None:
    store = office / "incidents" / "bcp.sqlite3"
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.write_bytes(store.read_bytes()[:6000])
    members = packed(office)
    assert members["journal.json"].startswith(b"This part could not be made: ")
    assert (
        f"format {FORMAT}" in members["about.txt"].decode()
        or "cannot be read" in members["about.txt"].decode()
    )
    assert json.loads(members["files.json"])["contact files"] == 1
    assert_names_nobody(members)


def test_a_chain_that_does_not_hold_is_said_so(office: Path) -> None:
    with closing(sqlite3.connect(office / "incidents" / "bcp.sqlite3")) as connection:
        connection.execute("DROP TRIGGER events_update_refused")
        connection.execute("UPDATE events SET body = replace(body, 'anna', 'vrba') WHERE seq = 2")
        connection.commit()
    stream = outage_in(packed(office))
    assert "broken at event 2" in stream["chain"] and stream["events"] > 2


def test_files_that_cannot_be_read_name_nobody_either(office: Path) -> None:
    (office / "bcp.yaml").write_text(OFFICE + "people: [\n", encoding="utf-8")
    (office / "contacts" / "clients.csv").write_bytes(("Imię " + CONTACTS).encode("cp1250"))
    slips = (
        "runbook: Kvetoslava Xy",
        "title: {605444333: Horáková}",
        "target: Kvetoslava 5",
        "reviewed: 777 123 456",
        "Vrba: 1",
    )
    (office / "runbooks" / "bad.yaml").write_text("\n".join(slips), encoding="utf-8")
    (office / "checks" / "bad.yaml").write_text(
        "check: bad\nevery: Kvetoslava\nprobes: [{tcp: {host: Vrba, port: Vrba}}]\n"
    )
    with (office / "incidents" / "bcp.log").open("a", encoding="utf-8") as log:
        log.write(" and ".join(CANARIES[:7]) + "\n")
    members = packed(office)
    assert len(json.loads(members["mistakes.json"])) >= 2
    assert {"file", "line", "column", "message"} == set(json.loads(members["mistakes.json"])[0])
    # Somebody whom no other file names.
    assert_names_nobody(members, [*CANARIES, "Kvetoslava"])


def test_of_a_mistake_only_what_the_tool_itself_says_is_told(office: Path) -> None:
    (office / "channels.yaml").write_text(
        "channels:\n  - channel: mail\n    smtp: {host: mail.example.org, security: hunter2geheim}\n"
        "  - {channel: other, horak: kowalewicz}\n",
        encoding="utf-8",
    )
    (office / "bcp.yaml").write_text(f"language: kowalewicz\nhunter2: x\n{OFFICE}", encoding="utf-8")
    (office / "checks" / "bad.yaml").write_text(
        "check: bad\ntitle: Bad\nevery: hunter2\nprobes: [{kowalewicz: {host: geheim}}]\n", encoding="utf-8"
    )
    content = packed(office)["mistakes.json"].decode()
    for said in ("hunter2", "geheim", "kowalewicz", "horak"):
        assert said not in content
    found = {(each["file"], each["line"]): each["message"] for each in json.loads(content)}
    assert found["bcp.yaml", 2] == 'unknown key "…"'
    assert "expected a language in two letters" in found["bcp.yaml", 1]
    assert {file for file, _line in found} == {
        "bcp.yaml",
        "channels.yaml",
        "checks/bad.yaml",
    }
    assert any(
        words.startswith("expected one of: starttls") and 'for "security", not …' in words
        for words in found.values()
    )


@needs_root
def test_a_folder_that_can_only_be_read_is_packed_into_another(office: Path, tmp_path: Path) -> None:
    def try_it() -> None:
        make_read_only(office)
        refused = told(office, "support", "--yes")
        assert refused.returncode == 3 and "it can only be read there" in refused.stderr
        members = packed(office)
        assert "can only be read" in members["about.txt"].decode()
        assert json.loads(members["journal.json"])["streams"]
        assert_names_nobody(members)

    in_own_mounts(try_it)


def test_without_an_office_what_is_known_of_the_computer_is_packed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    members = packed(tmp_path / "elsewhere")
    assert "Python" in members["about.txt"].decode()
    assert "no office here" in members["mistakes.json"].decode()


def test_about_names_no_folder_and_no_setting_of_somebody_else(tmp_path: Path) -> None:
    for name in ("kowalewicz", "state-wrona", "home"):
        (tmp_path / name).mkdir()
    named = {"BCP_STATE": str(tmp_path / "state-wrona"), "BCP_KOWALEWICZ": "1", "LANG": "C.Kowalewicz"}
    named |= {"BCP_PERSON": "kowalewicz", "HOME": str(tmp_path / "home")}
    about = packed(tmp_path / "kowalewicz", **named)["about.txt"].decode()
    for said in ("owalewicz", "OWALEWICZ", "wrona", str(tmp_path / "home")):
        assert said not in about, about
    assert "BCP_PERSON, BCP_STATE\n" in about and "<this folder>" in about


def test_an_office_in_which_nothing_was_started_yet_is_said_to_be_so(tmp_path: Path) -> None:
    members = packed(office_in(tmp_path / "office", outage=runbook(PHASES)))
    about = members["about.txt"].decode()
    assert re.search(r"^store +no store yet", about, re.MULTILINE) and "None" not in about
    for name in ("journal.json", "checks.json"):
        assert json.loads(members[name])["trouble"].startswith("no store yet")


def test_an_office_that_was_named_and_is_none_is_an_error(tmp_path: Path) -> None:
    assert told(tmp_path, "support", "--yes", "--office", str(tmp_path / "none")).returncode == 2


def test_looking_changes_nothing_but_the_log(office: Path) -> None:
    def tree() -> dict[str, bytes]:
        return {
            path.relative_to(office).as_posix(): path.read_bytes()
            for path in sorted(office.rglob("*"))
            if path.is_file() and path.name != "bcp.log" and not path.name.endswith(("-wal", "-shm"))
        }

    before = tree()
    packed(office)
    assert tree() == before
