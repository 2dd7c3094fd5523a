"""The probes tcp and http against real servers on loopback, well-behaved and not."""

import asyncio
import socket
import time
from datetime import timedelta

import pytest

from bcp.clock import SystemClock
from bcp.probe.base import Probe, Result, Shared
from bcp.probe.kinds.http import Http
from bcp.probe.kinds.tcp import Tcp
from bcp.probe.name_settings import Settings
from bcp.probe.names import Names
from tests.children import needs_lo
from tests.ports import free_port
from tests.wire import dns_answer, page, silent_port, tcp_server, udp_server, web_server

NO_NAMES = Names(lambda: Settings(servers=(("127.0.0.1", 9),), hosts={"localhost": ("127.0.0.1",)}))
SHARED = Shared(SystemClock(), timeout=0.6, names=NO_NAMES)


BROKEN = "its answer breaks the rules of HTTP, so it cannot be read"


def look(probe: Probe, shared: Shared = SHARED) -> Result:
    return asyncio.run(probe.look(shared))


def http(port: int, path: str = "/", **fields: object) -> Http:
    return Http.model_validate({"url": f"http://127.0.0.1:{port}{path}", **fields})


def test_a_port_that_listens_is_up_and_its_latency_is_known():
    with silent_port() as port:
        result = look(Tcp(host="127.0.0.1", port=port))
    assert result.state == "up"
    assert result.latency is not None
    assert result.evidence["address"] == "127.0.0.1"


def test_a_port_where_nothing_listens_is_down_with_a_plain_reason():
    result = look(Tcp(host="127.0.0.1", port=free_port()))
    assert (result.state, result.reason) == ("down", "the connection was refused: nothing listens there")
    assert result.latency is None


def test_a_greeting_is_read_and_compared():
    with tcp_server(lambda line: line.sendall(b"SSH-2.0-Example\r\n")) as port:
        assert look(Tcp(host="127.0.0.1", port=port, greets="SSH-2.0")).state == "up"
        wrong = look(Tcp(host="127.0.0.1", port=port, greets="220 "))
    assert wrong.reason == "127.0.0.1 greets with other words: SSH-2.0-Example"


def test_a_server_that_says_nothing_costs_the_time_out_and_no_more():
    with silent_port() as port:
        began = time.monotonic()
        result = look(Tcp(host="127.0.0.1", port=port, greets="220"))
    assert result.reason == "no answer within 0.6 s while waiting for the greeting of 127.0.0.1"
    assert time.monotonic() - began < 3


def test_a_probe_may_have_a_time_out_of_its_own():
    with silent_port() as port:
        probe = Tcp(host="127.0.0.1", port=port, greets="220", timeout=timedelta(seconds=1))
        assert look(probe).reason.startswith("no answer within 1 s")


def test_an_interface_that_is_not_there_makes_a_look_inconclusive():
    result = look(Tcp(host="127.0.0.1", port=80, via="nosuch0"))
    assert (result.state, result.reason) == ("inconclusive", "this computer has no interface nosuch0")


@needs_lo
def test_a_look_can_be_bound_to_an_interface():
    with silent_port() as port:
        assert look(Tcp(host="127.0.0.1", port=port, via="lo")).state == "up"


def test_an_office_may_have_its_own_word_for_an_interface():
    shared = Shared(SystemClock(), interfaces={"mobile": "nosuch0"}, names=NO_NAMES)
    assert look(Tcp(host="127.0.0.1", port=80, via="mobile"), shared).reason.endswith("nosuch0")


def test_a_page_with_the_right_status_is_up():
    with web_server(lambda path: page(status="204 No Content")) as port:
        assert look(http(port, status="204")).state == "up"
        wrong = look(http(port, status=["200", "301"]))
    assert wrong.reason.endswith("answers 204")
    assert wrong.evidence["status"] == 204


def test_without_a_status_any_success_is_right_and_an_error_is_not():
    with web_server(lambda path: page(status="503 Busy" if path == "/bad" else "200 OK")) as port:
        assert look(http(port)).state == "up"
        assert look(http(port, "/bad")).state == "down"


def test_the_words_of_a_page_are_looked_for():
    with web_server(lambda path: page("Zażółć gęślą".encode())) as port:
        assert look(http(port, text="gęślą")).state == "up"
        assert look(http(port, text="jaźń")).reason == "the page does not say “jaźń”"


def test_values_in_a_json_answer_are_compared():
    body = b'{"status": "ok", "db": {"up": true, "lag": [0, 2.50, 1e2]}}'
    with web_server(lambda path: page(body)) as port:
        right = {"status": "ok", "db.up": "true", "db.lag.1": "2.5", "db.lag.2": "100", "db.lag.0": "0.0"}
        assert look(http(port, json=right)).state == "up"
        assert look(http(port, json={"db.up": "false"})).reason == "db.up is true, not false"
        assert look(http(port, json={"db.down": "1"})).reason == "the answer has no db.down"


