"""Two at once: of two answers one wins and the other is told, and no deed is done by two."""

from __future__ import annotations

import json
import multiprocessing
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bcp.errors import BcpError
from bcp.incident.answer import StepOutcome, settle
from bcp.incident.beaten import Beaten
from tests.children import needs_fork
from tests.offices import Script, Stage, bcp, office_in, runbook, stage
from tests.programs import appends

RACES = 1000

pytestmark = needs_fork


def steps(count: int, action: str = "manual: {}", more: str = "") -> str:
    each = "      - {{step: s{n}, title: Step {n}, by_hand: Do., {action}{more}}}"
    lines = "\n".join(each.format(n=number, action=action, more=more) for number in range(count))
    return f"  - phase: A\n    any_order: true\n    steps:\n{lines}"


def side_by_side(*works: Callable[[Any], object]) -> list[Any]:
    """Each work in a forked process of its own; what they return. Each is handed a barrier for all of them."""
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(len(works))
    pipes = [context.Pipe(duplex=False) for _ in works]

    def child(work: Callable[[Any], object], send: Any) -> None:
        send.send(work(barrier))

    children = [
        context.Process(target=child, args=(work, send)) for work, (_, send) in zip(works, pipes, strict=True)
    ]
    for each in children:
        each.start()
    found = [receive.recv() if receive.poll(60) else None for receive, _ in pipes]
    for each in children:
        each.join(10)
        assert each.exitcode == 0
    return found


def answering(staged: Stage, count: int, by: str, outcome: str) -> Callable[[Any], list[str]]:
    """Answers each step as soon as the others are ready to; says how that went."""

    def work(barrier: Any) -> list[str]:
        results, book = [], staged.book()
        for number in range(count):
            barrier.wait(30)
            try:
                written = settle(book, f"s{number}", StepOutcome(outcome, by, "because"), staged.clock.now())
                results.append("won" if written else "same")
            except Beaten as beaten:
                results.append(beaten.message)
        return results

    return work


def test_of_a_thousand_pairs_of_different_answers_each_has_one_winner_and_one_who_is_told(
    tmp_path: Path,
) -> None:
    staged = stage(tmp_path, steps(RACES))
    anna, piotr = side_by_side(
        answering(staged, RACES, "anna", "done"), answering(staged, RACES, "piotr", "failed")
    )
    incident = staged.incident()
    winners = set()
    for number in range(RACES):
        step = incident[f"s{number}"]
        said, told = (anna[number], piotr[number]) if step.by == "anna" else (piotr[number], anna[number])
        name = incident.name_of(step.by)
        assert said == "won"
        assert told == f'"Step {number}" was already answered: {step.outcome} by {name} at 07:50'
        winners.add(step.by)
    assert winners == {"anna", "piotr"}, "both were first at times, so they did race"
    assert staged.kinds().count("step.settled") == RACES


def test_the_same_answer_from_two_sides_is_written_once_and_nobody_is_told_off(tmp_path: Path) -> None:
    staged = stage(tmp_path, steps(50))
    anna, piotr = side_by_side(answering(staged, 50, "anna", "done"), answering(staged, 50, "piotr", "done"))
    assert all({one, other} == {"won", "same"} for one, other in zip(anna, piotr, strict=True))
    assert staged.kinds().count("step.settled") == 50


def walking(staged: Stage, by: str, attended: bool) -> Callable[[Any], str]:
    def work(barrier: Any) -> str:
        barrier.wait(30)
        try:
            return staged.run(Script(attended=attended, patience=10_000), by=by).why
        except BcpError as error:
            return error.message

    return work


@pytest.mark.parametrize("attended", [True, False])
def test_two_who_walk_at_once_carry_out_no_step_twice(tmp_path: Path, attended: bool) -> None:
    office = tmp_path / "office"
    run = appends("x", office / "outside")
    staged = stage(tmp_path, steps(25, f"command: {{run: {run}}}", ", auto: yes"))
    results = side_by_side(*(walking(staged, by, attended) for by in ("anna", "piotr", "anna")))
    assert "carried-out" in results
    assert set(results) <= {"carried-out", "elsewhere"}
    assert (office / "outside").read_text(encoding="utf-8") == "x\n" * 25
    assert staged.kinds().count("step.begun") == 25
    assert set(staged.outcomes().values()) == {"done"}


def together(office: Path, *commands: tuple[str, ...]) -> list[tuple[int, str]]:
    """The real command, several times at once, each in a process of its own: status and all that it said."""
    with ThreadPoolExecutor(len(commands)) as pool:
        done = pool.map(lambda arguments: bcp(office, *arguments), commands)
        return [(each.returncode, each.stdout + each.stderr) for each in done]


def test_twenty_races_through_the_command_have_one_winner_each(tmp_path: Path) -> None:
    office = office_in(tmp_path, outage=runbook(steps(20)))
    assert bcp(office, "incident", "start", "outage").returncode == 9
    for number in range(20):
        results = together(
            office,
            ("incident", "step", "done", f"s{number}", "--by", "anna"),
            ("incident", "step", "skipped", f"s{number}", "--by", "piotr", "--note", "no need"),
        )
        assert sorted(status for status, _ in results) == [0, 2], results
        (lost,) = [said for status, said in results if status == 2]
        assert re.search(r"was already answered: (done by Anna Nowak|skipped by Piotr Lis) at", lost)
        assert "bcp incident step" in lost


def test_two_that_begin_the_same_runbook_at_once_open_one_incident(tmp_path: Path) -> None:
    office = office_in(tmp_path, outage=runbook(steps(2)))
    for opened in range(1, 4):
        results = together(office, *[("incident", "start", "outage", "--by", "anna")] * 3)
        assert [status for status, _ in results] == [9, 9, 9], results
        told = json.loads(bcp(office, "incident", "list", "--json").stdout)
        assert len(told) == opened
        assert [each["state"] for each in told].count("open") == 1
        assert bcp(office, "incident", "close", "--reason", "next round").returncode == 0
