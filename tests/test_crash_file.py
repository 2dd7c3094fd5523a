"""A bug of ours: the sentence comes always, and what is kept helps to find it and names nobody."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from bcp.app.crash import mark_of
from bcp.errors import read_back
from bcp.event import NOTHING, Entry, Head
from bcp.incident.fold import fold
from bcp.mask import KNOWN
from bcp.store.journal import Journal
from bcp.store.migrations import MIGRATIONS
from bcp.traced import message_of, place_of, traced
from tests import quick
from tests.children import (
    TERMINATED,
    ends_another_process,
    in_own_mounts,
    make_read_only,
    needs_modes,
    needs_root,
)
from tests.frozen import FrozenClock
from tests.offices import bcp, first_entry, office_in, runbook
from tests.waiting import until

FORMAT = len(MIGRATIONS)

PHASES = """
  - phase: A
    steps:
      - {step: one, title: One, by_hand: Do., manual: {}}
"""
SENTENCE = "This is a bug of ours, not a mistake of yours. What was shown as written is safe."
SAID = "Zdenka Horakova of Blue Fox, 777 123 456"


def break_it(office: Path, stream: str = "") -> str:
    """The journal gets an event that no version of ours writes: whoever adds it up stumbles. The id of the incident."""
    journal = Journal(office / "incidents", FrozenClock())
    stream = stream or journal.streams("incident.started")[-1]
    if not list(journal.rows(stream)):
        journal.append(stream, NOTHING, [first_entry(office)])
    last = list(journal.rows(stream))[-1]
    journal.append(
        stream, Head(last.seq, last.hash), [Entry("step.begun", "anna", {"step": SAID, "title": SAID})]
    )
    journal.close()
    return stream


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office whose open incident makes us stumble."""
    place = office_in(tmp_path / "office", outage=runbook(PHASES))
    assert bcp(place, "incident", "start", "outage").returncode == 9
    break_it(place)
    return place


def crashes(folder: Path) -> list[Path]:
    return sorted((folder / "incidents" / "crash").glob("*.txt"))


def told_file(ran: subprocess.CompletedProcess[str]) -> Path:
    found = re.search(r"was kept in (\S+\.txt);", ran.stderr)
    assert found, ran.stderr
    return Path(found[1])


def test_a_bug_is_told_in_a_sentence_and_kept_in_a_file(office: Path) -> None:
    ran = bcp(office, "incident", "note", "Ms Horakova rang", "--by", "anna")
    assert ran.returncode == 1
    assert ran.stderr.startswith(SENTENCE)
    assert "Traceback" not in ran.stderr and "bcp support" in ran.stderr and "printed sheet" in ran.stderr
    assert [told_file(ran)] == crashes(office)
    file = told_file(ran)
    assert re.fullmatch(r"\d{8}T\d{6}\.\d{3}Z-\d+\.txt", file.name)


@needs_modes
def test_the_file_is_for_its_owner_alone(office: Path) -> None:
    file = told_file(bcp(office, "incident", "note", "Ms Horakova rang", "--by", "anna"))
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_file_says_what_a_stranger_needs(office: Path) -> None:
    file = told_file(bcp(office, "incident", "note", "Ms Horakova rang"))
    text = file.read_text(encoding="utf-8")
    journal = Journal(office / "incidents", FrozenClock())
    (stream,) = journal.streams("incident.started")
    *_rest, last = journal.rows(stream)
    head, _blank, rest = text.partition("\n\n")
    lines = dict(re.split(r"\s{2,}", line, maxsplit=1) for line in head.splitlines())
    assert lines["bcp"] == "0.1.0" or lines["bcp"].startswith("the source")
    assert lines["Python"].startswith(".".join(map(str, sys.version_info[:3])))
    assert re.fullmatch(r"bcp/incident/state\.py:\d+ KeyError", lines["failed at"])
    assert lines["command"] == "bcp incident note …"
    assert lines["office"] == "found; language en"
    assert (
        lines["state folder"].startswith("in the office folder; ")
        and "can be written to" in lines["state folder"]
    )
    assert (
        lines["store"]
        == f"format {FORMAT} (this bcp: {FORMAT}); {stream} ends with event {last.seq} {last.hash}"
    )
    assert {"system", "SQLite", "encoding", "time"} <= lines.keys()
    assert "begun: bcp incident note …" in rest
    assert "bcp/incident/fold.py:" in rest and "in fold" in rest
    assert rest.rstrip().splitlines()[-2:] == [
        f"builtins.KeyError: (message left out: {len(repr(SAID))} characters)",
        f"  while event {last.seq} step.begun was added up",
    ]


def test_neither_the_file_nor_the_log_says_what_people_said(office: Path) -> None:
    bcp(
        office, "incident", "note", "Ms Horakova rang", "--by", "anna", HOME="/home/zdenka", BCP_PERSON="anna"
    )
    for path in (*crashes(office), office / "incidents" / "bcp.log"):
        text = path.read_text(encoding="utf-8")
        for said in ("Horakova", "Blue Fox", "777 123", "zdenka", "Anna", "anna", str(office)):
            assert said not in text, (path, said)