@pytest.mark.parametrize("body", [b"<html>", b"", b"\xff\xfe", b"[" * 100_000])
def test_an_answer_that_is_no_json_is_a_plain_reason(body):
    with web_server(lambda path: page(body)) as port:
        assert look(http(port, json={"a": "1"})).reason == "the answer is not JSON"


def test_redirects_are_followed_or_not_as_the_check_says():
    def answer(path: str) -> bytes:
        return page(b"here") if path == "/new" else page(status="302 Found", Location="/new")

    with web_server(answer) as port:
        assert look(http(port, text="here")).state == "up"
        assert look(http(port, redirects="never", status="302")).state == "up"


def test_a_redirect_loop_ends():
    with web_server(lambda path: page(status="302 Found", Location=path + "x")) as port:
        assert look(http(port)).reason == "it redirects more than 5 times"


@pytest.mark.parametrize("target", ["ftp://a/", "http://[", "mailto:a@b", "http://a b/"])
def test_a_redirect_to_nowhere_is_a_plain_reason(target):
    with web_server(lambda path: page(status="302 Found", Location=target)) as port:
        assert look(http(port)).reason == "it redirects to something that is no web address"


def test_a_slow_answer_is_down_when_a_limit_is_set():
    def answer(path: str) -> bytes:
        time.sleep(0.05)
        return page()

    with web_server(answer) as port:
        result = look(http(port, slower_than_ms=10))
    assert result.state == "down"
    assert result.reason.endswith("ms, more than 10 ms")


def test_a_huge_body_is_read_up_to_a_bound():
    with web_server(lambda path: page(b"x" * 3_000_000 + b"end")) as port:
        assert look(http(port)).state == "up"
        assert look(http(port, text="end")).reason == (
            "the first 1 MB of the page does not say “end”, and no more of it is read"
        )


def test_a_huge_head_is_refused():
    with web_server(lambda path: page(Padding="x" * 300_000)) as port:
        assert look(http(port)).reason == BROKEN


def test_a_server_that_sends_one_byte_at_a_time_meets_the_total_time_out():
    def drip(line: socket.socket) -> None:
        line.recv(65536)
        for byte in page(b"x" * 1000):
            line.sendall(bytes([byte]))
            time.sleep(0.05)

    with tcp_server(drip) as port:
        began = time.monotonic()
        assert look(http(port)).reason == "no answer within 0.6 s while waiting for the answer of 127.0.0.1"
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "noise", [b"", b"\x00\xff\x16\x03\x01", b"220 mail ESMTP\r\n", b"HTTP/1.1 2OO OK\r\n\r\n"]
)
def test_a_server_that_speaks_no_http_is_a_plain_reason(noise):
    def talk(line: socket.socket) -> None:
        line.recv(65536)
        line.sendall(noise)

    with tcp_server(talk) as port:
        reason = look(http(port)).reason
    assert reason in (
        BROKEN,
        "the answer is not HTTP",
        "the connection was closed before the answer was complete",
    )


def test_an_answer_cut_short_is_a_plain_reason():
    with web_server(lambda path: b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort") as port:
        told = look(http(port, text="long")).reason
    assert told == "the page broke off, and what came of it does not say “long”"


def test_the_value_of_the_authorization_header_comes_from_a_secret():
    seen = []

    def talk(line: socket.socket) -> None:
        seen.append(line.recv(65536).decode())
        line.sendall(page())

    shared = Shared(SystemClock(), timeout=2, secret=lambda reference: f"Bearer {reference}")
    with tcp_server(talk) as port:
        assert look(http(port, authorization="env:TOKEN"), shared).state == "up"
    assert "Authorization: Bearer env:TOKEN\r\n" in seen[0]


def test_a_header_that_would_split_the_request_is_refused():
    shared = Shared(SystemClock(), timeout=2, secret=lambda reference: "a\r\nX: 1")
    with silent_port() as port:
        assert look(http(port, authorization="env:TOKEN"), shared).state == "inconclusive"


def test_a_name_is_found_by_the_name_server_and_sent_as_the_host():
    seen = []

    def talk(line: socket.socket) -> None:
        seen.append(line.recv(65536).decode())
        line.sendall(page())

    with udp_server(lambda q: dns_answer(q, {"shop.test": "127.0.0.1"})) as dns, tcp_server(talk) as port:
        names = Names(lambda: Settings(servers=(("127.0.0.1", dns),)))
        shared = Shared(SystemClock(), timeout=2, names=names)
        assert look(Http(url=f"http://shop.test:{port}/a b?c=ą".replace(" ", "%20")), shared).state == "up"
        missing = look(Http(url=f"http://gone.test:{port}/"), shared)
    assert f"Host: shop.test:{port}\r\n" in seen[0]
    assert seen[0].startswith("GET /a%20b?c=%C4%85 HTTP/1.1\r\n")
    assert missing.reason == "there is no address for the name gone.test"
