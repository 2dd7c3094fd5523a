"""Diagnosis in the laboratory: each fault, through each line, gets the verdict that is true of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.lab.lab import HERE, Lab, Line

SHIPPED = HERE.parents[1] / "checks" / "internet.yaml"
WEBSITE = """
check: website
title: Our website
probes: [{http: {url: "https://www.office.test/", text: The Office}}]
depends_on: [internet]
runbook: website-outage
"""
PHONE = """
check: phone
title: Our telephones
probes: [{sip: {host: sip.office.test}}]
depends_on: [internet]
runbook: phone-outage
"""
MAIL = """
check: mail
title: Our mailboxes
probes: [{imap: {host: mail.office.test}}]
depends_on: [internet]
runbook: website-outage
"""

ON_THE_LINE = {
    "link_down": "lan-down",
    "gateway_dead": "gateway-down",
    "blackhole": "isp-down",
    "reject": "isp-down",
    "portal_302": "portal",
    "portal_200": "portal",
    "portal_walled": "portal",
    "dns_kill": "dns-down",
    "dns_hang": "dns-down",
    "dns_refused": "dns-down",
    "site_unreachable_here": "site-unreachable-here",
    "loss": "degraded",
}
OUT_THERE = {
    "site_down": "site-down",
    "site_hangs": "site-down",
    "site_error": "site-down",
    "phone_dead": "phone-down",
    "phone_hangs": "phone-down",
}
RUNBOOK = {
    "site-down": "website-outage",
    "site-unreachable-here": "website-outage",
    "phone-down": "phone-outage",
    "degraded": None,
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the checks of an office."""
    return furnish(tmp_path_factory.mktemp("office"))


def furnish(folder: Path) -> Path:
    """An office that looks at its line as shipped, its website and its telephones."""
    (folder / "checks").mkdir()
    shutil.copy(SHIPPED, folder / "checks")
    (folder / "checks" / "website.yaml").write_text(WEBSITE)
    (folder / "checks" / "phone.yaml").write_text(PHONE)
    return folder


@pytest.fixture(scope="session")  # a worker comes back to these tests between others
def on_mobile(laboratory: Lab) -> Iterator[Lab]:
    """A second laboratory, whose office uses the mobile line."""
    with Lab() as lab:
        lab.use("lte")
        yield lab


@pytest.fixture
def offices(lab: Lab, on_mobile: Lab) -> Iterator[dict[Line, Lab]]:
    """A laboratory for each line that an office may use, whole at the beginning and the end."""
    yield {"dsl": lab, "lte": on_mobile}
    on_mobile.heal()


def diagnose(lab: Lab, office: Path) -> dict[str, Any]:
    """What a diagnosis in the office says now."""
    return diagnose_all({"dsl": lab}, office)["dsl"]


def diagnose_all(labs: Mapping[Line, Lab], office: Path) -> dict[Line, dict[str, Any]]:
    """What diagnoses say, one in each laboratory; how soon they must be there is measured by bench/verdicts.py."""
    words = [str(HERE / "verdict.py"), str(office)]
    asked = {line: lab.begin(words) for line, lab in labs.items()}
    return {line: json.loads(begun.ended(60).stdout) for line, begun in asked.items()}


@pytest.mark.parametrize("fault", ON_THE_LINE)
def test_a_broken_line_gets_its_true_name_whichever_it_is(
    offices: dict[Line, Lab], office: Path, fault: str
) -> None:
    verdict = ON_THE_LINE[fault]
    for line, lab in offices.items():
        lab.fault(fault, line)
    for said in diagnose_all(offices, office).values():
        assert (said["verdict"], said["runbook"]) == (verdict, RUNBOOK.get(verdict, "internet-outage")), said
        assert list(said["layers"].values()).count("broken") == (verdict not in RUNBOOK), said


def test_a_line_on_which_all_comes_in_drops_is_too_slow_and_not_lossy(lab: Lab, office: Path) -> None:
    lab.fault("slow")
    said = diagnose(lab, office)
    assert (said["verdict"], said["runbook"]) == ("too-slow", None), said


@pytest.mark.parametrize("fault", OUT_THERE)
def test_what_is_down_for_all_gets_its_true_name_through_each_line(
    offices: dict[Line, Lab], office: Path, fault: str
) -> None:
    verdict = OUT_THERE[fault]
    for lab in offices.values():
        lab.fault(fault)
    for said in diagnose_all(offices, office).values():
        assert (said["verdict"], said["runbook"]) == (verdict, RUNBOOK[verdict]), said


