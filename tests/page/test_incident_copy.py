"""The copy of an incident answers to its digits: what happened since it was printed, and whether it is over."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.offices import Stage, bcp, stage
from tests.page.test_sheet import DECISION, PHASES


def digits(staged: Stage) -> tuple[str, str]:
    """The digits at the foot of a copy that is printed now, and those of the journal at its head."""
    text = bcp(staged.office, "incident", "print", "-o", "-").stdout
    (foot,), (head,) = re.findall("SHA-256 (\\S+)\n", text), re.findall("print verify (\\S+)", text)
    grouped = re.findall("· ((?:[0-9a-f]{4} ){7}[0-9a-f]{4}) ·", text.splitlines()[0])
    assert grouped[0].replace(" ", "").startswith(head)
    return foot, head


def test_a_copy_is_current_until_something_happens_and_then_says_what(tmp_path: Path) -> None:
    staged = stage(tmp_path, PHASES, more=DECISION)
    foot, head = digits(staged)
    assert "current, nothing happened since" in bcp(staged.office, "print", "verify", head).stdout
    assert bcp(staged.office, "incident", "note", "the neighbour is dark, too").returncode == 0
    told = bcp(staged.office, "print", "verify", head)
    assert told.returncode == 8 and "the neighbour is dark, too" in told.stdout
    assert "incident print --incident" in told.stderr
    data = json.loads(bcp(staged.office, "print", "verify", head, "--json").stdout)
    assert data["state"] == "outdated" and len(data["changed"]) == 1
    steps = bcp(staged.office, "print", "verify", foot)
    assert steps.returncode == 0 and "still those of now. The journal is at event 2" in steps.stdout


def test_new_steps_make_the_paper_outdated_and_the_end_of_the_incident_ends_it(tmp_path: Path) -> None:
    staged = stage(tmp_path, PHASES)
    foot, _head = digits(staged)
    step = "{step: hotline, title: Call the hotline, by_hand: Dial the number., manual: {}}"
    (staged.office / "step.yaml").write_text(step, encoding="utf-8")
    amended = bcp(staged.office, "incident", "amend", "--after", "call", "--file", "step.yaml")
    assert amended.returncode == 0, amended.stderr
    told = bcp(staged.office, "print", "verify", foot)
    assert told.returncode == 8 and "Call the hotline" in told.stdout
    new = digits(staged)[0]
    assert new != foot and bcp(staged.office, "print", "verify", new).returncode == 0
    assert bcp(staged.office, "print", "verify", "000000000000").returncode == 2
    staged.write("incident.closed", {"open": [], "left": {}})
    over = bcp(staged.office, "print", "verify", new)
    assert over.returncode == 8 and "Write on it no more" in over.stdout


def test_the_next_thing_to_do_with_a_copy_is_told(tmp_path: Path) -> None:
    staged = stage(tmp_path, PHASES)
    told = bcp(staged.office, "incident", "print", "-o", "copy.pdf").stderr
    assert told.startswith("copy.pdf") and "Now print that file" in told
    assert f"Next: bcp incident record --incident {staged.stream}" in told
