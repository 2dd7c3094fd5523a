"""What every command can afford: the help and the status of an incident import nothing heavy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.offices import Stage, bcp, office_in, runbook

PHASES = """
  - phase: A
    within: 15m
    steps:
      - {step: look, title: Look, who: lead, by_hand: Do., manual: {}, undo: {title: Back, by_hand: Do., manual: {}}}
      - {step: ask, title: Ask, by_hand: Do., ask: {questions: [{fact: ticket, ask: Number?}]}}
"""
HEAVY = {
    *[
        "pydantic",
        "pydantic_core",
        "yaml",
        "httpx",
        "asyncio",
        "apscheduler",
        "phonenumbers",
        "typst",
        "jinja2",
    ],
    *["smtplib", "imaplib", "http.client"],
    *["bcp.yaml.source", "bcp.office.model", "bcp.validate", "bcp.world.real", "bcp.action.base"],
}
SEE = """
import json, sys
from bcp.cli.main import main
try:
    status = main(sys.argv[1:])
except SystemExit as end:
    status = end.code
print(json.dumps([status, sorted(sys.modules)]), file=sys.stderr)
"""


def imported(office: Path, *arguments: str) -> tuple[int, set[str]]:
    """The status of a command, and all modules that it imported."""
    ran = subprocess.run(
        [sys.executable, "-c", SEE, *arguments], capture_output=True, text=True, cwd=office, check=True
    )
    status, modules = json.loads(ran.stderr.splitlines()[-1])
    return status, set(modules)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with an open incident."""
    place = office_in(tmp_path_factory.mktemp("office"), outage=runbook(PHASES))
    assert bcp(place, "incident", "start", "outage").returncode == 9
    assert bcp(place, "incident", "step", "done", "look").returncode == 0
    return place


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["incident", "status"],
        ["incident", "status", "--json"],
        ["incident", "log"],
        ["incident", "list"],
        ["incident", "note", "Netia called"],
        ["incident", "step", "done", "look"],
    ],
)
def test_no_heavy_library_is_imported_for_what_is_done_all_the_time(
    office: Path, arguments: list[str]
) -> None:
    status, modules = imported(office, *arguments)
    assert status == 0
    assert modules & HEAVY == set()


def test_the_help_does_not_open_the_store(tmp_path: Path) -> None:
    status, modules = imported(tmp_path, "--help")
    assert status == 0
    assert "sqlite3" not in modules


def test_the_status_reads_the_plan_that_the_incident_keeps_and_no_yaml(office: Path) -> None:
    def steps() -> object:
        ran = bcp(office, "incident", "status", "--json")
        assert ran.returncode == 0
        return json.loads(ran.stdout)["phases"]

    before = steps()
    kept = (office / "runbooks" / "outage.yaml").read_text(encoding="utf-8")
    try:
        (office / "runbooks" / "outage.yaml").write_text("}{ not yaml", encoding="utf-8")
        assert steps() == before
    finally:
        (office / "runbooks" / "outage.yaml").write_text(kept, encoding="utf-8")


def test_an_edit_of_the_runbook_changes_nothing_in_an_open_incident(tmp_path: Path) -> None:
    staged = Stage(office_in(tmp_path, outage=runbook(PHASES)))
    (tmp_path / "runbooks" / "outage.yaml").write_text(
        runbook(PHASES.replace("title: Look", "title: Changed"))
    )
    assert staged.incident()["look"].title == "Look"


def test_parsers_of_web_pages_are_loaded_for_copies_of_sites_only(office: Path) -> None:
    for arguments in (["check", "run"], ["validate"], ["place", "status"], ["number", "published"]):
        _status, modules = imported(office, *arguments)
        assert modules & {"bs4", "tinycss2", "soupsieve"} == set(), arguments


def test_the_menu_and_the_list_of_plans_that_are_as_they_were_load_nothing_that_reads_them(
    office: Path,
) -> None:
    assert imported(office, "runbook", "list")[0] == 0
    for arguments, wanted in ((["runbook", "list"], 0), (["incident", "start"], 2), (["drill", "start"], 2)):
        status, modules = imported(office, *arguments)
        assert (status, modules & HEAVY) == (wanted, set()), arguments


def test_a_lint_of_notices_that_are_as_they_were_loads_nothing_that_reads_them(tmp_path: Path) -> None:
    place = office_in(tmp_path / "office", outage=runbook(PHASES))
    assert imported(place, "notice", "lint")[0] == 0
    status, modules = imported(place, "notice", "lint")
    assert (status, modules & HEAVY) == (0, set())


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux has pipes of a size that is chosen"
)
def test_a_ctrl_c_while_it_still_loads_is_no_traceback() -> None:
    import fcntl
    import signal

    command = [sys.executable, "-X", "importtime", "-m", "bcp", "--version"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as loading:
        assert loading.stderr is not None
        # It tells of each module, and waits for us to read: so it is still loading when it is interrupted.
        fcntl.fcntl(loading.stderr, fcntl.F_SETPIPE_SZ, 4096)
        while b"bcp.cli" not in loading.stderr.readline():
            pass
        loading.send_signal(signal.SIGINT)
        said = loading.stderr.read().decode()
    assert loading.returncode == 130, said
    assert "Traceback" not in said and said.endswith("Interrupted.\n")
