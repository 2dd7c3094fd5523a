"""Delivery reports: what a gateway took is not delivered; what did not arrive goes another way."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bcp.app.notice.reports import remind
from bcp.app.session import Session
from bcp.clock import Clock, SystemClock
from bcp.notice.campaign.outbox import Key
from bcp.notice.campaign.post import Post
from bcp.notice.campaign.reports import DeliveryRound, Reporting, is_due
from bcp.notice.campaign.standing import standings
from tests import quick
from tests.frozen import START, FrozenClock
from tests.gateways import Asked, Gateway, gateway
from tests.posts import INCIDENT, affair, deliver, office, order, post_room, real_world
from tests.test_sms import ACCOUNT, channel
from tests.twilio import CONTRACT

FIRST = f"{INCIDENT}/line-down/1"
ROWS = "name,mobile,language\nA,600 000 001,pl\n"
SID = "SM" + "0" * 32
TAKEN = {
    "sms-twilio": (201, json.dumps({"sid": SID, "status": "queued"})),
    "sms-smsapi": (200, '{"count":1,"list":[{"id":"5F","status":"QUEUE"}]}'),
    "sms-liveall": (200, "OK ID:20817547"),
    "sms-bulkgate": (200, '{"data":{"status":"accepted","sms_id":"tm1"}}'),
}
ID = {"sms-twilio": SID, "sms-smsapi": "5F", "sms-liveall": "20817547"}


def twilio(status: str, **more: object) -> tuple[int, str]:
    told = {"sid": SID, "status": status, "error_code": None, "error_message": None, **more}
    return 200, json.dumps({**told, "date_updated": "Thu, 26 Nov 2026 07:01:30 +0000"})


def smsapi(status: str) -> tuple[int, str]:
    one = {"id": "5F", "status": status, "number": "48600000001", "date_sent": 1795676490, "error": None}
    return 200, json.dumps({"count": 1, "list": [one]})


def liveall(code: int, words: str) -> tuple[int, str]:
    return 200, f"20817547:1795676400:1795676490:48600000001:{code}:{words}:1:0.0379"


@pytest.fixture(scope="module")
def web() -> Iterator[tuple[Gateway, list[tuple[int, str]]]]:
    """A gateway that answers with what the list holds last."""
    answers: list[tuple[int, str]] = []
    with gateway(lambda _asked: answers[-1]) as served:
        yield served, answers


@pytest.fixture
def sent(tmp_path: Path, web: tuple[Gateway, list[tuple[int, str]]]) -> Iterator[object]:
    served, answers = web

    def send(kind: str, clock: Clock | None = None) -> Post:
        served.asked.clear()
        answers[:] = [TAKEN[kind]]
        written = channel(kind, served.url) + "  - channel: paper\n    file: {}\n"
        post = post_room(office(tmp_path, None, ROWS, written), clock)
        post.freeze(post.prepare(affair(), order()))
        deliver(post, FIRST, real_world(tmp_path))
        served.asked.clear()
        return post

    yield send


def reporting(post: Post) -> Reporting:
    return Reporting(post.ledger, post.ways.channels, post.clock)


def asked_of(post: Post, folder: Path) -> DeliveryRound:
    rows = reporting(post).unreported(post.ledger.campaigns(INCIDENT))
    return reporting(post).ask(real_world(folder), rows)


@pytest.mark.parametrize(
    ("kind", "answer", "outcome"),
    [
        ("sms-twilio", twilio("delivered"), "delivered"),
        ("sms-twilio", twilio("read"), "delivered"),
        ("sms-twilio", twilio("sent"), "open"),
        ("sms-twilio", twilio("undelivered", error_code=30003, error_message="Unreachable"), "failed"),
        ("sms-twilio", (404, '{"code": 20404}'), "open"),
        ("sms-twilio", (401, '{"code": 20003}'), "silent"),
        ("sms-smsapi", smsapi("DELIVERED"), "delivered"),
        ("sms-smsapi", smsapi("SENT"), "open"),
        ("sms-smsapi", smsapi("UNKNOWN"), "open"),
        ("sms-smsapi", smsapi("EXPIRED"), "failed"),
        ("sms-smsapi", (200, '{"error":101,"message":"Authorization failed"}'), "silent"),
        ("sms-liveall", liveall(200000, "Delivered"), "delivered"),
        ("sms-liveall", liveall(100007, "Queued"), "open"),
        ("sms-liveall", liveall(100003, "Undelivered"), "failed"),
        ("sms-liveall", (200, "Error: 2 - Wrong apitoken"), "silent"),
        ("sms-liveall", (502, "<html>"), "silent"),
    ],
)
def test_what_became_of_a_message_is_asked_for_and_kept(
    tmp_path: Path,
    sent: object,
    web: tuple[Gateway, list[tuple[int, str]]],
    kind: str,
    answer: tuple[int, str],
    outcome: str,
) -> None:
    post: Post = sent(kind)  # type: ignore[operator]
    key = Key(FIRST, "a", "text")
    assert standings(post.ledger.rows(FIRST))["a"][0] == "told" and reporting(post).arrived(key) is None
    web[1].append(answer)
    done = asked_of(post, tmp_path)
    (asked,) = web[0].asked
    assert ID[kind] in asked.path + asked.body.decode()
    found = standings(post.ledger.rows(FIRST))["a"][0]
    states = {row.key.channel: row.state for row in post.ledger.rows(FIRST)}
    if outcome == "delivered":
        assert done.delivered == 1 and found == "told"
        expected = START if kind == "sms-smsapi" else datetime(2026, 11, 26, 7, 1, 30, tzinfo=UTC)
        assert reporting(post).arrived(key) == expected
        asked_of(post, tmp_path)
        assert len(web[0].asked) == 1, "a message that arrived is asked for no more"
    elif outcome == "failed":
        assert done.failed == ["A"] and states == {"text": "failed", "paper": "queued"}
        assert "not delivered: " in next(post.ledger.rows(FIRST)).reply
    else:
        assert states["text"] == "sent" and found == "told" and reporting(post).arrived(key) is None
        assert bool(done.silent) == (outcome == "silent")


def test_bulkgate_has_no_reports_so_nothing_is_asked(
    tmp_path: Path, sent: object, web: tuple[Gateway, list[tuple[int, str]]]
) -> None:
    post: Post = sent("sms-bulkgate")  # type: ignore[operator]
    assert asked_of(post, tmp_path).asked == 0 and not web[0].asked


def test_the_question_to_twilio_keeps_its_contract(
    tmp_path: Path, sent: object, web: tuple[Gateway, list[tuple[int, str]]]
) -> None:
    from openapi_core import OpenAPI
    from openapi_core.testing import MockRequest

    post: Post = sent("sms-twilio")  # type: ignore[operator]
    web[1].append(twilio("sent"))
    asked_of(post, tmp_path)
    asked: Asked = web[0].asked[0]
    assert (asked.method, asked.path) == ("GET", f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{SID}.json")
    contract = OpenAPI.from_dict(json.loads(CONTRACT.read_text()))
    headers = {"Authorization": asked.headers["Authorization"]}
    contract.validate_request(MockRequest("https://api.twilio.com", "get", asked.path, headers=headers))


def test_a_silent_gateway_is_asked_once_and_an_old_message_now_and_then(
    tmp_path: Path, web: tuple[Gateway, list[tuple[int, str]]]
) -> None:
    served, answers = web
    answers[:] = [TAKEN["sms-smsapi"]]
    rows = ROWS + "B,600 000 002,pl\nC,600 000 003,pl\n"
    clock = FrozenClock()
    post = post_room(office(tmp_path, None, rows, channel("sms-smsapi", served.url)), clock)
    post.freeze(post.prepare(affair(), order()))
    deliver(post, FIRST, real_world(tmp_path))
    served.asked.clear()
    answers.append((503, "busy"))
    assert asked_of(post, tmp_path).asked == 1 and len(served.asked) == 1
    row = next(post.ledger.rows(FIRST))
    assert row.last_at is not None and is_due(row, row.last_at + timedelta(minutes=3))
    later = datetime(2026, 11, 26, 9, 31, tzinfo=UTC)
    assert not is_due(row, later) and is_due(row, later.replace(minute=40))
    clock.go_on(timedelta(hours=80))
    assert list(reporting(post).unreported(post.ledger.campaigns(INCIDENT))) == []


def test_the_command_asks_the_gateways_also_where_no_mailbox_is_read(
    tmp_path: Path, sent: object, web: tuple[Gateway, list[tuple[int, str]]]
) -> None:
    sent("sms-smsapi", SystemClock())  # type: ignore[operator]
    web[1].append(smsapi("EXPIRED"))
    surroundings = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "NO_COLOR": "1", "SMS": "sms-secret"}
    said = quick.run(("inbox", "fetch"), tmp_path, surroundings, subprocess.DEVNULL, timeout=60)
    assert said.returncode == 0, said.stderr
    assert "Delivery reports: 1 asked for, 0 arrived, 1 did not." in said.stderr
    assert "A: not delivered; the next way is tried" in said.stderr


def test_a_watch_tells_how_many_messages_did_not_arrive_and_no_names(
    tmp_path: Path, sent: object, web: tuple[Gateway, list[tuple[int, str]]]
) -> None:
    sent("sms-smsapi")  # type: ignore[operator]
    session = Session(str(tmp_path), {"SMS": "sms-secret"}, FrozenClock())
    web[1].append(smsapi("SENT"))
    assert remind(session) == []
    web[1].append(smsapi("UNDELIVERED"))
    assert remind(session) == [
        "Text messages that did not arrive: 1. See whom to tell another way: bcp notice status"
    ]
    assert remind(session) == []
