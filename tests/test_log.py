"""The log of the tool itself: what is in it, that no line is lost, and that it never disturbs."""

from __future__ import annotations

import importlib.metadata
import logging
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bcp.cli.terminal.output import fail
from bcp.errors import StepFailed
from bcp.lever.line.program import run
from bcp.outside import MailEnvelope, Program, Request
from bcp.store import logfile
from bcp.store.database import FILE
from bcp.store.logfile import KEPT, LONGEST, NAME, LogFile, put_aside
from bcp.version import version
from bcp.world.real import Real, origin
from bcp.world.secret import Secrets
from tests.children import (
    IS_WINDOWS,
    appends_at_once,
    in_own_mounts,
    make_read_only,
    needs_links,
    needs_root,
    small_disk,
)
from tests.offices import bcp, office_in, runbook
from tests.smtpd import PASSWORD, USER, running
from tests.test_store_failures import locked
from tests.test_store_migrations import made_by
from tests.test_world_mail import server_of
from tests.wire import tcp_server

PHASES = """
  - phase: A
    steps:
      - {step: one, title: One, by_hand: Do., manual: {}}
      - {step: two, title: Two, by_hand: Do., manual: {}}
"""
LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 (DEBUG|INFO|WARNING|ERROR|CRITICAL) p\d+ [\w.]+: .*"
)
WRITER = """
import logging, sys
from pathlib import Path
from bcp.store import logfile
logfile.LONGEST = int(sys.argv[3])
kept = logfile.LogFile()
kept.lies_in(Path(sys.argv[1]))
logging.getLogger().addHandler(kept)
for number in range(int(sys.argv[4])):
    logging.getLogger("bcp.test").warning("%s line %d", sys.argv[2], number)
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office with an open incident, whose first step waits."""
    place = office_in(tmp_path / "office", outage=runbook(PHASES))
    assert bcp(place, "incident", "start", "outage").returncode == 9
    return place


def lines(office: Path) -> list[str]:
    return (office / "incidents" / NAME).read_text(encoding="utf-8").splitlines()


def record(words: str, *values: object) -> logging.LogRecord:
    return logging.LogRecord("bcp.test", logging.INFO, __file__, 1, words, values, None)


# What is in it


def test_each_command_is_written_down_when_it_begins_and_when_it_ends(office: Path) -> None:
    before = len(lines(office))
    assert bcp(office, "incident", "step", "done", "one", "--note", "Ms Horak rang").returncode == 0
    begun, *_others, ended = lines(office)[before:]
    assert all(LINE.fullmatch(line) for line in lines(office))
    assert "begun: bcp incident step done … --note …" in begun and "bcp 0." in begun
    assert re.search(r"ended: status 0 after \d+\.\d\d s: bcp incident step done one --note …$", ended)
    assert "Horak" not in "".join(lines(office))


def test_what_a_person_was_told_of_a_failure_is_written_down_without_what_was_typed(office: Path) -> None:
    before = len(lines(office))
    assert bcp(office, "incident", "step", "done", "Horak").returncode == 2
    assert bcp(office, "incident", "step", "done", "one", "--by", "horak").returncode == 2
    told = [line for line in lines(office)[before:] if " told: InputError, status 2: " in line]
    assert len(told) == 2
    assert "horak" not in "".join(lines(office)).lower()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (["check", "status", "halina-wrona"], "bcp check status …"),
        (["incident", "status", "--incident", "halina-wrona"], "bcp incident status --incident …"),
        (["incident", "step", "done", "halina-wrona"], "bcp incident step done …"),
        (["runbook", "show", "halina-wrona"], "bcp runbook show …"),
        (["check", "history", "internet"], "bcp check history internet"),
        (["incident", "step", "skipped", "two", "--note", "x"], "bcp incident step skipped two --note …"),
        (["runbook", "show", "outage"], "bcp runbook show outage"),
    ],
)
def test_an_id_is_kept_only_if_it_names_something_of_this_office(
    office: Path, typed: list[str], kept: str
) -> None:
    ran = bcp(office, *typed)
    assert ("halina" in " ".join(typed)) == (ran.returncode != 0)
    assert lines(office)[-1].endswith(f": {kept}")
    assert "halina" not in "".join(lines(office))


