"""A dry run keeps nothing, and a drill keeps what is its own: whatever the plan does, for every kind of action."""

from __future__ import annotations

import ast
import json
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

import bcp
from bcp.app.last_valid import FOLDER as PLANS
from bcp.app.stores import Stores
from bcp.chain import checked
from bcp.event import NOTHING, Entry
from bcp.lever.line.ledger import LineJournal
from bcp.notice.campaign.outbox import Campaign, LetterDraft
from bcp.registry import kinds
from bcp.store.database import FILE
from bcp.store.migrations import MIGRATIONS
from bcp.store.outbox import Outbox
from tests import kept
from tests.frozen import START, FrozenClock
from tests.offices import bcp as command
from tests.programs import appends
from tests.test_store_migrations import made_by

HOUSE = Path(bcp.__file__).parent
DRY_RUN = ("incident", "start", "everything", "--dry-run")
EVERYTHING = """
runbook: everything
title: Every kind of action
when: A test wants to see that nothing is left of a rehearsal.
target: 8h
owner: lead
phases:
  - phase: All of them
    within: 1h
    steps:
      - {step: manual, title: Look, by_hand: Do., manual: {}}
      - step: ask
        title: Ask
        by_hand: Do.
        ask: {questions: [{fact: ticket, ask: "Which number?"}]}
      - step: command
        title: Write a file
        by_hand: Do.
        command: {run: TOUCH}
      - {step: http, title: Tell somebody, by_hand: Do., http: {url: "http://127.0.0.1:PORT/told"}}
      - {step: wait, title: Wait, by_hand: Do., wait: {for: 1s}}
      - {step: check, title: See, by_hand: Do., check: {check: internet, is: up}}
      - {step: diagnose, title: Find out, by_hand: Do., diagnose: {}}
      - {step: notify, title: Tell the clients, by_hand: Do., notify: {notice: line-down, audience: clients}}
      - step: network
        title: Switch over
        by_hand: Do.
        network: {use: mobile}
        undo: {title: Switch back, by_hand: Do., network: {use: internet}}
      - step: number
        title: Forward the calls
        by_hand: Do.
        number: {activate: office, forward_to: "role:phones"}
        undo: {title: Take it back, by_hand: Do., number: {deactivate: office}}
      - {step: published, title: Correct the places, by_hand: Do., published: {show: standby, instead_of: office}}
      - step: website
        title: Say it on the website
        by_hand: Do.
        publish: {place: website, notice: line-down}
        undo: {title: Take it down, by_hand: Do., publish: {place: website, take_back: yes}}
      - {step: page, title: Say it on our page, by_hand: Do., publish: {place: status, notice: line-down}}
      - {step: report-fault, title: Call the provider, by_hand: Do., report-fault: {line: internet}}
      - {step: runbook, title: Go on, by_hand: Do., runbook: {runbook: work-from-home}}
"""
MAIL = """
channels:
  - channel: mail
    smtp: {host: 127.0.0.1, port: PORT, security: starttls, user: us, password: "env:MAIL",
           from: "Agencja Kropka <us@kropka.example>"}
"""


@contextmanager
def port_that_nobody_calls() -> Iterator[int]:
    """A listening port; whoever connects to it fails the test."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]
        listening.setblocking(False)
        with pytest.raises(BlockingIOError):
            listening.accept()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented office, which has lines, numbers, places, contacts and notices."""
    folder = tmp_path_factory.mktemp("sample")
    assert command(folder, "init", "--sample", "office").returncode == 0
    return folder / "office"


