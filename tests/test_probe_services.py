"""The probes tls, smtp, imap, sip, portal, heartbeat and command, against good servers and bad."""

import asyncio
import gc
import os
import re
import ssl
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, AuthResult
from hypothesis import given
from hypothesis import strategies as st

from bcp.clock import SystemClock
from bcp.probe import sip_message
from bcp.probe.base import Probe, Result, Shared
from bcp.probe.kinds.command import Command
from bcp.probe.kinds.heartbeat import Heartbeat
from bcp.probe.kinds.http import Http
from bcp.probe.kinds.imap import Imap
from bcp.probe.kinds.portal import Portal
from bcp.probe.kinds.sip import Sip
from bcp.probe.kinds.smtp import Smtp
from bcp.probe.kinds.tls import Tls
from tests.ports import free_port
from tests.wire import page, silent_port, tcp_server, udp_server, web_server

SHARED = Shared(SystemClock(), timeout=1.5, secret=lambda reference: "wardrobe")


def look(probe: Probe, shared: Shared = SHARED) -> Result:
    return asyncio.run(probe.look(shared))


class Certificates:
    """An authority of our own and what it signed."""

    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA()
        self.trust = str(folder / "ca.pem")
        self.authority.cert_pem.write_to_path(self.trust)

    def server(self, *names: str, until: datetime | None = None) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(*names, not_after=until).configure_cert(context)
        return context


@pytest.fixture(scope="module")
def certificates(tmp_path_factory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("ca"))


@contextmanager
def tls_server(context: ssl.SSLContext, answer: bytes = b"") -> Iterator[int]:
    def talk(line):
        with context.wrap_socket(line, server_side=True) as secret:
            if answer:
                secret.recv(65536)
                secret.sendall(answer)

    with tcp_server(talk) as port:
        yield port


def test_a_certificate_in_order_is_up_and_its_days_are_counted(certificates):
    until = datetime.now(UTC) + timedelta(days=40, hours=1)
    with tls_server(certificates.server("127.0.0.1", until=until)) as port:
        result = look(Tls(host="127.0.0.1", port=port, trust=certificates.trust))
        assert (result.state, result.evidence["days_left"]) == ("up", 40)
        soon = look(Tls(host="127.0.0.1", port=port, days=50, trust=certificates.trust))
    assert (soon.state, soon.reason) == ("warning", "its certificate ends in 40 days, sooner than 50")


def test_the_first_certificate_of_the_chain_that_ends_is_what_counts(certificates, monkeypatch):
    monkeypatch.setattr(trustme, "DEFAULT_EXPIRY", datetime.now(UTC) + timedelta(days=3, hours=1))
    between = certificates.authority.create_child_ca()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    between.issue_cert("127.0.0.1", not_after=datetime.now(UTC) + timedelta(days=80)).configure_cert(context)
    with tls_server(context) as port:
        result = look(Tls(host="127.0.0.1", port=port, trust=certificates.trust))
    assert (result.state, result.evidence["days_left"]) == ("warning", 3)
    assert "which vouches for its own, ends in 3 days, sooner than 14" in result.reason
    assert len(result.evidence["chain"]) == 3


TALKS = {
    "smtp": [b"220-mx.test ESMTP\r\n220 ready\r\n", b"250-mx.test\r\n250 STARTTLS\r\n", b"220 go\r\n"],
    "imap": [b"* OK ready\r\n", b"* CAPABILITY IMAP4rev1\r\na1 OK go\r\n"],
    "pop3": [b"+OK ready\r\n", b"+OK go\r\n"],
    "ftp": [b"220-Welcome to FTP\r\n dear friend\r\n220 ready\r\n", b"234 go\r\n"],
}


@contextmanager
def plain_first(context: ssl.SSLContext, *lines: bytes) -> Iterator[int]:
    """A server that says its lines one after another, and goes on encrypted behind the last."""

    def talk(line):
        for said in lines:
            line.sendall(said)
            if said != lines[-1] and not line.recv(4096).isascii():
                return  # a client that begins with TLS
        with context.wrap_socket(line, server_side=True):
            pass

    with tcp_server(talk) as port:
        yield port


