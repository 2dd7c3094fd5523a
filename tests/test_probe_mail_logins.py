"""The probes smtp and imap at servers with manners of their own: old greetings, and other ways to log in than PLAIN."""

import asyncio
import hmac
import re
import socket
from base64 import b64encode
from collections.abc import Callable

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, AuthResult

from bcp.clock import SystemClock
from bcp.probe.base import Probe, Result, Shared
from bcp.probe.kinds.imap import Imap
from bcp.probe.kinds.smtp import Smtp
from tests.ports import free_port
from tests.wire import tcp_server

PASSWORD = 'za"żółć\\'
LOGIN = {"host": "127.0.0.1", "security": "none", "user": "office", "password": "env:PASSWORD"}
SHARED = Shared(SystemClock(), timeout=3.0, secret=lambda reference: PASSWORD)


def look(probe: Probe) -> Result:
    return asyncio.run(probe.look(SHARED))


def in_base64(text: str) -> str:
    return b64encode(text.encode()).decode()


def talking(greeting: str, answer: Callable[[str], str]) -> Callable[[socket.socket], None]:
    """A server that says `greeting`, and to each line what `answer` gives; with nothing it ends."""

    def talk(line: socket.socket) -> None:
        line.sendall(f"{greeting}\r\n".encode())
        with line.makefile("rb") as lines:
            while said := answer(lines.readline().decode().rstrip("\r\n")):
                line.sendall(f"{said}\r\n".encode())

    return talk


@pytest.mark.parametrize("password", [PASSWORD, "another"])
def test_a_mail_server_that_knows_only_the_login_of_outlook_lets_us_in(password):
    def login(server, session, envelope, mechanism, told) -> AuthResult:
        return AuthResult(success=(mechanism, told.password) == ("LOGIN", password.encode()), handled=False)

    class Server(Controller):
        def factory(self) -> SMTP:
            return SMTP(
                self.handler, authenticator=login, auth_require_tls=False, auth_exclude_mechanism=["PLAIN"]
            )

    server = Server(Sink(), hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        found = look(Smtp.model_validate({**LOGIN, "port": server.port}))
    finally:
        server.stop()
    assert (found.state == "up") == (password == PASSWORD), found.reason
    assert found.state == "up" or found.reason.startswith("the login is refused: 127.0.0.1 says: 535")


def smtp(offers: str) -> Callable[[str], str]:
    """A mail server by its replies; it takes the password in whatever way it is offered."""
    challenge = in_base64("<1896.697170952@mx.test>")
    digest = hmac.new(PASSWORD.encode(), b"<1896.697170952@mx.test>", "md5").hexdigest()
    replies = {
        "EHLO": f"250-mx.test\r\n250-\r\n250-SIZE 1000\r\n250 {offers}" if offers else "502 what?",
        "HELO": "250 mx.test",
        "AUTH CRAM-MD5": f"334 {challenge}",
        in_base64(f"office {digest}"): "235 ok",
        "AUTH LOGIN": "334 VXNlcm5hbWU6",
        in_base64("office"): "334 UGFzc3dvcmQ6",
        in_base64(PASSWORD): "235 ok",
        "AUTH PLAIN": "334 ",
        in_base64(f"\0office\0{PASSWORD}"): "235 ok",
    }
    return lambda line: next((said for start, said in replies.items() if line.startswith(start)), "")


@pytest.mark.parametrize(
    ("offers", "state", "reason"),
    [
        ("AUTH LOGIN", "up", "127.0.0.1 says: 220 welcome to mx.test"),
        ("AUTH=LOGIN", "up", "127.0.0.1 says: 220 welcome to mx.test"),
        ("auth cram-md5", "up", "127.0.0.1 says: 220 welcome to mx.test"),
        ("AUTH XOAUTH2 PLAIN", "up", "127.0.0.1 says: 220 welcome to mx.test"),
        (
            "AUTH XOAUTH2 NTLM",
            "inconclusive",
            "127.0.0.1 offers no login of a kind that is known here (NTLM, XOAUTH2)",
        ),
        ("HELP", "down", "127.0.0.1 offers no login here"),
        ("", "down", "127.0.0.1 offers no login here"),
    ],
)
def test_the_way_to_log_in_is_one_that_the_mail_server_offers(offers, state, reason):
    with tcp_server(talking("220-welcome\r\n220 to mx.test", smtp(offers))) as port:
        found = look(Smtp.model_validate({**LOGIN, "port": port}))
    assert (found.state, found.reason) == (state, reason)


def test_a_mail_server_that_knows_only_the_old_greeting_is_up():
    with tcp_server(talking("220 mx.test", smtp(""))) as port:
        assert look(Smtp(host="127.0.0.1", port=port, security="none")).state == "up"


def test_a_server_that_asks_for_ever_gets_no_more_than_a_login():
    endless = talking("220 mx", lambda line: "250-mx\r\n250 AUTH LOGIN" if line[:1] == "E" else "334 UGFz")
    with tcp_server(endless) as port:
        found = look(Smtp.model_validate({**LOGIN, "port": port}))
    assert found.reason == "the server asks more for a login than it may"


class MailboxServer:
    """An IMAP server with some capabilities; it takes the password by LOGIN, quoted or not, or by SASL's LOGIN."""

    def __init__(self, offers: str) -> None:
        self.offers, self.heard = offers, ""

    def __call__(self, line: str) -> str:
        self.heard += line + "\n"
        if "CAPABILITY" in line:
            return f"* CAPABILITY IMAP4rev1 {self.offers}\r\na2 OK"
        if line in ("a3 AUTHENTICATE LOGIN", in_base64("office")):
            return "+ VXNlcg=="
        if size := re.search(r"\{(\d+)\}$", line):
            return "+ go on" if int(size[1]) == len(PASSWORD.encode()) else "a3 BAD"
        if line in (PASSWORD, in_base64(PASSWORD)):
            return "a3 OK"
        return "" if "LOGOUT" in line else "a3 NO what?"


@pytest.mark.parametrize(
    ("offers", "state", "reason"),
    [
        ("", "up", "127.0.0.1 says: OK imap.test"),
        ("AUTH=LOGIN LOGINDISABLED", "up", "127.0.0.1 says: OK imap.test"),
        (
            "AUTH=GSSAPI LOGINDISABLED",
            "inconclusive",
            "127.0.0.1 offers no login of a kind that is known here (GSSAPI)",
        ),
        ("AUTH=XOAUTH2 AUTH=NTLM", "up", "127.0.0.1 says: OK imap.test"),
        ("LOGINDISABLED", "down", "127.0.0.1 offers no login here"),
        ("AUTH=PLAIN", "down", "the login is refused: 127.0.0.1 says: NO what?"),
    ],
)
def test_the_way_to_log_in_is_one_that_the_mailbox_server_offers(offers, state, reason):
    server = MailboxServer(offers)
    with tcp_server(talking("* OK imap.test", server)) as port:
        found = look(Imap.model_validate({**LOGIN, "port": port}))
    assert (found.state, found.reason) == (state, reason)
    assert (
        "LOGIN" in offers
        or "PLAIN" in offers
        or f'a3 LOGIN "office" {{{len(PASSWORD.encode())}}}\n' in server.heard
    )


def test_a_mailbox_server_that_knows_us_already_is_up():
    with tcp_server(talking("* PREAUTH imap.test", lambda line: "")) as port:
        assert look(Imap.model_validate({**LOGIN, "port": port})).state == "up"