def test_an_incident_is_named_by_its_id(office: Path) -> None:
    incident = next(path.name for path in (office / "incidents").iterdir() if path.name.endswith("-outage"))
    assert bcp(office, "incident", "log", "--incident", incident).returncode == 0
    assert lines(office)[-1].endswith(f"bcp incident log --incident {incident}")


def test_each_event_that_was_written_is_named_by_its_number_and_kind(office: Path) -> None:
    assert bcp(office, "incident", "note", "Ms Horak rang").returncode == 0
    (said,) = [line for line in lines(office) if "note.written" in line]
    assert re.search(r"store\.journal: \d{4}-\d\d-\d\d-outage: event \d+ note\.written$", said)


def test_a_status_is_said_in_words_and_no_line_ends_in_a_space(office: Path) -> None:
    assert bcp(office, "incident", "resume").returncode == 9
    assert bcp(office, "incident", "step", "done", "halina").returncode == 2
    bcp(office, "check", "run")
    said = "\n".join(lines(office))
    for words in ("9 (waiting for a person)", "2 (it cannot be done as it was put)", "7 (a check is down)"):
        assert f"ended: status {words} after " in said
    assert not [line for line in lines(office) if line != line.rstrip()]


def test_a_command_that_reads_only_is_written_down_too(office: Path) -> None:
    before = len(lines(office))
    assert bcp(office, "validate").returncode == 0
    assert bcp(office, "runbook", "list").returncode == 0
    assert [line.rpartition(": ")[2] for line in lines(office)[before:] if "ended" in line] == [
        "bcp validate",
        "bcp runbook list",
    ]


def test_mistakes_in_files_are_named_by_their_place_alone(office: Path) -> None:
    (office / "runbooks" / "bad.yaml").write_text("runbook: bad\ntitel: Horak\n", encoding="utf-8")
    assert bcp(office, "validate").returncode == 2
    (told,) = [line for line in lines(office) if "told: SourceError" in line]
    assert "runbooks/bad.yaml:2:1" in told and "Horak" not in told


def test_programs_servers_and_mailboxes_are_named_without_what_was_said_to_them(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    world = Real(Secrets(tmp_path, {"MAIL": PASSWORD}))

    def answer(line: socket.socket) -> None:
        line.recv(65536)
        line.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    world.run(Program((sys.executable, "-c", "raise SystemExit(3)", "Horak"), 20.0))
    world.run(Program((str(tmp_path / "no-such"), "Horak"), 20.0))
    world.run(Program(("nmcli dev wifi connect Biuro password hunter2geheim",), 20.0))
    world.run(Program((f"no-such-{'x' * 40}",), 20.0))
    with tcp_server(answer) as port:
        world.request(Request("POST", f"http://anna:horak@127.0.0.1:{port}/horak?x=horak", timeout=5.0))
    with running(tmp_path) as smtpd:
        world.mail(
            MailEnvelope(server_of(smtpd), USER, "horak@example.com", b"Subject: Horak\r\n\r\nHorak\r\n"),
            lambda: None,
        )
    said = [each.getMessage() for each in caplog.records if each.name == "bcp.world.real"]
    assert [re.sub(r"\d+\.\d\d s", "_ s", each) for each in said] == [
        f"program {Path(sys.executable).name}: status 3, _ s",
        "program no-such: not begun, _ s",
        "program …: not begun, _ s",
        "program …: not begun, _ s",
        f"POST http://127.0.0.1:{port}: status 204, _ s",
        "mail to localhost: body, code 250",
    ]


def test_arguments_and_words_of_a_program_that_failed_are_not_written_down(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    program = (sys.executable, "-c", "raise SystemExit('geheim2')", "hunter2geheim")
    caplog.set_level(logging.INFO)
    with pytest.raises(StepFailed) as failed:
        run(Real(Secrets(Path(), {})), program)
    assert fail(failed.value) == 4
    assert "hunter2geheim" in capsys.readouterr().err.replace("\n", ""), "the person is told all of it"
    assert "told: StepFailed, status 4" in caplog.text
    assert "hunter2" not in caplog.text and "geheim" not in caplog.text


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://u:p@www.example.com:8443/a?b#c", "https://www.example.com:8443"),
        ("env:HOOK", "an address that is kept as a secret"),
        ("http://[::1", "an address that cannot be read"),
    ],
)
def test_of_an_address_only_the_host_is_kept(url: str, shown: str) -> None:
    assert origin(url) == shown