@pytest.mark.parametrize("spoken", TALKS)
def test_a_certificate_behind_starttls_is_found_whether_or_not_the_protocol_is_named(certificates, spoken):
    until = datetime.now(UTC) + timedelta(days=2, hours=1)
    with plain_first(certificates.server("127.0.0.1", until=until), *TALKS[spoken]) as port:
        for named in (None, spoken):
            probe = Tls(host="127.0.0.1", port=port, trust=certificates.trust, starttls=named)
            result = look(probe)
            assert (result.state, result.evidence["days_left"]) == ("warning", 2), result.reason
            assert result.evidence["starttls"] == spoken


def test_a_mail_server_that_offers_no_encryption_is_down_with_its_own_words(certificates):
    refusing = [b"220 mx.test ESMTP\r\n", b"250 mx.test\r\n", b"502 not here\r\n"]
    with plain_first(certificates.server("127.0.0.1"), *refusing) as port:
        result = look(Tls(host="127.0.0.1", port=port, trust=certificates.trust))
    assert result.state == "down"
    assert result.reason == "127.0.0.1 does not offer encryption (STARTTLS). It says: 502 not here"


def test_a_certificate_is_refused_with_the_reason(certificates):
    past = datetime.now(UTC) - timedelta(days=1)
    with tls_server(certificates.server("127.0.0.1", until=past)) as port:
        expired = look(Tls(host="127.0.0.1", port=port, trust=certificates.trust))
        stranger = look(Tls(host="127.0.0.1", port=port))
    with tls_server(certificates.server("www.test")) as port:
        other = look(Tls(host="127.0.0.1", port=port, trust=certificates.trust))
        named = look(Tls(host="127.0.0.1", port=port, name="www.test", trust=certificates.trust))
    assert expired.reason == "its certificate has expired"
    assert stranger.reason == "its certificate is signed by nobody we trust"
    assert other.reason == "its certificate is for another address"
    assert named.state == "up"


def test_a_port_that_speaks_no_tls_is_a_plain_reason():
    with tcp_server(lambda line: line.sendall(b"SSH-2.0-x\r\n")) as port:
        reason = look(Tls(host="127.0.0.1", port=port)).reason
    assert reason.startswith("no encrypted connection: ")
    assert reason.endswith("If the port begins without encryption, say starttls: smtp, imap, pop3 or ftp")


def test_a_file_of_certificates_that_cannot_be_read_is_said():
    result = look(Tls(host="127.0.0.1", port=free_port(), trust="nosuch.pem"))
    assert (result.state, result.reason) == ("inconclusive", "the certificates in nosuch.pem cannot be read")


def test_a_page_by_https_is_fetched_with_the_office_s_own_certificate(certificates):
    with tls_server(certificates.server("127.0.0.1"), page(b"our work")) as port:
        url = f"https://127.0.0.1:{port}/"
        assert look(Http(url=url, text="our work", trust=certificates.trust)).state == "up"
        assert look(Http(url=url)).reason == "its certificate is signed by nobody we trust"


