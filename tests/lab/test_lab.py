"""Each fault of the laboratory is really what its name says, on its line only, and over when it is healed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.lab import lab as module
from tests.lab.faults import FAULTS
from tests.lab.lab import HERE, Lab, LabError, Line

GATEWAYS: dict[Line, str] = {"dsl": "192.168.1.1", "lte": "192.168.8.1"}
WHOLE = {
    "carrier": "1",
    "gateway": "answers",
    "internet": "answers",
    "tcp": "open",
    "dns gateway": "203.0.113.10",
    "dns public": "203.0.113.10",
    "web": "204",
    "site": "200",
    "phone": "200",
}
SILENT = dict.fromkeys(set(WHOLE) - {"carrier"}, "silent")
BEYOND = dict.fromkeys(["internet", "tcp", "dns public", "web", "site", "phone"], "silent")
NO_PAGE = dict.fromkeys(["web", "site"], "no connection")
PORTAL = {"dns gateway": "itself", "web": "302", "site": "302"}

# what differs from WHOLE on the line that is broken
ONE_LINE = {
    "link_down": {**SILENT, "carrier": "0"},
    "gateway_dead": SILENT,
    "blackhole": {**BEYOND, "dns gateway": "silent"},
    "reject": {**BEYOND, **dict.fromkeys(["internet", "tcp"], "unreachable"), "dns gateway": "REFUSED"}
    | NO_PAGE,
    "dns_kill": {"dns gateway": "refused"},
    "dns_hang": {"dns gateway": "silent"},
    "dns_refused": {"dns gateway": "REFUSED"},
    "portal_302": PORTAL,
    "portal_200": {**PORTAL, "web": "200", "site": "200"},
    "portal_walled": {**BEYOND, **PORTAL},
    "site_unreachable_here": {"site": "silent"},
}
# … and on both lines
EVERYWHERE = {
    "site_down": {"site": "no connection"},
    "site_hangs": {"site": "silent"},
    "site_error": {"site": "503"},
    "phone_dead": {"phone": "refused"},
    "phone_hangs": {"phone": "silent"},
}


Sight = dict[Line, dict[str, str]]


def see(lab: Lab) -> Sight:
    """What plain tools see through both lines."""
    eyes = {
        line: lab.begin([str(HERE / "eye.py"), f"{line}0", gateway]) for line, gateway in GATEWAYS.items()
    }
    seen = {line: json.loads(eye.ended(20).stdout) for line, eye in eyes.items()}
    for line, gateway in GATEWAYS.items():
        if seen[line]["dns gateway"] == gateway:
            seen[line]["dns gateway"] = "itself"
    return seen


def seen_at_last(lab: Lab, expected: Sight) -> Sight:
    """What is seen: as expected, or what it still is after ten seconds (carrier and neighbours take time)."""
    end = time.monotonic() + 10
    while (seen := see(lab)) != expected and time.monotonic() < end:
        time.sleep(0.1)
    return seen


@pytest.mark.parametrize("line", GATEWAYS)
@pytest.mark.parametrize("fault", ONE_LINE)
def test_a_fault_of_a_line_breaks_that_line_only_and_heals(lab: Lab, fault: str, line: Line) -> None:
    broken = {other: dict(WHOLE) for other in GATEWAYS}
    broken[line].update(ONE_LINE[fault])
    lab.fault(fault, line)
    assert seen_at_last(lab, broken) == broken
    lab.heal()
    whole = dict.fromkeys(GATEWAYS, WHOLE)
    assert seen_at_last(lab, whole) == whole


@pytest.mark.parametrize("fault", EVERYWHERE)
def test_a_fault_out_there_is_seen_through_both_lines_and_heals(lab: Lab, fault: str) -> None:
    broken = dict.fromkeys(GATEWAYS, WHOLE | EVERYWHERE[fault])
    lab.fault(fault)
    assert seen_at_last(lab, broken) == broken
    lab.heal()
    whole = dict.fromkeys(GATEWAYS, WHOLE)
    assert seen_at_last(lab, whole) == whole


LOSSES = {"loss": 30, "loss_both_ways": 46, "loss_steady": 46}
"""How many of a hundred pings may get lost at most, where a fifth of the packets is dropped."""


def test_every_fault_has_its_proof() -> None:
    assert {*ONE_LINE, *EVERYWHERE, *MAIL, *STILL_WORKS, "slow", *LOSSES} == set(FAULTS)


# each said if it succeeds; all at once, by an office that speaks both families
LOOKS = """
{ ping -c1 -W0.6 1.1.1.1 >/dev/null && echo ping; } &
{ page 4 http://connectivitycheck.gstatic.com/generate_204 204 && echo maker; } &
{ page 4 http://www.example.com/ Somebody && echo foreign; } &
{ page 4 https://www.office.test/ Ltd && echo site4; } &
{ page 6 https://www.office.test/ Ltd && echo site6; } &
wait
"""
PAGE = 'page() { $PREFIX curl -s "-$1" -m 0.6 -w "%{http_code}" "$2" | grep -q "$3"; }\n'
STILL_WORKS = {
    "names_denied": {"ping"},
    "our_name_wrong": {"ping", "maker", "foreign", "site6"},
    "wall": {"ping", "maker", "site6"},
    "https_dropped": {"ping", "maker", "foreign"},
    "big_packets_dropped": {"ping", "maker"},
    "table_full": {"ping"},
    "four_dead": {"site6"},
    "six_dead": {"ping", "maker", "foreign", "site4"},
    "site_four_dead": {"ping", "maker", "foreign", "site6"},
    "site_six_dead": {"ping", "maker", "foreign", "site4"},
    "clock_ahead": {"ping", "maker", "foreign"},
    "clock_behind": {"ping", "maker", "foreign"},
    "no_lease": set[str](),
    "wrong_router": {"site6"},
    "tunnel_dead": {"site6"},
    "tunnel_halves_dead": {"site6"},
    "tunnel_ended": {"site6"},
    "loss": {"ping", "maker", "foreign", "site4", "site6"},  # of no packet: what a healed laboratory sees
}


def works(lab: Lab) -> set[str]:
    """What succeeds in an office that speaks IPv4 and IPv6."""
    prefix = " ".join(lab.prefix)
    return set(lab.run(["sh", "-c", f"PREFIX='{prefix}'\n{PAGE}{LOOKS}"], check=True).stdout.split())


@pytest.mark.parametrize("fault", STILL_WORKS)
def test_a_fault_leaves_what_it_does_not_break(lab: Lab, fault: str) -> None:
    lab.use("dsl", alone=True)
    lab.speak("46")
    lab.fault(fault, percent=0)
    end = time.monotonic() + 10
    while (seen := works(lab)) != STILL_WORKS[fault] and time.monotonic() < end:
        pass
    assert seen == STILL_WORKS[fault]


def test_a_slow_line_brings_what_it_brings_slowly(lab: Lab) -> None:
    lab.fault("slow")
    fetch = [
        "curl",
        "-s",
        "-o",
        "/dev/null",
        "-w",
        "%{http_code} %{speed_download}",
        "http://www.example.com/",
    ]
    status, speed = lab.run(fetch, check=True).stdout.split()
    assert status == "200" and float(speed) < 64_000, "256 kbit/s, and what comes in one go at first"


MAIL = {"mail_dead": 7, "mail_hangs": 28}  # what curl(1) says of it


@pytest.mark.parametrize("fault", MAIL)
def test_the_mail_server_fails_and_heals(lab: Lab, fault: str) -> None:
    read = ["curl", "-s", "-m1", "--ssl-reqd", "--user", "ann:wardrobe", "imap://mail.office.test/INBOX"]
    lab.start_mail()
    assert lab.run(read).returncode == 0
    lab.fault(fault)
    assert lab.run(read).returncode == MAIL[fault]
    lab.heal()
    assert lab.run(read).returncode == 0


@pytest.mark.parametrize("line", GATEWAYS)
@pytest.mark.parametrize(("fault", "most"), LOSSES.items())
def test_a_lossy_line_loses_the_share_that_was_asked_for(lab: Lab, line: Line, fault: str, most: int) -> None:
    lab.fault(fault, line, percent=20)
    lost = {
        other: loss(lab.run(["ping", "-q", "-c400", "-i0.002", "-W0.3", "-I", f"{other}0", "1.1.1.1"]).stdout)
        for other in GATEWAYS
    }
    assert most - 20 < lost.pop(line) < most
    assert set(lost.values()) == {0}


def loss(ping: str) -> float:
    return float(ping.partition("% packet loss")[0].split()[-1])


def test_the_office_uses_its_main_line_and_the_other_after_a_change(lab: Lab) -> None:
    visit = ["curl", "-sS", "-o", "/dev/null", "-w", "%header{x-visitor}", "https://www.office.test/"]
    assert lab.run(visit, check=True).stdout == "100.64.1.2"
    lab.use("lte")
    assert lab.run(visit, check=True).stdout == "100.64.2.2"


def test_only_one_thing_is_broken_at_a_time(lab: Lab) -> None:
    lab.fault("site_error")
    with pytest.raises(LabError, match="one fault at a time"):
        lab.fault("blackhole")


def test_a_program_is_reached_by_a_signal(lab: Lab) -> None:
    sleeper = lab.popen(["sleep", "60"])
    while not lab.run(["pgrep", "-x", "sleep"]).stdout:
        time.sleep(0.01)
    lab.signal(sleeper, signal.SIGTERM)
    assert sleeper.wait(timeout=5) == -signal.SIGTERM


def test_a_program_that_takes_too_long_is_ended(lab: Lab) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        lab.run(["sleep", "61"], timeout=0.5)
    assert lab.run(["pgrep", "-fx", "sleep 61"]).stdout == ""


def test_a_failing_program_is_told_in_its_own_words(lab: Lab) -> None:
    with pytest.raises(LabError, match="no such thing"):
        lab.python("raise SystemExit('no such thing')")


def test_a_laboratory_that_cannot_be_healed_is_built_anew(lab: Lab) -> None:
    with Lab() as broken:
        broken.fault("blackhole")
        broken.run(["nft", "flush", "ruleset"], "inet", check=True)  # what heals it fails now
        with pytest.raises(LabError):
            broken.heal()
        broken.rebuild()
        broken.fault("blackhole")
        broken.heal()
        assert broken.run(["ping", "-c1", "-W2", "1.1.1.1"]).returncode == 0


def test_nothing_is_left_outside_when_the_maker_is_killed() -> None:
    code = "from tests.lab.lab import Lab; lab = Lab().__enter__(); print(lab.root, flush=True); input()"
    maker = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=HERE.parents[1],
    )
    assert maker.stdout is not None
    keeper = Path(maker.stdout.readline().strip()).parent
    assert keeper.exists()
    maker.kill()
    maker.wait()
    end = time.monotonic() + 5
    while keeper.exists() and time.monotonic() < end:
        time.sleep(0.02)
    assert not keeper.exists()


def test_two_laboratories_stand_side_by_side(lab: Lab) -> None:
    with Lab() as other:
        other.fault("blackhole")
        assert lab.run(["ping", "-c1", "-W2", "1.1.1.1"]).returncode == 0
        assert other.run(["ping", "-c1", "-W0.3", "1.1.1.1"]).returncode == 1


def test_the_network_outside_is_untouched(lab: Lab) -> None:
    assert not {"dsl0", "lte0"} & {interface.name for interface in Path("/sys/class/net").iterdir()}
    assert lab.run(["ls", "/sys/class/net"], check=True).stdout.split() == ["dsl0", "lo", "lte0"]


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATH", "/nowhere")
    with pytest.raises(LabError, match="apt-get install curl dnsmasq-base dovecot-imapd faketime iproute2"):
        module.require_programs()


def test_every_package_the_laboratory_needs_is_in_the_list() -> None:
    listed = (HERE.parent / "apt-packages.txt").read_text().splitlines()
    assert set(module.PROGRAMS.values()) <= set(listed)
