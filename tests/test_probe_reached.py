"""What counts as an answer of the other side itself: words in the language of its service, and nothing less."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from bcp.clock import SystemClock
from bcp.probe.base import Shared
from bcp.probe.kinds.http import Http
from bcp.probe.kinds.imap import Imap
from bcp.probe.kinds.tcp import Tcp
from tests.ports import free_port
from tests.wire import page, silent_port, tcp_server, web_server


def looked(probe):
    return asyncio.run(probe.look(Shared(SystemClock(), timeout=0.4)))


def told(result):
    return (result.state, result.reached, result.stage, result.failure)


def test_a_refusal_a_silence_and_a_cut_are_no_answers_of_the_other_side():
    assert told(looked(Tcp(host="127.0.0.1", port=free_port()))) == ("down", False, "connection", "refused")
    with silent_port() as port:
        found = looked(Http(url=f"http://127.0.0.1:{port}/"))
        assert told(found) == ("down", False, "conversation", "late")
    with tcp_server(lambda line: line.recv(1000)) as port:
        found = looked(Tcp(host="127.0.0.1", port=port, greets="220"))
        assert (found.reached, found.stage) == (False, "conversation")


def test_an_error_page_and_a_refusing_greeting_are():
    with web_server(lambda target: page(status="500 Sorry")) as port:
        assert looked(Http(url=f"http://127.0.0.1:{port}/")).reached
    with tcp_server(lambda line: line.sendall(b"* BYE closed today\r\n")) as port:
        assert looked(Imap(host="127.0.0.1", port=port, security="none")).reached


def test_a_page_that_leads_on_to_silence_is_no_answer():
    with silent_port() as dead:
        answer = page(status="302 Found", Location=f"http://127.0.0.1:{dead}/")
        with web_server(lambda target: answer) as port:
            assert not looked(Http(url=f"http://127.0.0.1:{port}/")).reached


@pytest.mark.parametrize(
    ("name", "days", "failure"), [("127.0.0.1", -1, "dates"), ("other.test", 30, "name")]
)
def test_a_certificate_that_is_not_accepted_is_none_either(name, days, failure, tmp_path):
    authority = trustme.CA()
    until = datetime.now(UTC) + timedelta(days=days)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, not_before=until - timedelta(days=9), not_after=until).configure_cert(server)
    authority.cert_pem.write_to_path(str(tmp_path / "trusted.pem"))

    def talk(line):
        with server.wrap_socket(line, server_side=True) as encrypted:
            encrypted.recv(1000)

    with tcp_server(talk) as port:
        found = looked(Http(url=f"https://127.0.0.1:{port}/", trust=str(tmp_path / "trusted.pem")))
    assert told(found) == ("down", False, "conversation", failure)