@contextmanager
def smtp_server(context: ssl.SSLContext, password: bytes = b"wardrobe") -> Iterator[int]:
    def login(server, session, envelope, mechanism, told) -> AuthResult:
        return AuthResult(success=told.password == password, handled=False)

    class Server(Controller):
        def factory(self) -> SMTP:
            return SMTP(
                self.handler,
                hostname="mx.test",
                tls_context=context,
                require_starttls=True,
                authenticator=login,
            )

    server = Server(Sink(), hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


def test_a_mail_server_greets_encrypts_and_lets_us_log_in(certificates):
    login = {"host": "127.0.0.1", "trust": certificates.trust, "user": "office", "password": "env:PASSWORD"}
    context = certificates.server("127.0.0.1")
    with smtp_server(context) as port:
        result = look(Smtp.model_validate({**login, "port": port}))
        assert result.state == "up", result.reason
        assert result.reason.startswith("127.0.0.1 says: 220 mx.test")
        stranger = look(Smtp(host="127.0.0.1", port=port))
        assert stranger.reason == "its certificate is signed by nobody we trust"
    with smtp_server(context, b"another") as port:
        refused = look(Smtp.model_validate({**login, "port": port}))
    assert refused.reason.startswith("the login is refused: 127.0.0.1 says: 535 ")


@pytest.mark.parametrize(
    ("greeting", "reason"),
    [
        (b"554 go away\r\n", "127.0.0.1 says: 554 go away"),
        (b"421-busy\r\n421 later\r\n", "127.0.0.1 says: 421 busy later"),
        (b"* OK imap\r\n", "the answer is not SMTP"),
        (b"\xff\xfe\x00\r\n", "the answer is not SMTP"),
        (b"220-x\r\n" * 200, "the answer is not SMTP"),
        (b"220 " + b"x" * 200_000, "it sends a line that never ends"),
        (b"", "the connection was closed before the answer was complete"),
        (b"220 no end", "the connection was closed before the answer was complete"),
    ],
)
def test_a_mail_server_that_misbehaves_is_a_plain_reason(greeting, reason):
    with tcp_server(lambda line: line.sendall(greeting)) as port:
        assert look(Smtp(host="127.0.0.1", port=port, security="none")).reason == reason


def test_a_mail_server_without_encryption_gets_no_password():
    heard = []

    def talk(line):
        line.sendall(b"220 mx\r\n")
        heard.append(line.recv(4096))
        line.sendall(b"250-mx\r\n250 AUTH PLAIN\r\n")
        heard.append(line.recv(4096))

    with tcp_server(talk) as port:
        result = look(Smtp(host="127.0.0.1", port=port, user="office", password="env:PASSWORD"))
    assert result.reason == "127.0.0.1 does not offer encryption (STARTTLS)"
    assert b"AUTH" not in b"".join(heard)


def test_a_login_with_half_of_it_missing_is_a_mistake():
    with pytest.raises(ValueError, match="a login needs user and password: password is missing"):
        Smtp(host="127.0.0.1", user="office")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"* BYE overloaded\r\n", "127.0.0.1 says: BYE overloaded"),
        (b"220 smtp\r\n", "the answer is not IMAP"),
        (b"", "the connection was closed before the answer was complete"),
    ],
)
def test_a_mailbox_server_that_misbehaves_is_a_plain_reason(said, reason):
    with tcp_server(lambda line: line.sendall(said)) as port:
        assert look(Imap(host="127.0.0.1", port=port, security="none")).reason == reason


