"""SIGKILL at every write and around every deed: nothing written is lost, and nothing is done twice by itself."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest

from bcp.chain import checked
from bcp.event import Entry, Event, Head, Row, unseal
from bcp.incident import standdown
from bcp.incident.journal_text import JournalTexts
from bcp.incident.operator import KeyPressed
from bcp.incident.state import Incident
from bcp.incident.step_view import StepView
from bcp.outside import Program, Ran
from bcp.store.journal import Journal
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests.children import needs_fork
from tests.offices import Script, Stage, office_in, runbook

pytestmark = needs_fork

Point = Literal["before-write", "after-write", "before-deed", "during-deed", "after-deed"]


def command(name: str, repeatable: bool = False) -> str:
    """A command that leaves a line outside; it kills who started it if it is told to."""
    script = f"echo {name} >> outside; if test -e kill; then rm kill; kill -9 $PPID; sleep 0.05; fi"
    return f'{{run: ["/bin/sh", "-c", "cd OFFICE; {script}"], repeatable: {str(repeatable).lower()}}}'


def deed(name: str, more: str = "", repeatable: bool = False) -> str:
    parts = f"step: {name}, title: Do {name}, by_hand: Do., auto: true"
    return f"{{{parts}, command: {command(name, repeatable)}{more}}}"


UNDO = f", undo: {{title: Back, by_hand: Do., auto: true, command: {command('back')}}}"
PHASES = f"""
  - phase: First
    steps:
      - {{step: look, title: Look, by_hand: Do., manual: {{}}}}
      - {deed("mobile", UNDO)}
      - {deed("ping", repeatable=True)}
      - step: ticket
        title: Ask
        by_hand: Ask.
        ask: {{questions: [{{fact: ticket, ask: Number?}}]}}
      - {deed("ads", ", only_if: {fact: ticket, is: INC-1}")}
      - {deed("never", ", only_if: {fact: ticket, is: INC-2}")}
  - phase: All at once
    any_order: true
    steps:
      - {deed("fax", ", expect: internet")}
      - {deed("mail", repeatable=True)}
      - {{step: sub, title: Divert, by_hand: Do., auto: true, runbook: {{runbook: divert}}}}
      - {{step: rest, title: Rest, by_hand: Do., auto: true, wait: {{for: 10m}}}}
  - phase: Last
    steps:
      - {deed("banner")}
      - {{step: tell, title: Tell, by_hand: Do., manual: {{}}}}
