"""Switching with a real NetworkManager, in a laboratory of its own: what it brings up, it brings down again."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bcp.lever.line import routing
from bcp.lever.line.kinds.nmcli import Nmcli
from bcp.outside import World
from tests.lab.lab import HERE, PATH, Lab
from tests.lab.test_network import Furnish, furnish, routes, tried, way_out
from tests.lab.test_two_incidents import begun_twice
from tests.posts import real_world

__all__ = ["furnish"]

BUS = "DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/lab/manager/bus"


@pytest.fixture(scope="module")
def managed() -> Iterator[Lab]:
    """A laboratory whose office is run by NetworkManager."""
    missing = [
        name for name in ("NetworkManager", "nmcli", "dbus-daemon") if not shutil.which(name, path=PATH)
    ]
    if sys.platform != "linux" or missing:
        pytest.skip(f"needs the Debian packages network-manager and dbus ({', '.join(missing)})")
    with Lab() as lab:
        pipe = subprocess.PIPE
        manager = lab.popen(["env", "LC_ALL=C", "sh", HERE / "manager.sh"], stdin=pipe, stdout=pipe)
        assert manager.stdout is not None and manager.stdout.readline() == "ready\n"
        (lab.root / "run/lab/resolv.conf").write_text("nameserver 9.9.9.9\n")
        yield lab
        manager.kill()
        manager.communicate()


@pytest.fixture
def lab(managed: Lab) -> Iterator[Lab]:
    """The laboratory, healed afterwards, with the main line up alone."""
    yield managed
    managed.heal()
    for name in active(managed) - {"dsl", "lo"}:
        nmcli(managed, "connection", "down", "id", name)
    nmcli(managed, "connection", "up", "id", "dsl")


@pytest.fixture
def world(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose programs are those of the office, for the driver itself."""
    path = lab.doors(tmp_path / "doors", "ip", "nmcli", env=[BUS, "LC_ALL=C"])
    monkeypatch.setenv("PATH", path)
    return real_world(tmp_path)


def nmcli(lab: Lab, *arguments: str) -> str:
    return lab.run(["env", BUS, "LC_ALL=C", "nmcli", *arguments], check=True).stdout.strip()


def see_no_cable(lab: Lab) -> None:
    """Wait until NetworkManager has seen that the cable is out; the kernel tells it up to a second late."""
    until = time.monotonic() + 10
    while not nmcli(lab, "-g", "GENERAL.STATE", "device", "show", "lte0").startswith("20 "):
        assert time.monotonic() < until
        time.sleep(0.05)


def active(lab: Lab) -> set[str]:
    return set(nmcli(lab, "-g", "NAME", "connection", "show", "--active").splitlines())


def bcp(lab: Lab, office: Path, *arguments: str, path: str = PATH) -> subprocess.CompletedProcess[str]:
    command = ["env", BUS, f"PATH={path}", sys.executable, "-m", "bcp", "--office", office, *arguments]
    return lab.run(command, timeout=60)


def test_a_connection_is_brought_up_leads_out_and_is_brought_down_again(lab: Lab, furnish: Furnish) -> None:
    office, before, were = furnish("{nmcli: {connection: lte}}"), routes(lab), active(lab)
    lab.fault("blackhole")
    done = bcp(lab, office, "incident", "start", "outage")
    assert done.returncode == 0, done.stderr
    assert way_out(lab) == "lte0" and "lte" in active(lab)
    lab.heal()
    closed = bcp(lab, office, "incident", "close")
    assert closed.returncode == 0, closed.stderr
    assert way_out(lab) == "dsl0" and routes(lab) == before and active(lab) == were