@pytest.fixture
def office(sample: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it with a runbook of every kind of action; nothing that it could reach may be reached."""
    shutil.copytree(sample, tmp_path / "office")
    with port_that_nobody_calls() as port:
        told = EVERYTHING.replace("PORT", str(port)).replace("TOUCH", appends("x", tmp_path / "touched"))
        (tmp_path / "office" / "runbooks" / "everything.yaml").write_text(told, encoding="utf-8")
        (tmp_path / "office" / "channels.yaml").write_text(MAIL.replace("PORT", str(port)), encoding="utf-8")
        yield tmp_path / "office"
    assert not (tmp_path / "touched").exists()


def with_a_past(office: Path) -> Path:
    """The office after an incident that sent letters, and trials of what it can switch; its folder of the store."""
    environ = {"BCP_PERSON": "anna", "MAIL": "secret"}
    (office / "channels.yaml").rename(office / "kept.yaml")
    for words in (
        ("incident", "start", "phone-outage"),
        ("notice", "plan", "line-down", "clients"),
        ("incident", "note", "before"),
    ):
        command(office, *words, **environ)
    (office / "kept.yaml").rename(office / "channels.yaml")
    stores = Stores(office / "incidents", FrozenClock())
    LineJournal(stores.levers, "anna").write(
        "line.tested", {"line": "mobile", "check": "internet", "state": "up", "reason": "it leads out"}
    )
    return stores.folder


def test_the_plan_of_these_tests_has_every_kind_of_action() -> None:
    steps = yaml.safe_load(EVERYTHING)["phases"][0]["steps"]
    used = {key for step in steps for key in step} & set(kinds("bcp.action.kinds"))
    assert used == set(kinds("bcp.action.kinds"))


def test_a_dry_run_of_every_kind_of_action_makes_no_file_no_folder_and_no_store(office: Path) -> None:
    before = kept.tree(office)
    said = command(office, *DRY_RUN, MAIL="secret")
    assert said.returncode == 0, said.stderr
    assert "nothing was done, nothing was kept" in said.stdout
    assert kept.tree(office) == before


def test_a_dry_run_changes_nothing_in_a_store_that_is_there(office: Path) -> None:
    state = with_a_past(office)
    before, held = kept.tree(office), kept.rows(state)
    assert held["events"]
    said = command(office, *DRY_RUN, MAIL="secret")
    assert said.returncode == 0, said.stderr
    assert kept.rows(state) == held
    assert kept.tree(office) == before


def test_a_dry_run_of_each_shipped_runbook_keeps_nothing(sample: Path, tmp_path: Path) -> None:
    office = shutil.copytree(sample, tmp_path / "office")
    before = kept.tree(office)
    for path in sorted((office / "runbooks").glob("*.yaml")):
        said = command(office, "incident", "start", path.stem, "--dry-run")
        assert said.returncode in (0, 4), said.stderr
        assert kept.tree(office) == before, path.stem


def test_a_dry_run_leaves_a_store_of_an_older_form_as_it_is(office: Path) -> None:
    state = office / "incidents"
    state.mkdir(exist_ok=True)
    made_by(state / FILE, len(MIGRATIONS) - 1)
    before = kept.tree(office)
    said = command(office, *DRY_RUN, MAIL="secret")
    assert said.returncode == 0, said.stderr
    assert kept.tree(office) == before


def test_a_drill_of_every_kind_of_action_adds_only_what_is_its_own(office: Path) -> None:
    state = with_a_past(office)
    before, held = kept.tree(office), kept.rows(state)
    answers = office.parent / "answers.yaml"
    answers.write_text("default: done\nreport-fault: skipped\n", encoding="utf-8")
    said = command(office, "drill", "start", "everything", "--answers", str(answers), MAIL="secret")
    assert said.returncode == 0, said.stderr
    (drill,) = (path.name for path in state.iterdir() if path.name.startswith("drill-"))
    now = kept.tree(office)
    changed = {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}
    plans = f"incidents/{PLANS}"
    own = (f"incidents/{drill}", "incidents/bcp.sqlite3", "incidents/holds", "incidents/sending.lock", plans)
    assert [name for name in sorted(changed) if not name.startswith(own)] == []
    assert all(not name.startswith("incidents/bcp.sqlite3-") for name in now)
    for table, after in kept.rows(state).items():
        foreign = [row for row in after if drill not in json.dumps(row, default=str)]
        if table not in ("sqlite_sequence", "attempts"):
            assert foreign == held[table], table


def test_a_drill_knows_how_the_last_trial_went_and_writes_nothing_beside_it(office: Path) -> None:
    state = with_a_past(office)
    stores = Stores(state, FrozenClock()).for_drill()
    (before,) = LineJournal(stores.levers, "anna").events()
    LineJournal(stores.levers, "anna").write("line.tested", {"line": "mobile", "state": "down"})
    assert [event.data["state"] for event in LineJournal(stores.levers, "").events()] == ["up", "down"]
    assert LineJournal(Stores(state, FrozenClock()).levers, "").events() == [before]


def test_a_dry_run_writes_to_nobody_who_wants_no_letters(tmp_path: Path) -> None:
    stores = Stores(tmp_path, FrozenClock())
    stores.of(Outbox).suppress("jan@example.com", "he asked for it", stores.clock.now())
    before, held = kept.tree(tmp_path), kept.rows(tmp_path)
    dry = stores.for_dry_run()
    dry.of(Outbox).suppress("ewa@example.com", "in the dry run", stores.clock.now())
    assert set(dry.of(Outbox).suppressed()) == {"jan@example.com", "ewa@example.com"}
    dry.log.append("drill-dry-run", NOTHING, [Entry("note.written", "anna", {"text": "x"})])
    assert [row.kind for row in dry.log.rows("drill-dry-run")] == ["note.written"]
    dry.files("drill-dry-run").below("letters").write("one.eml", b"x")
    assert dry.files("drill-dry-run").holds("letters/one.eml")
    with dry.of(Outbox).sole_sender():
        pass
    assert (kept.tree(tmp_path), kept.rows(tmp_path)) == (before, held)


def test_what_the_office_switches_during_a_drill_does_not_get_between_what_the_drill_wrote(
    tmp_path: Path,
) -> None:
    stores = Stores(tmp_path, FrozenClock())
    office, drill = LineJournal(stores.levers, "anna"), LineJournal(stores.for_drill().levers, "piotr")
    office.write("first", {})
    drill.write("second", {})
    office.write("second for real", {})
    drill.write("third", {})
    assert [event.kind for event in drill.events()] == ["first", "second", "third"]
    assert len(list(checked(drill.log.rows(LineJournal.NAME)))) == 3
    assert [event.kind for event in office.events()] == ["first", "second for real"]


def test_what_is_kept_in_memory_is_undone_as_a_whole_and_seen_by_every_thread() -> None:
    outbox = Stores(Path("nowhere"), FrozenClock()).for_dry_run().of(Outbox)
    campaign = Campaign(
        "incident", "line-down", 1, "down", "clients", "anna", START, START + timedelta(hours=4)
    )

    def drafts() -> Iterator[LetterDraft]:
        yield from ()
        raise OSError("the contacts cannot be read")

    with pytest.raises(OSError, match="cannot be read"):
        outbox.freeze(campaign, drafts())
    assert outbox.campaigns("incident") == []
    assert outbox.freeze(campaign, []) == 0
    seen: list[str] = []
    thread = threading.Thread(target=lambda: seen.extend(one.id for one in outbox.campaigns("incident")))
    thread.start()
    thread.join()
    assert seen == [campaign.id]


def test_what_is_kept_on_this_computer_is_opened_through_one_object_only() -> None:
    parts = {"Database", "Journal", "Outbox", "StoredSpans", "StoredBoard", "StoredAnswers", "Mover"}
    parts |= {"FileHolds", "IncidentFiles", "MemoryFiles", "MemoryDatabase", "alone", "Stores"}
    found = []
    for path in sorted(HOUSE.rglob("*.py")):
        name = path.relative_to(HOUSE).as_posix()
        if name == "app/stores.py" or name.startswith("store/") or name == "files.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in parts:
                found.append(f"{name}: {node.func.id}(…)")
    # What is told to the staff has no files of an incident: a channel that wants some gets them in memory.
    assert found == ["alert/by_channel.py: MemoryFiles(…)", "app/session.py: Stores(…)"], "\n".join(found)
