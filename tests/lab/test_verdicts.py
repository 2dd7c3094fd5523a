"""Each fault of a line gets the verdict that an expert would give, each time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

import pytest

from bcp.verdict import Verdict
from tests.lab.lab import HERE, Families, Lab, LabError
from tests.lab.test_diagnose import SHIPPED, furnish
from tests.offices import office_in

TIMES = int(os.environ.get("BCP_VERDICTS", "1"))
"""How often each diagnosis is made: once among all other tests, five times by `make verdicts`, which has its peace."""
LABORATORIES = 2
"""One for each core of a small computer: more make packets late, and save no time."""


class Case(NamedTuple):
    """A fault, what the office speaks when it comes, and what must be said of it."""

    fault: str | None
    verdict: Verdict
    families: Families = "4"
    percent: int = 20
    has_second: bool = False
    has_phone: bool = True

    def __str__(self) -> str:
        told = [self.fault or "nothing", f"IPv{self.families}" if self.families != "46" else "both"]
        told += [f"{self.percent} %"] if self.fault and self.fault.startswith("loss") else []
        return ", ".join([*told, "two lines"] if self.has_second else told)


CASES = [
    Case(None, "ok"),
    Case(None, "ok", "46"),
    Case(None, "ok", "6", has_phone=False),
    Case("six_dead", "ok", "46"),
    Case("four_dead", "degraded", "46", has_phone=False),
    Case("site_four_dead", "degraded", "46"),
    Case("site_six_dead", "degraded", "46"),
    Case("blackhole", "isp-down", "46"),
    Case("table_full", "isp-down"),
    Case("table_full", "isp-down", "46"),
    Case("no_lease", "lan-down"),
    Case("wrong_router", "gateway-down"),
    Case("tunnel_dead", "vpn-down"),
    Case("tunnel_halves_dead", "vpn-down"),
    Case("tunnel_halves_dead", "vpn-down", has_second=True),
    Case("tunnel_ended", "vpn-down"),
    Case("loss_steady", "ok", percent=1),
    Case("loss_steady", "degraded", percent=5),
    *(Case("loss_both_ways", "degraded", percent=percent) for percent in (10, 20, 30)),
    Case("loss", "degraded", percent=30),
    Case("clock_ahead", "clock-wrong"),
    Case("clock_behind", "clock-wrong"),
    Case("https_dropped", "isp-down"),
    Case("big_packets_dropped", "mtu"),
    Case("slow", "too-slow"),
    Case("wall", "portal"),
    Case("our_name_wrong", "dns-down"),
    Case("names_denied", "dns-down"),
]
Said = list[dict[str, Any]]


@pytest.fixture(scope="module")
def said(laboratory: Lab, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Said]:
    """What some diagnoses at the same time say of each case; several laboratories share the work."""
    waiting: SimpleQueue[Case | None] = SimpleQueue()
    for case in [*CASES, *[None] * LABORATORIES]:
        waiting.put(case)
    folder = tmp_path_factory.mktemp("offices")
    whole = furnish(_new(folder / "whole"))
    mute = furnish(_new(folder / "mute"))
    (mute / "checks" / "phone.yaml").unlink()

    def work(number: int) -> list[tuple[str, Said]]:
        with Lab() as lab:
            return [
                (str(case), _said(lab, whole if case.has_phone else mute, case))
                for case in iter(waiting.get, None)
            ]

    with ThreadPoolExecutor(LABORATORIES) as pool:
        return {name: each for done in pool.map(work, range(LABORATORIES)) for name, each in done}


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _said(lab: Lab, office: Path, case: Case) -> Said:
    """What is said of a case; what went wrong in the laboratory itself is this case's failure, and no other's."""
    try:
        return _diagnoses(lab, office, case)
    except (LabError, subprocess.TimeoutExpired) as error:
        lab.rebuild()
        return [{"verdict": str(error)}]


def _diagnoses(lab: Lab, office: Path, case: Case) -> Said:
    lab.use("dsl", alone=not case.has_second)
    lab.speak(case.families)
    if case.fault:
        lab.fault(case.fault, percent=case.percent)
    # Some at the same time would fill a slow line, and see something else.
    times, turns = (1, TIMES) if case.fault == "slow" else (TIMES, 1)
    command = [*lab.prefix, sys.executable, HERE / "verdict.py", office, str(times)]
    told = [lab.run(command, timeout=120, check=True).stdout for _turn in range(turns)]
    lines = "".join(told).splitlines()
    lab.heal()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_fault_gets_the_verdict_of_an_expert_each_time(said: dict[str, Said], case: Case) -> None:
    told = said[str(case)]
    assert [each["verdict"] for each in told] == [case.verdict] * TIMES, told


@pytest.mark.parametrize(
    ("case", "place", "words"),
    [
        ("six_dead, both", "provider", "IPv6 does not work, IPv4 does"),
        ("four_dead, both", "provider", "IPv4 does not work, IPv6 does"),
        ("table_full, IPv4", "provider", "pings are answered, but no new connection gets through"),
        ("no_lease, IPv4", "computer", "dsl0 has no address: nobody gave it one"),
        ("wrong_router, IPv4", "router", "the router 192.168.1.154 leads nowhere, but 192.168.1.1"),
        ("tunnel_halves_dead, IPv4", "tunnel", "all traffic goes through the VPN (tun0)"),
        ("loss_both_ways, IPv4, 30 %", "provider", "packets were lost"),
    ],
)
def test_a_verdict_on_the_line_says_what_it_rests_on(
    said: dict[str, Said], case: str, place: str, words: str
) -> None:
    for each in said[case]:
        told = "; ".join(each["words"][place])
        # Of three packets in ten that are lost it may by chance be all that were sent.
        assert words in told or (case.startswith("loss") and "0 of 3 well-known addresses answer" in told)


@pytest.mark.parametrize(("fault", "family"), [("site_four_dead", "IPv4"), ("site_six_dead", "IPv6")])
def test_a_site_of_which_one_family_is_dead_is_named(said: dict[str, Said], fault: str, family: str) -> None:
    for each in said[f"{fault}, both"]:
        assert f"www.office.test does not answer over {family} (" in each["things"]["website"]
        assert each["runbook"] is None


def test_a_look_goes_on_with_the_other_family_and_says_so(said: dict[str, Said]) -> None:
    for case in ("site_four_dead, both", "four_dead, both"):
        for each in said[case]:
            told = each["things"]["website"]
            assert "https://www.office.test/ answers 200; it answered over IPv6, not over IPv4" in told


def test_the_shipped_check_of_the_line_is_up_on_a_line_that_speaks_ipv6_only(said: dict[str, Said]) -> None:
    for each in said["nothing, IPv6"]:
        assert each["things"]["internet"].startswith("2606:4700:4700::1111 port 443 answers")
        assert ["up", "The office's line to the internet"] in [place[:2] for place in each["picture"]]


def test_what_differs_from_the_good_day_that_a_pass_kept_is_said_first(lab: Lab, tmp_path: Path) -> None:
    lab.use("dsl", alone=True)
    place = office_in(tmp_path / "office")
    shipped = SHIPPED.read_text(encoding="utf-8").replace("runbook: internet-outage\n", "")
    (place / "checks" / "internet.yaml").write_text(shipped, encoding="utf-8")

    def bcp(*words: str) -> str:
        return lab.run([sys.executable, "-m", "bcp", "--office", place, "check", *words]).stdout

    bcp("run")
    assert json.loads((place / "incidents" / "good-day.json").read_text())["router"] == "192.168.1.1"
    lab.fault("wrong_router")
    (lab.root / "run/lab/resolv.conf").write_text("nameserver 192.168.1.154\n")
    told = bcp("diagnose")
    assert "verdict: gateway-down" in told
    assert "that of good days, 192.168.1.1, is there" in told
    lab.heal()
    lab.fault("blackhole")
    assert "today: the router is" in told.splitlines()[1] and "today:" not in bcp("diagnose")