def test_a_locked_store_and_a_store_that_can_only_be_read_are_written_down(office: Path) -> None:
    with locked(office / "incidents" / "bcp.sqlite3"):
        assert bcp(office, "incident", "step", "done", "one").returncode == 3
    said = "\n".join(lines(office))
    assert "the store failed: SQLITE_BUSY" in said and "told: Locked, status 3" in said


def test_a_new_format_of_an_older_store_is_written_down(office: Path) -> None:
    (office / "incidents" / FILE).unlink()
    made_by(office / "incidents" / FILE, 1)
    bcp(office, "incident", "list")
    (said,) = [line for line in lines(office) if "is now format" in line]
    assert "format 1 is now format" in said


def test_a_flip_of_a_check_is_written_down(office: Path) -> None:
    assert bcp(office, "check", "run").returncode == 7
    assert any("check internet: down, was not known" in line for line in lines(office))


# Where it is, and who may read it


def test_the_log_is_for_its_owner_alone_and_outside_of_a_shared_history(office: Path) -> None:
    assert IS_WINDOWS or (office / "incidents" / NAME).stat().st_mode & 0o777 == 0o600
    made = office.parent / "new"
    assert bcp(office.parent, "init", str(made), "--yes").returncode == 0
    assert "incidents/" in (made / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_no_folder_is_made_for_the_logs_sake(tmp_path: Path) -> None:
    place = office_in(tmp_path / "office", outage=runbook(PHASES))
    for command in (["incident", "list"], ["incident", "status"], ["check", "list"], ["nonsense"]):
        bcp(place, *command)
    assert not (place / "incidents").exists()


def test_a_command_without_an_office_keeps_nothing(tmp_path: Path) -> None:
    assert bcp(tmp_path, "incident", "status").returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_command_that_makes_the_folder_is_written_down_from_its_beginning(office: Path) -> None:
    assert "begun: bcp incident start …" in lines(office)[0]
    assert next(line for line in lines(office) if "ended: " in line).endswith("bcp incident start outage")


# It never disturbs


@needs_root
def test_a_folder_that_can_only_be_read_changes_nothing_of_what_is_shown(office: Path) -> None:
    free = bcp(office, "incident", "log", "--json")

    def read() -> None:
        make_read_only(office)
        for way in (["--json"], []):
            ran = bcp(office, "incident", "log", *way)
            assert (ran.returncode, ran.stdout if way else "") == (0, free.stdout if way else ""), ran.stderr
            assert "Traceback" not in ran.stderr and "log" not in ran.stderr.lower()

    in_own_mounts(read)


@needs_root
def test_a_full_disk_changes_nothing_of_what_is_shown(office: Path, tmp_path: Path) -> None:
    def read() -> None:
        state = tmp_path / "small"
        small_disk(state, "2m")
        moved = {"BCP_STATE": str(state)}
        assert bcp(office, "incident", "start", "outage", **moved).returncode == 9
        with (state / "filler").open("wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(b"x" * 65536)
            except OSError:
                pass
        size = (state / NAME).stat().st_size
        ran = bcp(office, "incident", "list", **moved)
        assert ran.returncode == 0 and "Traceback" not in ran.stderr, ran.stderr
        assert (state / NAME).stat().st_size - size < 4096

    in_own_mounts(read)


def test_a_folder_in_the_place_of_the_log_is_nobodys_trouble(office: Path) -> None:
    (office / "incidents" / NAME).unlink()
    (office / "incidents" / NAME).mkdir()
    ran = bcp(office, "incident", "step", "done", "one")
    assert ran.returncode == 0 and "Traceback" not in ran.stderr


@needs_links
def test_a_link_in_the_place_of_the_log_is_not_followed(office: Path, tmp_path: Path) -> None:
    (office / "incidents" / NAME).unlink()
    (office / "incidents" / NAME).symlink_to(tmp_path / "elsewhere")
    assert bcp(office, "incident", "step", "done", "one").returncode == 0
    assert not (tmp_path / "elsewhere").exists()


def test_a_record_that_cannot_be_formatted_raises_nothing(tmp_path: Path) -> None:
    kept = LogFile()
    kept.lies_in(tmp_path)
    kept.handle(record("%d of %d", "one"))
    kept.handle(record("half a letter \udc80 and a\nline\x1b[31m"))
    assert [line.partition(" test: ")[2] for line in (tmp_path / NAME).read_text().splitlines()] == [
        "(a record that cannot be written)",
        "half a letter \\udc80 and a\\nline\\x1b[31m",
    ]


# Many at once, and its length


def write_at_once(folder: Path, longest: int, each: int) -> None:
    with_ours = {**os.environ, "PYTHONPATH": str(Path(logfile.__file__).parents[2])}
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), f"w{name}", str(longest), str(each)], env=with_ours
        )
        for name in range(4)
    ]
    assert [writer.wait() for writer in writers] == [0] * 4


