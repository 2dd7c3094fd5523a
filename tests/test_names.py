"""Finding addresses: no queue, nothing lost for long, nothing believed that was not asked for."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.clock import SystemClock
from bcp.probe import dns_message
from bcp.probe.base import Shared
from bcp.probe.kinds.tcp import Tcp
from bcp.probe.name_settings import Settings, read_settings
from bcp.probe.names import Names, ask
from bcp.probe.trouble import Trouble
from tests.children import needs_root
from tests.ports import free_port
from tests.wire import dns_answer, silent_port, udp_server


def names_at(*ports: int, **more: object) -> Names:
    return Names(lambda: Settings(servers=tuple(("127.0.0.1", port) for port in ports), **more))  # type: ignore[arg-type]


def addresses(names: Names, name: str) -> list[str]:
    async def limited() -> list[str]:
        async with asyncio.timeout(5):
            return await names.addresses(name)

    return asyncio.run(limited())


def test_two_hundred_dead_names_make_none_of_two_hundred_healthy_checks_look_down():
    def answer(packet: bytes) -> bytes | None:
        return dns_answer(
            packet, {f"ok{n}.test": "127.0.0.1" for n in range(200)}, lambda name: "dead" in name
        )

    async def all_of_them(port: int, shared: Shared) -> list[str]:
        probes = [Tcp(host=f"{word}{n}.test", port=port) for n in range(200) for word in ("dead", "ok")]
        results = await asyncio.gather(*(probe.look(shared) for probe in probes))
        return [result.state for result in results]

    with udp_server(answer) as dns, silent_port() as port:
        began = time.monotonic()
        states = asyncio.run(all_of_them(port, Shared(SystemClock(), timeout=2, names=names_at(dns))))
        took = time.monotonic() - began
    assert states == ["down", "up"] * 200
    assert took < 8


def test_a_lost_question_is_asked_again_within_the_look():
    packets = []

    def answer(packet: bytes) -> bytes | None:
        packets.append(packet)
        return dns_answer(packet, {"a.test": "192.0.2.1"}) if len(packets) == 2 else None

    with udp_server(answer) as dns:
        assert addresses(names_at(dns), "a.test") == ["192.0.2.1"]


def test_a_second_name_server_helps_when_the_first_is_dead_or_refuses():
    with udp_server(lambda q: dns_answer(q, {"a.test": "192.0.2.1"})) as good:
        assert addresses(names_at(free_port(), good), "a.test") == ["192.0.2.1"]
        with udp_server(lambda q: None) as mute:
            assert addresses(names_at(mute, good), "a.test") == ["192.0.2.1"]
        with udp_server(lambda q: q[:2] + b"\x81\x85" + q[4:]) as refusing:
            assert addresses(names_at(refusing, good), "a.test") == ["192.0.2.1"]


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        (b"\x81\x85", "the name server 127.0.0.1 refuses to answer"),
        (b"\x81\x82", "the name server 127.0.0.1 answers with an error"),
    ],
)
def test_a_name_server_that_cannot_help_is_named(flags, reason):
    with udp_server(lambda q: q[:2] + flags + q[4:]) as dns, pytest.raises(Trouble) as told:
        addresses(names_at(dns), "a.test")
    assert told.value.reason == reason


def test_an_answer_that_cannot_be_read_is_no_silence():
    with (
        udp_server(lambda q: q[:2] + b"\x81\x80\0\1\xff\xff\0\0\0\0" + q[12:]) as dns,
        pytest.raises(Trouble) as told,
    ):
        addresses(names_at(dns), "a.test")
    assert told.value.reason == "the name server 127.0.0.1 answers in a way that makes no sense"


def test_no_name_server_at_all_is_a_plain_reason():
    with pytest.raises(Trouble, match="no name server answers: the connection was refused"):
        addresses(names_at(free_port()), "a.test")


def test_an_answer_to_another_question_is_not_believed():
    def answer(packet: bytes) -> bytes | None:
        right = dns_answer(packet, {"a.test": "192.0.2.1"})
        assert right is not None
        line.extend([b"", b"\x00" * 11, bytes([right[0] ^ 1]) + right[1:], right.replace(b"\x01a", b"\x01b")])
        return line.pop(0) if line else right

    line: list[bytes] = []
    with udp_server(answer) as dns, pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(names_at(dns).addresses("a.test"), 0.4))


def test_a_name_that_many_look_at_together_is_asked_for_once():
    packets = []

    def answer(packet: bytes) -> bytes | None:
        packets.append(packet)
        return dns_answer(packet, {"a.test": "192.0.2.1"})

    async def many(names: Names) -> None:
        await asyncio.gather(*(names.addresses("a.test") for _ in range(50)))
        await names.addresses("a.test")

    with udp_server(answer) as dns:
        asyncio.run(many(names_at(dns)))
    assert len(packets) == 1


def test_one_that_gives_up_does_not_end_the_question_of_the_others():
    async def two(names: Names) -> list[str]:
        hasty = asyncio.ensure_future(asyncio.wait_for(names.addresses("a.test"), 0.05))
        patient = asyncio.ensure_future(names.addresses("a.test"))
        with pytest.raises(TimeoutError):
            await hasty
        return await patient

    packets = []

    def answer(packet: bytes) -> bytes | None:
        packets.append(packet)
        return dns_answer(packet, {"a.test": "192.0.2.1"}) if len(packets) > 1 else None

    with udp_server(answer) as dns:
        assert asyncio.run(two(names_at(dns))) == ["192.0.2.1"]


def test_a_look_right_after_one_that_gave_up_asks_anew():
    async def again_and_again(names: Names) -> list[str]:
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(names.addresses("a.test"), 0.05)
        talk.append("now")
        return await names.addresses("a.test")

    talk: list[str] = []
    with udp_server(lambda q: dns_answer(q, {"a.test": "192.0.2.1"}) if talk else None) as dns:
        assert asyncio.run(again_and_again(names_at(dns))) == ["192.0.2.1"]


def test_the_hosts_file_comes_first_and_search_domains_complete_a_name(tmp_path):
    (tmp_path / "hosts").write_text("127.0.0.1 localhost\n192.0.2.7  nas.test nas # the disk\n")
    (tmp_path / "resolv").write_text(
        "# ours\nnameserver 192.0.2.53\nnameserver junk\nsearch office.test\noptions ndots:2\n"
    )
    settings = read_settings(tmp_path / "resolv", tmp_path / "hosts")
    assert settings.servers == (("192.0.2.53", 53),)
    assert (settings.search, settings.dots) == (("office.test",), 2)
    assert addresses(Names(lambda: settings), "NAS.test.") == ["192.0.2.7"]
    with udp_server(lambda q: dns_answer(q, {"a.b.office.test": "192.0.2.1"})) as dns:
        assert addresses(names_at(dns, search=("office.test",), dots=2), "a.b") == ["192.0.2.1"]


def test_without_name_servers_of_our_own_the_system_is_asked():
    assert addresses(Names(Settings), "localhost")[0] == "127.0.0.1"


def test_an_answer_that_did_not_fit_is_fetched_again_by_tcp():
    def over_tcp(listener: socket.socket) -> None:
        line, _ = listener.accept()
        with line:
            question = line.recv(4096)[2:]
            reply = dns_answer(question, {"a.test": "192.0.2.1"}) or b""
            line.sendall(len(reply).to_bytes(2, "big") + reply)

    def cut(packet: bytes) -> bytes:
        return packet[:2] + b"\x83\x80" + packet[4:]

    with udp_server(cut) as port, socket.create_server(("127.0.0.1", port)) as listener:
        threading.Thread(target=over_tcp, args=(listener,), daemon=True).start()
        answer = asyncio.run(ask((("127.0.0.1", port),), "a.test", "A"))
    assert answer.values("A") == ["192.0.2.1"]


@pytest.mark.parametrize("name", ["", ".", "a..b", "x" * 64 + ".test", "a." * 130, "\ud800"])
def test_what_cannot_be_a_name_is_refused_before_it_is_sent(name):
    with pytest.raises(ValueError, match="cannot be the name of a computer"):
        dns_message.query(name, "A", 1)


@given(st.binary(max_size=600))
def test_whatever_bytes_come_back_are_an_answer_or_malformed(data):
    with contextlib.suppress(dns_message.MalformedDns):
        dns_message.parse(data)


@given(st.data())
def test_a_damaged_answer_is_an_answer_or_malformed(data):
    whole = bytearray(
        dns_answer(dns_message.query("www.example.test", "A", 7), {"www.example.test": "192.0.2.1"}) or b""
    )
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(dns_message.MalformedDns):
        dns_message.parse(bytes(whole[: data.draw(st.integers(0, len(whole)))]))


def test_a_name_that_points_to_itself_is_malformed():
    head = b"\x00\x07\x81\x80\x00\x01\x00\x00\x00\x00\x00\x00"
    for loop in (b"\xc0\x0c", b"\x01a\xc0\x0c", b"\xc0\x0e\xc0\x0c"):
        with pytest.raises(dns_message.MalformedDns):
            dns_message.parse(head + loop + b"\x00\x01\x00\x01")


SIX_ONLY = """
ip link set lo up; ip link add six0 type veth peer name six1; ip link set six0 up; ip link set six1 up
ip -6 addr add fd00::2/64 dev six0 nodad; ip -6 route add default via fd00::1 dev six0
exec "$0" -c 'from bcp.probe.names import Names; print(*Names()._kinds())'
"""


@needs_root
def test_a_computer_that_has_a_way_out_by_ipv6_only_asks_for_ipv6_addresses_first():
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    told = subprocess.run(
        ["unshare", "--net", "sh", "-ec", SIX_ONLY, sys.executable],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["AAAA", "A"]