def test_the_incident_that_was_meant_is_the_one_whose_head_is_kept(office: Path) -> None:
    other = break_it(office, "2026-11-25-outage")
    text = told_file(bcp(office, "incident", "status", "--incident", other)).read_text(encoding="utf-8")
    assert f"{other} ends with event 2 " in text and text.count("ends with event") == 1


def test_the_last_twenty_are_kept(office: Path) -> None:
    folder = office / "incidents" / "crash"
    folder.mkdir()
    for number in range(25):
        (folder / f"20250101T0000{number:02}.000Z-1.txt").write_text("old")
    new = told_file(bcp(office, "incident", "status"))
    assert len(crashes(office)) == 20 and crashes(office)[-1] == new
    assert crashes(office)[0].name == "20250101T000006.000Z-1.txt"


def test_the_crash_handler_makes_and_migrates_no_store(office: Path) -> None:
    before = (office / "incidents" / "bcp.sqlite3").read_bytes()
    assert bcp(office, "incident", "status").returncode == 1
    assert (office / "incidents" / "bcp.sqlite3").read_bytes() == before


@needs_root
def test_where_the_state_cannot_be_written_the_folder_for_temporary_files_is_taken(
    office: Path, tmp_path: Path
) -> None:
    def try_it() -> None:
        make_read_only(office)
        ran = bcp(office, "incident", "status", TMPDIR=str(tmp_path))
        assert ran.returncode == 1 and ran.stderr.startswith(SENTENCE)
        assert told_file(ran).parent == tmp_path
        assert told_file(ran).name.startswith(f"bcp-bug-{mark_of(office.resolve())}-")
        assert told_file(ran).stat().st_mode & 0o777 == 0o600
        assert "can only be read" in told_file(ran).read_text(encoding="utf-8")

    in_own_mounts(try_it)


@needs_root
def test_where_nothing_can_be_written_the_sentence_comes_with_the_place(office: Path) -> None:
    def try_it() -> None:
        for folder in ("/tmp", "/var/tmp", str(office)):
            make_read_only(Path(folder))
        # No folder is left for what the command says, either: it comes through pipes.
        command = [sys.executable, "-m", "bcp", "incident", "status"]
        ran = subprocess.run(command, cwd=office, capture_output=True, text=True, check=False)
        assert ran.returncode == 1 and ran.stderr.startswith(SENTENCE)
        assert re.search(r"it happened at bcp/incident/state\.py:\d+ KeyError", ran.stderr)
        assert "Traceback" not in ran.stderr

    in_own_mounts(try_it)


def test_an_office_of_poland_is_told_in_polish(office: Path) -> None:
    file = office / "bcp.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "language: pl\n", encoding="utf-8")
    ran = bcp(office, "incident", "status")
    assert ran.returncode == 1
    assert "błąd" in ran.stderr and "bcp support" in ran.stderr and "bug of ours" not in ran.stderr
    assert "office        found; language pl" in crashes(office)[-1].read_text(encoding="utf-8")


@pytest.mark.parametrize("harm", ["no database", "cut off", "a folder"])
def test_a_store_that_is_damaged_as_well_is_said_so(office: Path, harm: str) -> None:
    store = office / "incidents" / "bcp.sqlite3"
    if harm == "a folder":
        store.unlink()
        store.mkdir()
    else:
        store.write_bytes(b"no database" * 100 if harm == "no database" else store.read_bytes()[:1000])
    broken = "import bcp.cli.incident.commands as broken; broken.app = None; "
    ran = started(office, broken, ["incident", "status"])
    assert ran.returncode == 1 and ran.stderr.startswith(SENTENCE), ran.stderr
    text = told_file(ran).read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("store"))
    assert "it cannot be read" in line or "there is no store yet" in line


def started(
    office: Path, before: str, arguments: Sequence[str], **environ: str
) -> subprocess.CompletedProcess[str]:
    """The command in a Python in which something was broken `before`."""
    script = (
        f"import sys; sys.argv = ['bcp', *{list(arguments)!r}]; {before}from bcp.__main__ import run; run()"
    )
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=office,
        env={**os.environ, "PYTHONUTF8": "1", "BCP_OFFICE": str(office), **environ},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("bcp.cli.main", ["incident", "status"]),
        ("bcp.page.cache", ["print", "sheet"]),
        ("bcp.cli.lazy", ["--help"]),
        ("bcp.cli.incident.commands", ["incident", "status"]),
        ("bcp.cli.bug", ["incident", "status"]),
        ("bcp.mask", ["incident", "status"]),
        ("sqlite3", ["incident", "status"]),
    ],
)
def test_an_installation_in_which_a_part_is_missing_is_told_as_a_bug(
    office: Path, module: str, arguments: list[str]
) -> None:
    ran = started(office, f"sys.modules[{module!r}] = None; ", arguments)
    assert ran.returncode == 1, ran.stderr
    assert ran.stderr.startswith("This is a bug of ours, not a mistake of yours"), ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_bug_before_anything_was_read_is_told_even_with_no_standard_error(office: Path) -> None:
    ran = started(
        office, "sys.modules['bcp.cli.incident.commands'] = None; sys.stderr = None; ", ["incident", "status"]
    )
    assert (ran.returncode, ran.stderr) == (1, "")
    assert crashes(office)


