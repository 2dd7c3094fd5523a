"""Plans: one of many is begun or shown, all are listed, all are printed; and what the shipped office pays each time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bcp.office.starter import sample_office, write
from growing.judge import Holds
from growing.subject import Subject, cost, seconds

SHIPPED = 11
"""Plans that are in the sample office; a size counts them in."""
MANY = (11, 101, 501)
QUICK = (11, 41, 161)
PACKS = (11, 31, 101)
_BY_HAND = (
    "Take the mobile phone from the emergency box, dial the number for faults and say who you are. Ask for a ticket "
    "number, write it down with the name of the person and the time, and read it back aloud."
)


def plan(number: int) -> str:
    """A plan of three phases of five steps, one of which sends a notice that all share."""
    head = f"runbook: outage-{number}\ntitle: Line {number} is dead\nwhen: Nothing goes over it\ntarget: 8h\n"
    lines = [head, "owner: lead\nphases:\n"]
    for index in range(15):
        if not index % 5:
            lines.append(f"  - phase: Phase {index // 5 + 1}\n    within: {index // 5 + 1}h\n    steps:\n")
        deed = "check: {check: internet, is: up}" if index == 7 else 'manual: {result: "A number"}'
        said = f"title: Call the provider, who: lead, by_hand: {_BY_HAND!r}, {deed}"
        lines.append(f"      - {{step: s{index}, {said}}}\n")
    return "".join(lines)


def office(folder: Path, plans: int) -> None:
    """The sample office with so many plans in all."""
    write(sample_office(), folder)
    for number in range(plans - SHIPPED):
        (folder / "runbooks" / f"outage-{number}.yaml").write_text(plan(number), encoding="utf-8")


def looked_over(folder: Path, plans: int) -> None:
    """The same as whoever edits it leaves it: validated, and its notices read against the rules."""
    office(folder, plans)
    for words in (["validate"], ["notice", "lint"]):
        cost([sys.executable, "-m", "bcp", *words], range(10), folder=folder)


def _pack(folder: Path) -> list[str]:
    return ["print", "pack", "-o", str(folder / "pack.pdf")]


def _one_size(
    name: str,
    words: list[str],
    most: float,
    statuses: Sequence[int] = (0,),
    *,
    terminal: bool = False,
    make: Callable[[Path, int], None] = office,
) -> Subject:
    """What the shipped office pays each time, in seconds at the most."""
    holds = Holds("flat", most=seconds(most))
    return Subject(
        name,
        (SHIPPED,),
        make,
        lambda _folder: words,
        holds,
        statuses=statuses,
        is_once=terminal,
        is_at_terminal=terminal,
    )


_STARTED = 9
"""The first step waits for a person."""

SUBJECTS = (
    Subject(
        "print pack",
        PACKS,
        office,
        _pack,
        Holds("linear", memory=250),
        (11, 21, 41),
        is_once=True,
        least_size=None,
        runs=1,
    ),
    Subject(
        "incident start, one of many plans",
        MANY,
        office,
        lambda _folder: ["incident", "start", "power-outage"],
        Holds("flat"),
        QUICK,
        least_size=None,
        statuses=(0, _STARTED),
        is_once=True,
    ),
    Subject(
        "runbook show, one of many plans",
        MANY,
        office,
        lambda _folder: ["runbook", "show", "power-outage"],
        Holds("flat"),
        QUICK,
        least_size=None,
    ),
    Subject(
        "runbook list",
        MANY,
        office,
        lambda _folder: ["runbook", "list"],
        Holds("linear", most=seconds(1.0)),
        QUICK,
        least_size=None,
    ),
    _one_size("menu of the shipped office", ["incident", "start"], 0.5, (0, 2, _STARTED), terminal=True),
    _one_size(
        "dry run of a shipped plan",
        ["incident", "start", "internet-outage", "--dry-run"],
        1.0,
        make=looked_over,
    ),
    _one_size("notice lint of the shipped office", ["notice", "lint"], 0.8),
)
