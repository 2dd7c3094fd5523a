"""Text messages: Twilio against its own contract, other gateways against their documentation, modems for real."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bcp.errors import InputError
from bcp.notice.campaign.standing import standings
from bcp.notice.text.gsm import thrifty, without_accents
from bcp.world.rehearsal import Rehearsal
from tests.gateways import Asked, Reply, gateway
from tests.posts import INCIDENT, affair, deliver, office, order, post_room, real_world, states
from tests.smtpd import Faults, running
from tests.twilio import CONTRACT

FIRST = f"{INCIDENT}/line-down/1"
ACCOUNT = "AC" + "0123456789abcdef" * 2
ROWS = "name,mobile,language\nA,600 000 001,pl\nB,+44 7700 900001,en\n"


def channel(kind: str, url: str) -> str:
    told = {
        "sms-twilio": f"account: {ACCOUNT}, token: 'env:SMS', from: '+48600000999', api: '{url}'",
        "sms-smsapi": f"token: 'env:SMS', from: Kropka, api: '{url}'",
        "sms-bulkgate": f"application: '31', token: 'env:SMS', from: Kropka, api: '{url}'",
        "sms-liveall": f"token: 'env:SMS', from: Kropka, api: '{url}'",
    }[kind]
    return f"  - channel: text\n    {kind}: {{{told}, a_minute: 0}}\n"


def send(folder: Path, channels: str, rows: str = ROWS) -> tuple[Any, Any]:
    post = post_room(office(folder, None, rows, channels))
    post.freeze(post.prepare(affair(), order()))
    return post, deliver(post, FIRST, real_world(folder))


def always(status: int, text: str) -> Reply:
    return lambda _asked: (status, text)


@pytest.fixture(scope="module")
def contract() -> Any:
    from openapi_core import OpenAPI

    return OpenAPI.from_dict(json.loads(CONTRACT.read_text()))


def message(asked: Asked) -> str:
    """What Twilio answers to a message that it creates, with every field that its contract names."""
    sid = "SM" + "0" * 32
    return json.dumps(
        {
            "account_sid": ACCOUNT, "api_version": "2010-04-01", "body": asked.form["Body"], "date_created": None,
            "date_sent": None, "date_updated": None, "direction": "outbound-api", "error_code": None,
            "error_message": None, "from": asked.form["From"], "messaging_service_sid": None, "num_media": "0",
            "num_segments": "1", "price": None, "price_unit": None, "sid": sid, "status": "queued",
            "subresource_uris": {}, "to": asked.form["To"], "uri": f"/Messages/{sid}.json",
        }
    )  # fmt: skip


def test_messages_to_twilio_keep_its_contract(tmp_path: Path, contract: Any) -> None:
    from openapi_core.testing import MockRequest, MockResponse

    spec = json.loads(CONTRACT.read_text())
    form = spec["paths"]["/2010-04-01/Accounts/{AccountSid}/Messages.json"]["post"]["requestBody"]["content"]
    known = form["application/x-www-form-urlencoded"]["schema"]["properties"]
    with gateway(lambda asked: (201, message(asked))) as twilio:
        post, ended = send(tmp_path, channel("sms-twilio", twilio.url))
        assert ended.why == "done" and states(post, FIRST) == {"sent": 2}
        for asked in twilio.asked:
            assert set(asked.form) <= set(known)
            headers = {"Authorization": asked.headers["Authorization"]}
            request = MockRequest(
                "https://api.twilio.com", "post", asked.path, headers=headers, data=asked.body,
                content_type="application/x-www-form-urlencoded",
            )  # fmt: skip
            contract.validate_request(request)
            contract.validate_response(request, MockResponse(message(asked).encode(), 201))
            login = base64.b64decode(asked.headers["Authorization"].removeprefix("Basic ")).decode()
            assert login == f"{ACCOUNT}:sms-secret"
        assert [asked.form["To"] for asked in twilio.asked] == ["+48600000001", "+447700900001"]
        assert "problem techniczny" in twilio.asked[0].form["Body"]
        assert {row.provider_id for row in post.ledger.rows(FIRST)} == {"SM" + "0" * 32}


def test_a_wrong_request_would_not_keep_the_contract(contract: Any) -> None:
    from openapi_core.exceptions import OpenAPIError
    from openapi_core.testing import MockRequest

    request = MockRequest(
        "https://api.twilio.com", "post", f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json",
        headers={"Authorization": "Basic eDp5"}, data=b"Body=x&From=%2B48600000999",
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    with pytest.raises(OpenAPIError):
        contract.validate_request(request)


# Twilio: https://www.twilio.com/docs/api/errors/21211, /20003, /20429, /20500
# SMSAPI: https://www.smsapi.pl/docs (13: wrong number, 53: idx not unique, 101: login, 103: no points)
# BulkGate: https://help.bulkgate.com/docs/en/api-error-types.html
# LiveAll: https://github.com/terracom/liveall.eu_docs (HTTP API, smssendout)
@pytest.mark.parametrize(
    ("kind", "status", "text", "state", "why"),
    [
        ("sms-twilio", 400, '{"code": 21211, "message": "Invalid To", "status": 400}', "failed", "done"),
        ("sms-twilio", 401, '{"code": 20003, "message": "Authenticate", "status": 401}', "queued", "account"),
        ("sms-twilio", 429, '{"code": 20429, "message": "Too many", "status": 429}', "deferred", "waiting"),
        ("sms-twilio", 500, '{"code": 20500, "message": "Server", "status": 500}', "unknown", "done"),
        ("sms-twilio", 201, "<html>Welcome</html>", "unknown", "done"),
        ("sms-twilio", 0, "", "unknown", "done"),
        ("sms-smsapi", 200, '{"count":1,"list":[{"id":"5F","status":"QUEUE"}]}', "sent", "done"),
        ("sms-smsapi", 200, '{"error":13,"message":"No correct phonenumbers"}', "failed", "done"),
        ("sms-smsapi", 200, '{"error":53,"message":"idx is not unique"}', "sent", "done"),
        ("sms-smsapi", 401, '{"error":101,"message":"Authorization failed"}', "queued", "account"),
        ("sms-smsapi", 200, '{"error":103,"message":"Insufficient credits"}', "queued", "account"),
        ("sms-bulkgate", 200, '{"data":{"status":"accepted","sms_id":"tm1","price":1}}', "sent", "done"),
        (
            "sms-bulkgate",
            400,
            '{"type":"invalid_phone_number","code":400,"error":"Invalid"}',
            "failed",
            "done",
        ),
        ("sms-bulkgate", 401, '{"type":"unknown_identity","code":401,"error":"Who?"}', "queued", "account"),
        ("sms-bulkgate", 502, "<html>", "unknown", "done"),
        ("sms-liveall", 200, "OK ID:123456789", "sent", "done"),
        ("sms-liveall", 200, "Error: 5 - Invalid destination", "failed", "done"),
        ("sms-liveall", 200, "Error: 2 - Wrong apitoken", "queued", "account"),
    ],
)
def test_what_a_gateway_answers_is_understood(
    tmp_path: Path, kind: str, status: int, text: str, state: str, why: str
) -> None:
    with gateway(always(status, text)) as web:
        post, ended = send(tmp_path, channel(kind, web.url), "name,mobile,language\nA,600 000 001,pl\n")
        assert ended.why == why and states(post, FIRST) == {state: 1}
        (asked,) = web.asked
        secret = "sms-secret"
        login = base64.b64encode(f"{ACCOUNT}:{secret}".encode()).decode()
        assert secret in asked.body.decode() + str(asked.headers) or login in str(asked.headers)


def test_smsapi_gets_a_name_for_each_message_so_that_a_repeated_one_is_refused(tmp_path: Path) -> None:
    with gateway(always(200, '{"count":1,"list":[{"id":"1","status":"QUEUE"}]}')) as web:
        send(tmp_path, channel("sms-smsapi", web.url))
        names = [asked.form["idx"] for asked in web.asked]
        assert len(set(names)) == 2 and all(asked.form["check_idx"] == "1" for asked in web.asked)


def test_a_gateway_that_is_not_there_does_not_count_as_an_attempt(tmp_path: Path) -> None:
    with gateway(always(200, "")) as web:
        url = web.url
    post, ended = send(tmp_path, channel("sms-twilio", url))
    assert ended.why == "server" and states(post, FIRST) == {"queued": 2}
    assert all(row.attempts == 0 for row in post.ledger.rows(FIRST))


def test_a_refused_mail_is_followed_by_a_text_message(tmp_path: Path) -> None:
    rows = "name,email,mobile,language\nA,a@example.com,600 000 001,pl\nB,b@example.com,600 000 002,pl\n"
    with (
        running(tmp_path, Faults(recipients={"a@example.com": "550 5.1.1 no such user"})) as smtpd,
        gateway(always(200, '{"count":1,"list":[{"id":"1","status":"QUEUE"}]}')) as web,
    ):
        post = post_room(office(tmp_path, smtpd, rows, channel("sms-smsapi", web.url)))
        post.freeze(post.prepare(affair(), order()))
        deliver(post, FIRST, real_world(tmp_path))
        assert [asked.form["to"] for asked in web.asked] == ["48600000001"]
        assert list(smtpd.copies()) == ["b@example.com"]


def test_two_who_share_a_refused_mailbox_each_get_a_text_message_of_their_own(tmp_path: Path) -> None:
    rows = "name,email,mobile,language\n" + "".join(
        f"{name},x@example.com,600 000 00{n},pl\n" for n, name in ((1, "A"), (2, "B"), (2, "C"))
    )
    with (
        running(tmp_path, Faults(recipients={"x@example.com": "550 5.1.1 no such user"})) as smtpd,
        gateway(always(200, '{"count":1,"list":[{"id":"1","status":"QUEUE"}]}')) as web,
    ):
        post = post_room(office(tmp_path, smtpd, rows, channel("sms-smsapi", web.url)))
        post.freeze(post.prepare(affair(), order()))
        deliver(post, FIRST, real_world(tmp_path))
        assert sorted(asked.form["to"] for asked in web.asked) == ["48600000001", "48600000002"]
    found = {name: standing for name, (standing, _why) in standings(post.ledger.rows(FIRST)).items()}
    assert found == {"a": "told", "b": "told", "c": "told"}


def test_the_preferred_way_comes_first(tmp_path: Path) -> None:
    rows = "name,email,mobile,language,preferred_channel\nA,a@example.com,600 000 001,pl,sms\n"
    with running(tmp_path) as smtpd, gateway(always(200, '{"list":[{"id":"1"}]}')) as web:
        post = post_room(office(tmp_path, smtpd, rows, channel("sms-smsapi", web.url)))
        post.freeze(post.prepare(affair(), order()))
        deliver(post, FIRST, real_world(tmp_path))
        assert len(web.asked) == 1 and not smtpd.accepted


def test_a_notice_without_a_short_text_is_not_sent_as_one(tmp_path: Path) -> None:
    post = post_room(office(tmp_path, None, ROWS, channel("sms-smsapi", "http://127.0.0.1:9")))
    with pytest.raises(InputError, match="no channel that can carry"):
        post.prepare(affair(), order("follow-up"))
    with pytest.raises(InputError, match="has no text message"):
        post.prepare(affair(), order("follow-up", "clients", "text"))


def test_letters_without_accents_take_half_the_messages() -> None:
    assert (
        without_accents("Zażółć gęślą jaźń – příliš žluťoučký kůň")
        == "Zazolc gesla jazn - prilis zlutoucky kun"
    )
    assert without_accents("„Tak” — ’ano’… 5\u00a0000 «ne»") == '"Tak" - \'ano\'... 5 000 "ne"'


def test_printed_quotes_and_blanks_alone_do_not_double_the_messages() -> None:
    assert thrifty("We’re back – call +48\u00a0600 “now”") == 'We\'re back - call +48 600 "now"'
    assert thrifty("Nasze łącze – „działa”") == "Nasze łącze – „działa”", (
        "its letters need the long form anyway"
    )


def test_a_drill_sends_no_text_message(tmp_path: Path) -> None:
    with gateway(always(200, "")) as web:
        post = post_room(office(tmp_path, None, ROWS, channel("sms-twilio", web.url)))
        post.freeze(post.prepare(affair(), order()))
        drill = Rehearsal(tmp_path, {"SMS": "x"})
        assert deliver(post, FIRST, drill).why == "done"
        assert not web.asked and len(drill.recorded) == 2


needs_gammu = pytest.mark.skipif(
    shutil.which("gammu") is None, reason="gammu is not installed: apt-get install gammu"
)


@needs_gammu
def test_a_modem_sends_with_no_internet_at_all(tmp_path: Path) -> None:
    (tmp_path / "dummy").mkdir()
    (tmp_path / "gammurc").write_text(
        f"[gammu]\nconnection = none\nmodel = dummy\nport = {tmp_path / 'dummy'}\n"
    )
    channels = f"  - channel: modem\n    sms-gammu: {{config: {tmp_path / 'gammurc'}, a_minute: 6000}}\n"
    post, ended = send(tmp_path, channels)
    assert ended.why == "done" and states(post, FIRST) == {"sent": 2}
    assert "message reference" in next(iter(post.ledger.rows(FIRST))).reply


@needs_gammu
def test_a_modem_that_is_not_there_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "gammurc").write_text("[gammu]\nconnection = at\nport = /dev/nothing-here\n")
    post, ended = send(tmp_path, f"  - channel: modem\n    sms-gammu: {{config: {tmp_path / 'gammurc'}}}\n")
    assert ended.why == "account" and states(post, FIRST) == {"queued": 2}


BUS = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={path}</listen>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
"""
PYTHON = "/usr/bin/python3"
"""The system's own, for which Debian has python3-dbusmock."""


