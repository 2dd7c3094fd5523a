"""Whoever is killed at any station of setting and undoing goes on: the outside ends as it was, and the books say so."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from bcp.lever.line.ledger import LineJournal
from bcp.lever.number.ledger import NumberJournal
from bcp.lever.place.ledger import PlaceJournal
from bcp.lever.stack import StepKey
from tests.children import needs_fork
from tests.lever.office import POWER, Office

OUTAGE, PHONE = StepKey("2026-outage", "tell"), StepKey("2026-phone", "tell")
DEEDS: list[Callable[[Office], None]] = [
    lambda office: office.lay(OUTAGE, 1),
    lambda office: office.lay(PHONE, 2),
    lambda office: office.undo(OUTAGE),
    lambda office: office.undo(PHONE),
]


def killed_at(station: int, deed: Callable[[], None]) -> bool:
    """Do it in a child that is killed at a station; whether there was one of this number."""
    child = os.fork()
    if not child:
        POWER.kills_at = station
        deed()
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL)
    return status != 0


@needs_fork
def test_a_kill_at_every_station_of_two_incidents_leaves_the_outside_as_it_was(tmp_path: Path) -> None:
    stations = 0
    for number, deed in enumerate(DEEDS):
        station = 0
        while True:
            folder = tmp_path / f"{number}-{station}"
            folder.mkdir()
            office = Office(folder)
            for before in DEEDS[:number]:
                before(office)
            was_killed = killed_at(station, lambda deed=deed, office=office: deed(office))  # type: ignore[misc]
            for again in DEEDS[number:] if was_killed else DEEDS[number + 1 :]:
                again(office)
            assert office.outside() == office.before, f"deed {number} killed at station {station}"
            for ledger in (PlaceJournal, NumberJournal, LineJournal):
                assert not any(stack.layers for stack in ledger(office.log, "").stacks().values())
            if not was_killed:
                break
            station += 1
        stations += station
    assert stations > 40
