"""Looks for inputs that break something: as many as fit into the time, drawn by a seed that can be given again."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from tests.fuzz.area import CORPUS, Area, Input
from tests.fuzz.areas.bundle import Bundle
from tests.fuzz.areas.contacts import Contacts
from tests.fuzz.areas.mail import Mail
from tests.fuzz.areas.probe import Probe
from tests.fuzz.areas.store import Store
from tests.fuzz.areas.yaml import Yaml
from tests.fuzz.oracle import Failed, bound_memory, bounded

AREAS: dict[str, type[Area]] = {area.name: area for area in (Yaml, Contacts, Mail, Store, Bundle, Probe)}
_ROUND = 1.0  # seconds that an area has before the next one's turn


def drawn(area: Area, seed: int, number: int) -> Input:
    """The input with this number: what is tried before it makes no difference."""
    return area.make(Random(f"{seed} {area.name} {number}"))


def tried(area: Area, given: Input, thoroughly: bool) -> str:
    """What was wrong; nothing where all was well. An error of the tests themselves is raised."""
    try:
        with bounded():
            area.try_(given, thoroughly)
    except Failed as error:
        return str(error)
    return ""


def _hunt(areas: list[Area], seed: int, seconds: float, only: int | None, kept: Path) -> int:
    """How many inputs failed. Each is kept, and told with what is needed to draw it once more."""
    bound_memory()
    counts, failed, end = dict.fromkeys(AREAS, 0), 0, time.monotonic() + seconds
    last = kept / "last"
    while time.monotonic() < end:
        for area in areas:
            turn = time.monotonic() + _ROUND
            while time.monotonic() < min(turn, end):
                number = counts[area.name] if only is None else only
                counts[area.name] += 1
                given = drawn(area, seed, number)
                # Where this process itself dies, the file says of what.
                path = given.keep(last / area.name, "last")
                trouble = tried(area, given, thoroughly=only is not None)
                path.unlink()
                if trouble:
                    failed += 1
                    name = hashlib.sha256(given.data).hexdigest()[:8]
                    path = given.keep(kept / area.name, name)
                    print(
                        f"\n{area.name}: --seed {seed} --area {area.name} --number {number}; kept: {path}\n{trouble}"
                    )
            if only is not None:
                return failed
    told = ", ".join(f"{area.name} {counts[area.name]}" for area in areas)
    print(f"seed {seed}: {told} inputs; {failed} failed", flush=True)
    return failed


def main() -> int:
    """Look for as long as is said; status 1 where something failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument(
        "--seed", type=int, help="what all inputs follow from; without it another one each time"
    )
    parser.add_argument("--area", choices=AREAS, action="append", help="only this one, as often as given")
    parser.add_argument(
        "--number", type=int, help="only the input with this number, with all commands of its area"
    )
    parser.add_argument(
        "--file", type=Path, help="only this file of the corpus, with all commands of its area"
    )
    parser.add_argument("--kept", type=Path, default=Path(tempfile.gettempdir()) / "bcp-fuzz")
    wanted = parser.parse_args()
    seed = wanted.seed if wanted.seed is not None else int.from_bytes(os.urandom(4), "big")
    names = [wanted.file.resolve().parent.name] if wanted.file else wanted.area or list(AREAS)
    print(f"seed {seed}; what fails is kept in {wanted.kept}", flush=True)
    with tempfile.TemporaryDirectory(prefix="bcp-fuzz-") as name:
        areas = []
        for each in names:
            (Path(name) / each).mkdir()
            areas.append(AREAS[each](Path(name) / each).__enter__())
        try:
            if wanted.file:
                print(trouble := tried(areas[0], Input.kept(wanted.file), thoroughly=True))
                return int(bool(trouble))
            return int(bool(_hunt(areas, seed, wanted.seconds, wanted.number, wanted.kept)))
        finally:
            for area in areas:
                area.__exit__()


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # servers' threads may still talk


__all__ = ["AREAS", "CORPUS"]