def sip_answer(status: str, **headers: str):
    """A SIP server that answers every request in the same way."""

    def answer(packet: bytes) -> bytes:
        lines = packet.decode().split("\r\n")
        kept = [line for line in lines if line.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")]
        more = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return "\r\n".join([f"SIP/2.0 {status}", *kept, *more, "Content-Length: 0", "", ""]).encode()

    return answer


def test_a_telephone_server_that_answers_is_up_even_if_it_does_not_like_the_question():
    for status in (
        "200 OK",
        "302 Moved",
        "400 Bad",
        "480 Away",
        "483 Hops",
        "486 Busy",
        "501 No",
        "603 Decline",
    ):
        with udp_server(sip_answer(status)) as port:
            result = look(Sip(host="127.0.0.1", port=port))
        assert (result.state, result.reason) == ("up", f"127.0.0.1 says: {status}")


def test_a_telephone_server_in_trouble_is_down():
    for status in ("500 Broken", "503 Service Unavailable", "504 Server Time-out", "513 Too Large"):
        with udp_server(sip_answer(status)) as port:
            result = look(Sip(host="127.0.0.1", port=port))
        assert (result.state, result.reason) == ("down", f"127.0.0.1 says: {status}")


def test_a_telephone_server_is_told_where_we_are_as_some_insist():
    heard = []
    with udp_server(lambda packet: heard.append(packet) or sip_answer("200 OK")(packet)) as port:  # type: ignore[func-returns-value]
        look(Sip(host="127.0.0.1", port=port))
    fields = dict(line.split(": ", 1) for line in heard[0].decode().split("\r\n")[1:] if line)
    assert fields["Contact"] == f"<sip:bcp@{fields['Via'].split(' ')[1].split(';')[0]}>"
    assert re.fullmatch(r"<sip:bcp@127\.0\.0\.1:\d+>", fields["Contact"])


def test_a_telephone_server_that_is_gone_is_known_at_once():
    began = time.monotonic()
    result = look(Sip(host="127.0.0.1", port=free_port()))
    assert result.reason == "the connection was refused: nothing listens there"
    assert time.monotonic() - began < 1


def test_a_lost_sip_request_is_sent_again():
    packets = []

    def answer(packet: bytes) -> bytes | None:
        packets.append(packet)
        return sip_answer("200 OK")(packet) if len(packets) == 2 else None

    with udp_server(answer) as port:
        assert look(Sip(host="127.0.0.1", port=port)).state == "up"
    assert packets[0] == packets[1]


def test_an_answer_to_another_call_and_a_provisional_one_are_not_taken():
    with udp_server(lambda q: sip_answer("200 OK")(q).replace(b"Call-ID: ", b"Call-ID: x")) as port:
        assert look(Sip(host="127.0.0.1", port=port)).reason.startswith("no answer within")
    with udp_server(sip_answer("100 Trying")) as port:
        assert look(Sip(host="127.0.0.1", port=port)).reason.startswith("no answer within")


def test_a_challenge_that_nobody_can_answer_is_a_plain_reason():
    with udp_server(sip_answer("401 Unauthorized", WWW_Authenticate='Bearer realm="x"')) as port:
        result = look(Sip(host="127.0.0.1", port=port, user="101", password="env:PASSWORD"))
    words = '127.0.0.1 offers no login of a kind that is known here (Bearer realm="x")'
    assert (result.state, result.reason) == ("inconclusive", words)


@pytest.mark.parametrize(
    ("answers", "state", "words"),
    [
        (["401 Nonce=1", "401 Nonce=2, stale=true", "200 OK"], "up", "127.0.0.1 says: 200 OK"),
        (
            ["401 Nonce=1", "401 Nonce=2", "200 OK"],
            "down",
            "the login is refused: 127.0.0.1 says: 401 Nonce=2",
        ),
        (["503 Busy"], "down", "127.0.0.1 says: 503 Busy"),
    ],
)
def test_a_login_at_a_telephone_server_is_refused_only_where_it_says_so(answers, state, words):
    left = iter(answers)

    def answer(packet: bytes) -> bytes:
        said = next(left)
        return sip_answer(said, WWW_Authenticate=f"Digest realm=a, {said[4:].lower()}")(packet)

    with udp_server(answer) as port:
        result = look(Sip(host="127.0.0.1", port=port, user="101", password="env:PASSWORD"))
    assert (result.state, result.reason.replace("nonce", "Nonce")) == (state, words)


def test_a_line_of_rubbish_among_the_headers_of_a_telephone_server_takes_nothing_away():
    with udp_server(
        lambda packet: sip_answer("200 OK")(packet).replace(b"\r\n", b"\r\nrubbish\r\n", 1)
    ) as port:
        assert look(Sip(host="127.0.0.1", port=port)).state == "up"


@pytest.mark.parametrize(
    "noise", [b"", b"HTTP/1.1 400 Bad\r\n\r\n", b"SIP/2.0 200 OK\r\nContent-Length: x\r\n\r\n"]
)
def test_a_server_that_speaks_no_sip_by_tcp_is_a_plain_reason(noise):
    with tcp_server(lambda line: (line.recv(4096), line.sendall(noise))) as port:
        result = look(Sip(host="127.0.0.1", port=port, transport="tcp"))
    assert result.reason.startswith(("the answer makes no sense: ", "the connection was "))


@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda tail: b"SIP/2.0 200 OK\r\n" + tail))
def test_whatever_bytes_come_back_are_sip_or_malformed(data):
    for read in (sip_message.parse, sip_message.length_of_body):
        try:
            read(data)
        except sip_message.MalformedSip:
            continue


@given(st.text(max_size=200) | st.text(max_size=100).map(lambda tail: "Digest realm=a, nonce=b, " + tail))
def test_whatever_challenge_comes_is_answered_or_malformed(challenge):
    with suppress(sip_message.MalformedSip):
        sip_message.authorization(challenge, "REGISTER", "sip:test", "101", "wardrobe")


def test_of_several_challenges_the_first_that_we_know_is_answered():
    asked = []

    def answer(packet: bytes) -> bytes:
        asked.append(packet.decode())
        if len(asked) > 1:
            return sip_answer("200 OK")(packet)
        several = (
            "Digest realm=a, nonce=b, algorithm=SHA-512-256",
            "Digest realm=a, nonce=c, algorithm=SHA-256",
        )
        return sip_answer("401 Unauthorized", WWW_Authenticate="\r\nWWW-Authenticate: ".join(several))(packet)

    with udp_server(answer) as port:
        assert look(Sip(host="127.0.0.1", port=port, user="101", password="env:PASSWORD")).state == "up"
    assert 'nonce="c"' in asked[1] and "algorithm=SHA-256" in asked[1]