def test_a_connection_that_is_up_already_stays_up_and_only_leads_out_meanwhile(
    lab: Lab, furnish: Furnish
) -> None:
    nmcli(lab, "connection", "up", "id", "lte")
    office, before = furnish("{nmcli: {connection: lte, modem: yes}}"), routes(lab)
    profile = nmcli(lab, "connection", "show", "id", "dsl")
    assert bcp(lab, office, "incident", "start", "outage").returncode == 0
    assert way_out(lab) == "lte0"
    assert bcp(lab, office, "incident", "close").returncode == 0
    assert way_out(lab) == "dsl0" and routes(lab) == before and "lte" in active(lab)
    assert nmcli(lab, "connection", "show", "id", "dsl").splitlines()[:5] == profile.splitlines()[:5]


def test_a_connection_that_carries_nothing_is_brought_down_again(lab: Lab, furnish: Furnish) -> None:
    office, before, were = furnish("{nmcli: {connection: lte}}"), routes(lab), active(lab)
    lab.fault("blackhole", "lte")
    assert bcp(lab, office, "incident", "start", "outage").returncode == 4
    assert tried(lab, office)["evidence"]["put_back"] == "yes"
    assert routes(lab) == before and active(lab) == were


@pytest.mark.parametrize(
    ("connection", "fault", "why"),
    [
        ("ltee", "", 'NetworkManager knows no connection "ltee"'),
        ("lte", "link_down", "lte0 is not connected: the cable is out"),
        ("lte-dhcp", "", 'NetworkManager could not bring "lte-dhcp" up'),
    ],
    ids=["no such connection", "no carrier", "nobody gives an address"],
)
def test_what_network_manager_cannot_do_is_said_in_a_sentence_and_the_old_line_stays(
    lab: Lab, furnish: Furnish, connection: str, fault: str, why: str
) -> None:
    office, before, were = furnish(f"{{nmcli: {{connection: {connection}}}}}"), routes(lab), active(lab)
    if fault:
        lab.fault(fault, "lte")
        see_no_cable(lab)
    done = bcp(lab, office, "incident", "start", "outage")
    assert done.returncode == 4 and why in done.stderr, done.stderr
    assert routes(lab) == before and active(lab) == were


def test_a_computer_without_nmcli_says_so_with_the_way_by_hand(
    lab: Lab, furnish: Furnish, tmp_path: Path
) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in ("ip", "env"):
        (bare / name).symlink_to(shutil.which(name, path=PATH) or name)
    done = bcp(lab, furnish("{nmcli: {connection: lte}}"), "incident", "start", "outage", path=str(bare))
    assert done.returncode == 4 and "there is no program nmcli on this computer" in done.stderr
    assert "Take the router from cabinet B." in done.stderr


def test_a_stand_by_connection_is_tested_and_brought_down_again(lab: Lab, furnish: Furnish) -> None:
    office, before, were = furnish("{nmcli: {connection: lte}}"), routes(lab), active(lab)
    done = bcp(lab, office, "line", "test", "mobile")
    assert done.returncode == 0 and "mobile: STANDS BY: lte0" in done.stdout, done.stderr
    assert routes(lab) == before and active(lab) == were


LTE = Nmcli(connection="lte")
TUNNEL = (
    "type",
    "tun",
    "tun.mode",
    "tun",
    "autoconnect",
    "no",
    "ipv4.method",
    "manual",
    "ipv6.method",
    "disabled",
)


@pytest.fixture
def vpn(lab: Lab) -> Iterator[str]:
    """A connection that the user has up beside the line."""
    name = "office-vpn"
    nmcli(
        lab, "connection", "add", "ifname", "vpn0", "con-name", name, *TUNNEL, "ipv4.addresses", "10.9.0.2/24"
    )
    nmcli(lab, "connection", "up", "id", name)
    yield name
    nmcli(lab, "connection", "delete", "id", name)


