"""The pen: an incident moves between computers, one writes at a time, and no client is told twice."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from bcp.incident.journal import IncidentJournal
from bcp.notice.campaign.outbox import Campaign, Key, LetterDraft, State
from bcp.store.journal import Journal
from bcp.store.outbox import Outbox
from tests.children import IS_WINDOWS
from tests.frozen import START, FrozenClock
from tests.offices import STREAM, Stage, bcp, stage

PHASES = """
  - phase: A
    steps:
      - {step: look, title: Look, by_hand: Do., manual: {}}
"""
CAMPAIGN = Campaign(STREAM, "line-down", 1, "status", "clients", "anna", START, START + timedelta(days=30))


@pytest.fixture
def staged(tmp_path: Path) -> Stage:
    """One step is done, one letter went out, one waits, one was under way when the power failed."""
    staged = stage(tmp_path, PHASES)
    staged.run()
    states: list[State] = ["sent", "queued", "in-flight"]
    drafts = [
        LetterDraft(
            Key(CAMPAIGN.id, f"c{n}", "mail"),
            0,
            f"Client {n}",
            f"c{n}@example.com",
            "en",
            b"Dear \xff",
            state,
        )
        for n, state in enumerate(states)
    ]
    Outbox(staged.state).freeze(CAMPAIGN, drafts)
    return staged


@pytest.fixture
def other(staged: Stage, tmp_path: Path) -> Path:
    """Another computer with the same office and a store of its own."""
    folder = tmp_path / "other"
    shutil.copytree(staged.office, folder, ignore=shutil.ignore_patterns("incidents"))
    return folder


def states(office: Path) -> list[str]:
    return [row.state for row in Outbox(office / "incidents").rows(CAMPAIGN.id)]


def book(office: Path) -> IncidentJournal:
    return IncidentJournal(Journal(office / "incidents", FrozenClock()), STREAM)


def hand_over(office: Path, file: Path) -> None:
    made = bcp(office, "incident", "hand-over", str(file))
    assert made.returncode == 0, made.stderr


def take_over(office: Path, file: Path, *more: str) -> None:
    taken = bcp(office, "incident", "take-over", str(file), *more)
    assert taken.returncode == 0, taken.stderr


def test_what_is_handed_over_goes_on_there_and_is_read_only_here(
    staged: Stage, other: Path, tmp_path: Path
) -> None:
    file = tmp_path / "incident.zip"
    hand_over(staged.office, file)
    refused = bcp(staged.office, "incident", "note", "still here", "--incident", STREAM)
    assert refused.returncode == 2 and "can only be read" in refused.stderr
    assert bcp(staged.office, "incident", "status", "--incident", STREAM).returncode == 0
    assert json.loads(bcp(staged.office, "incident", "list", "--json").stdout)[0]["state"] == "handed-over"
    take_over(other, file)
    assert bcp(other, "incident", "note", "now here").returncode == 0
    assert [event.kind for event in book(other).log.rows(STREAM)][-3:] == [
        "pen.ended",
        "pen.taken",
        "note.written",
    ]
    assert bcp(other, "incident", "verify").returncode == 0
    assert "now here" in (other / "incidents" / STREAM / "journal.txt").read_text(encoding="utf-8")


def test_a_letter_waits_on_one_computer_only_and_one_under_way_is_unknown(
    staged: Stage, other: Path, tmp_path: Path
) -> None:
    hand_over(staged.office, tmp_path / "i.zip")
    take_over(other, tmp_path / "i.zip")
    assert states(staged.office) == ["sent", "cancelled", "cancelled"]
    assert states(other) == ["sent", "queued", "unknown"]
    assert Outbox(other / "incidents").content(Key(CAMPAIGN.id, "c1", "mail")) == b"Dear \xff"


def test_the_pen_comes_back_with_everything_that_was_done_there(
    staged: Stage, other: Path, tmp_path: Path
) -> None:
    hand_over(staged.office, tmp_path / "out.zip")
    take_over(other, tmp_path / "out.zip")
    bcp(other, "incident", "note", "done there")
    hand_over(other, tmp_path / "back.zip")
    take_over(staged.office, tmp_path / "back.zip")
    assert bcp(staged.office, "incident", "note", "back again").returncode == 0
    assert states(staged.office) == ["sent", "queued", "unknown"]
    assert states(other) == ["sent", "cancelled", "unknown"]
    texts = [note.text for note in book(staged.office).incident.notes]
    assert texts == ["done there", "back again"]


def test_the_file_can_be_made_again_when_the_first_one_was_lost(
    staged: Stage, other: Path, tmp_path: Path
) -> None:
    hand_over(staged.office, tmp_path / "first.zip")
    made = bcp(staged.office, "incident", "hand-over", str(tmp_path / "again.zip"), "--incident", STREAM)
    assert made.returncode == 0, made.stderr
    take_over(other, tmp_path / "again.zip")
    assert states(other)[1] == "queued"


def test_after_a_lost_computer_what_waited_there_is_unknown(
    staged: Stage, other: Path, tmp_path: Path
) -> None:
    backup = tmp_path / "export"
    assert bcp(staged.office, "incident", "export", "-o", str(backup), "--incident", STREAM).returncode == 0
    file = tmp_path / "i.zip"
    hand_over(staged.office, file)
    for wanted, said in (
        ((str(backup),), "was not handed over in this file"),
        ((str(backup), "--lost"), "needs a reason"),
    ):
        refused = bcp(other, "incident", "take-over", *wanted)
        assert refused.returncode == 2 and said in refused.stderr
    assert not (other / "incidents" / "bcp.sqlite3").exists()
    take_over(other, backup, "--lost", "--reason", "stolen")
    assert "taken over after the other computer was lost: stolen" in bcp(other, "incident", "log").stdout
    assert states(other) == ["sent", "unknown", "unknown"], "an export tells who was told, too"
    outbox = Outbox(other / "incidents")
    (campaign,) = outbox.campaigns(STREAM)
    assert campaign == CAMPAIGN
    assert not any(row.address for row in outbox.rows(CAMPAIGN.id)), "an export holds no address"
    (other / "contacts").mkdir()
    (other / "contacts" / "clients.csv").write_text("name,email\nC1,c1@example.com\n", encoding="utf-8")
    again = bcp(other, "notice", "unknown", "--send-again", "C1", "--reason", "he asked")
    assert again.returncode == 2 and "was lost with the other computer" in again.stderr, again.stderr
    assert states(other) == ["sent", "unknown", "unknown"]
    third = tmp_path / "third"
    shutil.copytree(other, third, ignore=shutil.ignore_patterns("incidents"))
    taken = bcp(third, "incident", "take-over", str(file), "--lost", "--reason", "burnt")
    assert "1 letters waited on the lost computer" in taken.stderr
    assert states(third) == ["sent", "unknown", "unknown"]


def rezip(file: Path, change: Iterable[tuple[str, bytes]]) -> Path:
    """The same zip with other contents for some names, and the sums of before."""
    changed = dict(change)
    made = file.with_name(f"changed-{'-'.join(changed)}.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name, old.read(name)))
    return made


def test_a_file_that_was_changed_is_no_zip_or_holds_no_incident_is_refused(
    staged: Stage, other: Path, tmp_path: Path
) -> None:
    file = tmp_path / "i.zip"
    hand_over(staged.office, file)
    with zipfile.ZipFile(file) as archive:
        journal = archive.read("journal.jsonl")
    (tmp_path / "no.zip").write_bytes(b"PK nothing")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as empty:
        empty.writestr("journal.jsonl", "")
    for path, said in (
        (
            rezip(file, [("journal.jsonl", journal.replace(b"Look", b"Loot"))]),
            "“journal.jsonl”: it was changed",
        ),
        (rezip(file, [("outbox.json", b"{}")]), "“outbox.json”"),
        (tmp_path / "no.zip", "cannot be read"),
        (tmp_path / "empty.zip", "“SHA256SUMS”: it is missing"),
        (tmp_path / "missing.zip", "cannot be read"),
    ):
        refused = bcp(other, "incident", "take-over", str(path))
        assert refused.returncode == 2 and said in refused.stderr, refused.stderr
        assert "bug of ours" not in refused.stderr
    assert not (other / "incidents" / STREAM).exists()


def test_an_incident_that_went_on_in_two_ways_is_not_mixed(
    staged: Stage, other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = tmp_path / "export"
    bcp(staged.office, "incident", "export", "-o", str(backup), "--incident", STREAM)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("LOCALAPPDATA" if IS_WINDOWS else "XDG_STATE_HOME", str(tmp_path / "memory"))
        take_over(other, backup, "--lost", "--reason", "thought so")
    bcp(staged.office, "incident", "note", "it was not lost", "--incident", STREAM)
    hand_over(staged.office, tmp_path / "i.zip")
    refused = bcp(other, "incident", "take-over", str(tmp_path / "i.zip"))
    assert refused.returncode == 3 and "went on in two ways" in refused.stderr


def test_nothing_is_handed_over_where_the_file_cannot_be_made(staged: Stage, tmp_path: Path) -> None:
    (tmp_path / "there.zip").touch()
    for file in (tmp_path / "there.zip", tmp_path / "no-folder" / "i.zip"):
        assert bcp(staged.office, "incident", "hand-over", str(file)).returncode == 2
    assert "pen.ended" not in staged.kinds()
