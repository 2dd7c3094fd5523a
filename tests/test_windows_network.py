"""What Windows tells of its network: read from kept and from made-up memory everywhere, asked for really on Windows."""

from __future__ import annotations

import asyncio
import errno
import struct
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.check.network_path import References
from bcp.check.path_look import look_at_path
from bcp.clock import SystemClock
from bcp.probe.base import Shared
from bcp.probe.bind import bound_socket
from bcp.probe.interface_name import same_name
from bcp.probe.interfaces import DIRECT, Interface, from_adapters, named, read_interfaces, ways_out
from bcp.probe.kinds.link import Link
from bcp.probe.kinds.ping import Ping
from bcp.probe.name_settings import Settings, settings_from_adapters
from bcp.probe.names import Names
from bcp.probe.trouble import Trouble
from bcp.probe.windows.layout import read_adapters, read_default_routes, read_echo, read_echo_6
from bcp.probe.windows.records import DefaultRoute, EchoAnswer
from tests.windows_memory import BASE, WindowsAdapter, laid_out

pytestmark = pytest.mark.core

DATA = Path(__file__).parent / "data" / "windows"
KEPT_AT = 0xF69FD0
on_windows = pytest.mark.skipif(sys.platform != "win32", reason="asks Windows itself")

LAN = WindowsAdapter(
    "Připojení k místní síti",
    index=7,
    index_6=8,
    addresses=[("192.168.1.23/24", 4), ("fe80::1/64", 4), ("192.168.1.99/24", 2)],
    gateways=["fe80::2", "192.168.1.1"],
    name_servers=["192.168.1.1", "fec0:0:0:ffff::1", "fe80::2"],
    suffix="firma.example",
)
STICK = WindowsAdapter("Σύνδεση κινητής", 12, 12, 23, metric=15, addresses=[("10.64.3.7/32", 4)])
WIFI = WindowsAdapter("Połączenie bezprzewodowe", 9, 9, 71, state=2, name_servers=["fec0:0:0:ffff::1"])
TEREDO = WindowsAdapter("Teredo", 14, 14, 131, addresses=[("2001:0:1::1/64", 4)], gateways=["::"])
OFFICE = (LAN, STICK, WIFI, TEREDO)
ROUTES = [DefaultRoute(7, "192.168.1.1", 5), DefaultRoute(12, "0.0.0.0", 40), DefaultRoute(8, "fe80::2", 1)]


def interfaces(*adapters: WindowsAdapter, routes: list[DefaultRoute] | None = None) -> list[Interface]:
    return from_adapters(read_adapters(laid_out(adapters), BASE), routes or [])


def test_what_windows_really_wrote_is_read():
    found = read_adapters((DATA / "adapters.bin").read_bytes(), KEPT_AT)
    assert [(each.name, each.is_up, each.index_4) for each in found] == [
        ("lo", True, 1),
        ("ifb0", False, 2),
        ("ifb1", False, 3),
        ("eth0", True, 4),
    ]
    assert found[3].addresses == ("fd00::2/64", "fe80::fc:ff:fe00:1/64", "192.0.2.2/24")
    assert found[3].gateways == ("192.0.2.1",) and found[3].name_servers == ("10.255.255.53",)
    routes = read_default_routes((DATA / "routes.bin").read_bytes())
    assert routes == [DefaultRoute(4, "192.0.2.1", 0)]
    last = from_adapters(found, routes)[-1]
    assert last == Interface("eth0", True, found[3].addresses, "192.0.2.1")


def test_adapters_have_the_names_that_people_know_and_the_addresses_that_are_theirs():
    lan, stick, wifi = interfaces(*OFFICE, routes=ROUTES)
    assert lan == Interface(LAN.name, True, ("192.168.1.23/24", "fe80::1/64"), "192.168.1.1", 30)
    assert stick == Interface(STICK.name, True, ("10.64.3.7/32",), DIRECT, 55)
    assert wifi == Interface(WIFI.name, has_link=False)
    assert ways_out([stick, lan, wifi]) == [lan, stick]


def test_without_its_table_of_routes_the_routers_of_the_adapters_are_taken():
    (lan,) = interfaces(LAN)
    assert (lan.gateway, lan.metric) == ("192.168.1.1", 25)
    (six,) = interfaces(WindowsAdapter("six", gateways=["fe80::9"]))
    assert six.gateway == "fe80::9"


def test_no_adapter_at_all_is_no_interface():
    assert read_adapters(b"", BASE) == [] and from_adapters([], []) == []


@given(st.data())
def test_memory_that_makes_no_sense_is_a_value_error_and_never_another_one(data: st.DataObject):
    raw = bytearray(laid_out(OFFICE))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(raw) - 8))
        raw[at : at + 8] = data.draw(
            st.one_of(st.binary(min_size=8, max_size=8), st.just(struct.pack("<Q", BASE)))
        )
    try:
        found = from_adapters(read_adapters(bytes(raw), BASE), ROUTES)
    except ValueError:
        return
    assert all(each.has_address in (True, False) for each in found)


