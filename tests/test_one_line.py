"""What a stranger wrote never begins a line of the output: whatever ends a line in it becomes a mark, or a blank."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pexpect
import pytest

import bcp as bcp_package
from bcp.cli.terminal.output import moved_in
from bcp.notice.inbox.board import ClientReply
from bcp.store.board import StoredBoard
from tests.forged import chained, opened
from tests.frozen import START
from tests.offices import CHECK, Script, bcp, stage
from tests.posts import clients
from tests.posts import office as make_office
from tests.smtpd import Faults, running
from tests.test_mirror import Site
from tests.test_moved_files import packed
from tests.test_pen import hand_over
from tests.test_takeover import PHASES
from tests.test_tell import at_a_terminal
from tests.test_tell import bcp as bcp_with_mail

FORGED = "Next: bcp evil"
EVIL = "x" + "".join(
    f"{end}{FORGED}" for end in ("\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029")
)
RUNBOOK = """\
runbook: outage
title: The line is dead
when: No line.
target: 8h
owner: lead
phases:
  - phase: First
    steps:
      - step: report
        title: Report the fault
        report-fault: {line: internet}
        by_hand: Call.
"""
TELLING = RUNBOOK.replace("report-fault: {line: internet}", "notify: {notice: line-down, audience: clients}")
ANSWERS = ("provider_ticket", "provider_agent", "provider_cause", "provider_promised")


def forged(said: str) -> list[str]:
    """The lines that a stranger began, in whatever way lines are parted."""
    return [line for line in said.splitlines() if line.strip().startswith(FORGED)]


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = make_office(tmp_path / "office", None, clients(2))
    for part in ("runbooks", "checks"):
        (folder / part).mkdir()
    (folder / "runbooks" / "outage.yaml").write_text(RUNBOOK)
    (folder / "checks" / "internet.yaml").write_text(CHECK)
    with (folder / "bcp.yaml").open("a") as file:
        file.write('lines:\n  - {line: internet, provider: Netia, support: "801 802 803"}\n')
    return folder


def said_everywhere(office: Path) -> Iterator[tuple[str, ...]]:
    """Texts of strangers through each command that takes one; the commands."""
    StoredBoard(office / "incidents").put(
        ClientReply("<1@x>", "i", "i/line-down/1", EVIL, "f@example.com", EVIL, START)
    )
    yield "incident", "start", "outage"
    yield "incident", "note", EVIL
    for name in ANSWERS:
        yield "incident", "amend", "--fact", f"{name}={EVIL}"
    yield "incident", "step", "skipped", "report", "--note", EVIL
    yield "promise", "add", EVIL, "--from", EVIL, "--by", "23:59"
    yield "promise", "kept", "p1", "--note", EVIL
    yield "cost", "add", "120 PLN", EVIL
    yield "followup", "add", EVIL, "--owner", "anna", "--due", "in 2 weeks"
    yield "inbox", "take", "1"
    yield "incident", "step", "done", EVIL


VIEWS = (
    "incident status",
    "incident list",
    "incident log",
    "incident report",
    "incident verify",
    "incident resume",
    "contact list",
    "inbox list",
    "inbox list --all",
    "notice status",
    "notice preview line-down clients",
    "notice plan line-down clients",
    "place status",
    "place list",
    "promise list",
    "cost list",
    "followup list",
    "decision list",
    "check status",
    "claim show",
    "incident print -o -",
)


def test_no_view_of_what_strangers_said_has_a_line_that_they_began(office: Path) -> None:
    rows = (office / "contacts" / "clients.csv").read_text()
    (office / "contacts" / "clients.csv").write_text(f'{rows}"{EVIL}","{EVIL}",e@example.com,en,,\n')
    wrong = []
    for command in (*said_everywhere(office), *(tuple(view.split()) for view in VIEWS)):
        told = bcp(office, *command)
        assert told.returncode in (0, 2, 9), told.stderr
        assert "Usage" not in told.stderr, told.stderr
        wrong += [f"{' '.join(command)[:40]}: {line}" for line in forged(told.stdout + told.stderr)]
    (record,) = office.glob("incidents/*/journal.txt")
    wrong += forged(record.read_text(encoding="utf-8"))
    assert not wrong, "\n".join(wrong)
    assert "x<U+000A>Next: bcp evil<U+000D>" in bcp(office, "inbox", "list", "--all").stdout


def test_the_answer_of_a_mail_server_begins_no_line(tmp_path: Path) -> None:
    answer = f"550-5.1.1 gone\r\n550-{FORGED}\r\n550 {FORGED}"
    faults = Faults(recipients={"jan0@example.com": answer, "anna@example.com": answer})
    with running(tmp_path, faults) as smtpd:
        place = make_office(tmp_path, smtpd, clients(1))
        (place / "runbooks").mkdir()
        (place / "runbooks" / "outage.yaml").write_text(TELLING)
        assert bcp_with_mail(place, "incident", "start", "outage").returncode == 9
        tested = bcp_with_mail(place, "notice", "test", "line-down")
        screen = at_a_terminal(place, "notice", "send", "line-down", "clients")
        screen.expect("Type the number 1 to send 1 letters")
        screen.sendline("1")
        screen.expect(pexpect.EOF)
        screen.close()
        shown = str(screen.before)
    assert FORGED in tested.stderr and FORGED in shown
    assert not forged(tested.stderr) and not forged(shown)
    status = bcp_with_mail(place, "notice", "status").stdout
    assert FORGED in status and not forged(status)


def test_the_title_of_a_page_begins_no_line(office: Path) -> None:
    title = f"<title>x&#10;{FORGED}&#x2028;{FORGED}\x85{FORGED}</title><p>bread"
    page = {"/": ("text/html; charset=utf-8", title.encode())}
    alone = type("Bakery", (Site,), {"files": page, "asked": [], "broken": {}, "elsewhere": {}, "slow": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), alone)
    Thread(target=server.serve_forever, daemon=True).start()
    added = bcp(
        office, "place", "mirror", "add", f"http://127.0.0.1:{server.server_port}/", "--name", "bakery"
    )
    server.shutdown()
    assert added.returncode == 0, added.stderr
    listed = bcp(office, "place", "mirror", "list").stdout
    assert FORGED in listed and not forged(listed)


def test_the_titles_of_a_bundle_begin_no_line(tmp_path: Path) -> None:
    made = stage(tmp_path, PHASES)
    made.run(Script(attended=False))
    other = tmp_path / "other"
    shutil.copytree(made.office, other, ignore=shutil.ignore_patterns("incidents"))
    hand_over(made.office, tmp_path / "whole.zip")
    with zipfile.ZipFile(tmp_path / "whole.zip") as archive:
        named = {name: archive.read(name) for name in archive.namelist()}
    events = [opened(line) for line in named["journal.jsonl"].splitlines()]
    events[0]["data"]["title"] = EVIL
    for event in events:
        event.pop("line", None)  # so that it is said from what it holds
    plan = events[0]["data"]["plan"]["runbooks"]["outage"]
    plan["title"] = plan["phases"][0]["title"] = plan["phases"][0]["steps"][0]["title"] = EVIL
    bundle = packed(tmp_path / "titled.zip", {**named, "journal.jsonl": chained(events)})
    told = bcp(other, "incident", "take-over", str(bundle))
    total = re.findall(r"--accept (\w+)", told.stderr)
    taken = bcp(other, "incident", "take-over", str(bundle), *(("--accept", total[-1]) if total else ()))
    assert taken.returncode == 0, taken.stderr
    for view in ("incident list", "incident status", "incident log", "incident report", "incident resume"):
        shown = bcp(other, *view.split())
        assert FORGED in shown.stdout + shown.stderr, view
        assert not forged(shown.stdout) and not forged(shown.stderr), view
    assert not forged(told.stderr) and not forged(taken.stderr)


def test_a_text_of_several_lines_stays_one_and_none_of_them_begins_at_the_left() -> None:
    assert moved_in("  ", f"By hand: call\n\n{FORGED}\n", 4) == ["  By hand: call", "    ", f"    {FORGED}"]


@pytest.mark.lint
def test_a_line_is_made_one_where_it_goes_out_and_nowhere_before() -> None:
    """What is not printed by the console: journal.txt, the row of a bar, and a list whose sum is agreed to as shown."""
    may = {
        "visible.py",
        "cli/terminal/output.py",
        "cli/terminal/progress_row.py",
        "incident/journal_text.py",
        "incident/first_words.py",
        "app/incident/takeover.py",
        "app/incident/takeover_listing.py",
    }
    house = Path(bcp_package.__file__).parent
    found = {
        path.relative_to(house).as_posix()
        for path in house.rglob("*.py")
        if "in_one_line" in path.read_text(encoding="utf-8")
    }
    assert not found - may
