"""What a switch of routes adds is taken away, and nothing else: the driver itself, on the routes of the laboratory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bcp.clock import SystemClock
from bcp.errors import StepFailed
from bcp.lever.line import routing
from bcp.lever.line.base import Made, Saved
from bcp.lever.line.context import LineContext
from bcp.lever.line.kinds.command import Command
from bcp.lever.line.kinds.ip import Ip
from bcp.lever.line.ledger import LineJournal
from bcp.lever.line.switch import LineRestore, LineSwitch
from bcp.lever.stack import StepKey
from bcp.office.line import OfficeLine
from bcp.outside import World
from bcp.store.journal import Journal
from tests.lab.lab import Lab
from tests.posts import real_world

LTE = Ip(interface="lte0", gateway="192.168.8.1")
DISH = Ip(interface="dish0", gateway="192.168.9.1")
DSL6 = "2001:db8:1::1"


@pytest.fixture
def world(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A world whose `ip` is that of the office, which has IPv6 on its main line and a dish beside the modem."""
    monkeypatch.setenv("PATH", lab.doors(tmp_path / "doors", "ip"))
    ip(lab, "link add dish0 type veth peer name dish1", "link set dish0 up", "link set dish1 up")
    ip(lab, "addr add 192.168.9.10/24 dev dish0", "-6 addr replace 2001:db8:1::2/64 dev dsl0 nodad")
    ip(lab, f"-6 route add default via {DSL6} dev dsl0 metric 1024")
    yield real_world(tmp_path)
    ip(lab, "link del dish0", "-6 route flush exact default", "-6 addr flush dev dsl0 scope global")
    ip(lab, "route flush exact 0.0.0.0/1", "route flush exact 128.0.0.0/1")


def ip(lab: Lab, *lines: str) -> None:
    for line in lines:
        lab.run(["ip", *line.split()], check=True)


def switched(world: World, way: Ip) -> tuple[Saved, Made]:
    saved = way.present(world)
    way.switch(world)
    return saved, way.made(world, saved)


def all_routes(world: World) -> list[str]:
    return routing.read(world) + routing.read(world, 6)


def test_a_switch_is_put_back_without_a_trace_also_twice_and_also_after_a_crash(world: World) -> None:
    before = all_routes(world)
    for is_known in (True, False):
        saved, made = switched(world, LTE)
        assert routing.way_out(world) == "lte0"
        LTE.put_back(world, saved, made if is_known else {})
        assert all_routes(world) == before
        LTE.put_back(world, saved, made)
        assert all_routes(world) == before


def test_two_switches_are_put_back_in_either_order(world: World, lab: Lab) -> None:
    for metric in ("100", "0"):
        ip(lab, f"route replace default via 192.168.1.1 dev dsl0 metric {metric}")
        before = all_routes(world)
        first, second = switched(world, LTE), switched(world, DISH)
        assert routing.way_out(world) == "dish0"
        LTE.put_back(world, *first)
        assert routing.way_out(world) == "dish0" and DISH.stands(world, second[1]) == ""
        first = switched(world, LTE)
        assert routing.way_out(world) == "lte0"
        LTE.put_back(world, *first)
        DISH.put_back(world, *second)
        assert all_routes(world) == before


def test_what_a_new_router_gave_meanwhile_stays_and_the_old_route_stays_away(world: World, lab: Lab) -> None:
    for old in ("metric 100", "metric 0"):
        ip(lab, "route flush exact default", f"route add default via 192.168.1.1 dev dsl0 {old}")
        saved, made = switched(world, LTE)
        ip(
            lab,
            "route del default via 192.168.1.1 dev dsl0",
            f"route add default via 192.168.1.254 dev dsl0 {old}",
        )
        there = [route for route in all_routes(world) if not routing.is_ours(route)]
        LTE.put_back(world, saved, made)
        assert all_routes(world) == there and any("192.168.1.254" in route for route in there)


def test_programs_take_ipv4_at_once_where_only_the_dead_line_has_ipv6(world: World, lab: Lab) -> None:
    saved, made = switched(world, LTE)
    assert routing.way_out(world, 6) == "" and LTE.stands(world, made) == ""
    LTE.put_back(world, saved, made)
    assert routing.way_out(world, 6) == "dsl0"
    ip(
        lab,
        "-6 addr replace 2001:db8:8::2/64 dev lte0 nodad",
        "-6 route add default via 2001:db8:8::1 dev lte0 metric 2000",
    )
    saved, made = switched(world, LTE)
    assert routing.way_out(world, 6) == "lte0"
    LTE.put_back(world, saved, made)
    assert routing.way_out(world, 6) == "dsl0"


def test_it_is_noticed_when_the_switch_no_longer_holds(world: World, lab: Lab) -> None:
    saved, made = switched(world, LTE)
    ip(lab, "route add default via 192.168.9.1 dev dish0 metric 3")
    assert LTE.stands(world, made) == "the internet goes over dish0, not over lte0"
    hangs_on_it = Command(use=["true"], back=["true"], interface="lte0")
    assert hangs_on_it.stands(world, {}) == "the internet goes over dish0, not over lte0"
    ip(lab, "link set lte0 down", "link set lte0 up")  # the modem began anew
    assert "our route through lte0 is gone" in LTE.stands(world, made)
    lab.fault("link_down", "lte")
    assert "lte0 is not connected" in LTE.stands(world, made)
    with pytest.raises(StepFailed, match="nobody can see from here"):
        Command(use=["true"], back=["true"]).stands(world, {})
    LTE.put_back(world, saved, made)