@appends_at_once
def test_no_line_of_several_processes_is_lost_or_mixed(tmp_path: Path) -> None:
    write_at_once(tmp_path, LONGEST, 500)
    said = (tmp_path / NAME).read_text().splitlines()
    assert all(LINE.fullmatch(line) for line in said)
    assert sorted(line.rpartition("test: ")[2] for line in said) == sorted(
        f"w{name} line {number}" for name in range(4) for number in range(500)
    )


@appends_at_once
def test_no_line_is_lost_where_several_processes_find_the_log_too_long(tmp_path: Path) -> None:
    # So long that it is put aside while all write, and so seldom that nothing is dropped at the end.
    write_at_once(tmp_path, 100_000, 800)
    files = [tmp_path / NAME, *(tmp_path / f"{NAME}.{number}" for number in range(1, KEPT))]
    said = [line for file in files if file.exists() for line in file.read_text().splitlines()]
    assert (tmp_path / f"{NAME}.1").exists()
    assert all(LINE.fullmatch(line) for line in said)
    assert sorted(line.rpartition("test: ")[2] for line in said if " line " in line) == sorted(
        f"w{name} line {number}" for name in range(4) for number in range(800)
    )


def test_the_oldest_file_is_given_up_and_a_new_one_says_so(tmp_path: Path) -> None:
    file = tmp_path / NAME
    kept = LogFile()
    kept.lies_in(tmp_path)
    root = logging.getLogger("bcp.store.logfile")
    root.addHandler(kept)
    level = root.level
    root.setLevel(logging.INFO)
    try:
        for content in "abcd":
            file.write_text(content * (LONGEST + 1))
            put_aside(file)
    finally:
        root.removeHandler(kept)
        root.setLevel(level)
    assert [(tmp_path / f"{NAME}.{number}").read_text()[0] for number in (1, 2)] == ["d", "c"]
    assert sorted(path.name for path in tmp_path.iterdir() if ".lock" not in path.name) == [
        NAME,
        f"{NAME}.1",
        f"{NAME}.2",
    ]
    assert "begun anew: what was before is in bcp.log.1" in file.read_text()


# --verbose


@pytest.mark.parametrize("place", [0, 1, 2, 3])
@pytest.mark.parametrize("name", ["-v", "--verbose"])
def test_verbose_shows_the_log_wherever_it_stands(office: Path, place: int, name: str) -> None:
    command = ["incident", "step", "done", "one"]
    ran = bcp(office, *command[:place], name, *command[place:], "--note", "Ms Horak rang")
    assert ran.returncode == 0, ran.stderr
    shown = [line for line in ran.stderr.splitlines() if LINE.fullmatch(line)]
    assert "begun: bcp" in shown[0] and "ended: status 0" in shown[-1]
    assert any("store.journal: " in line for line in shown)
    assert "Horak" not in "".join(shown)
    assert "Written down" not in "".join(shown)


def test_verbose_changes_nothing_of_the_data(office: Path) -> None:
    assert (
        bcp(office, "incident", "log", "--json", "-v").stdout
        == bcp(office, "incident", "log", "--json").stdout
    )


def test_check_run_keeps_its_own_verbose(office: Path) -> None:
    ran = bcp(office, "check", "run", "--verbose")
    assert "The internet: DOWN" in ran.stdout
    assert not any(LINE.fullmatch(line) for line in ran.stderr.splitlines())


def test_the_version_that_is_found_cheaply_is_the_one_that_is_installed() -> None:
    assert version() == importlib.metadata.version("bcp-office")
