"""The way to a page: redirects and cookies, servers of HTTP/2 alone, walls against programs, and the office's proxy."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import trustme

from bcp.clock import SystemClock
from bcp.office.proxy import Proxy
from bcp.probe.base import Result, Shared
from bcp.probe.cookies import Cookies
from bcp.probe.kinds.http import Http
from bcp.probe.name_settings import Settings
from bcp.probe.names import Names
from bcp.probe.system_proxy import of_environment, of_settings, without_login
from tests.ports import free_port
from tests.proxies import BASIC, running_proxy
from tests.wire import page, serve, silent_port, tcp_server

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
NO_NAMES = Names(lambda: Settings(servers=(("127.0.0.1", 9),), hosts={"localhost": ("127.0.0.1",)}))


def look(probe: Http, proxy: Proxy | None = None, timeout: float = 5.0) -> Result:
    shared = Shared(
        SystemClock(), timeout=timeout, names=NO_NAMES, secret=lambda name: "wardrobe", proxy=proxy
    )
    return asyncio.run(probe.look(shared))


def http(url: str, **fields: object) -> Http:
    return Http.model_validate({"url": url, **fields})


@pytest.fixture(scope="module")
def certificates(tmp_path_factory) -> tuple[trustme.CA, str]:
    authority, file = trustme.CA(), str(tmp_path_factory.mktemp("ca") / "ca.pem")
    authority.cert_pem.write_to_path(file)
    return authority, file


def context(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(found)
    return found


def redirect(to: bytes, *more: bytes) -> bytes:
    lines = [b"HTTP/1.1 302 Found", b"Location: " + to, *more, b"Content-Length: 0", b"", b""]
    return b"\r\n".join(lines)


def answered(request: bytes) -> bytes:
    """A site with redirects as they are met: what it says is what it was asked."""
    path = request.split(b" ")[1]
    has_cookie = b"; other=2" in request and b"Cookie: visit=1" in request
    if path == b"/cookie" and not has_cookie:
        return redirect(
            b"/cookie", b"Set-Cookie: visit=1; Path=/; HttpOnly", b"Set-Cookie: other=2; Max-Age=60"
        )
    not_for_us = (b"Set-Cookie: safe=1; Secure", b"Set-Cookie: no=1; Domain=a.test")
    fixed = {
        b"/letters": redirect("/ważne sprawy\u3000\u00a0/?q=ą b".encode()),
        b"/latin-2": redirect("/ważne".encode("iso-8859-2")),
        b"/quoted": redirect(b"/wa%C5%BCne?q=%C4%85%20b"),
        b"/below/a": redirect(b"b", b"Set-Cookie: below=1", *not_for_us),
        b"/gone/a": redirect(b"b", b"Set-Cookie: a=1; Max-Age=0", b"Set-Cookie: b=1; Path=/elsewhere"),
    }
    return fixed.get(path) or page(request)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    def talk(line: socket.socket) -> None:
        line.sendall(answered(line.recv(65536)))

    for port in serve(talk):
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/cookie", "GET /cookie HTTP/1.1"),
        ("/cookie", "Cookie: visit=1; other=2"),
        ("/letters", "GET /wa%C5%BCne%20sprawy%E3%80%80%C2%A0/?q=%C4%85%20b HTTP/1.1"),
        ("/latin-2", "GET /wa%BFne HTTP/1.1"),
        ("/quoted", "GET /wa%C5%BCne?q=%C4%85%20b HTTP/1.1"),
        ("/below/a", "Connection: close Cookie: below=1"),
    ],
)
def test_a_redirect_is_followed_as_a_browser_does(site, path, asked):
    assert look(http(site + path, text=asked)).state == "up"


def test_a_cookie_goes_to_those_alone_for_whom_it_is(site):
    assert look(http(site + "/below/a", not_text=["safe=1", "no=1"])).state == "up"
    assert look(http(site + "/gone/a", not_text=["a=1", "b=1"])).state == "up"
    own = look(http(site + "/below/a", headers={"cookie": "mine=1"}, text="Cookie: mine=1; below=1"))
    assert own.state == "up"


def test_a_cookie_is_for_a_server_or_a_domain_below_a_path_and_until_it_is_ended():
    cookies = Cookies()
    strange = ["=nothing", "no sign", "b=2; Domain=.example", "c=3; Domain=other.example"]
    ended = ["e=5; Expires=Thu, 01-Jan-1998 00:00:00 GMT", "f=6; Expires=Thu, 26 Nov 2026 11:00:00 GMT"]
    said = [*strange, "a=1; Domain=shop.example", "d=4; path=/in/deep; secure", *ended]
    cookies.keep(said, "www.shop.example", "/in/page", NOON)
    assert cookies.header("www.shop.example", "/in/deep/x", is_safe=True) == "d=4; a=1"
    assert cookies.header("www.shop.example", "/in/deep", is_safe=False) == "a=1"
    assert cookies.header("shop.example", "/in", is_safe=True) == "a=1"
    assert cookies.header("api.shop.example", "/in/deep", is_safe=True) == "a=1"
    assert cookies.header("myshop.example", "/in", is_safe=True) == ""
    assert cookies.header("www.shop.example", "/inside", is_safe=True) == ""
    cookies.keep(["a=; Domain=shop.example; Max-Age=0"], "shop.example", "/in/", NOON)
    assert cookies.header("shop.example", "/in", is_safe=True) == ""


def test_a_header_of_the_check_takes_the_place_of_ours_however_it_is_written(site):
    probe = http(
        site + "/",
        headers={"user-agent": "Żółw/1.0"},
        text="user-agent: Żółw/1.0",
        not_text="User-Agent: bcp",
    )
    assert look(probe).state == "up"


def test_a_server_that_turns_away_unknown_programs_is_told_with_what_to_do():
    with tcp_server(lambda line: (line.recv(65536), line.sendall(page(b"no", "403 Forbidden")))) as port:
        url = f"http://127.0.0.1:{port}/"
        assert look(http(url)).reason == (
            f"{url} answers 403: it may turn away programs that it does not know; if a browser sees the page, "
            "add headers: {User-Agent: Mozilla/5.0}"
        )
        assert look(http(url, headers={"user-agent": "Mozilla/5.0"})).reason == f"{url} answers 403"


def only_http_2(way: str, secret: ssl.SSLContext, line: socket.socket) -> None:
    """A server of HTTP/2 that ends what is not (as many do), refuses in the handshake, or says it as Node.js does."""
    try:
        with secret.wrap_socket(line, server_side=True) as inside:
            if inside.selected_alpn_protocol() == "h2":
                inside.sendall(b"\x00\x00\x00\x04\x00\x00\x00\x00\x00")
                inside.recv(100)
            elif way == "node":
                inside.recv(65536)
                inside.sendall(b"HTTP/1.0 403 Forbidden\r\n\r\nMissing ALPN Protocol, expected `h2`")
            elif way == "settings":
                inside.recv(65536)
                inside.sendall(b"\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64")
    except OSError:
        pass


@pytest.mark.parametrize("way", ["closes", "node", "settings"])
def test_a_server_of_http_2_alone_is_not_judged_and_the_way_out_is_said(certificates, way):
    authority, trust = certificates
    secret = context(authority, "127.0.0.1")
    secret.set_alpn_protocols(["h2"])
    with tcp_server(lambda line: only_http_2(way, secret, line)) as port:
        found = look(http(f"https://127.0.0.1:{port}/", trust=trust))
    assert (found.state, found.reason) == (
        "inconclusive",
        "it speaks HTTP/2 only, and checks speak HTTP/1.1: use tls: or tcp: instead of http:",
    )


def test_a_server_that_knows_both_and_breaks_off_is_down(certificates):
    authority, trust = certificates
    secret = context(authority, "127.0.0.1")
    secret.set_alpn_protocols(["h2", "http/1.1"])

    def talk(line: socket.socket) -> None:
        with secret.wrap_socket(line, server_side=True) as inside:
            inside.recv(65536)

    with tcp_server(talk) as port:
        found = look(http(f"https://127.0.0.1:{port}/", trust=trust))
    assert (found.state, found.reason) == ("down", "the connection was closed before the answer was complete")


def at(port: int, **more: object) -> Proxy:
    return Proxy.model_validate({"url": f"http://127.0.0.1:{port}", **more})


LOGIN = {"user": "office", "password": "env:PROXY"}


def test_pages_come_through_the_proxy_of_the_office_encrypted_or_not(certificates, site):
    authority, trust = certificates
    secret = context(authority, "xn--w-uga1v8h.example")

    def talk(line: socket.socket) -> None:
        with secret.wrap_socket(line, server_side=True) as inside:
            inside.sendall(page(inside.recv(65536)))

    port = site.rpartition(":")[2]
    with tcp_server(talk) as safe, running_proxy(login=BASIC) as proxy:
        way = at(proxy.port, **LOGIN)
        encrypted = http(f"https://żółw.example:{safe}/a", trust=trust, not_text="Proxy-Authorization")
        plain = http(f"http://żółw.example:{port}/b", text="GET /b HTTP/1.1")
        assert [look(each, way).state for each in (encrypted, plain)] == ["up", "up"]
        assert look(http(f"{site}/inside", text="GET /inside"), way).state == "up"
    heads = [head.split("\r\n")[0] for head in proxy.asked]
    assert heads == [
        f"CONNECT xn--w-uga1v8h.example:{safe} HTTP/1.1",
        f"GET http://xn--w-uga1v8h.example:{port}/b HTTP/1.1",
    ]


def test_a_proxy_of_the_check_comes_before_that_of_the_office(site):
    port = site.rpartition(":")[2]
    with running_proxy() as proxy:
        elsewhere = at(free_port())
        assert (
            look(http(f"http://a.example:{port}/", proxy=f"http://127.0.0.1:{proxy.port}"), elsewhere).state
            == "up"
        )
        assert (
            look(http(f"{site}/", proxy={"url": f"http://127.0.0.1:{proxy.port}"}), elsewhere).state == "up"
        )
        assert look(http(f"http://localhost:{port}/", proxy="no"), elsewhere).state == "up"
    assert len(proxy.asked) == 2


def test_who_needs_no_proxy_is_known():
    proxy = at(3128, not_for=["office.example", "żółw.pl"])
    inside = ["192.168.1.1", "fd00::1", "nas", "nas.local", "localhost"]
    said = ["office.example", "a.Office.example", "www.żółw.pl"]
    assert [host for host in inside + said if proxy.is_for(host)] == []
    assert all(
        map(proxy.is_for, ["1.1.1.1", "2606:4700::1", "www.example.com", "myoffice.example", "xn--a-uga.pl"])
    )


BASIC_WANTED = page(status="407 Login", Proxy_Authenticate="Basic realm=x")
WINDOWS_WANTED = page(status="407 Login", Proxy_Authenticate="Negotiate").replace(
    b"\r\n\r\n", b"\r\nProxy-Authenticate: NTLM\r\n\r\n"
)
DENIED = page(b"no", "403 No", X_Squid_Error="ERR_DENIED 0")
REFUSALS = {
    "wants a login (407): give it user and password in bcp.yaml": (BASIC_WANTED, {}, "inconclusive"),
    "does not take the login of bcp.yaml (407)": (BASIC_WANTED, LOGIN, "inconclusive"),
    "wants a login of a kind that is not known here (negotiate, ntlm)": (WINDOWS_WANTED, {}, "inconclusive"),
    "does not allow a.example{port}: it answers 403": (DENIED, {}, "inconclusive"),
    "cannot reach a.example{port}: it answers 502": (
        page(b"no", "502 Bad", Proxy_Status="p; error=x"),
        {},
        "down",
    ),
    "gives no answer: the answer is not HTTP": (b"SSH-2.0-Example\r\n\r\n", {}, "down"),
}


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("words", REFUSALS)
def test_what_a_proxy_refuses_is_told_as_its_trouble(words, scheme):
    answer, login, state = REFUSALS[words]
    with running_proxy(answer) as proxy:
        found = look(http(f"{scheme}://a.example/"), at(proxy.port, **login))
    told = words.format(port=":443" if scheme == "https" else "")
    assert (found.state, found.reason) == (state, f"the proxy 127.0.0.1:{proxy.port} {told}")
    assert not found.reached


def test_a_refusal_that_may_be_the_page_s_own_is_told_so():
    with running_proxy(page(b"busy", "503 Busy")) as proxy:
        found = look(http("http://a.example/"), at(proxy.port))
    assert found.reason == (
        f"http://a.example/ answers 503 through the proxy 127.0.0.1:{proxy.port}, which may say that itself"
    )


def test_a_proxy_that_is_not_there_is_told_from_a_page_that_is_not():
    gone = free_port()
    found = look(http("https://a.example/"), at(gone))
    assert (found.state, found.reason) == (
        "down",
        f"the proxy 127.0.0.1:{gone} cannot be reached: the connection was refused: nothing listens there",
    )
    with silent_port() as port:
        late = look(http("https://a.example/"), at(port), timeout=0.3)
    assert late.reason == f"no answer within 0.3 s while waiting for the proxy 127.0.0.1:{port}"


def test_a_proxy_that_only_this_computer_knows_is_named_and_not_used(monkeypatch):
    monkeypatch.setenv("https_proxy", "http://office:wardrobe@proxy.office.example:3128/")
    monkeypatch.setenv("no_proxy", "localhost,.inside.example")
    port = free_port()
    found = look(http(f"https://127.0.0.1:{port}/"))
    assert found.reason == (
        "the connection was refused: nothing listens there. This computer is set to use the proxy "
        "proxy.office.example:3128, the checks are not: name it in bcp.yaml (internet: proxy:)"
    )
    assert "proxy" not in look(http(f"https://localhost:{port}/")).reason
    assert "proxy" not in look(http(f"https://127.0.0.1:{port}/", proxy="no")).reason


def test_the_settings_of_a_system_are_read_as_it_reads_them():
    both = {"HTTP_PROXY": "http://a:1", "ALL_PROXY": "b:2", "NO_PROXY": "*.near.example, c.example"}
    assert of_environment(both, "http", "x.example") == "http://a:1"
    assert of_environment(both, "https", "x.example") == "b:2"
    assert of_environment(both, "http", "www.near.example") == of_environment(both, "http", "c.example") == ""
    assert of_settings("http=a:1;https=b:2", "https") == "b:2"
    assert (of_settings("a:1", "https"), of_settings("ftp=a:1", "https")) == ("a:1", "")
    assert without_login("http://me:secret@a:1/") == without_login("me:secret@a:1") == "a:1"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("socks5://a.example:1080", "expected a web address"),
        ("https://a.example:1080", "expected the address of a proxy"),
        ({"url": "http://a.example:3128", "user": "office"}, "password is missing"),
        (
            {"url": "http://a.example:3128", "not_for": ["*.office.example"]},
            "expected the name of a computer",
        ),
    ],
)
def test_a_proxy_that_cannot_be_used_is_a_mistake(said, words):
    with pytest.raises(ValueError, match=words):
        http("http://a.example/", proxy=said)
