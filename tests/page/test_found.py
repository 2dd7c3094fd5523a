"""On paper, too, what a computer found is not what a person said, and the other way round."""

from __future__ import annotations

from pathlib import Path

from bcp.page.blocks import Steps, Tick
from bcp.page.incident import incident_copy
from bcp.page.labels import Labels
from tests.incident.test_correction import ANSWERS, PHASES, Diagnosing
from tests.offices import Script, Stage, stage


def ticks(staged: Stage) -> dict[str, Tick]:
    copy = incident_copy(staged.incident(), Labels("en"))
    every = [
        row
        for block in copy.blocks
        if isinstance(block, Steps)
        for row in block.rows
        if isinstance(row, Tick)
    ]
    return dict(zip(("look", "decide", "router", "line", "tell"), every, strict=True))


def answers(tick: Tick) -> list[str]:
    return [blank.value for blank in tick.blanks]


def test_the_copy_of_an_incident_keeps_the_two_apart(tmp_path: Path) -> None:
    staged = stage(tmp_path, PHASES)
    staged.sight = Diagnosing()
    staged.run(Script({"decide": "pause"}))
    before = ticks(staged)
    assert answers(before["look"]) == ["isp-down"] and answers(before["decide"])[0] == "", (
        "nobody has decided"
    )
    staged.run(Script({"tell": "pause"}, ANSWERS))
    after = ticks(staged)
    assert answers(after["look"]) == ["isp-down"]
    assert answers(after["decide"])[:2] == ["gateway-down", "Jan"]
    assert after["decide"].title == "Decide (this computer found: isp-down)"
    assert after["decide"].by_hand == "It says isp-down."