def has_modem_manager() -> bool:
    there = all(shutil.which(program) for program in ("mmcli", "dbus-daemon", PYTHON))
    return there and not subprocess.run([PYTHON, "-c", "import dbusmock"], capture_output=True).returncode


@contextmanager
def modem_manager(
    folder: Path, monkeypatch: pytest.MonkeyPatch, refuse: str = "", **modems: str
) -> Iterator[Path]:
    """ModemManager on a system bus of its own; the file holds what its modem sent."""
    sent = folder / "sent.txt"
    (folder / "bus.conf").write_text(BUS.format(path=folder / "bus"))
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={folder / 'bus'}")
    template = Path(__file__).with_name("modem_manager.py")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    bus = subprocess.Popen(["dbus-daemon", "--config-file", str(folder / "bus.conf"), "--nofork"], **quiet)
    mock = None
    try:
        wait_for((folder / "bus").exists)
        parameters = json.dumps({"sent": str(sent), "refuse": refuse, **modems})
        mock = subprocess.Popen(
            [PYTHON, "-m", "dbusmock", "--system", "-t", str(template), "-p", parameters], **quiet
        )
        expected = b"No modems" if modems.get("modems") == "0" else b"Stick"
        wait_for(lambda: expected in subprocess.run(["mmcli", "-L"], capture_output=True).stdout)
        yield sent
    finally:
        for process in filter(None, (mock, bus)):
            process.kill()
            process.wait(10)