"""
REPEATABLE = {"ping", "mail"}


@dataclass
class Killer:
    """Kills this process when it comes to the `number`-th place of its kind."""

    point: Point
    number: int
    passed: Counter[Point] = field(default_factory=Counter)

    def passes(self, point: Point) -> bool:
        self.passed[point] += 1
        return (point, self.passed[point]) == (self.point, self.number)

    def reach(self, point: Point) -> None:
        if self.passes(point):
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class DyingLog:
    """The real journal; each event that it acknowledged goes down a pipe before anything can happen to us."""

    log: Journal
    killer: Killer
    pipe: int

    def append(self, stream: str, head: Head, entries: Sequence[Entry]) -> list[Event]:
        self.killer.reach("before-write")
        events = self.log.append(stream, head, entries)
        os.write(self.pipe, b"".join(f"{event.hash}\n".encode() for event in events))
        self.killer.reach("after-write")
        return events

    def rows(self, stream: str, after: int = 0, but: str = "") -> Iterator[Row]:
        return self.log.rows(stream, after, but)

    def streams(self, kind: str) -> list[str]:
        return self.log.streams(kind)


class DyingWorld(Real):
    """The real world, in which we may die before, during and after a program runs."""

    def __init__(self, office: Path, killer: Killer) -> None:
        super().__init__(Secrets(office, {}))
        self._office = office
        self._killer = killer

    def run(self, program: Program) -> Ran:
        self._killer.reach("before-deed")
        if self._killer.passes("during-deed") and "kill" in program.arguments[-1]:
            (self._office / "kill").touch()
        ran = super().run(program)
        self._killer.reach("after-deed")
        return ran


class Witness(Script):
    """A person who looks outside before saying what became of a deed that is in doubt."""

    office: Path

    def choose(self, view: StepView) -> KeyPressed:
        usual = super().choose(view)
        if view.mood != "doubt":
            return usual
        name = "back" if view.id == "mobile.undo" else view.id.rpartition("/")[2]
        return KeyPressed("by-hand", "I looked") if done_outside(self.office)[name] else KeyPressed("do")


def done_outside(office: Path) -> Counter[str]:
    file = office / "outside"
    return Counter(file.read_text(encoding="utf-8").split() if file.exists() else [])


def staged_in(folder: Path) -> Stage:
    sub = f"  - phase: Sub\n    steps:\n      - {deed('call')}"
    office = folder / "office"
    texts = {"outage": runbook(PHASES), "divert": runbook(sub, "divert")}
    return Stage(
        office_in(office, **{name: text.replace("OFFICE", str(office)) for name, text in texts.items()})
    )


def play(staged: Stage, person: Script) -> str:
    """Go on from wherever the incident stands, to its end if it can be reached."""
    record = JournalTexts(
        staged.state, lambda stream: unseal(next(staged.log.rows(stream))), staged.clock.now
    )
    record.rebuild([unseal(row) for row in staged.log.rows(staged.stream)])
    book = staged.book()
    walk = staged.walk(person, book=book)
    if book.incident.closed_at is not None:
        return "closed"
    for _ in range(2):
        why = walk.run().why
        if why != "carried-out":
            return why
        if not book.incident.closing:
            standdown.begin(book, "anna", "terminal")
    standdown.finish(book, "anna", "terminal")
    return "closed"


def witness(staged: Stage, attended: bool = True) -> Witness:
    person = Witness(answers={"ticket": "INC-1"}, attended=attended)
    person.office = staged.office
    return person


def killed(staged: Stage, killer: Killer, attended: bool) -> tuple[bool, set[str], Counter[Point]]:
    """Play in a child until it is killed; whether it was, what it acknowledged, and what it passed if it was not."""
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        os.close(told)
        record = JournalTexts(
            staged.state, lambda stream: unseal(next(staged.log.rows(stream))), staged.clock.now
        )
        staged.log = DyingLog(Journal(staged.state, staged.clock, record.add), killer, tell)
        staged.world = DyingWorld(staged.office, killer)
        play(staged, witness(staged, attended))
        os.write(tell, f"end {killer.passed['before-write']} {killer.passed['before-deed']}\n".encode())
        os._exit(0)
    os.close(tell)
    with os.fdopen(told) as pipe:
        lines = pipe.read().split("\n")
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL), status
    (staged.office / "kill").unlink(missing_ok=True)
    counts: Counter[Point] = Counter()
    for line in lines:
        if line.startswith("end "):
            _, writes, deeds = line.split()
            counts.update({"before-write": int(writes), "before-deed": int(deeds)})
    return status != 0, {line for line in lines if len(line) == 64}, counts


def outcome(incident: Incident) -> dict[str, Any]:
    """All that an incident has come to, but for when it was and what a witness noted."""
    return {
        "steps": {step.id: (step.outcome, step.section) for step in incident.every_step()},
        "facts": incident.facts,
        "in force": [measure.step.id for measure in incident.in_force()],
        "closed": incident.closed_at is not None,
    }


@cache
def undisturbed(base: Path) -> tuple[dict[str, Any], Counter[str], Counter[Point]]:
    """What a run comes to that nobody kills, what it leaves outside, and how many places it has to die at."""
    staged = staged_in(base / "undisturbed")
    died, _, counts = killed(staged, Killer("before-write", 0), attended=True)
    assert not died
    return outcome(staged.incident()), done_outside(staged.office), counts


def assert_goes_on(staged: Stage, wanted: dict[str, Any], outside: Counter[str], written: set[str]) -> None:
    """Whatever was acknowledged is there; the incident comes to the same end; nothing was done twice by itself."""
    assert written <= {row.hash for row in staged.log.rows(staged.stream)}
    already = done_outside(staged.office)
    play(staged, witness(staged, attended=False))
    by_itself = done_outside(staged.office)
    assert all(by_itself[name] <= 1 or name in REPEATABLE for name in by_itself), (already, by_itself)
    assert play(staged, witness(staged)) == "closed"
    incident = staged.incident()
    assert outcome(incident) == wanted
    done = done_outside(staged.office)
    assert set(done) == set(outside)
    assert all(done[name] == outside[name] or name in REPEATABLE for name in done), done
    rows = list(checked(staged.log.rows(staged.stream)))
    record = JournalTexts(staged.state, lambda stream: unseal(rows[0]), staged.clock.now)
    record.rebuild([*map(unseal, rows)])
    lines = record.path(staged.stream).read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(rows)


def every(point: Point) -> Callable[[Counter[Point]], range]:
    of: Point = "before-write" if point.endswith("write") else "before-deed"
    return lambda counts: range(1, counts[of] + 1)


def answer_the_gates(staged: Stage) -> None:
    """What a person answers before the deeds run with nobody there."""
    for step, facts in (("look", {}), ("ticket", {"ticket": "INC-1"})):
        staged.write("step.settled", {"step": step, "title": step, "outcome": "done", "facts": facts})


@pytest.mark.parametrize("point", ["before-write", "after-write", "before-deed", "during-deed", "after-deed"])
def test_killed_anywhere_it_comes_to_the_same_end(tmp_path: Path, point: Point) -> None:
    wanted, outside, counts = undisturbed(tmp_path)
    assert wanted["steps"]["never"] == ("not-applicable", "main")
    assert wanted["steps"]["sub/call"] == ("done", "main")
    assert len([1 for _, section in wanted["steps"].values() if section == "main"]) == 13
    assert set(outside.values()) == {1}
    for number in every(point)(counts):
        staged = staged_in(tmp_path / f"{point}-{number}")
        died, written, _ = killed(staged, Killer(point, number), attended=True)
        assert died or (point == "during-deed" and number > len(outside))
        assert_goes_on(staged, wanted, outside, written)


@pytest.mark.parametrize("point", ["after-write", "during-deed"])
def test_killed_with_nobody_there_it_comes_to_the_same_end(tmp_path: Path, point: Point) -> None:
    wanted, outside, counts = undisturbed(tmp_path)
    deaths = 0
    for number in every(point)(counts):
        staged = staged_in(tmp_path / f"{point}-{number}")
        answer_the_gates(staged)
        died, written, _ = killed(staged, Killer(point, number), attended=False)
        deaths += died
        assert_goes_on(staged, wanted, outside, written)
    assert deaths >= 5


def test_killed_again_and_again_it_still_comes_to_the_same_end(tmp_path: Path) -> None:
    wanted, outside, _ = undisturbed(tmp_path)
    staged = staged_in(tmp_path / "again")
    deaths = 0
    points: list[Point] = ["after-write", "during-deed", "before-write", "after-deed"]
    for point in points * 6:
        died, _, _ = killed(staged, Killer(point, 2), attended=True)
        deaths += died
    assert deaths > 6
    assert_goes_on(staged, wanted, outside, set())
