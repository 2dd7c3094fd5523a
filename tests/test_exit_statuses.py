"""The table of exit statuses in README, walked: real failures, each with its status, a sentence and what to do next."""

from __future__ import annotations

import gzip
import os
import re
import signal
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from bcp.clock import SystemClock
from bcp.errors import Exit
from tests import quick
from tests.children import ends_another_process
from tests.frozen import FrozenClock
from tests.incident.test_decisions import PHASES, PLAN_B, decision
from tests.offices import Stage, bcp, office_in, runbook
from tests.ports import free_port
from tests.programs import FAILS, program
from tests.test_crash_file import break_it
from tests.test_docs import section
from tests.waiting import until

CASES = Path(__file__).parent / "data"
TOLD = re.compile(r"^[^\s→].{12,}", re.MULTILINE)
NEXT = re.compile(
    r"^ *(→ |Next: |By hand: )\S|Try 'bcp .*-h' for help|: bcp [a-z]+|verdict: .*\n.", re.MULTILINE
)
"""What leads on: an arrow, the next command, the way by hand, what a diagnosis means, or the parser's own hint."""
DATA = Exit.CHECK_DOWN, Exit.DUE
"""These are answers, so they may stand on standard output; all others are told on standard error."""


def step(rest: str, more: str = "") -> str:
    return f"  - phase: A\n    steps:\n      - {{step: one, title: Do one, by_hand: Do it., {rest}{more}}}\n"


def small(folder: Path, rest: str = "manual: {}", more: str = "") -> Path:
    return office_in(folder, outage=runbook(step(rest, more)))


def automatic(rest: str) -> Callable[[Path], Path]:
    return lambda folder: small(folder, rest, ", auto: yes")


def begun(folder: Path) -> Path:
    office = small(folder)
    assert bcp(office, "incident", "start", "outage").returncode == Exit.PERSON_NEEDED
    return office