def test_the_digest_is_that_of_the_standard():
    """The example of RFC 2617 §3.5 without its cnonce, which we choose ourselves."""
    told = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
    answer = sip_message.authorization(told, "GET", "/dir/index.html", "Mufasa", "Circle Of Life")
    assert 'response="670fd8c2df070c60b045671b8b24ff02"' in answer


def test_a_login_page_in_the_way_is_down_and_silence_is_inconclusive():
    with web_server(lambda path: page(status="204 No Content")) as port:
        assert look(Portal(url=f"http://127.0.0.1:{port}/generate_204")).state == "up"
    with web_server(lambda path: page(status="302 Found", Location="http://portal.test/login")) as port:
        result = look(Portal(url=f"http://127.0.0.1:{port}/generate_204"))
    assert (result.state, result.evidence["leads_to"]) == ("down", "http://portal.test/login")
    with web_server(lambda path: page(b"<h1>Welcome</h1>")) as port:
        assert look(Portal(url=f"http://127.0.0.1:{port}/hotspot", text="Success")).state == "down"
    assert look(Portal(url=f"http://127.0.0.1:{free_port()}/")).state == "inconclusive"
    with silent_port() as port:
        assert look(Portal(url=f"http://127.0.0.1:{port}/")).state == "inconclusive"


def test_a_portal_is_asked_for_past_every_cache():
    asked = []
    with web_server(lambda path: asked.append(path) or page(status="204 No Content")) as port:  # type: ignore[func-returns-value]
        look(Portal(url=f"http://127.0.0.1:{port}/p"))
        look(Portal(url=f"http://127.0.0.1:{port}/p"))
    assert len(set(asked)) == 2


def office(folder: Path) -> Shared:
    return Shared(SystemClock(), office=folder, timeout=1.5)


def test_a_sign_of_life_is_young_old_or_missing(tmp_path):
    probe = Heartbeat(file="backup/last-run", within="26h")  # type: ignore[arg-type]
    assert look(probe, office(tmp_path)).reason == "there is no file backup/last-run"
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup/last-run").touch()
    assert look(probe, office(tmp_path)).state == "up"
    os.utime(tmp_path / "backup/last-run", (0, time.time() - 30 * 3600))
    old = look(probe, office(tmp_path))
    assert old.reason == "the last sign of life is 1 day 6 h old, more than 1 day 2 h"


def test_a_sign_of_life_that_is_old_need_be_no_outage(tmp_path):
    (tmp_path / "copy").touch()
    os.utime(tmp_path / "copy", (0, time.time() - 30 * 3600))
    ages = [{"within": "2d", "warn_after": "1d"}, {"warn_after": "1d"}, {"within": "29h", "warn_after": "1d"}]
    results = [look(Heartbeat(file="copy", **age), office(tmp_path)) for age in ages]  # type: ignore[arg-type]
    assert [result.state for result in results] == ["warning", "warning", "down"]
    assert results[0].reason == "the last sign of life is 1 day 6 h old, more than 1 day"
    missing = Heartbeat(file="nosuch", warn_after="1d")  # type: ignore[arg-type]
    assert look(missing, office(tmp_path)).state == "warning"
    for wrong in ({}, {"within": "1h", "warn_after": "2h"}):
        with pytest.raises(ValueError, match="within"):
            Heartbeat(file="copy", **wrong)  # type: ignore[arg-type]


def test_a_sign_of_life_of_tomorrow_is_none_and_a_clock_that_goes_a_little_fast_is_said(tmp_path):
    probe = Heartbeat(file="copy", within="26h")  # type: ignore[arg-type]
    (tmp_path / "copy").touch()
    os.utime(tmp_path / "copy", (0, time.time() + 90))
    fast = look(probe, office(tmp_path))
    assert fast.state == "up" and "Its clock is 1 min" in fast.reason
    os.utime(tmp_path / "copy", (0, time.time() + 700 * 86400))
    to_come = look(probe, office(tmp_path))
    assert to_come.state == "down" and to_come.reason.startswith("no sign of life: its time is yet to come, ")


