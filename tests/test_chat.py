"""The staff's chat, through the real Apprise against a web server of the test: why it failed is kept."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bcp.notice.campaign.plan_words import plan_words
from bcp.notice.campaign.post import Post
from bcp.notice.campaign.standing import standings
from bcp.notice.channel.channels import load as load_channels
from bcp.outside import NEEDS_APPRISE, ChatPost
from bcp.world.real import Real
from bcp.world.rehearsal import Rehearsal
from bcp.world.secret import Secrets
from bcp.yaml.source import Reader
from tests.gateways import gateway
from tests.ports import free_port
from tests.posts import INCIDENT, affair, deliver, office, order, post_room, states
from tests.smtpd import Faults, running
from tests.web_pages import web

FIRST = f"{INCIDENT}/staff-answer/1"
PEOPLE = """\
name: Agencja Kropka
language: en
country: PL
timezone: Europe/Warsaw
people:
  - {person: anna, name: Anna Nowak, phone: "+48600000101", email: anna@example.com, language: pl}
  - {person: piotr, name: Piotr Lis, phone: "+48600000102", email: piotr@example.com, language: pl}
roles: [{role: lead, owner: anna}]
"""
ROOM = "  - channel: chat\n    chat: {room: 'env:ROOM'}\n"


def room(url: str, kind: str = "json", secret: str = "t0ken") -> str:
    return f"{kind}{url.removeprefix('http')}/hooks/{secret}"


def staff_told(folder: Path, channels: str, *, mail: object = None) -> Post:
    place = office(folder, mail, "name\nA\n", channels)  # type: ignore[arg-type]
    (place / "bcp.yaml").write_text(PEOPLE)
    if mail:
        text = (place / "channels.yaml").read_text()
        head, _mail, rest = text.partition("  - channel: mail")
        (place / "channels.yaml").write_text(
            head + channels + "  - channel: mail" + rest.replace(channels, "")
        )
    post = post_room(place)
    post.freeze(post.prepare(affair(), order("staff-answer", "staff")))
    return post


def world(folder: Path, url: str, **more: str) -> Real:
    return Real(Secrets(folder, {"ROOM": url, "MAIL": "s3cret pässword", **more}))


@pytest.mark.parametrize("kind", ["json", "xml"])
def test_one_post_in_the_room_tells_all_of_the_staff_and_greets_them_all(tmp_path: Path, kind: str) -> None:
    with gateway(lambda _asked: (200, "{}")) as web:
        post = staff_told(tmp_path, ROOM)
        ended = deliver(post, FIRST, world(tmp_path, room(web.url, kind)))
        (asked,) = web.asked
    assert ended.why == "done"
    said = asked.body.decode()
    assert "Dear all at Agencja Kropka" in said and "word for word" in said and "Anna Nowak," not in said
    if kind == "json":
        assert json.loads(said)["title"] == "A technical problem at our office – what we tell callers"
    plan = plan_words(post.prepare(affair(), order("staff-answer", "staff")))
    assert plan[1] == "the post in chat greets all 2 who read it there" and len(plan) == 2
    found = standings(post.ledger.rows(FIRST))
    assert {name: standing for name, (standing, _why) in found.items()} == {"anna": "told", "piotr": "told"}


def test_an_address_of_ones_own_gets_ones_own_language_and_name(tmp_path: Path) -> None:
    channels = "  - channel: push\n    chat: {people: {anna: 'env:ANNA', piotr: 'env:ROOM'}}\n"
    with gateway(lambda _asked: (200, "{}")) as web:
        post = staff_told(tmp_path, channels)
        own = room(web.url, secret="anna")
        assert deliver(post, FIRST, world(tmp_path, room(web.url), ANNA=own)).why == "done"
        said = {asked.path: json.loads(asked.body)["message"] for asked in web.asked}
    assert "Anna Nowak\n\nDzień dobry" in said["/hooks/anna"] and "Piotr Lis" in said["/hooks/t0ken"]


def test_a_refused_post_keeps_its_reason_and_each_person_gets_a_letter_instead(tmp_path: Path) -> None:
    with gateway(lambda _asked: (403, "no such hook: t0ken")) as web, running(tmp_path, Faults()) as smtpd:
        post = staff_told(tmp_path, ROOM, mail=smtpd)
        assert list(post.ways.channels) == ["chat", "mail"]
        assert deliver(post, FIRST, world(tmp_path, room(web.url))).why == "done"
        assert sorted(smtpd.copies()) == ["anna@example.com", "piotr@example.com"]
    rows = list(post.ledger.rows(FIRST))
    reply = next(row.reply for row in rows if row.key.channel == "chat" and row.state == "failed")
    assert "403" in reply and "t0ken" not in reply
    assert {standing for standing, _why in standings(rows).values()} == {"told"}


def test_a_chat_that_nobody_answers_for_fails_with_a_sentence(tmp_path: Path) -> None:
    post = staff_told(tmp_path, ROOM)
    deliver(post, FIRST, world(tmp_path, room(f"http://127.0.0.1:{free_port()}")))
    (failed,) = [row for row in post.ledger.rows(FIRST) if row.state == "failed"]
    assert failed.reply.endswith("(it refuses connections)") and "t0ken" not in failed.reply


def test_a_post_that_got_no_answer_is_unknown_and_not_repeated(tmp_path: Path) -> None:
    with gateway(lambda _asked: (0, "")) as web:
        post = staff_told(tmp_path, ROOM)
        deliver(post, FIRST, world(tmp_path, room(web.url)))
        deliver(post, FIRST, world(tmp_path, room(web.url)))
        assert len(web.asked) == 1
    assert states(post, FIRST) == {"unknown": 1, "suppressed": 1}
    assert {standing for standing, _why in standings(post.ledger.rows(FIRST)).values()} == {"unknown"}


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, "the secret env:ROOM is not set"),
        ({"ROOM": "nonsense-of-no-kind"}, "env:ROOM holds no address of a chat that Apprise knows"),
    ],
)
def test_a_room_that_is_none_is_a_sentence(tmp_path: Path, environ: dict[str, str], words: str) -> None:
    said = Real(Secrets(tmp_path, environ)).chat(ChatPost("env:ROOM", "title", "text"))
    assert said.accepted is False and words in said.reply


def test_a_drill_posts_nothing_and_misses_the_secret(tmp_path: Path) -> None:
    with gateway(lambda _asked: (200, "{}")) as web:
        there = Rehearsal(tmp_path, {"ROOM": room(web.url)})
        assert there.chat(ChatPost("env:ROOM", "title", "text")).accepted is True
        assert there.recorded == [ChatPost("env:ROOM", "title", "text")] and not web.asked
    missing = Rehearsal(tmp_path, {}).chat(ChatPost("env:ROOM", "title", "text"))
    assert missing.accepted is False and missing.reply == "the secret env:ROOM is not set"


def test_without_the_extra_the_remedy_is_named_and_nothing_else_is_in_the_way(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['apprise'] = None\n"
        "from pathlib import Path; from bcp.outside import ChatPost; from bcp.world.real import Real\n"
        "from bcp.world.secret import Secrets\n"
        "print(Real(Secrets(Path('.'), {'ROOM': 'x'})).chat(ChatPost('env:ROOM', 't', 'b')).reply)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == NEEDS_APPRISE


@pytest.mark.parametrize(
    ("chat", "words"),
    [
        ("{}", "this chat names nobody"),
        ("{room: 'slack://token'}", "expected a reference, never the password"),
    ],
)
def test_a_chat_that_leads_nowhere_is_a_mistake_with_its_place(tmp_path: Path, chat: str, words: str) -> None:
    (tmp_path / "channels.yaml").write_text(f"channels:\n  - channel: chat\n    chat: {chat}\n")
    reader = Reader()
    load_channels(tmp_path, reader)
    (mistake,) = reader.mistakes
    assert words in mistake.message and mistake.line == 3


def test_clients_are_not_in_the_staffs_chat(tmp_path: Path) -> None:
    post = post_room(office(tmp_path, None, "name,email,language\nA,a@example.com,en\n", ROOM))
    assert [one.why_not for one in post.prepare(affair(), order()).plan.left_out] == ["no way to reach"]


@pytest.mark.parametrize("status", [302, 307])
def test_a_post_is_not_sent_on_to_another_server(tmp_path: Path, status: int) -> None:
    with web("127.0.0.1", {"/x": (200, "application/json", "{}")}) as second:
        moved = {"/hooks/t0ken": (status, f"http://127.0.0.1:{second.port}/x", "")}
        with web("127.0.0.1", moved) as first:
            address = room(f"http://127.0.0.1:{first.port}")
            chatted = world(tmp_path, address).chat(ChatPost("env:ROOM", "Internet", "It is down."))
    assert chatted.accepted is False and "t0ken" not in chatted.reply, chatted
    assert first.paths == ["/hooks/t0ken"] and second.requests == []