def test_a_list_that_leads_back_to_itself_ends():
    raw = bytearray(laid_out([LAN]))
    raw[8:16] = struct.pack("<Q", BASE)
    with pytest.raises(ValueError, match="without an end"):
        read_adapters(bytes(raw), BASE)


@pytest.mark.parametrize("via", ["Připojení k místní síti", "Přípojení k místní síti", "Σύνδεση κινητής"])
def test_a_name_is_found_whether_its_accents_are_letters_of_their_own_or_not(via: str):
    import unicodedata

    found = interfaces(*OFFICE)
    for form in ("NFC", "NFD"):
        one = named(found, unicodedata.normalize(form, via))
        assert (one.name if one else None) == (None if via.startswith("Příp") else via)


def test_capitals_count_where_they_do_on_this_system(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "win32")
    assert same_name("ETHERNET 2", "Ethernet 2") and same_name("POŁĄCZENIE", "Połączenie")
    assert same_name("ΣΥΝΔΕΣΗ", "συνδεση") and same_name("PŘIPOJENÍ", "Připojení")
    assert not same_name("Straße", "STRASSE") and not same_name("Ethernet", "Ethernet 2")
    monkeypatch.setattr(sys, "platform", "linux")
    assert not same_name("ETH0", "eth0") and same_name("e\N{COMBINING ACUTE ACCENT}0", "é0")


def test_the_name_servers_of_what_is_connected_are_asked_those_of_a_way_out_first(tmp_path: Path):
    (tmp_path / "hosts").write_text("192.168.1.5 intranet\n")
    vpn = WindowsAdapter("vpn", 20, 20, 53, metric=1, name_servers=["10.9.0.1", "192.168.1.1"])
    adapters = read_adapters(laid_out([WIFI, vpn, LAN]), BASE)
    found = settings_from_adapters(adapters, tmp_path / "hosts")
    assert found.servers == (("192.168.1.1", 53), ("fe80::2%8", 53), ("10.9.0.1", 53))
    assert found.search == ("firma.example",) and found.hosts == {"intranet": ("192.168.1.5",)}
    assert settings_from_adapters(adapters[:1], tmp_path / "none") == Settings(has_more=True)


def test_an_answer_to_an_echo_request_tells_who_sent_it_and_whether_it_is_one():
    answer = struct.pack("<4sIIHHQ", bytes([192, 168, 1, 1]), 0, 12, 32, 0, 0)
    assert read_echo(answer) == EchoAnswer("192.168.1.1", 0, 12)
    router = struct.pack("<4sIIHHQ", bytes([10, 0, 0, 1]), 11003, 0, 0, 0, 0)
    assert read_echo(router) == EchoAnswer("10.0.0.1", 11003, 0)
    six = struct.pack("<HI16sI2xII", 0, 0, bytes(15) + b"\1", 0, 0, 3)
    assert read_echo_6(six) == EchoAnswer("::1", 0, 3)


def test_where_windows_does_not_tell_how_its_network_is_nobody_is_blamed(monkeypatch: pytest.MonkeyPatch):
    """As where the library cannot be called: no bug of ours, and no verdict about the office's network."""
    monkeypatch.setattr("bcp.probe.windows.calls._function", _refuse)
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(Trouble, match="does not tell how its network is: Access is denied") as told:
        asyncio.run(read_interfaces())
    assert told.value.state == "inconclusive"
    assert asyncio.run(Link().look(Shared(SystemClock(), timeout=1))).state == "inconclusive"
    nobody = Names(lambda: Settings(servers=(("127.0.0.1", 9),)), public=(("127.0.0.1", 9),))
    shared = Shared(SystemClock(), timeout=0.5, names=nobody)
    references = References((("127.0.0.1", 9),) * 2, page="http://127.0.0.1:9/", names=("a.test",))
    path = asyncio.run(look_at_path(shared, references))
    assert path.culprit is None and "Access is denied" in path.untold
    assert {layer.state for layer in path.layers} == {"unknown"}


def _refuse(name: str, returns: object = None) -> object:
    raise OSError(errno.EACCES, "Access is denied")


@on_windows
def test_windows_tells_its_adapters_and_answers_its_own_echo_request():
    from bcp.probe.windows.calls import adapters, default_routes, echo

    found = adapters()
    assert found and any("127.0.0.1/8" in each.addresses for each in found)
    assert all(each.index in {one.index_4 for one in found} for each in default_routes())
    answer = echo("127.0.0.1", None, 1.0)
    assert answer is not None and (answer.address, answer.status) == ("127.0.0.1", 0)
    result = asyncio.run(Ping(host="127.0.0.1").look(Shared(SystemClock(), timeout=2)))
    assert result.reason == "127.0.0.1 answers 3 of 3 echo requests"


@on_windows
def test_on_windows_a_look_is_bound_to_the_adapter_that_people_name():
    out = ways_out(asyncio.run(read_interfaces()))
    if not out:
        pytest.skip("this computer leads nowhere")
    bound_socket("192.0.2.1", 1, out[0].name.upper()).close()
    with pytest.raises(OSError) as told:
        bound_socket("192.0.2.1", 1, "no such adapter")
    assert told.value.errno == errno.ENODEV