def file(name: str, text: str | bytes) -> Callable[[Path], Path]:
    """A small office in which one file is that."""

    def made(folder: Path) -> Path:
        office = small(folder)
        (office / name).parent.mkdir(exist_ok=True)
        (office / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return office

    return made


def stored(change: str | Callable[[Path], object]) -> Callable[[Path], Path]:
    """An office whose store is not as it was left: after some SQL, or another deed to its file."""

    def made(folder: Path) -> Path:
        office = begun(folder)
        store = office / "incidents" / "bcp.sqlite3"
        if not isinstance(change, str):
            change(store)
            return office
        connection = sqlite3.connect(store)
        connection.executescript(change)
        connection.close()
        return office

    return made


def stumbling(folder: Path) -> Path:
    office = begun(folder)
    break_it(office)
    return office


def due(folder: Path) -> Path:
    outage = runbook(PHASES, more=decision())
    office = office_in(folder, outage=outage, home=runbook(PLAN_B, "home"))
    Stage(office, FrozenClock(SystemClock().now() - timedelta(hours=4, minutes=1))).log.close()
    return office


def switched(folder: Path) -> Path:
    undo = ", undo: {title: Off again, by_hand: Do it., manual: {}}"
    office = small(folder, "manual: {}", undo)
    bcp(office, "incident", "start", "outage")
    assert bcp(office, "incident", "step", "done", "one").returncode == Exit.OK
    return office


def writing(folder: Path) -> Path:
    """An office whose mail server is not there."""
    mail = f"smtp: {{host: 127.0.0.1, port: {free_port()}, security: tls, user: office, password: 'env:MAIL'"
    office = file(
        "channels.yaml", f'channels:\n  - channel: mail\n    {mail}, from: "Office <o@example.com>"}}\n'
    )(folder)
    people = (office / "bcp.yaml").read_text(encoding="utf-8")
    with_mail = people.replace("phone: ", "email: anna@example.com, phone: ", 1)
    (office / "bcp.yaml").write_text(with_mail, encoding="utf-8")
    (office / "notices").mkdir(exist_ok=True)
    hello = "---\nsubject: Hello\nkind: update\n---\n{{ greeting }}\n"
    (office / "notices" / "hello.en.md").write_text(hello, encoding="utf-8")
    return office


_DAMAGED = gzip.decompress((CASES / "undecodable.sqlite3.gz").read_bytes())
_START, _STATUS, _VERIFY = ("incident", "start", "outage"), ("incident", "status"), ("incident", "verify")
_HTTP = "http: {method: POST, url: 'http://127.0.0.1:9/'}"
_OTHER_NAME = "UPDATE events SET body = replace(body, 'Anna', 'Ewa')"
_LOOSE = "DROP TRIGGER events_update_refused; DROP TRIGGER events_delete_refused; "


def _runs(words: str) -> str:
    return f"command: {{run: {words}}}"


class Failure(NamedTuple):
    """What goes wrong: the status it ends with, a piece of what is said, the office, the command."""

    status: Exit
    says: str
    office: Callable[[Path], Path]
    command: tuple[str, ...]


FAILURES = [
    Failure(Exit.BUG, "a bug of ours", stumbling, ("incident", "note", "x")),
    Failure(Exit.BUG, "a bug of ours", stumbling, _STATUS),
    Failure(Exit.BUG, "a bug of ours", stumbling, ("incident", "report")),
    # What was typed.
    Failure(Exit.INPUT, "No such command 'validat'", small, ("validat",)),
    Failure(Exit.INPUT, "Missing argument 'TEXT'", begun, ("incident", "note")),
    Failure(Exit.INPUT, "No such option", small, ("incident", "start", "outage", "--yes")),
    Failure(Exit.INPUT, "no bcp.yaml", small, ("--office", "nowhere", "validate")),
    Failure(Exit.INPUT, 'no incident "nope"', begun, ("incident", "status", "--incident", "nope")),
    Failure(Exit.INPUT, "No incident is open", small, ("incident", "resume")),
    Failure(Exit.INPUT, "No incident is open", small, ("decision", "list")),
    Failure(Exit.INPUT, 'no runbook "nope"', small, ("incident", "start", "nope")),
    Failure(Exit.INPUT, 'no runbook "nope"', small, ("runbook", "show", "nope")),
    Failure(Exit.INPUT, 'no step "nope"', begun, ("incident", "step", "done", "nope")),
    Failure(Exit.INPUT, "reason", begun, ("incident", "step", "skipped", "one")),
    Failure(Exit.INPUT, "25:99", begun, ("incident", "note", "x", "--at", "25:99")),
    Failure(Exit.INPUT, "ghost", begun, ("incident", "note", "x", "--by", "ghost")),
    Failure(Exit.INPUT, 'no check "nope"', small, ("check", "run", "nope")),
    Failure(
        Exit.INPUT,
        'no contact "nobody"',
        file("contacts/clients.csv", "name,email\nAcme,a@example.com\n"),
        ("contact", "forget", "nobody"),
    ),
    Failure(Exit.INPUT, "cannot be read", small, ("contact", "import", "nowhere.csv")),
    Failure(Exit.INPUT, "no mailbox", writing, ("inbox", "fetch")),
    Failure(Exit.INPUT, 'no notice "nope"', writing, ("notice", "preview", "nope")),
    Failure(Exit.INPUT, "cannot be read", small, ("incident", "take-over", "nowhere.zip")),
    Failure(Exit.INPUT, "given.zip", file("given.zip", b"no zip"), ("incident", "take-over", "given.zip")),
    # A file of the office.
    Failure(Exit.INPUT, "runbooks/b.yaml:1:1", file("runbooks/b.yaml", "titel: x\n"), ("validate",)),
    Failure(Exit.INPUT, "runbooks/b.yaml:", file("runbooks/b.yaml", "a: [\n"), ("validate",)),
    Failure(Exit.INPUT, "checks/b.yaml:1:", file("checks/b.yaml", "check: Ä Ö\n"), ("check", "run")),
    Failure(Exit.INPUT, "bcp.yaml:1:3", file("bcp.yaml", b"na\0me: x\n"), ("validate",)),
    Failure(Exit.INPUT, "bcp.yaml", file("bcp.yaml", b"\xff\xfe\xff"), ("contact", "list")),
    # The store.
    Failure(Exit.STORE, "no SQLite database", stored(lambda store: store.write_bytes(b"?" * 5000)), _STATUS),
    Failure(Exit.STORE, "is damaged", stored(lambda store: store.write_bytes(_DAMAGED)), ("incident", "list")),
    Failure(Exit.STORE, "is damaged", stored("PRAGMA user_version = -7"), ("incident", "note", "x")),
    Failure(Exit.STORE, "newer bcp", stored("PRAGMA user_version = 99"), _STATUS),
    Failure(Exit.STORE, "does not match its hash", stored(_LOOSE + _OTHER_NAME), _VERIFY),
    Failure(Exit.STORE, "broken at event 1", stored(_LOOSE + "UPDATE events SET body = 'x'"), ("incident", "log")),
    Failure(Exit.STORE, "broken at event 70", stored(_LOOSE + "UPDATE events SET seq = 70 WHERE seq = 1"), _VERIFY),
    Failure(Exit.STORE, "cannot be written", small, ("support", "nowhere/x.zip", "--yes")),
    # A step that fails; the way by hand is said.
    Failure(Exit.STEP_FAILED, "Did not succeed", automatic(_runs(FAILS)), _START),
    Failure(Exit.STEP_FAILED, "ended with status 3", automatic(_runs(program("raise SystemExit(3)"))), _START),
    Failure(Exit.STEP_FAILED, "./nowhere", automatic("command: {run: ['./nowhere']}"), _START),
    Failure(Exit.STEP_FAILED, "not be reached", automatic(_HTTP), _START),
    Failure(Exit.NOT_DELIVERED, "could not be delivered", writing, ("notice", "test", "hello")),
    # What was asked has an answer, and it is no good one.
    Failure(Exit.CHECK_DOWN, "DOWN", small, ("check", "run")),
    Failure(Exit.CHECK_DOWN, "DOWN", small, ("check", "run", "internet")),
    Failure(Exit.DUE, "Do we move to plan B?", due, _STATUS),
    Failure(Exit.DUE, "Do we move to plan B?", due, ("decision", "list")),
    Failure(Exit.DUE, "Do one", switched, ("incident", "close", "--reason", "over")),
    # A gate, and nobody is there.
    Failure(Exit.PERSON_NEEDED, "Do one", small, _START),
    Failure(Exit.PERSON_NEEDED, "Do one", begun, ("incident", "resume")),
    Failure(Exit.PERSON_NEEDED, "one: Do one", begun, ("incident", "close")),
    Failure(Exit.PERSON_NEEDED, "Do one", small, ("drill", "start", "outage")),
]  # fmt: skip


def table() -> dict[int, str]:
    """The statuses that README promises, each with its meaning."""
    found = re.findall(r"^\| (\d+) \| (.+) \|$", section("README.md", "How a command ends"), re.MULTILINE)
    return {int(status): meaning for status, meaning in found}


@pytest.mark.parametrize("failure", FAILURES, ids=lambda each: f"{each.status:d} {' '.join(each.command)}")
def test_a_failure_ends_with_its_status_a_sentence_and_what_to_do_next(
    failure: Failure, tmp_path: Path
) -> None:
    office = failure.office(tmp_path / "office")
    done = bcp(office, *failure.command, MAIL="secret")
    everything = done.stdout + done.stderr
    assert done.returncode == failure.status, everything
    assert "Traceback" not in everything
    told = everything if failure.status in DATA else done.stderr
    assert failure.says in told, everything
    assert TOLD.search(told) and NEXT.search(told), told
    assert failure.status in DATA or not done.stdout or "In it:" in done.stdout, done.stdout
    crashes = list((office / "incidents" / "crash").glob("*"))
    assert bool(crashes) == (failure.status == Exit.BUG), (
        "what went wrong is kept where it was our mistake, only"
    )


@ends_another_process
def test_an_interruption_ends_with_its_status_and_what_was_done_stays(tmp_path: Path) -> None:
    waits = _runs(program("import time; open('ran', 'w').close(); time.sleep(60)"))
    office = automatic(waits)(tmp_path)
    environ = {**os.environ, "BCP_PERSON": "anna"}
    words = ["-m", "bcp", "incident", "start", "outage"]
    with quick.begun(words, office, environ, stderr=subprocess.PIPE) as run:
        until(lambda: (office / "ran").exists())
        run.send_signal(signal.SIGINT)
        told = run.communicate(timeout=60)[1]
    assert run.returncode == Exit.INTERRUPTED and told and "Interrupted" in told and "Traceback" not in told
    assert NEXT.search(told)
    assert bcp(office, "incident", "status").returncode == Exit.OK


def test_a_command_that_does_its_work_ends_with_0_and_says_what_comes_next(tmp_path: Path) -> None:
    done = bcp(small(tmp_path), "validate")
    assert done.returncode == Exit.OK and NEXT.search(done.stdout + done.stderr)


@pytest.mark.lint
def test_the_failures_walk_the_whole_table_of_the_readme() -> None:
    walked = Counter(int(each.status) for each in FAILURES)
    assert walked.total() >= 40
    assert set(table()) == {*walked, Exit.OK, Exit.INTERRUPTED} == set(Exit)


def test_what_a_log_says_of_a_status_and_the_table_name_the_same_statuses() -> None:
    assert {status for status in Exit if status.words} == set(table()) - {Exit.OK}
