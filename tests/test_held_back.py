"""One recipient never stops the others, and a server that is down is waited for; who was called is not written to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bcp.notice.campaign.comeback import asked_back
from bcp.notice.campaign.outbox import HELD, Key, Settled, Taken
from bcp.notice.campaign.post import Post
from bcp.notice.campaign.standing import standings
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests.frozen import START, FrozenClock
from tests.ports import free_port
from tests.posts import (
    INCIDENT,
    Silent,
    affair,
    deliver,
    letters_of,
    office,
    order,
    post_room,
    real_world,
    states,
)
from tests.smtpd import Faults, Smtpd, running

FIRST = f"{INCIDENT}/line-down/1"
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Smtpd]:
    with running(tmp_path_factory.mktemp("server")) as found:
        yield found


@pytest.fixture
def smtpd(server: Smtpd) -> Smtpd:
    """The server as it is when nothing happened."""
    server.faults = Faults()
    server.accepted.clear()
    server.commands.clear()
    return server


def table(*addresses: str) -> str:
    rows = [f"{each.partition('@')[0].title()},{each},en" for each in addresses]
    return "\n".join(["name,email,language", *rows]) + "\n"


def of(folder: Path, smtpd: Smtpd, *locals_: str) -> Post:
    """Letters to these mailboxes of one provider wait."""
    post = post_room(office(folder, smtpd, table(*(f"{each}@client.example.com" for each in locals_))))
    post.freeze(post.prepare(affair(), order()))
    return post


def at(local: str) -> str:
    return f"{local}@client.example.com"


def told(smtpd: Smtpd) -> list[str]:
    return sorted(one.recipient.partition("@")[0] for one in smtpd.accepted)


BREAKS = {
    "hangs up": "drop",
    "421": "421 4.7.0 try again later",
    "quota": "552 Mailbox quota exceeded",
    "suspended": "550 5.7.1 Your account has been suspended",
    "daily limit": "554 5.7.0 daily limit reached",
    "daily limit for now": "452 4.5.3 daily sending limit exceeded",
    "account": "530 5.7.57 client not authenticated to send",
    "sender": "553 5.7.1 <anna@kropka.example>: Sender address rejected: not owned by user u",
    "relay": "554 5.7.1 <b@client.example.com>: Relay access denied",
    "relay at Exchange": "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
    "relay at Exim": "550 relay not permitted, authentication required",
    "our place": "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using list.example",
}


@pytest.mark.parametrize("answer", BREAKS.values(), ids=BREAKS)
def test_one_recipient_at_whom_the_server_breaks_off_stops_nobody_and_is_named(
    tmp_path: Path, smtpd: Smtpd, answer: str
) -> None:
    smtpd.faults.recipients = {at("b"): answer}
    post = of(tmp_path, smtpd, "a", "b", "c", "d")
    ended = deliver(post, FIRST, real_world(tmp_path), patience=MINUTE)
    assert told(smtpd) == ["a", "c", "d"]
    assert ended.why == "held" and ended.until == post.clock.now() + timedelta(minutes=5)
    (row,) = [row for row in post.ledger.rows(FIRST) if row.state != "sent"]
    assert (row.state, row.reason, row.attempts) == ("deferred", HELD, 2), "tried once more behind the others"
    standing, why = standings(post.ledger.rows(FIRST))["b"]
    assert standing == "waiting" and why.startswith("held back: ") and row.reply in why


@pytest.mark.parametrize(
    ("bodies", "recipients", "state"),
    [
        ({"b": "554 5.7.1 spam drop"}, {}, "failed"),
        ({"b": "554 5.7.1 this message exceeds our daily limitdrop"}, {}, "deferred"),
        ({"b": "drop"}, {}, "unknown"),
        ({}, {"b": "550 5.7.1 rejected by the policy of this recipient"}, "failed"),
        ({}, {"b": "452 4.5.3 too many recipients"}, "deferred"),
        ({}, {"b": "452 4.2.2 mailbox over quota"}, "deferred"),
        ({}, {"b": "552 5.2.2 mailbox over quota"}, "failed"),
    ],
)
def test_what_a_server_says_behind_the_dot_or_of_one_mailbox_stops_nobody_either(
    tmp_path: Path, smtpd: Smtpd, bodies: dict[str, str], recipients: dict[str, str], state: str
) -> None:
    smtpd.faults.bodies = {at(name): answer for name, answer in bodies.items()}
    smtpd.faults.recipients = {at(name): answer for name, answer in recipients.items()}
    post = of(tmp_path, smtpd, "a", "b", "c")
    deliver(post, FIRST, real_world(tmp_path))
    assert told(smtpd) == ["a", "c"]
    assert [row.state for row in post.ledger.rows(FIRST)] == ["sent", state, "sent"]
    assert [row.attempts for row in post.ledger.rows(FIRST)] == [1, 1, 1]


@pytest.mark.parametrize("place", ["front", "end", "middle"])
def test_twenty_in_a_row_at_whom_the_server_hangs_up_do_not_convict_the_account(
    tmp_path: Path, smtpd: Smtpd, place: str
) -> None:
    good, bad = [f"g{n}" for n in range(30)], [f"drop{n}" for n in range(20)]
    order_ = {"front": bad + good, "end": good + bad, "middle": good[:15] + bad + good[15:]}[place]
    smtpd.faults.recipients = {at(each): "drop" for each in bad}
    post = of(tmp_path, smtpd, *order_)
    ended = deliver(post, FIRST, real_world(tmp_path), patience=MINUTE)
    assert told(smtpd) == sorted(good)
    # Once nobody else is left, three of them look as the account does.
    assert ended.why == ("held" if place == "front" else "server")
    assert states(post, FIRST)["sent"] == 30 and smtpd.commands["RCPT"] < 30 + 20 * 4


@pytest.mark.parametrize(
    "answer",
    [
        "drop",
        "550 5.4.5 daily quota exceeded",
        "421 4.7.0 your account is locked",
        "553 5.7.1 <anna@kropka.example>: Sender address rejected: not owned by user u",
    ],
)
def test_what_everybody_gets_is_the_accounts_fault_after_a_few_and_no_address_is_blamed(
    tmp_path: Path, smtpd: Smtpd, answer: str
) -> None:
    names = [f"c{n}" for n in range(10)]
    smtpd.faults.recipients = {at(each): answer for each in names}
    post = of(tmp_path, smtpd, *names)
    ended = deliver(post, FIRST, real_world(tmp_path), patience=MINUTE)
    assert ended.why == ("account" if answer[0] == "5" else "server")
    assert states(post, FIRST) == {"queued": 10}
    assert len({row.address for row in post.ledger.rows(FIRST) if post.ledger.attempts(row.key)}) == 3
    smtpd.faults.recipients = {}
    assert deliver(post, FIRST, real_world(tmp_path)).why == "done" and len(told(smtpd)) == 10


def test_of_two_the_second_with_the_same_answer_is_enough_where_nobody_was_told(
    tmp_path: Path, smtpd: Smtpd
) -> None:
    smtpd.faults.recipients = {at(each): f"550 quota exceeded for <{at(each)}>" for each in "ab"}
    post = of(tmp_path, smtpd, "a", "b")
    assert deliver(post, FIRST, real_world(tmp_path), patience=MINUTE).why == "account"
    assert states(post, FIRST) == {"queued": 2}


def test_two_full_mailboxes_of_one_provider_prove_nothing_for_another_is_asked_next(
    tmp_path: Path, smtpd: Smtpd
) -> None:
    full = [f"f{n}@full.example" for n in range(4)]
    smtpd.faults.recipients = dict.fromkeys(full, "552 storage quota exceeded")
    post = post_room(office(tmp_path, smtpd, table(*full, "a@one.example", "b@two.example")))
    post.freeze(post.prepare(affair(), order()))
    assert deliver(post, FIRST, real_world(tmp_path)).why == "held"
    assert told(smtpd) == ["a", "b"]


def test_a_letter_that_was_held_back_goes_out_behind_the_others_once_the_server_takes_it(
    tmp_path: Path, smtpd: Smtpd
) -> None:
    smtpd.faults.recipients = {at("a"): "421 4.3.2 not now"}
    post = of(tmp_path, smtpd, "a", "b", "c")

    def taken_now(_row: object, _handed: object) -> None:
        if len(smtpd.accepted) == 2:
            smtpd.faults.recipients = {}

    assert deliver(post, FIRST, real_world(tmp_path), Silent(seen=taken_now), MINUTE).why == "done"
    assert [one.recipient.partition("@")[0] for one in smtpd.accepted][-1] == "a"
    assert {row.reason for row in post.ledger.rows(FIRST)} == {""}


def test_what_is_held_back_is_tried_a_few_times_then_waits_for_a_person_who_may_try_it_at_once(
    tmp_path: Path, smtpd: Smtpd
) -> None:
    smtpd.faults.recipients = {at("b"): "drop"}
    post, clock = of(tmp_path, smtpd, "a", "b"), FrozenClock()
    post.clock = clock
    run = letters_of(post)
    assert run.deliver(FIRST).why == "held"
    tries = 0
    while (comes := post.ledger.approval(FIRST).goes_on) is not None:
        clock.set_to(comes)
        assert run.go_on(FIRST).why == "held"
        tries += 1
        assert tries < 9
    assert tries == 3 and states(post, FIRST) == {"sent": 1, "deferred": 1}
    smtpd.faults.recipients = {}
    clock.set_to(START + timedelta(hours=3))
    assert run.go_on(FIRST).why == "held", "nobody asked for it"
    assert run.deliver(FIRST).why == "done"
    assert [(one.n, one.stage, one.state) for one in post.ledger.attempts(Key(FIRST, "b", "mail"))][-2:] == [
        (5, "recipient", "deferred"),
        (6, "body", "sent"),
    ]


@pytest.mark.parametrize(
    ("reply", "minutes"),
    [
        ("4.7.1 try again in 1 hour", 60),
        ("Please retry after 300 seconds.", 5),
        ("4.2.0 Greylisted, come back in 15 min", 15),
        ("4.7.0 limit reached, wait for 2 hours", 120),
        ("spróbuj ponownie za 1 godzinę", 60),
        ("opakujte za 2 hodiny", 120),
        ("try again in an hour", 60),
        ("4.7.1 try again later", None),
        ("you sent 500 messages in one session", None),
    ],
)
def test_the_hour_at_which_a_server_wants_us_back_is_read_from_its_words(
    reply: str, minutes: int | None
) -> None:
    assert asked_back(reply) == (timedelta(minutes=minutes) if minutes else None)


def test_a_letter_that_a_server_wants_in_an_hour_goes_out_then_and_not_before(
    tmp_path: Path, smtpd: Smtpd
) -> None:
    smtpd.faults.recipients = {at("a"): "450 4.7.1 try again in 1 hour"}
    post = of(tmp_path, smtpd, "a", "b")
    ended = deliver(post, FIRST, real_world(tmp_path), patience=MINUTE)
    assert (ended.why, ended.until) == ("waiting", START + timedelta(hours=1))
    assert post.ledger.approval(FIRST).goes_on == START + timedelta(hours=1)


def test_a_letter_that_is_held_back_waits_as_long_as_the_server_says_once_it_is_the_only_one(
    tmp_path: Path, smtpd: Smtpd
) -> None:
    smtpd.faults.recipients = {at("a"): "452 4.5.3 sending limit exceeded, try again in 1 hour"}
    post = of(tmp_path, smtpd, "a", "b")
    ended = deliver(post, FIRST, real_world(tmp_path), patience=MINUTE)
    assert (ended.why, ended.until) == ("held", post.clock.now() + timedelta(hours=1))
    assert told(smtpd) == ["b"] and smtpd.commands["RCPT"] == 3


def test_a_server_that_is_silent_about_one_recipient_is_waited_for_once(
    tmp_path: Path, smtpd: Smtpd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bcp.world.mail.COMMAND_TIMEOUT", 0.3)
    smtpd.faults.recipients = {at("b"): "silence"}
    post = of(tmp_path, smtpd, "a", "b", "c")
    deliver(post, FIRST, real_world(tmp_path))
    assert told(smtpd) == ["a", "c"] and smtpd.commands["RCPT"] == 3


FILES = "  - channel: paper\n    file: {}\n"


def away(folder: Path, channels: str = "") -> tuple[Post, int]:
    """Letters wait, and nobody listens at the port of the server."""
    port = free_port()
    mail = (
        f"  - channel: mail\n    smtp: {{host: localhost, port: {port}, from: a@example.com, a_minute: 0}}\n"
    )
    post = post_room(office(folder, None, table("a@example.com", "b@example.com"), mail + channels))
    post.freeze(post.prepare(affair(), order()))
    return post, port


def test_a_server_that_is_down_is_tried_again_after_5_15_and_30_seconds_once_for_all_letters(
    tmp_path: Path,
) -> None:
    post, port = away(tmp_path)
    watcher = Silent()
    ended = deliver(post, FIRST, real_world(tmp_path), watcher, timedelta(seconds=90))
    gone_by = post.clock.now() - START
    assert gone_by == timedelta(seconds=50) and watcher.count == 4
    refused = f"localhost refuses connections at port {port}"
    assert watcher.pauses == [refused] * 3
    assert (ended.why, ended.words) == ("server", f"{refused} (tried 4 times)")
    assert ended.until == post.clock.now() + timedelta(minutes=5)
    assert states(post, FIRST) == {"queued": 2} and all(not row.attempts for row in post.ledger.rows(FIRST))


def test_letters_by_another_way_do_not_wait_for_a_server_that_is_down(tmp_path: Path) -> None:
    post, _port = away(tmp_path, FILES)
    rows = list(post.ledger.rows(FIRST))
    paper = [row.key for row in rows if row.key.channel == "paper"]
    post.ledger.skip(rows[0].key, "skipped by anna", START)
    assert deliver(post, FIRST, real_world(tmp_path), patience=timedelta(seconds=90)).why == "server"
    assert {row.key: row.state for row in post.ledger.rows(FIRST)}[paper[0]] == "unknown", "it lies in a file"


def test_a_wrong_password_is_tried_once(tmp_path: Path, smtpd: Smtpd) -> None:
    post = of(tmp_path, smtpd, "a", "b")
    ended = deliver(post, FIRST, Real(Secrets(tmp_path, {"MAIL": "wrong"})), patience=timedelta(seconds=90))
    assert (ended.why, ended.until, smtpd.commands["AUTH"]) == ("account", None, 1)
    assert states(post, FIRST) == {"queued": 2}


def test_a_connection_that_was_kept_too_long_says_nothing_of_the_next_recipient(
    tmp_path: Path, smtpd: Smtpd
) -> None:
    smtpd.faults.bodies = {at("a"): "554 5.6.0 nodrop"}
    post = of(tmp_path, smtpd, "a", "b", "c")
    assert deliver(post, FIRST, real_world(tmp_path)).why == "done"
    assert [row.state for row in post.ledger.rows(FIRST)] == ["failed", "sent", "sent"]
    assert [len(post.ledger.attempts(row.key)) for row in post.ledger.rows(FIRST)] == [1, 1, 1]


def shared(folder: Path, smtpd: Smtpd) -> Post:
    """A and B read one mailbox; A has a phone besides."""
    rows = "name,email,mobile,language\nA,box@example.com,+48600000303,en\nB,BOX@example.com,,en\nC,c@example.com,,en\n"
    post = post_room(office(folder, smtpd, rows, "  - channel: phone\n    sms-modem: {}\n"))
    post.freeze(post.prepare(affair(), order()))
    return post


def test_who_was_told_by_phone_gets_no_letter_and_who_shares_his_mailbox_gets_it(
    tmp_path: Path, smtpd: Smtpd
) -> None:
    post = shared(tmp_path, smtpd)
    letters = letters_of(post)
    a, b, c = letters.post.contacts.all
    assert letters.note_call(c, "no-answer", "anna") == 0
    assert letters.note_call(a, "told", "anna") == 1
    assert not letters.freeze(post.prepare(letters.affair, order())).asks, "there is nothing to choose"
    assert deliver(post, FIRST, real_world(tmp_path)).why == "done"
    assert sorted(one.message["To"] for one in smtpd.accepted) == ["B <BOX@example.com>", "C <c@example.com>"]
    assert {
        name: found.standing for name, found in standings(post.ledger.rows(FIRST)).items()
    } == dict.fromkeys("abc", "told")
    assert letters.note_call(b, "told", "anna") == 0, "his letter is out"


def test_when_all_of_a_mailbox_were_told_by_phone_nothing_goes_there_and_the_sending_is_not_over_for_others(
    tmp_path: Path, smtpd: Smtpd
) -> None:
    post = shared(tmp_path, smtpd)
    letters = letters_of(post)
    a, b, c = letters.post.contacts.all
    assert [letters.note_call(each, "told", "anna") for each in (b, a, c)] == [0, 1, 1]
    assert deliver(post, FIRST, real_world(tmp_path)).why == "done" and not smtpd.accepted
    assert post.prepare(affair(), order()).campaign.id == FIRST


def test_who_was_told_by_phone_needs_no_next_way_when_the_letter_that_he_shares_fails(
    tmp_path: Path, smtpd: Smtpd
) -> None:
    rows = "name,email,mobile,language\nA,box@example.com,,en\nB,BOX@example.com,+48600000303,en\n"
    post = post_room(office(tmp_path, smtpd, rows, "  - channel: phone\n    sms-modem: {}\n"))
    post.freeze(post.prepare(affair(), order()))
    letters = letters_of(post)
    letters.note_call(letters.post.contacts.all[1], "told", "anna")
    post.ledger.settle(Key(FIRST, "a", "mail"), Settled("failed", START, "recipient", 550, "no such user"))
    assert post.ledger.next(FIRST, START) is None


def test_a_letter_is_set_aside_for_the_next_way_and_taken_up_again(tmp_path: Path, smtpd: Smtpd) -> None:
    post = shared(tmp_path, smtpd)
    mail, phone = Key(FIRST, "a", "mail"), Key(FIRST, "a", "phone")
    assert post.ledger.skip(mail, "skipped by anna", START)
    state = {row.key: row.state for row in post.ledger.rows(FIRST)}
    assert (state[mail], state[phone]) == ("cancelled", "queued")
    assert standings(post.ledger.rows(FIRST))["b"].standing == "not told", (
        "he shared it, and has no other way"
    )
    with pytest.raises(Taken):
        post.ledger.skip(mail, "skipped by anna", START)
    post.ledger.take_up(mail, START)
    state = {row.key: row.state for row in post.ledger.rows(FIRST)}
    assert (state[mail], state[phone]) == ("queued", "suppressed")
    assert standings(post.ledger.rows(FIRST))["b"].standing == "waiting"
    post.ledger.skip(mail, "skipped by anna", START)
    post.ledger.claim(phone, START)
    with pytest.raises(Taken):
        post.ledger.take_up(mail, START)


def test_letters_that_are_added_or_written_anew_are_none_to_which_a_person_agreed(
    tmp_path: Path, smtpd: Smtpd
) -> None:
    post = of(tmp_path, smtpd, "a", "b")
    letters = letters_of(post)
    post.ledger.approve(FIRST, "anna")
    letters.freeze(post.prepare(letters.affair, order()))
    assert post.ledger.approval(FIRST).by == "anna", "nothing is new"
    post = post_room(office(tmp_path, smtpd, table(at("a"), at("b"), at("c"))))
    letters = letters_of(post)
    letters.freeze(post.prepare(letters.affair, order()))
    assert post.ledger.approval(FIRST).by == ""
    post.ledger.approve(FIRST, "anna")
    letters.renew(post.prepare(letters.affair, order()))
    assert post.ledger.approval(FIRST).by == ""
