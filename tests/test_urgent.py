"""The world of what cannot wait: a request and a letter over one line, bound to it before they connect."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bcp.outside import ChatPost, MailEnvelope, MailServer, Request
from bcp.probe.second_line import connect_over
from bcp.world.secret import Secrets
from bcp.world.urgent import Urgent
from tests.children import needs_lo
from tests.gateways import gateway
from tests.ports import free_port
from tests.smtpd import PASSWORD, USER, running

NOWHERE = "nothing0"
"""An interface that no computer has."""


@needs_lo
def test_requests_and_letters_go_over_the_line_that_is_named_and_over_no_other(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, {"MAIL": PASSWORD})
    with running(tmp_path) as smtpd, gateway(lambda asked: (201, f'{{"got": "{asked.form["a"]}"}}')) as web:
        for via in (None, "lo"):
            world = Urgent(secrets, via)
            answer = world.request(Request("POST", f"{web.url}/sms", form={"a": "łódź"}))
            assert answer.status == 201 and answer.json_object() == {"got": "łódź"}
            server = MailServer(
                "localhost", smtpd.port, "starttls", USER, "env:MAIL", authority=str(smtpd.authority)
            )
            assert world.mail(
                MailEnvelope(server, USER, "a@example.com", b"Subject: x\r\n\r\nx\r\n"), lambda: None
            ).accepted
            world.hang_up()
        nowhere = Urgent(secrets, NOWHERE)
        answer = nowhere.request(Request("POST", f"{web.url}/sms", form={"a": "b"}))
        assert answer.status is None and not answer.sent and "could not be reached" in answer.trouble
        mailed = nowhere.mail(MailEnvelope(server, USER, "a@example.com", b""), lambda: None)
        assert mailed.stage == "connect" and mailed.code is None
        assert len(web.asked) == 2 and len(smtpd.accepted) == 2


@needs_lo
def test_a_chat_goes_over_the_line_that_is_named_while_others_go_as_ever(tmp_path: Path) -> None:
    with gateway(lambda _asked: (200, "{}")) as web:
        room = web.url.replace("http://", "json://")
        secrets = Secrets(tmp_path, {"ROOM": room})
        post = ChatPost("env:ROOM", "DOWN 07:50 Our shop", "connection refused")
        assert Urgent(secrets, "lo").chat(post).accepted
        assert not Urgent(secrets, NOWHERE).chat(post).accepted
        assert Urgent(secrets).chat(post).accepted
        assert [json.loads(asked.body)["title"] for asked in web.asked] == ["DOWN 07:50 Our shop"] * 2


@needs_lo
def test_who_is_not_there_over_a_line_refuses() -> None:
    with pytest.raises(ConnectionRefusedError):
        connect_over("127.0.0.1", free_port(), "lo", 5.0)