@ends_another_process
def test_a_bug_in_a_duty_of_the_watch_is_kept_and_told_once_and_the_watch_goes_on(office: Path) -> None:
    with (office / "said").open("wb") as said:
        watching = quick.begun(["-m", "bcp", "watch"], office, stdout=said, stderr=said)
        try:
            until(lambda: "The watch goes on" in (office / "said").read_text(encoding="utf-8"))
            until(lambda: "check internet" in (office / "incidents" / "bcp.log").read_text(encoding="utf-8"))
            assert watching.poll() is None
        finally:
            watching.terminate()
            assert watching.wait(60) == TERMINATED
    text = (office / "said").read_text(encoding="utf-8")
    assert text.count("a bug of ours") == 1 and "Traceback" not in text and "bcp support" in text
    kept = crashes(office)[0].read_text(encoding="utf-8")
    assert "command       bcp watch" in kept and "KeyError: (message left out" in kept
    log = (office / "incidents" / "bcp.log").read_text(encoding="utf-8")
    assert "a bug of ours beside the watch at bcp/incident/state.py" in log and "ended: status 0" in log
    assert "Horakova" not in text + kept + log


# The traceback


class Talkative(Exception):
    def __str__(self) -> str:
        raise RuntimeError("nothing can be said")


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except BaseException as caught:  # noqa: BLE001 - whatever it is
        return caught


def test_an_exception_that_cannot_be_shown_is_shown_without_its_words() -> None:
    assert traced(raised(Talkative())).splitlines()[-1].endswith("Talkative: (it cannot say)")


def test_a_chain_that_leads_back_to_itself_ends() -> None:
    first, second = raised(ValueError("a")), raised(KeyError("b"))
    first.__context__, second.__context__ = second, first
    assert traced(first).count("builtins.ValueError") == 1


def test_the_cause_and_each_of_a_group_are_kept() -> None:
    text = traced(raised(ExceptionGroup("not", [ValueError("item"), OSError("set")]), raised(KeyError("z"))))
    assert [
        word
        for word in (
            "KeyError: (mes",
            "which led to:",
            "ExceptionGroup: not (",
            "ValueError: item",
            "OSError: set",
        )
        if word not in text
    ] == []


def failed(do: Callable[[], object]) -> str:
    try:
        do()
    except Exception as error:  # noqa: BLE001 - whatever it is
        return message_of(error)
    raise AssertionError("it did not fail")


@pytest.mark.parametrize(
    ("do", "kept"),
    [
        (lambda: fold([]), "there is no event to fold"),
        (lambda: read_back(), "…() missing 1 required positional argument: '…'"),
        (lambda: None.halina, "'NoneType' object has no attribute '…'"),
        (lambda: [][1], "list index out of range"),
        (lambda: json.loads("Halina Wrona"), "Expecting value: line 1 column 1 (char 0)"),
        (lambda: Path("halina-wrona.csv").read_text(), "[Errno 2] No such file or directory: '…'"),
        (lambda: {}["halina-wrona"], "(message left out: 14 characters)"),
        (lambda: {1: 2}[605444333], "(message left out: 9 characters)"),
        (lambda: int("halina"), "invalid literal for int() with base 10: '…'"),
        (
            lambda: b"\xe8ek".decode(),
            "'utf-8' codec can't decode byte 0xe8 in position 0: invalid continuation byte",
        ),
        (lambda: date.fromisoformat("Halina Wrona"), "… string: '…'"),
        (lambda: sqlite3.connect(":memory:").execute("SELECT 1 FROM halina"), "no such table: …"),
    ],
)
def test_of_a_message_the_words_of_programs_are_kept_and_no_others(
    do: Callable[[], object], kept: str
) -> None:
    assert failed(do) == kept


def test_a_name_at_the_end_of_what_is_kept_is_not_cut_in_two() -> None:
    KNOWN.names(["Zuzana Kvapilova"])
    for before in range(1950, 2001, 7):
        words = message_of(
            raised(ValueError("list " * (before // 5) + "x" * (before % 5) + " Zuzana Kvapilova"))
        )
        assert "Zuz" not in words and "Kvap" not in words


def test_of_libraries_only_the_frame_where_they_were_left_is_kept() -> None:
    def deep() -> None:
        json.loads("x")

    try:
        deep()
    except ValueError as error:
        frames = [line for line in traced(error).splitlines() if ", in " in line]
        assert len(frames) == 1 and "json/decoder.py" in frames[0]


def test_a_recursion_without_end_is_kept_and_told() -> None:
    def deeper() -> None:
        deeper()

    try:
        deeper()
    except RecursionError as error:
        assert "RecursionError" in traced(error) and "test_crash_file.py" in place_of(error)