def test_a_time_that_names_no_zone_and_does_not_fit_says_so():
    hour = timedelta(hours=1)
    for zone, age in ((2, "ahead"), (-5, "old")):
        local = (datetime.now(UTC) + zone * hour).replace(tzinfo=None).isoformat().encode()
        with web_server(lambda path, said=local: page(said)) as port:  # type: ignore[misc]
            result = look(Heartbeat(url=f"http://127.0.0.1:{port}/last", within="1h"))  # type: ignore[arg-type]
        assert (result.state, age in result.reason) == ("down", True)
        assert "names no time zone and is read as UTC" in result.reason


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (page(b"%d\n" % time.time()), "up"),
        (page(datetime.now(UTC).isoformat().encode()), "up"),
        (page(b"1700000000"), "down"),
        (page(f"\ufeffOK\r\n{datetime.now(UTC)}\r\n".encode("utf-16-le")), "up"),
        (page(b"last: 2024-01-01 10:00", Last_Modified="Thu, 01 Jan 2099 10:00:00 GMT"), "down"),
        (page(b"1e999"), "down"),
        (page(b"done", Last_Modified="Mon, 01 Jan 2024 10:00:00 GMT"), "down"),
        (page(b"done"), "down"),
        (page(b"gone", "404 Not Found"), "down"),
    ],
    # Names that do not change with the time: every worker must collect the same tests.
    ids=[
        "seconds",
        "ISO 8601",
        "long ago",
        "UTF-16",
        "long ago, page made now",
        "never",
        "header",
        "no time",
        "no page",
    ],
)
def test_a_page_tells_the_last_sign_of_life(answer, state):
    with web_server(lambda path: answer) as port:
        assert look(Heartbeat(url=f"http://127.0.0.1:{port}/last", within="1h")).state == state  # type: ignore[arg-type]


def python(code: str, **fields: object) -> Command:
    return Command.model_validate({"run": [sys.executable, "-c", code], **fields})


@pytest.mark.parametrize(
    ("status", "state"), [(0, "up"), (1, "down"), (2, "down"), (3, "inconclusive"), (9, "down")]
)
def test_the_exit_status_of_a_program_is_the_state(tmp_path, status, state):
    result = look(python(f"print('DISK OK - 7 GB | /=7GB'); raise SystemExit({status})"), office(tmp_path))
    assert (result.state, result.reason) == (state, "DISK OK - 7 GB")
    assert result.evidence["code"] == status


def test_the_warning_of_a_plugin_need_be_no_outage(tmp_path):
    for meant in ("up", "warning"):
        assert look(python("raise SystemExit(1)", warning=meant), office(tmp_path)).state == meant


def test_a_program_that_is_missing_cannot_tell(tmp_path):
    result = look(Command(run=["nosuchplugin"]), office(tmp_path))
    assert (result.state, result.reason) == ("inconclusive", "there is no program nosuchplugin")


def test_a_program_that_leaves_another_one_running_or_does_not_read_has_ended_all_the_same(tmp_path, capfd):
    child = (
        "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE)"
    )
    keep = f"{child}; print('well', flush=True); import os; os._exit(0)"
    assert look(python(keep), office(tmp_path)).reason == "well"
    assert look(python("pass", stdin="x" * 2_000_000), office(tmp_path)).state == "up"
    gc.collect()
    assert capfd.readouterr().err == ""


def test_a_program_that_hangs_dies_with_its_children(tmp_path):
    beats = tmp_path / "beats"
    child = f"import time\nwhile True:\n    open({str(beats)!r}, 'a').write('.'); time.sleep(0.05)"
    code = (
        "import os, subprocess, sys, time\n"
        f"subprocess.Popen([{sys.executable!r}, '-c', {child!r}])\n"
        f"while not os.path.exists({str(beats)!r}): time.sleep(0.05)\n"
        f"open({str(tmp_path / 'both')!r}, 'w').close(); time.sleep(60)"
    )
    began = time.monotonic()
    result = look(python(code), Shared(SystemClock(), office=tmp_path, timeout=4))
    assert result.reason.startswith("no answer within 4 s while waiting for ")
    assert time.monotonic() - began < 40 and (tmp_path / "both").exists()
    counted = beats.stat().st_size
    time.sleep(0.5)
    assert beats.stat().st_size == counted


def test_the_output_of_a_program_is_bounded(tmp_path):
    result = look(python("print('x' * 10_000_000)"), office(tmp_path))
    assert result.state == "up"
    assert len(result.evidence["output"]) == 2000