def test_what_the_user_took_down_or_brought_up_meanwhile_stays_so(lab: Lab, world: World, vpn: str) -> None:
    saved = LTE.present(world)
    LTE.switch(world)
    made = LTE.made(world, saved)
    nmcli(lab, "connection", "down", "id", vpn)
    assert LTE.stands(world, made) == ""
    LTE.put_back(world, saved, made)
    LTE.put_back(world, saved, made)
    assert active(lab) - {"lo"} == {"dsl"} and LTE.leftovers(world, [made]) == []
    nmcli(lab, "connection", "up", "id", "lte")  # for the user's own ends
    LTE.put_back(world, saved, made)
    assert active(lab) - {"lo"} == {"dsl", "lte"}


def test_a_connection_that_had_to_leave_its_device_comes_up_again_unless_the_device_has_another(
    lab: Lab, world: World
) -> None:
    for name, address in (("home", "192.168.8.77/24"), ("guest", "192.168.8.78/24")):
        settings = ("ipv4.method", "manual", "ipv4.addresses", address, "ipv6.method", "disabled")
        words = ("type", "ethernet", "ifname", "lte0", "con-name", name, "autoconnect", "no", *settings)
        nmcli(lab, "connection", "add", *words)
    try:
        for is_known in (True, False):
            nmcli(lab, "connection", "up", "id", "home")
            saved = LTE.present(world)
            LTE.switch(world)
            assert "home" not in active(lab)
            made = LTE.made(world, saved)
            LTE.put_back(world, saved, made if is_known else {})
            assert active(lab) - {"lo"} == {"dsl", "home"}
        LTE.switch(world)
        made = LTE.made(world, saved)
        nmcli(lab, "connection", "up", "id", "guest")
        LTE.put_back(world, saved, made)
        assert active(lab) - {"lo"} == {"dsl", "guest"}
    finally:
        nmcli(lab, "connection", "delete", "home", "guest")


def test_a_modem_that_began_anew_and_what_an_earlier_switch_left_are_noticed(lab: Lab, world: World) -> None:
    saved = LTE.present(world)
    LTE.switch(world)
    made = LTE.made(world, saved)
    (left,) = LTE.leftovers(world, [made])
    assert "nmcli connection down uuid" in left
    nmcli(lab, "connection", "down", "id", "lte")
    assert 'the connection "lte" is down' in LTE.stands(world, made) and LTE.leftovers(world, [made]) == []
    nmcli(lab, "connection", "up", "id", "lte")
    assert LTE.leftovers(world, [made]) == []  # somebody has it up, and it does not come first
    assert LTE.stands(world, made) == "the internet goes over dsl0, not over lte0"


def test_ipv6_of_the_dead_line_is_shut_where_the_other_has_none_and_open_again_afterwards(
    lab: Lab, world: World
) -> None:
    six = ("ipv6.method", "manual", "ipv6.addresses", "2001:db8:1::2/64", "ipv6.gateway", "2001:db8:1::1")
    nmcli(lab, "device", "modify", "dsl0", *six)
    for is_up_before in (False, True):
        if is_up_before:
            nmcli(lab, "connection", "up", "id", "lte")
        before = routing.read(world) + routing.read(world, 6)
        saved = LTE.present(world)
        LTE.switch(world)
        made = LTE.made(world, saved)
        assert routing.way_out(world, 6) == "" and LTE.stands(world, made) == ""
        LTE.put_back(world, saved, made)
        assert routing.way_out(world, 6) == "dsl0"
        assert routing.read(world) + routing.read(world, 6) == before


def test_the_last_of_two_incidents_takes_the_connection_down(lab: Lab, furnish: Furnish) -> None:
    office, before, were = furnish("{nmcli: {connection: lte}}"), routes(lab), active(lab)
    lab.fault("blackhole")
    with begun_twice(lab, office, env=[BUS]) as close:
        lab.heal()
        close("outage")
        assert way_out(lab) == "lte0" and "SWITCHED to mobile" in bcp(lab, office, "line", "status").stdout
        close("phone")
    assert routes(lab) == before and active(lab) == were
    assert "SWITCHED" not in bcp(lab, office, "line", "status").stdout
