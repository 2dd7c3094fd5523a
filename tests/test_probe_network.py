"""The probes link, ping and dns: what this computer's own network looks like, and what it is called when it fails."""

import asyncio
import ctypes
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.check.network_path import References
from bcp.check.path_look import look_at_path
from bcp.clock import SystemClock
from bcp.office.proxy import Proxy
from bcp.probe import icmp
from bcp.probe.base import Probe, Result, Shared
from bcp.probe.interfaces import DIRECT, Interface, _is_tunnel, _routes_4, parse_macos, ways_out
from bcp.probe.kinds.dns import Dns
from bcp.probe.kinds.link import Link, what_is_missing
from bcp.probe.kinds.ping import Ping, ping_command
from bcp.probe.kinds.tcp import Tcp
from bcp.probe.name_settings import Settings
from bcp.probe.names import Names
from tests.children import IS_ROOT, in_a_child
from tests.ports import free_port
from tests.proxies import running_proxy
from tests.wire import dns_answer, page, udp_server

SHARED = Shared(SystemClock(), timeout=1)


def look(probe: Probe, shared: Shared = SHARED) -> Result:
    return asyncio.run(probe.look(shared))


def asking(port: int) -> Shared:
    return Shared(SystemClock(), timeout=1, names=Names(lambda: Settings(servers=(("127.0.0.1", port),))))


def test_a_name_is_looked_up_and_its_answer_compared():
    with udp_server(lambda q: dns_answer(q, {"www.test": "192.0.2.1"})) as port:
        assert look(Dns(name="www.test"), asking(port)).reason == "www.test is 192.0.2.1"
        assert look(Dns(name="WWW.test.", expect="192.0.2.1"), asking(port)).state == "up"
        wrong = look(Dns(name="www.test", expect=["192.0.2.9"]), asking(port))
        assert wrong.reason == "www.test is 192.0.2.1, not 192.0.2.9"
        gone = look(Dns(name="gone.test"), asking(port))
        assert (gone.state, gone.reason) == ("down", "there is no such name as gone.test")
        assert look(Dns(name="www.test", type="MX"), asking(port)).reason == "there is no MX for www.test"


def test_a_named_name_server_is_asked_instead_of_the_systems():
    with udp_server(lambda q: dns_answer(q, {"www.test": "192.0.2.1"})) as port:
        assert look(Dns(name="www.test", server="127.0.0.1", port=port), asking(free_port())).state == "up"


def test_a_name_server_that_hangs_costs_the_time_out():
    with udp_server(lambda q: None) as port:
        result = look(Dns(name="www.test"), asking(port))
    assert result.reason == "no answer within 1 s while waiting for the name server 127.0.0.1"


def test_a_computer_that_does_not_name_its_name_servers_cannot_tell():
    shared = Shared(SystemClock(), names=Names(Settings))
    assert look(Dns(name="www.test"), shared).state == "inconclusive"


def test_an_echo_comes_back_from_ourselves():
    result = look(Ping(host="127.0.0.1"))
    assert result.reason == "127.0.0.1 answers 3 of 3 echo requests"
    assert result.evidence["lost"] == 0


UNPRIVILEGED = """
import asyncio, sys
from bcp.clock import SystemClock
from bcp.probe.base import Shared
from bcp.probe.kinds.ping import Ping
result = asyncio.run(Ping(host="127.0.0.1").look(Shared(SystemClock(), timeout=3)))
print(result.state, result.reason, sep="|")
"""


