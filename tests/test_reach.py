"""What pages of strangers may make this computer ask: nothing inside a private network, unless the start is there.

The servers are real. Where a start on the internet is needed, it is one in a network of the test's own, which has the
addresses of documents (RFC 5737) and no others: names are in its /etc/hosts, or at its own name server.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import threading
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from bcp.clock import SystemClock
from bcp.outside import Request
from bcp.private_address import is_inside
from bcp.probe.base import Result, Shared
from bcp.probe.kinds.http import Http
from bcp.probe.kinds.portal import Portal
from bcp.secret_text import with_secret
from bcp.world.fetch import Fetcher
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests.children import in_own_network, needs_root
from tests.offices import bcp, office_in, runbook
from tests.web_pages import Pages, web
from tests.wire import dns_answer

PUBLIC, OTHER = "203.0.113.7", "198.51.100.9"
CALL = "\n  - phase: One\n    steps:\n      - {step: call, title: Call, by_hand: Call., manual: {}}\n"


def apart(tmp_path: Path, work: Callable[[], None], **hosts: list[str]) -> None:
    """Do `work` in a network that has PUBLIC, OTHER, the router 192.168.7.1, and these names (`_` for a dot)."""
    named = {name.replace("_", "."): found for name, found in hosts.items()}
    in_own_network(
        work,
        f"{PUBLIC}/32",
        f"{OTHER}/32",
        "192.168.7.1/32",
        "2001:db8::7/128",
        hosts=named,
        etc=tmp_path / "etc",
    )


INSIDE = [
    "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "127.0.0.1", "127.8.8.8", "169.254.169.254", "0.0.0.0",
    "100.64.0.1", "100.127.255.255", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::1",
    "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:192.168.1.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::192.168.1.1",
    "64:ff9b:1::1", "2002:7f00:1::1", "2002:c0a8:101::1", "2001:0:1::1", "localhost", "",
]  # fmt: skip
OUTSIDE = [
    "1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "192.167.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1",
    "64:ff9b::1.1.1.1", "2002:101:101::1", PUBLIC, OTHER, "192.0.2.1", "2001:db8::1",
]  # fmt: skip


@pytest.mark.core
def test_an_address_is_inside_a_private_network_or_it_is_not() -> None:
    assert [each for each in INSIDE if not is_inside(each)] == []
    assert [each for each in OUTSIDE if is_inside(each)] == []


@given(st.ip_addresses(v=4))
def test_an_ipv6_address_is_where_the_ipv4_address_is_that_it_carries(number: object) -> None:
    plain = is_inside(str(number))
    bits = int(ip_address(str(number)))
    for carried in (f"::ffff:{number}", f"64:ff9b::{number}", f"2002:{bits >> 16:x}:{bits & 0xFFFF:x}::1"):
        assert is_inside(carried) == plain, carried


@needs_root
def test_a_page_of_the_internet_is_copied_without_what_it_names_inside_and_that_is_said(
    tmp_path: Path,
) -> None:
    office = office_in(tmp_path / "office", outage=runbook(CALL))

    def work() -> None:
        with (
            web("127.0.0.1", {"/x.png": (200, "image/png", "secret")}) as inside,
            web("192.168.7.1", {}) as router,
        ):
            here = f"http://127.0.0.1:{inside.port}"
            names = [
                f"{here}/x.png", f"http://localhost:{inside.port}/y.png", f"http://127.1:{inside.port}/z.png",
                f"http://2130706433:{inside.port}/z.png", f"http://[::ffff:127.0.0.1]:{inside.port}/z.png",
                f"http://0:{inside.port}/z.png", f"http://192.168.7.1:{router.port}/logo.png",
                f"http://router.test:{router.port}/logo.png", f"http://both.test:{router.port}/logo.png", "/moved.png",
            ]  # fmt: skip
            text = "".join(f"<img src={name}>" for name in names)
            late = [f"{here}/{name}" for name in ("late.png", "bg.png", "set.png", "late.css", "use.svg")]
            text += (
                f"<img data-src={late[0]}><p data-bg={late[1]}></p><img srcset='{late[2]} 2x'>"
                f"<link rel=preload as=style href={late[3]}><svg><use href={late[4]}#a /></svg>"
            )
            sheet = f"h1 {{ background: url({here}/back.png) }} @import '{here}/more.css';"
            pages: Pages = {
                "/": (
                    200,
                    "text/html",
                    f"<link rel=stylesheet href=/a.css>{text}<h1>Bread</h1><a href=/more>more</a>",
                ),
                "/a.css": (200, "text/css", sheet),
                "/moved.png": (302, f"{here}/moved.png", ""),
                "/more": (302, f"{here}/admin", ""),
                "/good.png": (200, "image/png", "good"),
            }
            with web(PUBLIC, pages) as site:
                start = f"http://shop.test:{site.port}/"
                added = bcp(office, "place", "mirror", "add", start, "--name", "shop")
                assert added.returncode == 0, added.stderr
                assert inside.requests == [] and router.requests == []
                kept = office / "mirrors" / "shop" / "copy" / "index.html"
                assert "<h1>Bread</h1>" in kept.read_text() and "127.0.0.1" not in kept.read_text()
                (told,) = json.loads(bcp(office, "place", "mirror", "list", "--json").stdout)
                said = "\n".join(told["missing"])
                for name in [*names[:-1], *late, f"{here}/back.png", f"{here}/moved.png", f"{here}/admin"]:
                    assert f": {name} is inside a private network (" in said, (name, said)
                assert f"left out of {start}: {here}/x.png is inside a private network (127.0.0.1)" in said
                assert f"left out of {start}: {here}/x.png is inside" in " ".join(added.stderr.split())

    apart(tmp_path, work, shop_test=[PUBLIC], router_test=["192.168.7.1"], both_test=[PUBLIC, "192.168.7.1"])


@needs_root
def test_a_start_on_the_internet_that_leads_inside_is_no_copy_and_the_address_is_named(
    tmp_path: Path,
) -> None:
    office = office_in(tmp_path / "office", outage=runbook(CALL))

    def work() -> None:
        with web("127.0.0.1", {"/": (200, "text/html", "router")}, 8080) as inside:
            pages: Pages = {
                "/": (302, "http://127.0.0.1:8080/", ""),
                "/file": (302, "file:///etc/passwd", ""),
                "/ftp": (302, "ftp://shop.test/x", ""),
            }
            with web(PUBLIC, pages) as site:
                for path, why in (
                    ("", "http://127.0.0.1:8080/ is inside a private network (127.0.0.1)"),
                    ("file", 'it leads to an address that begins with "file:", which is no web page'),
                    ("ftp", 'it leads to an address that begins with "ftp:", which is no web page'),
                ):
                    said = bcp(office, "place", "mirror", "add", f"http://shop.test:{site.port}/{path}")
                    assert said.returncode == 2 and why in " ".join(said.stderr.split()), said.stderr
            mixed = bcp(office, "place", "mirror", "add", "http://both.test:8080/")
            assert mixed.returncode == 2 and "inside a private network" in " ".join(mixed.stderr.split())
            assert inside.requests == [] and not list(office.glob("mirrors/*"))

    apart(tmp_path, work, shop_test=[PUBLIC], both_test=[PUBLIC, "127.0.0.1"])


@needs_root
def test_a_network_that_answers_in_the_name_of_a_site_does_not_take_the_place_of_its_copy(
    tmp_path: Path,
) -> None:
    office = office_in(tmp_path / "office", outage=runbook(CALL))

    def work() -> None:
        with web(PUBLIC, {"/": (200, "text/html", "<p>bread")}, 8080):
            assert (
                bcp(office, "place", "mirror", "add", "http://shop.test:8080/", "--name=shop").returncode == 0
            )
        (tmp_path / "etc" / "hosts").write_text("192.168.7.1 shop.test\n")
        with web("192.168.7.1", {"/": (200, "text/html", "<p>log in")}, 8080):
            said = bcp(office, "place", "mirror", "refresh")
        words = "was on the internet when it was copied, and leads into a private network now"
        assert said.returncode == 4 and words in " ".join(said.stderr.split()), said.stderr
        assert "bread" in (office / "mirrors" / "shop" / "copy" / "index.html").read_text()

    apart(tmp_path, work, shop_test=[PUBLIC])


@needs_root
def test_a_start_inside_may_be_copied_with_all_that_it_names(tmp_path: Path) -> None:
    def work() -> None:
        with web("127.0.0.1", {"/x.png": (200, "image/png", "x")}) as inside, web(OTHER, {}) as outside:
            pages: Pages = {"/": (302, f"http://127.0.0.1:{inside.port}/x.png", "")}
            with web("192.168.7.1", pages) as site:
                for host in ("192.168.7.1", "nas.test"):
                    with Fetcher() as fetcher:
                        assert fetcher.get(f"http://{host}:{site.port}/", 100).body == b"x"
                        assert fetcher.get(f"http://{OTHER}:{outside.port}/", 100).status == 404

    apart(tmp_path, work, nas_test=["192.168.7.1"])


@needs_root
def test_a_name_that_changes_its_address_between_two_look_ups_reaches_nothing_inside(tmp_path: Path) -> None:
    asked: list[str] = []

    def work() -> None:
        line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        line.bind(("127.0.0.1", 53))

        def answer() -> None:
            while True:
                packet, peer = line.recvfrom(4096)
                name = packet[12 : packet.index(b"\0", 12)].decode("latin-1")
                if b"\0\1\0\1" in packet[-15:]:
                    asked.append(name)
                # The first question gets an address of the internet, each further one the loopback.
                address = PUBLIC if asked.count(name) < 2 else "127.0.0.1"
                line.sendto(dns_answer(packet, {"turn.test": address}) or b"", peer)

        threading.Thread(target=answer, daemon=True).start()
        with web("127.0.0.1", {"/": (200, "text/plain", "inside")}, 8080) as inside:
            with web(PUBLIC, {"/": (200, "text/plain", "outside")}, 8080), Fetcher() as fetcher:
                assert fetcher.get("http://turn.test:8080/", 100).body == b"outside"
                assert len(asked) == 1, "looked up once, and connected to what was checked"
                second = fetcher.get("http://turn.test:8080/", 100)
            assert second.is_refused and "inside a private network (127.0.0.1)" in second.trouble
            assert inside.requests == []

    apart(tmp_path, work)


@needs_root
def test_the_certificate_is_checked_for_the_name_although_the_connection_is_to_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("shop.test").configure_cert(tls)

    def work() -> None:
        with web(PUBLIC, {"/": (200, "text/plain", "bread")}, 443, tls) as site, Fetcher() as fetcher:
            found = fetcher.get("https://shop.test/", 100)
            assert (found.url, found.body) == ("https://shop.test/", b"bread"), found
            assert site.requests[0][2]["Host"] == "shop.test"
            # Another name at the same address may not use the connection that is open.
            assert "CERTIFICATE_VERIFY_FAILED" in fetcher.get("https://other.test/", 100).trouble

    apart(tmp_path, work, shop_test=[PUBLIC], other_test=[PUBLIC])


@needs_root
def test_a_name_of_which_the_first_address_is_dead_is_reached_at_the_next(tmp_path: Path) -> None:
    def work() -> None:
        with web(PUBLIC, {"/": (200, "text/plain", "bread")}, 8080), Fetcher() as fetcher:
            assert fetcher.get("http://shop.test:8080/", 100).body == b"bread"

    apart(tmp_path, work, shop_test=["2001:db8::7", OTHER, PUBLIC])


@needs_root
def test_where_the_system_names_a_proxy_it_is_asked_but_for_nothing_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://192.168.7.1:3128")

    def work() -> None:
        with web("192.168.7.1", {"http://only-the-proxy.test/": (200, "text/plain", "x")}, 3128) as proxy:
            with Fetcher() as fetcher:
                assert fetcher.get("http://only-the-proxy.test/", 100).body == b"x"
                for inside in ("http://127.0.0.1/", "http://router.test/"):
                    assert "inside a private network" in fetcher.get(inside, 100).trouble
            assert proxy.paths == ["http://only-the-proxy.test/"]

    apart(tmp_path, work, router_test=["192.168.7.1"])


def sent(folder: Path, url: str, method: str = "GET", **more: object) -> tuple[int | None, str]:
    """What came of a request with a secret in a header of the author's own, as an action sends it."""
    (folder / "secret").write_text("s3cret-value")
    headers = {"X-Api-Key": with_secret(f"file:{folder / 'secret'}"), "User-Agent": "office"}
    answer = Real(Secrets(folder, {})).request(Request(method, url, headers, follow=True, **more))  # type: ignore[arg-type]
    return answer.status, answer.trouble


