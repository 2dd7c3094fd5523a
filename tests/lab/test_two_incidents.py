"""One line, two incidents at once: whichever is closed first, the office leads out as it did before both."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.lab.lab import PATH, Lab
from tests.lab.test_network import IP, PHASES, Furnish, furnish, lab, routes, way_out
from tests.offices import runbook

__all__ = ["furnish", "lab"]


@contextmanager
def begun_twice(lab: Lab, office: Path, env: Sequence[str] = ()) -> Iterator[Callable[[str], None]]:
    """Both incidents, `outage` first, each switched over; it hands out how one of them is closed."""
    (office / "runbooks" / "phone.yaml").write_text(runbook(PHASES, "phone"), encoding="utf-8")

    def bcp(*arguments: str) -> str:
        command = ["env", *env, f"PATH={PATH}", sys.executable, "-m", "bcp", "--office", office, *arguments]
        done = lab.run(command, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    for name in ("outage", "phone"):
        bcp("incident", "start", name)
    listed = [one["id"] for one in json.loads(bcp("incident", "list", "--json"))]
    ids = {name: next(one for one in listed if name in one) for name in ("outage", "phone")}
    yield lambda name: bcp("incident", "close", "--incident", ids[name]) and None


@pytest.mark.parametrize(
    ("order", "metric"),
    [(("outage", "phone"), "100"), (("phone", "outage"), "0")],
    ids=["the first one first", "the last one first, from a route without a metric"],
)
def test_the_last_of_two_incidents_brings_the_routes_back_that_were_there(
    lab: Lab, furnish: Furnish, order: Sequence[str], metric: str
) -> None:
    lab.run(["ip", "route", "replace", "default", "via", "192.168.1.1", "dev", "dsl0", "metric", metric])
    office, before = furnish(IP), routes(lab)
    with begun_twice(lab, office) as close:
        close(order[0])
        assert way_out(lab) == "lte0"
        close(order[1])
    assert routes(lab) == before
