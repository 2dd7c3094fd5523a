"""The last net: what was forgotten to be masked stands neither in the journal nor on the screen."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.table import Table
from rich.text import Text

from bcp.chain import checked
from bcp.cli.terminal import output
from bcp.cli.terminal.output import _Visible
from bcp.cli.terminal.streams import VisibleStream
from bcp.clock import SystemClock
from bcp.event import NOTHING, Entry, unseal
from bcp.incident.memory_log import InMemoryLog
from bcp.mask import KNOWN
from bcp.revealed import REVEALED
from bcp.store.journal import Journal
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests.offices import Script, Stage, office_in, runbook
from tests.programs import program

SECRET = "Wq9-zebra-Kettle-42"
HEARD = {
    "note": f"the provider said {SECRET} is ours",
    "evidence": {"output": [f"token={SECRET}", {"json": json.dumps(f'"{SECRET}"')}], "code": 1},
    SECRET: ("a key stays", f"and {SECRET}"),
}


@pytest.fixture(autouse=True)
def _known(tmp_path: Path) -> Iterator[None]:
    KNOWN.forget()
    Secrets(tmp_path, {"A": SECRET}).value("env:A")
    yield
    KNOWN.forget()


@pytest.mark.parametrize("kept", ["on the disk", "in memory"])
def test_a_secret_that_was_looked_up_is_sealed_into_no_event(tmp_path: Path, kept: str) -> None:
    clock = SystemClock()
    file = tmp_path / "bcp.sqlite3"
    log = Journal(file, clock) if kept == "on the disk" else InMemoryLog(clock)
    (event,) = log.append("one", NOTHING, [Entry("note.added", "anna", HEARD)])
    assert event.data["note"] == "the provider said ••• is ours"
    assert event.data["evidence"]["code"] == 1
    assert SECRET not in str(list(event.data.values()))
    (row,) = checked(log.rows("one"))
    assert unseal(row) == event, "what is read is what was sealed"


def test_what_was_sealed_before_is_read_as_it_was_and_its_chain_holds(tmp_path: Path) -> None:
    KNOWN.forget()
    log = Journal(tmp_path / "bcp.sqlite3", SystemClock())
    (before,) = log.append("one", NOTHING, [Entry("note.added", "anna", {"text": SECRET})])
    Secrets(tmp_path, {"A": SECRET}).value("env:A")
    (row,) = checked(log.rows("one"))
    assert unseal(row) == before and before.data == {"text": SECRET}


def test_a_plan_stays_as_its_author_wrote_it() -> None:
    log = InMemoryLog(SystemClock())
    plan = {"plan": {"steps": [SECRET]}, "texts": {"a.yaml": SECRET}, "title": SECRET}
    (event,) = log.append("one", NOTHING, [Entry("incident.started", "anna", plan)])
    assert event.data == {**plan, "title": "•••"}


@pytest.mark.parametrize("word", ["internet", "plan-b", "done", "123456", "2026", "Internet", "wait-for-it"])
def test_a_secret_that_is_a_word_or_a_short_number_takes_nothing_out_of_a_journal(word: str) -> None:
    KNOWN.forget()
    KNOWN.secret(word)
    assert REVEALED.net({"step": word}) == {"step": word}
    assert KNOWN.without_secrets(f"it said {word}") == "it said •••", (
        "where it comes in it is masked all the same"
    )


@pytest.mark.parametrize(
    "word", ["hunter2", "HunTerTwo", "pa$$word", "12345678", "correct horse battery staple"]
)
def test_a_secret_that_is_no_word_is_in_the_net(word: str) -> None:
    KNOWN.secret(word)
    assert REVEALED.net({"note": f"it is {word}."}) == {"note": "it is •••."}


def test_no_secret_reaches_the_screen_in_a_text_a_table_or_wrapped() -> None:
    file = io.StringIO()
    console = _Visible(file=file, width=40, highlight=False, markup=False)
    table = Table()
    table.add_column("what")
    table.add_row(f"{'long words ' * 3}{SECRET}")
    table.add_row(Text(f"{'long words ' * 3}{SECRET}"))
    console.print(f"{'long words ' * 3}{SECRET} and more")
    console.print(Text(f"{'long words ' * 3}{SECRET} and more", style="bold"))
    console.print(table)
    shown = file.getvalue()
    assert shown.count("•••") == 4
    assert "Wq9" not in shown and "Kettle" not in shown


def test_no_secret_reaches_the_screen_as_data_or_as_a_text(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", VisibleStream(sys.stdout))
    monkeypatch.setattr(sys, "stderr", VisibleStream(sys.stderr))
    output.show_json({"note": f'"{SECRET}"', "list": [SECRET]})
    output.show_text(f"a report with {SECRET}\n")
    output.prompt(f"Is it {SECRET}? ")
    shown = capsys.readouterr()
    assert json.loads(shown.out.partition("a report")[0]) == {"note": '"•••"', "list": ["•••"]}
    assert "a report with •••" in shown.out and shown.err == "Is it •••? "


def test_what_a_person_answers_is_masked_when_it_is_a_secret_that_was_looked_up(tmp_path: Path) -> None:
    says = program("import os; print(len(os.environ['TOKEN']))")
    phases = f"""
  - phase: Now
    steps:
      - {{step: use, title: Use it, by_hand: Use it., command: {{run: {says}, env: {{TOKEN: env:TOKEN}}}}}}
      - {{step: ask, title: Ask, by_hand: Ask., ask: {{questions: [{{fact: ticket, ask: "Number?", type: text}}]}}}}
"""
    stage = Stage(office_in(tmp_path, outage=runbook(phases)))
    stage.world = Real(Secrets(tmp_path, {"TOKEN": SECRET}))
    stage.run(Script(answers={"ticket": f"AB-1 {SECRET}"}))
    assert stage.incident().facts["ticket"] == "AB-1 •••"
    stage.write("note.written", {"text": f"it is {SECRET}"})
    assert stage.incident().notes[-1].text == "it is •••"
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in kept if SECRET.encode() in path.read_bytes()]
