"""Runbooks of any size and any nastiness, for pages."""

from __future__ import annotations

import json
from pathlib import Path

from tests.offices import OFFICE, office_in, runbook

BY_HAND = (
    "Take the mobile phone from the emergency box, dial the number for faults and say who you are. Ask for a ticket "
    "number, write it down with the name of the person and the time, and read it back aloud."
)


def steps(
    count: int, title: str = "Call the provider and ask for a ticket number", by_hand: str = BY_HAND
) -> str:
    """The YAML of phases with `count` steps, nine a phase."""
    lines = []
    for index in range(count):
        if index % 9 == 0:
            lines.append(f"  - phase: Phase {index // 9 + 1}\n    within: {index // 9 + 1}h\n    steps:")
        said = f"title: {json.dumps(title, ensure_ascii=False)}, by_hand: {json.dumps(by_hand, ensure_ascii=False)}"
        texts = f"{said}, result: A number is written down"
        lines.append(f"      - {{step: s{index + 1}, {texts}, line: internet, manual: {{}}}}")
    return "\n".join(lines)


def office_with_steps(folder: Path, count: int) -> Path:
    """An office whose only runbook has `count` steps."""
    return office_in(folder, outage=runbook(steps(count)))


def office_with_text(folder: Path, title: str = "Call", by_hand: str = BY_HAND) -> Path:
    """An office whose only runbook has one step with these texts."""
    return office_in(folder, outage=runbook(steps(1, title, by_hand)))


def office_with_people(folder: Path, count: int) -> Path:
    """An office in which `count` people can hold the one role, each with a phone of their own."""
    office = office_in(folder, outage=runbook(steps(3)))
    people = "".join(
        f"  - {{person: p{n}, name: Person {n}, phone: '+4860000{n:04}'}}\n" for n in range(1, count + 1)
    )
    deputies = ", ".join(f"p{n}" for n in range(2, count + 1))
    head, _people, rest = OFFICE.partition("people:\n")
    lines = rest[rest.index("lines:") :]
    roles = f"roles:\n  - {{role: lead, owner: p1, deputies: [{deputies}]}}\n"
    (office / "bcp.yaml").write_text(f"{head}people:\n{people}{roles}{lines}", encoding="utf-8")
    return office