def test_a_vpn_over_the_line_does_not_hide_which_line_it_is(world: World, lab: Lab) -> None:
    saved, made = switched(world, LTE)
    ip(lab, "tuntap add vpn0 mode tun", "addr add 10.9.0.2/24 dev vpn0", "link set vpn0 up")
    ip(lab, "route add 0.0.0.0/1 dev vpn0", "route add 128.0.0.0/1 dev vpn0")
    assert LTE.stands(world, made) == ""
    with pytest.raises(StepFailed, match="a VPN \\(vpn0\\) takes everything"):
        DISH.switch(world)
    ip(lab, "link del vpn0")
    LTE.put_back(world, saved, made)


def test_a_route_that_no_open_incident_put_there_is_found(world: World) -> None:
    saved, made = switched(world, LTE)
    (found, *_more) = LTE.leftovers(world, [made, made])
    assert "ip -4 route del default via 192.168.8.1 dev lte0" in found
    LTE.put_back(world, saved, made)
    assert LTE.leftovers(world, [made]) == []


def test_what_an_earlier_version_set_without_a_mark_is_put_back_as_well(world: World, lab: Lab) -> None:
    """Its snapshot held the default routes alone; it set `replace … metric 50`, or one less than the best."""
    for before, set_by_it in (
        ("default via 192.168.1.1 dev dsl0 metric 100", "default via 192.168.8.1 dev lte0 metric 50"),
        ("default via 192.168.1.1 dev dsl0", "default via 192.168.8.1 dev lte0"),
    ):
        for is_known in (False, True):
            ip(lab, "route flush exact default", f"route add {before}", f"route replace {set_by_it}")
            made = LTE.made(world, {"routes": [before]}) if is_known else {}
            for _time in range(2):
                LTE.put_back(world, {"routes": [before]}, made)
                assert routing.read(world) == [before]
        ip(lab, "route flush exact default", f"route replace {set_by_it}")
        ip(lab, "route append default via 192.168.1.254 dev dsl0 metric 300")
        LTE.put_back(world, {"routes": [before]}, {})
        assert routing.read(world) == ["default via 192.168.1.254 dev dsl0 metric 300"]


def test_a_line_that_gets_another_router_is_noticed_and_led_to_it(world: World, lab: Lab) -> None:
    way, old, new = Ip(interface="lte0"), "192.168.8.1", "192.168.8.254"
    ip(lab, f"route replace default via {old} dev lte0 metric 200")
    saved, made = switched(world, way)
    ip(lab, f"route replace default via {new} dev lte0 metric 200")
    assert f"lte0 got another router since ({new})" in way.stands(world, made)
    _saved, made = switched(world, way)
    assert way.stands(world, made) == ""
    assert [routing.gateway(each) for each in routing.read(world) if routing.is_ours(each)] == [new]
    way.put_back(world, saved, made)
    assert not any(map(routing.is_ours, all_routes(world)))
    ip(lab, f"route replace default via {old} dev lte0 metric 200")


def test_a_second_switch_that_was_cut_short_leaves_nothing_behind(world: World, lab: Lab) -> None:
    saved, made = switched(world, LTE)
    ip(lab, "route add default via 192.168.1.1 dev dsl0 metric 0")
    LTE.switch(world)
    LTE.put_back(world, saved, made)
    assert not any(map(routing.is_ours, all_routes(world)))


def test_a_line_that_has_ipv6_only_is_told_as_such(world: World, lab: Lab) -> None:
    ip(lab, "route flush exact default", "route add default via 192.168.1.1 dev dsl0 metric 100")
    ip(
        lab,
        "-6 addr replace 2001:db8:8::2/64 dev lte0 nodad",
        "-6 route add default via 2001:db8:8::1 dev lte0 metric 2000",
    )
    with pytest.raises(StepFailed, match="lte0 has IPv6 only"):
        Ip(interface="lte0").switch(world)


@pytest.mark.parametrize("led", ["", "dsl0"])
def test_what_is_dead_is_put_back_also_where_nothing_else_leads_out(
    world: World, lab: Lab, tmp_path: Path, led: str
) -> None:
    """Nothing led out before, or the modem was pulled out meanwhile: neither holds an incident open for ever."""
    if not led:
        ip(lab, "route flush exact default")
    line = OfficeLine.model_validate({"line": "lte", "way": {"ip": LTE.model_dump()}})
    key = StepKey("outage", "mobile")
    ledger = LineJournal(Journal(tmp_path, SystemClock()), "test")
    lines = LineContext({"lte": line}, world, ledger, key, SystemClock(), ZoneInfo("UTC"), 1)
    LineSwitch(lines, line, LTE, key).switch()
    if led:
        ip(lab, "route flush exact default dev dsl0", "link set lte0 down")
    stack = ledger.way_out()
    back = LineRestore(lines, line, stack, stack.open)
    assert back.switch() == {"put_back": ["lte"]}
    assert "no line of this computer leads out now" in back.afterwards()
    assert ledger.way_out().open == []
    ip(lab, "link set lte0 up")