def wait_for(there: Callable[[], bool]) -> None:
    for _ in range(400):
        if there():
            return
        time.sleep(0.05)
    raise AssertionError("it did not start")


@pytest.mark.skipif(
    not has_modem_manager(),
    reason="apt-get install modemmanager dbus python3-dbusmock, or this is NOT tested",
)
def test_the_modem_of_modem_manager_sends_and_says_what_it_could_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "name,mobile,language\nA,600 000 001,pl\nB,600 000 002,pl\n"
    with modem_manager(tmp_path, monkeypatch, refuse="+48600000002") as sent:
        post, ended = send(tmp_path, "  - channel: modem\n    sms-modem: {a_minute: 6000}\n", rows)
        number, _tab, text = sent.read_text().strip().partition("\t")
    assert ended.why == "done" and states(post, FIRST) == {"sent": 1, "failed": 1}
    assert number == "+48600000001" and "problem techniczny" in text
    replies = {row.key.contact: row.reply for row in post.ledger.rows(FIRST)}
    assert "successfully sent" in replies["a"] and "no network" in replies["b"]
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'nothing'}")
    (again := tmp_path / "again").mkdir()
    post, ended = send(again, "  - channel: modem\n    sms-modem: {}\n", rows)
    assert ended.why == "account" and states(post, FIRST) == {"queued": 2}
