"""Validation of an office of 200 runbooks of 30 steps: how long it takes, and where the time goes.

Method: the files are made of the shapes that occur (all actions, conditions, facts, undos); the office is read and
resolved as `bcp validate` does it; the best of the rounds counts. For comparison the same files are only parsed, by
the YAML parser alone: what validation adds is the ratio. Hold: 5 times the parsing, by the least CPU time.
"""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path

import yaml
from measure import here, least, told

from bcp.office import starter
from bcp.validate import read_all
from bcp.yaml.source import Reader

RUNBOOKS = 200
STEPS = 30
ROUNDS = 3
HOLD = 5.0

_SHAPES = (
    "manual: {}",
    "ask: {questions: [{fact: fact_%d, ask: What is it?}, {fact: sure_%d, ask: Sure?, type: yes-no}]}",
    'command: {run: ["nmcli", "connection", "up", "lte"], timeout: 20s}',
    "http: {method: POST, url: 'https://example.org/api', json: {text: down}}",
    "wait: {for: 10m}",
    "check: {check: internet, is: up}",
)


def runbook(number: int) -> str:
    lines = [
        f"runbook: made-{number}",
        f"title: The line number {number} is dead",
        "when: Nobody has internet for five minutes",
        "target: 8h",
        "owner: lead",
        "phases:",
    ]
    for index in range(STEPS):
        if index % 10 == 0:
            lines += [f"  - phase: Hour {index // 10 + 1}", f"    within: {index // 10 + 1}h", "    steps:"]
        shape = _SHAPES[index % len(_SHAPES)]
        lines += [
            f"      - step: step-{index}",
            f"        title: Do the thing number {index}",
            "        who: lead",
            "        by_hand: >-",
            "          Go to the cabinet, take the box out of it, and plug the grey cable into the yellow socket.",
            f"        {shape.replace('%d', str(index))}",
        ]
        if index % 7 == 0:
            lines += [
                "        undo:",
                "          title: Put it back",
                "          by_hand: Put it back.",
                "          manual: {}",
            ]
    return "\n".join(lines) + "\n"


def parsed(folder: Path) -> None:
    """Every runbook through the YAML parser, and nothing else."""
    for path in sorted((folder / "runbooks").glob("*.yaml")):
        yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def validated(folder: Path) -> None:
    """The office read and resolved, as `bcp validate` does it."""
    reader = Reader()
    read_all(folder, reader)
    assert not reader.mistakes, reader.mistakes[:3]


def main() -> int:
    print(__doc__)
    with tempfile.TemporaryDirectory(prefix="bcp-bench-") as name:
        folder = Path(name)
        starter.write(starter.sample_office(), folder)
        for number in range(RUNBOOKS):
            (folder / "runbooks" / f"made-{number}.yaml").write_text(runbook(number), encoding="utf-8")
        took = least(
            {"parsed": here(partial(parsed, folder)), "validated": here(partial(validated, folder))}, ROUNDS
        )
    print(f"parsed alone:  {took['parsed']:.2f} s CPU")
    print(f"validated:     {took['validated']:.2f} s CPU")
    return int(not told("validated, against parsed alone", took["validated"] / took["parsed"], HOLD))


if __name__ == "__main__":
    sys.exit(main())