def test_another_server_to_which_a_redirect_leads_gets_none_of_the_authors_secrets(tmp_path: Path) -> None:
    with web("127.0.0.1", {"/": (200, "text/plain", "x")}) as second:
        pages: Pages = {"/": (302, f"http://127.0.0.1:{second.port}/", ""), "/same": (302, "/", "")}
        with web("127.0.0.1", pages) as first:
            login = {"login": ("anna", f"file:{tmp_path / 'secret'}")}
            assert sent(tmp_path, f"http://127.0.0.1:{first.port}/same", **login) == (200, "")
    for request in first.requests:
        assert request[2]["X-Api-Key"] == "s3cret-value" and "Authorization" in request[2], "the same server"
    assert first.paths == ["/same", "/"] and second.paths == ["/"]
    assert second.requests[0][2]["User-Agent"] == "office"
    assert not {"X-Api-Key", "Authorization"} & set(second.requests[0][2])


@pytest.mark.parametrize("status", [307, 308])
def test_a_body_that_is_meant_for_one_server_is_not_sent_on_to_another(tmp_path: Path, status: int) -> None:
    with web("127.0.0.1", {}) as second:
        pages: Pages = {"/": (status, f"http://127.0.0.1:{second.port}/x", "")}
        with web("127.0.0.1", pages) as first:
            got, trouble = sent(tmp_path, f"http://127.0.0.1:{first.port}/", "POST", json={"a": "b"})
    assert got is None and second.requests == []
    assert trouble == (
        f"the server sends us on to http://127.0.0.1:{second.port}/x; what was meant for 127.0.0.1 alone is not sent"
        " there"
    )


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/"])
def test_a_request_is_sent_on_to_web_addresses_only(tmp_path: Path, target: str) -> None:
    with web("127.0.0.1", {"/": (302, target, "")}) as site:
        status, trouble = sent(tmp_path, f"http://127.0.0.1:{site.port}/")
    assert (status, trouble) == (
        None,
        f'it leads to an address that begins with "{target.partition(":")[0]}:", which is no web page',
    )