@pytest.mark.parametrize("fault", [None, "mail_dead", "mail_hangs"])
def test_dead_mailboxes_get_their_true_name(lab: Lab, tmp_path: Path, fault: str | None) -> None:
    office = furnish(tmp_path)
    (office / "checks" / "mail.yaml").write_text(MAIL)
    lab.start_mail()
    if fault:
        lab.fault(fault)
    said = diagnose(lab, office)
    assert said["verdict"] == ("mail-down" if fault else "ok"), said


def test_nothing_broken_is_ok_through_each_line(offices: dict[Line, Lab], office: Path) -> None:
    for said in diagnose_all(offices, office).values():
        assert said["verdict"] == "ok", said
        assert set(said["layers"].values()) == {"ok"}


@pytest.mark.parametrize("fault", ["link_down", "blackhole", "dns_hang", "portal_walled", "loss"])
def test_a_broken_stand_by_line_is_not_taken_for_the_main_one(lab: Lab, office: Path, fault: str) -> None:
    lab.fault(fault, "lte")
    assert diagnose(lab, office)["verdict"] == "ok"


def test_without_a_second_way_nobody_can_tell_whose_fault_a_silent_site_is(lab: Lab, office: Path) -> None:
    lab.use("dsl", alone=True)
    lab.fault("site_unreachable_here", "dsl")
    assert diagnose(lab, office)["verdict"] == "inconclusive"


@pytest.mark.parametrize(("fault", "verdict"), [("site_error", "site-down"), ("phone_dead", "phone-down")])
def test_a_site_that_says_itself_that_it_is_broken_needs_no_second_way(
    lab: Lab, office: Path, fault: str, verdict: str
) -> None:
    lab.use("lte", alone=True)
    lab.fault(fault)
    assert diagnose(lab, office)["verdict"] == verdict


def test_an_only_line_that_is_dead_gets_its_true_name(lab: Lab, office: Path) -> None:
    lab.use("dsl", alone=True)
    lab.fault("blackhole", "dsl")
    assert diagnose(lab, office)["verdict"] == "isp-down"


def test_a_patrol_that_a_fault_surprises_ends_in_its_verdict(offices: dict[Line, Lab], office: Path) -> None:
    faults = {"dsl": "link_down", "lte": "site_hangs"}
    argv = [sys.executable, str(HERE / "patrol.py"), str(office)]
    patrols = {line: lab.popen(argv, stdout=subprocess.PIPE) for line, lab in offices.items()}
    assert [each.stdout.readline() for each in patrols.values() if each.stdout] == ["well\n"] * 2
    for line, lab in offices.items():
        lab.fault(faults[line], line)
    verdicts = [each.communicate(timeout=60)[0].split()[-1] for each in patrols.values()]
    assert verdicts == ["lan-down", "site-down"]


def test_a_line_that_dies_while_its_packets_are_counted_is_not_called_lossy(lab: Lab) -> None:
    assert lab.python(DIES).split() == ["broken", "False"]


DIES = '''
import asyncio
import subprocess
from bcp.check.network_path import References
from bcp.check.path_look import look_at_path
from bcp.clock import SystemClock
from bcp.probe.base import Shared

DEAD = """table inet dead {
    chain out {
        type filter hook output priority 0
        oifname dsl0 drop
    }
}
"""

async def dying():
    looking = asyncio.create_task(look_at_path(Shared(SystemClock()), References(), counts_loss=True))
    await asyncio.sleep(0.8)
    subprocess.run(["nft", "-f", "-"], input=DEAD, text=True, check=True)
    return await looking

try:
    path = asyncio.run(dying())
finally:
    subprocess.run(["nft", "delete", "table", "inet", "dead"], check=True)
print(path.culprit.state if path.culprit else path.layers, path.is_degraded)
'''


def test_a_lossy_line_flips_no_check_that_is_confirmed(lab: Lab, office: Path) -> None:
    lab.fault("loss", percent=20)
    assert lab.python(FIND.format(office)).split() == ["up"] * 8


FIND = """
import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from bcp.check.load import load
from bcp.check.run import find
from bcp.clock import SystemClock
from bcp.probe.base import Shared
from bcp.yaml.source import Reader

async def findings(check):
    shared = [Shared(SystemClock()) for _ in range(8)]
    return await asyncio.gather(*(find(check, each, "up") for each in shared))

check = load(Path("{}"), Reader())["internet"].model
print(*(found.state for found in asyncio.run(findings(check))))
"""
