"""A copy of each letter for the office: in one transaction, never in a letter's way, and proof that it was sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from bcp.app.notice.doubt import look_up
from bcp.notice.campaign.outbox import LetterRow
from bcp.notice.campaign.plan_words import plan_words
from bcp.notice.channel.base import Handed
from bcp.yaml.source import Reader
from tests.imapd import imapd
from tests.posts import (
    INCIDENT,
    Silent,
    affair,
    clients,
    deliver,
    letters_of,
    office,
    order,
    post_room,
    real_world,
    states,
)
from tests.smtpd import USER, Faults, Smtpd, running

FIRST = f"{INCIDENT}/line-down/1"
ARCHIVE = "archive@example.com"


def with_copy(folder: Path, smtpd: Smtpd, to: str, more: str = "", count: int = 3) -> Path:
    made = office(folder, smtpd, clients(count))
    written = (made / "channels.yaml").read_text()
    (made / "channels.yaml").write_text(written.replace("a_minute: 0}", f"a_minute: 0, copy: {to}}}") + more)
    return made


@pytest.mark.parametrize(("to", "address"), [("yes", USER), (ARCHIVE, ARCHIVE)])
def test_each_letter_goes_to_its_reader_and_to_us_in_one_transaction(
    tmp_path: Path, to: str, address: str
) -> None:
    with running(tmp_path) as smtpd:
        post = post_room(with_copy(tmp_path, smtpd, to))
        post.freeze(post.prepare(affair(), order()))
        assert deliver(post, FIRST, real_world(tmp_path)).why == "done"
    assert smtpd.copies()[address] == 3 and smtpd.copies()["jan0@example.com"] == 1
    assert smtpd.commands["DATA"] == 3 and smtpd.commands["RCPT"] == 6
    assert {
        one.message["To"].addresses[0].addr_spec for one in smtpd.accepted if one.recipient == address
    } == {f"jan{n}@example.com" for n in range(3)}


@pytest.mark.parametrize(
    ("answer", "asked"),
    [("550 5.1.1 no such user", 1), ("452 4.5.3 too many recipients", 3), ("drop", 1), ("421 4.7.0 bye", 1)],
)
def test_a_refused_copy_stops_no_letter_and_is_said_once(tmp_path: Path, answer: str, asked: int) -> None:
    remarks = []

    def seen(_row: LetterRow, handed: Handed) -> None:
        remarks.append(handed.remark)

    with running(tmp_path, Faults(recipients={ARCHIVE: answer})) as smtpd:
        post = post_room(with_copy(tmp_path, smtpd, ARCHIVE))
        post.freeze(post.prepare(affair(), order()))
        assert deliver(post, FIRST, real_world(tmp_path), Silent(seen=seen)).why == "done"
        assert states(post, FIRST) == {"sent": 3} and ARCHIVE not in smtpd.copies()
        assert set(smtpd.copies().values()) == {1}
        assert smtpd.commands["RCPT"] == 3 + asked + (answer in ("drop", "421 4.7.0 bye"))
    assert remarks[0].startswith(f"the letters go out, but {ARCHIVE} gets no copy: ") and remarks[1:] == [
        "",
        "",
    ]
    assert all(row.attempts == 1 for row in post.ledger.rows(FIRST))
    assert remarks[0] in next(post.ledger.rows(FIRST)).reply


def test_the_plan_says_what_copies_cost_and_the_pace_counts_both(tmp_path: Path) -> None:
    with running(tmp_path) as smtpd:
        post = post_room(with_copy(tmp_path, smtpd, f"{ARCHIVE}, a_day: 4"))
        words = plan_words(post.prepare(affair(), order()))
        assert f"a copy goes to {ARCHIVE}: 4 a day counts twice, which makes 2 letters" in words
        assert any("1 more than the provider lets through in a day (2)" in line for line in words)
        text = (tmp_path / "channels.yaml").read_text().replace("a_minute: 0", "a_minute: 30")
        (tmp_path / "channels.yaml").write_text(text)
        paced = post_room(tmp_path)
        assert paced.ways.channels["mail"].pace().a_minute == 15


def test_a_copy_to_what_is_no_mailbox_is_refused_with_its_place(tmp_path: Path) -> None:
    from bcp.notice.channel.channels import load

    with running(tmp_path) as smtpd:
        with_copy(tmp_path, smtpd, "maybe")
    reader = Reader()
    load(tmp_path, reader)
    assert "expected yes, no, or a mailbox of yours" in str(reader.mistakes[0])


def test_a_copy_that_came_back_says_that_the_server_took_the_letter(tmp_path: Path) -> None:
    with running(tmp_path, Faults(drop_each=3)) as smtpd:
        post = post_room(with_copy(tmp_path, smtpd, "yes", count=2))
        post.freeze(post.prepare(affair(), order()))
        deliver(post, FIRST, real_world(tmp_path))
        assert states(post, FIRST)["unknown"] >= 1
        came = [one.content for one in smtpd.accepted if one.recipient == USER]
    with imapd(tmp_path, came) as box:
        inbox = (
            f"inbox: {{host: localhost, port: {box.port}, user: office, password: env:SMS,"
            f" authority: {box.authority}}}\n"
        )
        (tmp_path / "channels.yaml").write_text((tmp_path / "channels.yaml").read_text() + inbox)
        post = post_room(tmp_path)
        said = list(look_up(letters_of(post)))
    assert said and set(said) == {"a letter that was unknown was sent: its copy came back to us"}
    assert states(post, FIRST) == {"sent": 2}
