"""The office is switched between its two lines for real: by routes, by a program, by hand; and back, whatever fails."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.lab.lab import PATH, Lab
from tests.offices import OFFICE, runbook
from tests.terminal import spawn

CHECK = """
check: internet
title: The internet
confirm: 1 look in 1s
probes: [{tcp: {host: 9.9.9.9, port: 443}}, {http: {url: "http://control.test/generate_204", status: 204}}]
runbook: outage
"""
PHASES = """
  - phase: Now
    steps:
      - step: mobile
        title: Put the office on mobile internet
        network: {use: mobile, within: 3s}
        expect: internet
        auto: yes
        by_hand: Take the router from cabinet B.
        undo:
          title: Put the office back on the line
          network: {use: internet, within: 3s}
          expect: internet
          auto: yes
          by_hand: Plug the old cable in again.
"""
IP = "{ip: {interface: lte0}}"
Furnish = Callable[..., Path]


@pytest.fixture
def lab(lab: Lab) -> Iterator[Lab]:
    """Its computers ask a public name server, as those must that have no network manager."""
    (lab.root / "run/lab/resolv.conf").write_text("nameserver 9.9.9.9\n")
    yield lab
    lab.heal()
    lab.use("dsl")


@pytest.fixture
def furnish(tmp_path: Path) -> Furnish:
    """Makes an office whose mobile line is switched to in some way."""

    def make(way: str, more: str = "") -> Path:
        for part in ("runbooks", "checks"):
            (tmp_path / part).mkdir(exist_ok=True)
        line = f"  - {{line: mobile, way: {way}{more}}}\n"
        (tmp_path / "bcp.yaml").write_text(OFFICE + line, encoding="utf-8")
        (tmp_path / "checks" / "internet.yaml").write_text(CHECK, encoding="utf-8")
        (tmp_path / "runbooks" / "outage.yaml").write_text(runbook(PHASES), encoding="utf-8")
        return tmp_path

    return make


def bcp(lab: Lab, office: Path, *arguments: str, path: str = PATH) -> subprocess.CompletedProcess[str]:
    command = ["env", f"PATH={path}", sys.executable, "-m", "bcp", "--office", office, *arguments]
    return lab.run(command, timeout=60)


def routes(lab: Lab) -> list[str]:
    return sorted(lab.run(["ip", "-4", "route", "show", "default"], check=True).stdout.splitlines())


def way_out(lab: Lab) -> str:
    (route,) = json.loads(lab.run(["ip", "-json", "route", "get", "1.1.1.1"], check=True).stdout)
    return str(route["dev"])


def events(lab: Lab, office: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(bcp(lab, office, "incident", "log", "--json").stdout)
    return found


def deadly_ip(folder: Path) -> Path:
    """A folder with an `ip` that does its work and kills who asked for it, the first time that it adds a route."""
    folder.mkdir()
    real = shutil.which("ip", path=PATH)
    script = f"""#!/bin/sh
{real} "$@" || exit
case $* in *'route add'*) [ -e {folder}/done ] || {{ : >{folder}/done; kill -9 $PPID; }} ;; esac
"""
    (folder / "ip").write_text(script)
    (folder / "ip").chmod(0o755)
    return folder


def tried(lab: Lab, office: Path) -> dict[str, Any]:
    """The last try that did not succeed."""
    return [event["data"] for event in events(lab, office) if event["kind"] == "step.tried"][-1]


def test_a_dead_line_is_left_for_the_other_and_taken_up_again_when_it_is_well(
    lab: Lab, furnish: Furnish
) -> None:
    office, before = furnish(IP), routes(lab)
    lab.fault("blackhole")
    done = bcp(lab, office, "incident", "start", "outage")
    assert done.returncode == 0, done.stderr
    assert way_out(lab) == "lte0"
    assert "SWITCHED to mobile" in bcp(lab, office, "line", "status").stdout
    lab.heal()
    closed = bcp(lab, office, "incident", "close")
    assert closed.returncode == 0, closed.stderr
    assert way_out(lab) == "dsl0" and routes(lab) == before
    assert "SWITCHED" not in bcp(lab, office, "line", "status").stdout


def test_the_state_before_is_in_the_journal_as_evidence(lab: Lab, furnish: Furnish) -> None:
    office = furnish(IP)
    bcp(lab, office, "incident", "start", "outage")
    (settled,) = [event for event in events(lab, office) if event["kind"] == "step.settled"]
    evidence = settled["data"]["evidence"]
    assert evidence["before"] == "dsl0"
    assert any("192.168.1.1" in route for route in evidence["saved"]["routes"])


def test_a_route_without_a_metric_stays_and_is_left_all_the_same(lab: Lab, furnish: Furnish) -> None:
    lab.run(["ip", "route", "replace", "default", "via", "192.168.1.1", "dev", "dsl0"], check=True)
    office, before = furnish(IP), routes(lab)
    assert bcp(lab, office, "incident", "start", "outage").returncode == 0
    assert way_out(lab) == "lte0"
    assert bcp(lab, office, "incident", "close").returncode == 0
    assert routes(lab) == before


def test_a_line_that_carries_nothing_is_left_again_and_the_step_fails(lab: Lab, furnish: Furnish) -> None:
    office, before = furnish(IP), routes(lab)
    lab.fault("blackhole", "lte")
    done = bcp(lab, office, "incident", "start", "outage")
    assert done.returncode == 4
    assert "so what was before was put back" in done.stderr
    assert way_out(lab) == "dsl0" and routes(lab) == before
    assert tried(lab, office)["evidence"]["put_back"] == "yes"


def test_a_line_that_is_still_dead_is_left_again_and_the_measure_stays_in_force(
    lab: Lab, furnish: Furnish
) -> None:
    office = furnish(IP)
    lab.fault("blackhole")
    bcp(lab, office, "incident", "start", "outage")
    closed = bcp(lab, office, "incident", "close")
    assert closed.returncode == 8 and "so what was before was put back" in closed.stderr
    assert way_out(lab) == "lte0"
    assert "IN FORCE" in bcp(lab, office, "incident", "status").stdout


@pytest.mark.parametrize(
    ("way", "break_it", "why"),
    [
        (IP, lambda lab: lab.fault("link_down", "lte"), "lte0 is not connected"),
        (IP, lambda lab: lab.use("dsl", alone=True), "lte0 knows no router"),
        ("{ip: {interface: wwan9}}", lambda lab: None, "this computer has no interface wwan9"),
        ("{command: {use: [no-such], back: ['true']}}", lambda lab: None, "there is no program no-such"),
        ("{command: {use: ['false'], back: ['true']}}", lambda lab: None, "false ended with status 1"),
        (
            "{command: {use: ['true'], back: ['true'], interface: lte0}}",
            lambda lab: None,
            "the way out is dsl0, not lte0",
        ),
    ],
)
def test_what_cannot_be_switched_is_said_in_a_sentence_and_nothing_is_changed(
    lab: Lab, furnish: Furnish, way: str, break_it: Callable[[Lab], None], why: str
) -> None:
    break_it(lab)
    office, before = furnish(way), routes(lab)
    done = bcp(lab, office, "incident", "start", "outage")
    assert done.returncode == 4 and why in done.stderr, done.stderr
    assert "Take the router from cabinet B." in done.stderr
    assert routes(lab) == before


def test_a_router_that_is_named_serves_where_nobody_gave_one(lab: Lab, furnish: Furnish) -> None:
    lab.use("dsl", alone=True)
    (lab.root / "run/lab/resolv.conf").write_text("nameserver 9.9.9.9\n")
    office, before = furnish("{ip: {interface: lte0, gateway: 192.168.8.1}}"), routes(lab)
    assert bcp(lab, office, "incident", "start", "outage").returncode == 0
    assert way_out(lab) == "lte0"
    assert bcp(lab, office, "incident", "close").returncode == 0
    assert routes(lab) == before


def test_a_crash_in_the_midst_of_switching_loses_nothing_of_what_was_before(
    lab: Lab, furnish: Furnish, tmp_path: Path
) -> None:
    office, before = furnish(IP), routes(lab)
    deadly = deadly_ip(tmp_path / "deadly")
    killed = bcp(lab, office, "incident", "start", "outage", path=f"{deadly}:{PATH}")
    assert killed.returncode in (-9, 137)
    assert way_out(lab) == "lte0"
    assert bcp(lab, office, "incident", "resume").returncode == 0
    assert bcp(lab, office, "incident", "close").returncode == 0
    assert routes(lab) == before


def test_a_program_of_the_office_switches_and_switches_back(lab: Lab, furnish: Furnish) -> None:
    use = "[ip, route, replace, default, via, 192.168.8.1, dev, lte0, metric, '50']"
    back = "[ip, route, del, default, via, 192.168.8.1, dev, lte0, metric, '50']"
    office, before = furnish(f"{{command: {{use: {use}, back: {back}, interface: lte0}}}}"), routes(lab)
    assert bcp(lab, office, "incident", "start", "outage").returncode == 0
    assert way_out(lab) == "lte0"
    assert bcp(lab, office, "incident", "close").returncode == 0
    assert routes(lab) == before


def test_a_stand_by_line_is_tested_while_the_other_stays_in_use_and_only_stands_by(
    lab: Lab, furnish: Furnish
) -> None:
    lab.use("dsl", alone=True)
    office, before = furnish("{ip: {interface: lte0, gateway: 192.168.8.1}}"), routes(lab)
    done = bcp(lab, office, "line", "test", "mobile")
    assert done.returncode == 0 and "mobile: STANDS BY: lte0" in done.stdout, done.stderr
    assert "not tried: that the office leads out over it; that this computer finds names" in done.stdout
    assert routes(lab) == before
    told = " ".join(bcp(lab, office, "line", "status").stdout.split())
    assert ": stands by: lte0" in told and "not tried: that the office leads out over it" in told


def test_only_a_trial_that_switches_says_up_and_what_a_crash_left_of_it_is_put_back(
    lab: Lab, furnish: Furnish
) -> None:
    office, before = furnish(IP), routes(lab)
    command, *words = map(
        str,
        lab.inside(
            [sys.executable, "-m", "bcp", "--office", office, "line", "test", "mobile", "--by", "anna"]
        ),
    )

    def answered(answer: str) -> tuple[str, int | None]:
        screen = spawn(command, [*words, "--switch"], encoding="utf-8", timeout=60, env=lab.environment())
        screen.expect("Do it now")
        screen.sendline(answer)
        screen.expect(pexpect.EOF)
        screen.close()
        return str(screen.before), screen.exitstatus

    said, code = answered("n")
    assert "Nothing was switched" in said and code == 0 and routes(lab) == before
    said, code = answered("y")
    assert "mobile: UP: lte0" in said and "that the office leads out" not in said and code == 0, said
    assert routes(lab) == before
    assert bcp(lab, office, "line", "test", "mobile", "--switch").returncode == 9
    deadly = deadly_ip(office / "deadly")
    screen = spawn(
        command,
        [*words, "--switch"],
        encoding="utf-8",
        timeout=60,
        env={**lab.environment(), "PATH": f"{deadly}:{PATH}"},
    )
    screen.expect("Do it now")
    screen.sendline("y")
    screen.expect(pexpect.EOF)
    assert way_out(lab) == "lte0"
    assert "SWITCHED to mobile for a trial" in bcp(lab, office, "line", "status").stdout
    assert bcp(lab, office, "line", "test", "mobile").returncode == 0
    assert routes(lab) == before and "SWITCHED" not in bcp(lab, office, "line", "status").stdout


def test_a_stand_by_line_that_is_dead_is_found_while_the_other_works(lab: Lab, furnish: Furnish) -> None:
    office, before = furnish(IP), routes(lab)
    lab.fault("blackhole", "lte")
    done = bcp(lab, office, "line", "test", "mobile")
    assert done.returncode == 7 and "mobile: DOWN: lte0" in done.stdout, done.stderr
    lab.heal()
    lab.fault("link_down", "lte")
    done = bcp(lab, office, "line", "test", "mobile")
    assert done.returncode == 7 and "lte0 is not connected" in done.stdout, done.stderr
    lab.heal()
    assert way_out(lab) == "dsl0" and routes(lab) == before


def test_a_drill_switches_nothing_and_finds_a_program_that_is_missing(lab: Lab, furnish: Furnish) -> None:
    office, before = furnish(IP), routes(lab)
    answers = office / "answers.yaml"
    answers.write_text("default: done\n")
    for verb in ("start outage", "close"):
        done = bcp(lab, office, "drill", *verb.split(), "--answers", str(answers))
        assert done.returncode == 0, done.stderr
    assert "rehearsed, not switched" in bcp(lab, office, "drill", "log").stdout
    assert routes(lab) == before
    furnish("{command: {use: [no-such], back: ['true']}}")
    done = bcp(lab, office, "drill", "start", "outage", "--answers", str(answers))
    assert "there is no program no-such" in done.stdout + done.stderr
