"""What a stranger reads is covered by the head: an event holds the hashes of all files of an export."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bcp.incident.evidence import export, verify
from tests.offices import bcp, office_in, runbook

PHASES = """
  - phase: A
    steps:
      - {step: look, title: Look, by_hand: look, manual: {}}
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    office = office_in(tmp_path / "office", outage=runbook(PHASES))
    assert bcp(office, "incident", "start", "outage").returncode == 9
    return office


def events(office: Path, *at: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(bcp(office, "incident", "log", "--json", *at).stdout)
    return found


def exported(office: Path, folder: Path, *at: str) -> Path:
    made = bcp(office, "incident", "export", "-o", str(folder), *at)
    assert made.returncode == 0, made.stderr
    return folder


def in_step(folder: Path) -> None:
    """The sums of a forger."""
    named = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    (folder / "SHA256SUMS").write_bytes(export.sums(named))


def test_an_export_writes_the_hash_of_each_of_its_files_into_the_journal_first(
    office: Path, tmp_path: Path
) -> None:
    folder = exported(office, tmp_path / "export")
    last = events(office)[-1]
    assert last["kind"] == "record.covered"
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    left = {"journal.jsonl", "journal.txt", "SHA256SUMS"}
    assert set(last["data"]["files"]) == set(files) - left
    for name, hash_ in last["data"]["files"].items():
        assert sha256(verify.without_head(files[name], last["hash"])).hexdigest() == hash_, name
    text = "".join(files["journal.txt"].decode().splitlines(keepends=True)[:-1])
    assert last["data"]["journal_txt"] == sha256(text.encode()).hexdigest()
    assert verify.examine(folder).uncovered == {}


def test_a_second_export_of_the_same_state_writes_nothing(office: Path, tmp_path: Path) -> None:
    exported(office, tmp_path / "one")
    count = len(events(office))
    exported(office, tmp_path / "two")
    exported(office, tmp_path / "three", "--mask")
    assert len(events(office)) == count
    bcp(office, "incident", "note", "the router is warm")
    exported(office, tmp_path / "four")
    assert len(events(office)) == count + 2


def test_closing_writes_the_hashes_before_the_last_event(office: Path) -> None:
    bcp(office, "incident", "step", "done", "look")
    assert bcp(office, "incident", "close", "--reason", "over").returncode == 0
    closed = json.loads(bcp(office, "incident", "list", "--json").stdout)[0]["id"]
    found = events(office, "--incident", closed)
    assert [each["kind"] for each in found[-2:]] == ["record.covered", "incident.closed"]
    assert "spans.jsonl" in found[-2]["data"]["files"] and "README.txt" not in found[-2]["data"]["files"]


def test_who_handed_the_incident_over_writes_nothing_and_the_check_says_what_is_not_covered(
    office: Path, tmp_path: Path
) -> None:
    assert bcp(office, "incident", "hand-over", str(tmp_path / "i.zip")).returncode == 0
    incident = json.loads(bcp(office, "incident", "list", "--json").stdout)[0]["id"]
    before = events(office, "--incident", incident)
    folder = exported(office, tmp_path / "export", "--incident", incident)
    assert events(office, "--incident", incident) == before
    found = verify.examine(folder)
    assert not found.faults and {"README.txt", "manifest.json", "verify.py"} <= set(found.uncovered)
    (folder / "spans.jsonl").write_text('{"check":"invented"}\n', encoding="utf-8")
    in_step(folder)
    found = verify.examine(folder)
    assert "spans.jsonl" in found.uncovered and not found.faults
    assert "spans.jsonl" in verify.last_line(found, 0, "")


def test_a_store_that_can_only_be_read_is_exported_and_what_no_head_covers_is_said(
    office: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(office / "incidents" / "bcp.sqlite3")) as store:
        store.execute(
            "CREATE TRIGGER only_read BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'only read'); END"
        )
    made = bcp(office, "incident", "export", "-o", str(tmp_path / "export"))
    assert made.returncode == 0 and "so no head covers them" in made.stderr
    found = verify.examine(tmp_path / "export")
    assert not found.faults and {"README.txt", "spans.jsonl"} <= set(found.uncovered)


def test_taking_over_says_what_is_proven_and_what_is_not(office: Path, tmp_path: Path) -> None:
    assert bcp(office, "incident", "hand-over", str(tmp_path / "i.zip")).returncode == 0
    other = office_in(tmp_path / "other", outage=runbook(PHASES))
    taken = bcp(other, "incident", "take-over", str(tmp_path / "i.zip"))
    assert taken.returncode == 0, taken.stderr
    assert (
        "consistent in itself; NOT proven: that its" in taken.stderr
        and "not covered: nothing" in taken.stderr
    )


@pytest.mark.parametrize("name", ["spans.jsonl", "letters.jsonl", "levers.jsonl", "verify.py"])
def test_an_invented_line_is_named_although_the_sums_are_in_step(
    office: Path, tmp_path: Path, name: str
) -> None:
    folder = exported(office, tmp_path / "export")
    head = events(office)[-1]["hash"]
    path = folder / name
    path.write_bytes(path.read_bytes() + b'{"check":"internet","state":"down"}\n')
    in_step(folder)
    told = bcp(office, "incident", "verify", "--export", str(folder), "--head", head)
    assert told.returncode == 3 and f"{name}: is not the file whose hash event" in told.stdout
    assert "verify.py" not in told.stderr


def test_files_that_are_covered_only_after_the_head_that_was_given_are_said_not_to_be(
    office: Path, tmp_path: Path
) -> None:
    early = events(office)[-1]["hash"]
    bcp(office, "incident", "note", "the router is warm")
    folder = exported(office, tmp_path / "export")
    told = bcp(office, "incident", "verify", "--export", str(folder), "--head", early)
    last = told.stdout.splitlines()[-1]
    assert told.returncode == 0 and "NOT proven: the events from 3 to 4" in last
    assert "all files beside the journal (their hashes came after that anchor)" in last


def test_the_readme_says_to_take_the_verifier_from_elsewhere_and_names_its_hash(
    office: Path, tmp_path: Path
) -> None:
    folder = exported(office, tmp_path / "export")
    said = (folder / "README.txt").read_text(encoding="utf-8")
    assert "take the program from elsewhere, not from here" in said
    assert sha256(Path(verify.__file__).read_bytes()).hexdigest() in said
    assert (folder / "verify.py").read_bytes() == Path(verify.__file__).read_bytes()
    assert "everything holds" not in said + (folder / "verify.py").read_text(encoding="utf-8")