def test_a_request_that_is_sent_on_and_on_comes_to_an_end(tmp_path: Path) -> None:
    with web("127.0.0.1", {"/": (302, "/", "")}) as site:
        status, trouble = sent(tmp_path, f"http://127.0.0.1:{site.port}/")
    assert status is None and "it redirects more than 5 times" in trouble and len(site.paths) == 6


@needs_root
def test_a_page_of_the_internet_that_is_looked_at_leads_to_nothing_inside(tmp_path: Path) -> None:
    def work() -> None:
        with (
            web("127.0.0.1", {}) as inside,
            web(PUBLIC, {"/": (302, f"http://127.0.0.1:{inside.port}/", "")}) as site,
        ):
            status, trouble = sent(tmp_path, f"http://{PUBLIC}:{site.port}/")
            assert status is None and "inside a private network (127.0.0.1)" in trouble
            assert inside.requests == []

    apart(tmp_path, work)


def looked(probe: Http | Portal) -> Result:
    """What a look sees, with a secret that is the words of its reference."""
    return asyncio.run(
        probe.look(Shared(SystemClock(), timeout=5, secret=lambda reference: f"Bearer {reference}"))
    )


def test_a_look_tells_another_server_none_of_the_secrets_of_its_check() -> None:
    with web("127.0.0.1", {"/": (200, "text/plain", "x")}) as second:
        pages: Pages = {"/": (302, f"http://127.0.0.1:{second.port}/", ""), "/same": (302, "/", "")}
        with web("127.0.0.1", pages) as first:
            fields = {
                "headers": {"X-Api-Key": "s3cret", "Accept-Language": "pl"},
                "authorization": "env:TOKEN",
            }
            seen = looked(Http.model_validate({"url": f"http://127.0.0.1:{first.port}/same", **fields}))
    assert seen.state == "up" and second.paths == ["/"]
    for request in first.requests:
        assert request[2]["X-Api-Key"] == "s3cret" and request[2]["Authorization"] == "Bearer env:TOKEN"
    told = second.requests[0][2]
    assert told["Accept-Language"] == "pl" and not {"X-Api-Key", "Authorization"} & set(told)


@needs_root
def test_a_login_page_inside_is_not_taken_for_the_page_of_the_internet_that_led_there(tmp_path: Path) -> None:
    def work() -> None:
        login = {"/login": (200, "text/html", "log in")}
        with web("192.168.7.1", login) as router:
            there = f"http://192.168.7.1:{router.port}/login"
            with web(PUBLIC, {"/": (302, there, "")}) as site:
                start = f"http://shop.test:{site.port}/"
                seen = looked(Http.model_validate({"url": start}))
                words = "it redirects into a private network (192.168.7.1), perhaps to a login page"
                assert (seen.state, seen.reason) == ("down", words)
                # What tells of a login page follows no redirect, and goes on telling.
                portal = looked(Portal.model_validate({"url": start}))
                assert (portal.state, portal.evidence["leads_to"]) == ("down", there)
                assert router.requests == []
            with web("192.168.7.1", {"/": (302, there, "")}) as inside:
                seen = looked(
                    Http.model_validate({"url": f"http://nas.test:{inside.port}/", "text": "log in"})
                )
                assert seen.state == "up", "a page of the office may lead to another one of it"

    apart(tmp_path, work, shop_test=[PUBLIC], nas_test=["192.168.7.1"])