def as_nobody(path: str) -> str:
    if not IS_ROOT or sys.platform != "linux":
        pytest.skip("only root can become nobody")
    nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"]
    return subprocess.run(
        ["/usr/bin/setpriv", *nobody, "--no-new-privs", sys.executable, "-c", UNPRIVILEGED],
        env={"PATH": path, "PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


@pytest.mark.skipif(
    not Path("/proc/sys/net/ipv4/ping_group_range").exists()
    or Path("/proc/sys/net/ipv4/ping_group_range").read_text().split() != ["1", "0"],
    reason="here everybody may ping",
)
def test_where_no_echo_request_is_allowed_the_probe_says_so():
    told = as_nobody("/nowhere")
    assert told == "inconclusive|this computer allows no echo requests and has no program ping"


def test_the_systems_ping_is_called_as_its_system_wants(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    assert ping_command("ping", "192.0.2.1", 3, 1.9, "lte0")[1:] == (
        ["-n", "-c", "3", "-i", "0.2", "-w", "2", "-I", "lte0", "192.0.2.1"]
    )
    monkeypatch.setattr(sys, "platform", "win32")
    assert ping_command("ping", "192.0.2.1", 3, 1.9, None)[1:] == ["-n", "3", "-w", "1900", "192.0.2.1"]


def test_an_echo_request_has_the_checksum_that_makes_it_sum_to_nothing():
    assert icmp.checksum(icmp.request(2, 77, 1)) == 0


@given(
    st.binary(max_size=100),
    st.sampled_from([socket.AF_INET, socket.AF_INET6]),
    st.one_of(st.none(), st.integers(0, 65535)),
)
def test_whatever_packet_comes_is_an_echo_or_nothing(data, family, number):
    found = icmp.read_reply(data, family, number)
    assert found is None or 0 <= found <= 0xFFFF


def test_this_computer_has_a_link_or_the_reason_is_plain():
    result = look(Link(gateway="exists"))
    assert result.state in ("up", "down")
    assert result.reason


def test_a_named_interface_that_is_not_there_is_inconclusive():
    result = look(Link(via="nosuch0"))
    assert (result.state, result.reason) == ("inconclusive", "this computer has no interface nosuch0")


def test_what_an_interface_lacks_is_said_from_the_plug_outwards():
    assert "not connected" in what_is_missing(Interface("e0", False, ("192.0.2.2/24",), "192.0.2.1"))
    assert "no address" in what_is_missing(
        Interface("e0", True, ("169.254.3.4/16", "fe80::1/64"), "192.0.2.1")
    )
    assert "knows no router" in what_is_missing(Interface("e0", True, ("192.0.2.2/24",)))
    assert what_is_missing(Interface("e0", True, ("192.0.2.2/24",), "192.0.2.1")) == ""


IFCONFIG = """lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> mtu 16384
\tinet 127.0.0.1 netmask 0xff000000
en0: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500
\tether aa:bb:cc:dd:ee:ff
\tinet6 fe80::1c%en0 prefixlen 64 secured scopeid 0xb
\tinet 192.168.1.23 netmask 0xffffff00 broadcast 192.168.1.255
\tmedia: autoselect
\tstatus: active
en5: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500
\tmedia: autoselect (none)
\tstatus: inactive
"""
NETSTAT = """Routing tables

Internet:
Destination        Gateway            Flags               Netif Expire
default            192.168.1.1        UGScg                 en0
default            link#17            UCSIg             bridge0      !
127                127.0.0.1          UCS                   lo0
"""


def test_macos_tells_its_interfaces():
    assert parse_macos(IFCONFIG, NETSTAT) == [
        Interface("en0", True, ("192.168.1.23/24", "fe80::1c/64"), "192.168.1.1", 0),
        Interface("en5", False),
    ]


def test_of_several_ways_out_the_one_with_the_smallest_metric_is_taken():
    dsl, lte = (
        Interface("dsl0", True, (), "192.168.1.1", 100),
        Interface("lte0", True, (), "192.168.8.1", 200),
    )
    assert ways_out([lte, Interface("lan0", True), dsl]) == [dsl, lte]


def test_a_modem_or_a_tunnel_leads_out_with_no_router_in_between():
    rows = [
        line.split()
        for line in (
            "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT",
            "eth0 00000000 0101A8C0 0003 0 0 100 00000000 0 0 0",
            "wwan0 00000000 00000000 0001 0 0 50 00000000 0 0 0",
            "* 00000000 00000000 0201 0 0 0 00000000 0 0 0",
        )
    ]
    routes = _routes_4(rows)
    assert routes["wwan0"] == (DIRECT, 50) and routes["eth0"] == ("192.168.1.1", 100)
    wwan = Interface("wwan0", True, ("10.64.3.7/32",), *routes["wwan0"])
    assert what_is_missing(wwan) == ""
    assert ways_out([Interface("eth0", True, (), *routes["eth0"]), wwan])[0] == wwan


@pytest.mark.skipif(sys.platform != "linux" or not IS_ROOT, reason="only root can make a network here")
def test_on_a_line_without_a_router_the_provider_is_to_blame_unless_a_proxy_refuses_us():
    """As behind an LTE stick: the default route names an interface and no router."""

    def tried() -> None:
        assert ctypes.CDLL(None, use_errno=True).unshare(0x40000000) == 0
        for command in (
            "link set lo up",
            "link add w0 type veth peer name w1",
            "addr add 10.64.3.7/32 dev w0",
            "link set lo up",
            "link set w0 up",
            "link set w1 up",
            "route add default dev w0",
        ):
            subprocess.run(["ip", *command.split()], check=True)
        nobody = (("192.0.2.53", 53),)
        shared = Shared(
            SystemClock(), timeout=0.5, names=Names(lambda: Settings(servers=nobody), public=nobody)
        )
        references = References(
            addresses=(("192.0.2.1", 443),) * 2, page="http://192.0.2.1/", names=("a.test",)
        )
        found = asyncio.run(look_at_path(shared, references))
        states = {layer.name: (layer.state, layer.evidence) for layer in found.layers}
        assert found.culprit is not None and found.culprit.name == "provider", states
        assert states["router"] == ("ok", ("no router is in between",))
        with running_proxy(page(status="407 Login", Proxy_Authenticate="Basic")) as proxy:
            behind = replace(shared, proxy=Proxy(url=f"http://127.0.0.1:{proxy.port}"))
            held_up = asyncio.run(look_at_path(behind, references))
        assert held_up.culprit is None and "wants a login (407)" in held_up.untold

    in_a_child(tried)


def test_of_several_hosts_of_a_port_one_must_answer_to_which_there_is_a_way():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        probe = Tcp(host=["127.0.0.1", "2001:db8::1"], port=port)
        assert probe.describe() == f"connect to 127.0.0.1 or 2001:db8::1 port {port}"
        result = look(probe)
    assert (result.state, result.reason) == ("up", f"127.0.0.1 port {port} answers")
    assert probe.targets() == ("127.0.0.1", "2001:db8::1")


def test_the_tunnel_of_a_vpn_is_known_by_its_name_where_nothing_else_tells():
    ifconfig = """en0: flags=8863<UP,BROADCAST,RUNNING> mtu 1500
\tinet 192.168.1.10 netmask 0xffffff00 broadcast 192.168.1.255
utun4: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1380
\tinet 10.8.0.2 --> 10.8.0.1 netmask 0xffffff00
"""
    found = parse_macos(ifconfig, "default  192.168.1.1  UGScg  en0\n")
    assert {each.name: each.is_tunnel for each in found} == {"en0": False, "utun4": True}


DIALLED = [
    ["Iface", "Destination", "Gateway", "Flags", "RefCnt", "Use", "Metric", "Mask"],
    ["ppp0", "00000000", "00000000", "0001", "0", "0", "0", "00000000"],
]
PAST_IT = ["eth0", "0A7100CB", "0101A8C0", "0007", "0", "0", "0", "FFFFFFFF"]


@pytest.mark.parametrize(("rows", "expected"), [(DIALLED, False), ([*DIALLED, PAST_IT], True)])
def test_a_dialled_line_is_a_vpn_only_if_it_was_dialled_over_another_one(rows, expected):
    assert _is_tunnel("ppp0", rows) is expected
