"""What comes back: bounces, replies and automatic answers, and a board on which no two people take one reply."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.errors import InputError
from bcp.notice.campaign.outbox import Key
from bcp.notice.campaign.post import Post
from bcp.notice.campaign.standing import standings
from bcp.notice.inbox.board import ClientReply
from bcp.notice.inbox.bounce import Bounce
from bcp.notice.inbox.post_in import PostIn
from bcp.notice.inbox.reading import Received, StrangeMail, read
from bcp.outside import MailEnvelope, MailResult, MailServer, NewMail
from bcp.store.board import StoredBoard
from bcp.store.outbox import Outbox
from bcp.world.rehearsal import Rehearsal
from tests.frozen import START
from tests.posts import (
    INCIDENT,
    affair,
    clients,
    deliver,
    office,
    order,
    post_room,
    state_of,
)
from tests.smtpd import USER

FIRST = f"{INCIDENT}/line-down/1"
ONE = Key(FIRST, "firma-0-jan-nowak-0", "mail")

BOUNCE = """\
From: MAILER-DAEMON@example.net
To: office@example.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-1@example.net>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver it.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.net

Final-Recipient: rfc822; jan0@example.com
Original-Recipient: rfc822;jan0@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <jan0@example.com>: no such
    user here

--b
Content-Type: text/rfc822-headers

From: office@example.com
Message-ID: {original}
Subject: x

--b--
"""
REPLY = """\
From: Jan Nowak <jan0@example.com>
To: office@example.com
Subject: Re: Nasze =?utf-8?b?xYLEhWN6ZQ==?=
Message-ID: <{id}@client.example>
In-Reply-To: {original}
{more}
Thank you!
"""


class Mailbox:
    """A mailbox that holds what the test says, numbered from 1."""

    def __init__(self, messages: Sequence[bytes], counted: int = 1) -> None:
        self.messages: Mapping[int, bytes] = dict(enumerate(messages, 1))
        self.counted = counted
        self.fetched = 0
        self.asked_since: list[date | None] = []

    def search(self, folder: str, message_id: str) -> bool:
        return any(message_id.encode() in message for message in self.messages.values())

    def validity(self, folder: str) -> int:
        return self.counted

    def numbers(self, folder: str, after: int, since: date | None = None) -> list[int]:
        self.asked_since.append(since)
        return [number for number in self.messages if number > after]

    def heads(self, numbers: Sequence[int], most: int) -> Iterator[NewMail]:
        for number in numbers:
            head = self.messages[number].replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n\n"
            yield self._taken(NewMail(number, head[:most]))

    def beginning(self, number: int, most: int) -> NewMail:
        return self._taken(NewMail(number, self.messages[number][:most]))

    def _taken(self, new: NewMail) -> NewMail:
        self.fetched += len(new.raw)
        return new


CHANNELS = (
    f"  - channel: mail\n    smtp: {{host: localhost, user: {USER}, password: 'env:MAIL', from: 'Kropka <{USER}>',"
    " a_minute: 0}\n"
)
INBOX = f"inbox: {{host: localhost, user: {USER}, password: 'env:MAIL'}}\n"


class World(Rehearsal):
    """A world whose mail server takes every letter, and whose mailbox holds what the test says."""

    def __init__(self, folder: Path, messages: Sequence[str | bytes]) -> None:
        super().__init__(folder, {})
        texts = [message if isinstance(message, bytes) else message.encode() for message in messages]
        self.mailed: list[bytes] = []
        self.says = "2.0.0 ok"
        self.box = Mailbox([addressed(folder, text.decode("latin-1")).encode("latin-1") for text in texts])

    def mailbox(self, server: MailServer) -> Mailbox:  # type: ignore[override]
        return self.box

    def mail(self, parcel: MailEnvelope, before_body: Callable[[], None]) -> MailResult:
        before_body()
        self.mailed.append(parcel.content)
        return MailResult("body", 250, self.says.format(count=len(self.mailed)))


def letter_id(contact: str) -> str:
    """The Message-ID of the letter to a contact, as long as nobody wrote it: see `addressed`."""
    return f"<letter-to-{contact}@example.com>"


def addressed(folder: Path, message: str) -> str:
    """The message with the real ids of the letters of this office."""
    for name, key in Outbox(state_of(folder)).message_ids(FIRST).items():
        message = message.replace(letter_id(key.contact), name)
    return message


def bounce(status: str = "5.1.1", action: str = "failed") -> str:
    return BOUNCE.format(status=status, action=action, original=letter_id(ONE.contact))


def reply(number: int = 1, more: str = "", original: str = "") -> str:
    return REPLY.format(id=number, more=more, original=original or letter_id(ONE.contact))


def sent(folder: Path, address: str = "jan0@example.com") -> Post:
    """An office whose letters to two clients were taken by a server."""
    office(folder, None, clients(2).replace("jan0@example.com", address), CHANNELS + INBOX)
    post = post_room(folder)
    post.freeze(post.prepare(affair(), order()))
    deliver(post, FIRST, World(folder, []))
    return post


def post_in(post: Post, world: World) -> PostIn:
    return PostIn(post, StoredBoard(state_of(post.folder)), world, list(post.ledger.campaigns(INCIDENT)))


def test_a_bounce_is_read_with_its_letter_its_status_and_its_reason() -> None:
    found = read(bounce().encode())
    assert isinstance(found, Received) and letter_id(ONE.contact) in found.returns
    said = Bounce("jan0@example.com", "5.1.1", "550 5.1.1 <jan0@example.com>: no such user here")
    assert found.bounces == (said,)
    assert said.hard and not said.delayed


@pytest.mark.parametrize(
    ("status", "hard"),
    [
        ("5.1.1", True),
        ("5.1.10", True),
        ("5.2.1", True),
        ("5.1.8", False),
        ("5.1.90", False),
        ("5.2.2", False),
    ],
)
def test_only_what_is_about_the_recipient_ends_an_address(status: str, hard: bool) -> None:
    assert Bounce("a@example.com", status, "").hard is hard
    ours = (
        "550 sender rejected: office@example.com",
        "550 Your IP is blacklisted",
        "blocked using zen.example",
    )
    assert not any(Bounce("a@example.com", status, words).hard for words in ours)


def test_a_report_of_success_is_no_bounce(tmp_path: Path) -> None:
    post = sent(tmp_path)
    done = post_in(post, World(tmp_path, [bounce("2.0.0", "delivered")])).fetch()
    assert (done.bounces, done.automatic) == (0, 1)
    assert standings(post.ledger.rows(FIRST))[ONE.contact][0] == "told"


@pytest.mark.parametrize(
    ("more", "automatic"),
    [
        ("", False),
        ("Auto-Submitted: no\n", False),
        ("Auto-Submitted: auto-replied (vacation)\n", True),
        ("Auto-Submitted: auto-generated; x=y\n", True),
        ("Precedence: bulk\n", False),
        ("Precedence: list\nList-ID: <a.example.com>\n", False),
        ("X-Autoreply: yes\n", True),
        ("Return-Path: <>\n", True),
    ],
)
def test_an_automatic_answer_is_known_by_its_headers(more: str, automatic: bool) -> None:
    found = read(reply(more=more).encode())
    assert isinstance(found, Received)
    assert (found.writer == "automatic") is automatic and found.subject == "Re: Nasze łącze"


def test_a_bounce_makes_a_letter_fail_and_its_address_is_not_written_to_again(tmp_path: Path) -> None:
    post = sent(tmp_path)
    done = post_in(post, World(tmp_path, [bounce()])).fetch()
    assert done.bounces == 1
    assert standings(post.ledger.rows(FIRST))[ONE.contact][0] == "unreachable"
    assert list(post.ledger.suppressed()) == ["jan0@example.com"]


def test_a_full_mailbox_fails_once_and_may_be_written_to_again(tmp_path: Path) -> None:
    post = sent(tmp_path)
    post_in(post, World(tmp_path, [bounce("5.2.2")])).fetch()
    assert standings(post.ledger.rows(FIRST))[ONE.contact][0] == "unreachable"
    assert not post.ledger.suppressed()


def test_a_letter_that_is_only_late_is_still_told(tmp_path: Path) -> None:
    post = sent(tmp_path)
    post_in(post, World(tmp_path, [bounce("4.4.1", "delayed")])).fetch()
    assert standings(post.ledger.rows(FIRST))[ONE.contact][0] == "told"


def test_a_letter_on_which_the_server_gave_up_is_not_told_although_its_status_begins_with_4(
    tmp_path: Path,
) -> None:
    post = sent(tmp_path)
    assert post_in(post, World(tmp_path, [bounce("4.4.7", "failed")])).fetch().bounces == 1
    assert standings(post.ledger.rows(FIRST))[ONE.contact][0] == "unreachable"
    assert not post.ledger.suppressed()


def test_a_bounce_about_a_contact_to_whom_no_letter_went_is_a_hint_too(tmp_path: Path) -> None:
    inbox = f"inbox: {{host: localhost, user: {USER}, password: 'env:MAIL'}}\n"
    office(tmp_path, None, clients(2), f"  - channel: paper\n    file: {{}}\n{inbox}")
    post = post_room(tmp_path)
    mail = (
        "From: MAILER <jan0@example.com>\nSubject: bounce\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=B\n\n"
        "--B\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
        "Final-Recipient: rfc822; jan0@example.com\nAction: failed\nStatus: 5.1.1\n\n--B--\n"
    )
    done = post_in(post, World(tmp_path, [mail])).fetch()
    assert (done.bounces, done.strange, done.unproven) == (0, 1, ["Firma 0 (Jan Nowak 0)"])
    assert not post.ledger.suppressed()


def test_a_bounce_without_the_id_of_a_letter_of_ours_fails_none_and_is_a_hint_for_a_person(
    tmp_path: Path,
) -> None:
    post = sent(tmp_path)
    bare = bounce().replace(f"Message-ID: {letter_id(ONE.contact)}\n", "")
    foreign = (
        bounce().replace(letter_id(ONE.contact), "<guessed@example.com>").replace("bounce-1", "bounce-2")
    )
    done = post_in(post, World(tmp_path, [bare, foreign])).fetch()
    assert (done.bounces, done.strange, done.unproven) == (0, 2, ["Firma 0 (Jan Nowak 0)"])
    assert standings(post.ledger.rows(FIRST))[ONE.contact][0] == "unknown", "nobody knows whether it arrived"
    assert not post.ledger.suppressed()
    (waiting,) = StoredBoard(state_of(tmp_path)).replies()
    assert (waiting.kind, waiting.contact, waiting.status) == ("hint", "Firma 0 (Jan Nowak 0)", "open")
    post_in(post, World(tmp_path, [bare, foreign, reply(7)])).fetch()
    assert standings(post.ledger.rows(FIRST))[ONE.contact][0] == "told", "who answers a letter has it"


def carried(folder: Path) -> Post:
    """An office whose letters to two clients lie as files, which somebody sends from another program."""
    paper = f"  - channel: paper\n    file: {{}}\ninbox: {{host: localhost, user: {USER}, password: 'env:MAIL'}}\n"
    office(folder, None, clients(2), paper)
    post = post_room(folder)
    post.freeze(post.prepare(affair(), order()))
    deliver(post, FIRST, World(folder, []))
    assert standings(post.ledger.rows(FIRST))[ONE.contact][0] == "unknown"
    return post


def test_who_answers_the_id_of_a_letter_that_went_as_a_file_has_it(tmp_path: Path) -> None:
    post = carried(tmp_path)
    file = next(path for path in tmp_path.rglob("*.eml") if ONE.contact in path.name)
    (name,) = re.findall(r"^Message-ID: (.*?)\r?$", file.read_bytes().decode(), re.MULTILINE)
    mail = reply(original=name).replace("jan0@example.com", "jan.private@example.org")
    assert post_in(post, World(tmp_path, [mail])).fetch().replies == 1
    (kept,) = StoredBoard(state_of(tmp_path)).replies()
    assert (kept.contact, kept.campaign) == ("Firma 0 (Jan Nowak 0)", FIRST)
    assert standings(post.ledger.rows(FIRST))[ONE.contact][0] == "told"


def test_who_answers_a_letter_that_a_program_sent_with_an_id_of_its_own_is_known_by_his_address(
    tmp_path: Path,
) -> None:
    post = carried(tmp_path)
    mail = reply(original="<made-by-the-program@office.example>")
    assert post_in(post, World(tmp_path, [mail])).fetch().replies == 1
    (kept,) = StoredBoard(state_of(tmp_path)).replies()
    assert (kept.contact, kept.campaign) == ("Firma 0 (Jan Nowak 0)", FIRST)
    assert standings(post.ledger.rows(FIRST))[ONE.contact][0] == "unknown", "an address proves nothing"


def test_a_bounce_of_a_letter_that_went_as_a_file_ends_the_address_it_was_for(tmp_path: Path) -> None:
    post = carried(tmp_path)
    assert post_in(post, World(tmp_path, [bounce()])).fetch().bounces == 1
    assert list(post.ledger.suppressed()) == ["jan0@example.com"]


def deep(levels: int) -> str:
    parts = "".join(f"Content-Type: multipart/report; boundary=b{n}\n\n--b{n}\n" for n in range(levels))
    return f"From: a@example.com\nSubject: deep\nMIME-Version: 1.0\n{parts}"


STRANGE = {
    "parts that lie deep in each other": deep(2000),
    "parts that lie rather deep in each other": deep(300),
    "ten thousand parts": "Return-Path: <>\nSubject: undeliverable\nContent-Type: multipart/mixed; boundary=b\n\n"
    + "--b\n\nx\n" * 10_000,
    "a hundred thousand headers": "X-A: b\n" * 100_000 + "\nx\n",
    "too many letters": "Return-Path: <>\nSubject: undeliverable\n\n" + "x" * 12_000_000,
    "nested messages": "From: postmaster@x.example\n" + "Content-Type: message/rfc822\n\n" * 3000,
}


@pytest.mark.parametrize("mail", STRANGE.values(), ids=STRANGE.keys())
def test_a_strange_mail_stops_nothing_and_is_not_fetched_again(tmp_path: Path, mail: str) -> None:
    post = sent(tmp_path)
    incoming = post_in(post, World(tmp_path, [mail, reply()]))
    done = incoming.fetch()
    assert (done.strange, done.replies) == (1, 1)
    again = incoming.fetch()
    assert (again.strange, again.replies) == (0, 0)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0\0\0",
        b"From: \xff\xfe <a@b.example>\r\nSubject: =?utf-16?b?2AA=?= \xff\r\nMessage-ID: \xff<\0>\r\n\r\n",
        b"Subject: =?x-nowhere?q?a?=\n\nx",
        b"Subject: =?utf-8?b?!!!!?=\nDate: never\n\nx",
        b"Subject: =?utf-8?q?hello=1B]0;PWNED=07_=E2=80=AE?=\n\nx",
        b"Subject: a\0b\nContent-Type: text/plain; charset=\xff\n\nx",
        b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n"
        b"Content-Transfer-Encoding: base64\n\n!!!\n--b--\n",
        b"From: " + b"<" * 100_000 + b"\n\n",
        b"References: " + b"<" * 200_000 + b"\n\n",
        b"From: " + b"(" * 5000 + b"\n\n",
    ],
)
def test_whatever_a_mail_holds_reading_and_keeping_it_never_raises(tmp_path: Path, raw: bytes) -> None:
    found = read(raw)
    if isinstance(found, Received):
        board = StoredBoard(tmp_path)
        kept = ClientReply(
            found.message_id, "i", "i/a/1", "c", found.sender, found.subject, START, why=found.why
        )
        assert board.put(kept)
        assert board.replies() == [kept]


@pytest.mark.parametrize(
    ("written", "comes_from"),
    [("jan0@example.com", "JAN0@example.com"), ("Jan0@Example.com", "jan0@example.com")],
)
def test_who_answers_and_what_bounces_is_known_in_whatever_capitals_its_address_comes(
    tmp_path: Path, written: str, comes_from: str
) -> None:
    post = sent(tmp_path, written)
    answer = reply(original="<else@x>").replace("jan0@example.com", comes_from)
    bare = bounce().replace(f"Message-ID: {letter_id(ONE.contact)}\n", "")
    bare = bare.replace("rfc822; jan0@example.com", f"rfc822; {comes_from}")
    done = post_in(post, World(tmp_path, [answer, bare])).fetch()
    assert (done.replies, done.bounces, done.unproven) == (1, 0, ["Firma 0 (Jan Nowak 0)"])
    board = StoredBoard(state_of(tmp_path)).replies()
    assert {(one.contact, one.kind) for one in board} == {
        ("Firma 0 (Jan Nowak 0)", kind) for kind in ("person", "hint")
    }


@pytest.mark.parametrize(
    "head",
    [
        "Date: x\nFrom: \x00undisclosed:;.@\n",
        "Message-ID: <(group:a; boundary=x<multipart/report\n",
        "From: =?utf-8?b?4p\t>,message@\n",
        "From: .:<\n .=?utf-8?b?4p,\nSubject: =?no-such?q?x?=\n",
    ],
)
def test_a_head_that_no_reader_of_addresses_can_read_does_not_stop_the_inbox(
    tmp_path: Path, head: str
) -> None:
    post = sent(tmp_path)
    done = post_in(post, World(tmp_path, [f"{head}\nbuy now\n", reply(1)])).fetch()
    assert (done.strange + done.others, done.replies) == (1, 1)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_bounces(raw: bytes) -> None:
    for mail in (raw, b"From: " + raw, b"Return-Path: <>\nFrom: a\n\n" + raw):
        assert not isinstance(read(mail), StrangeMail)


def test_two_replies_without_an_id_are_two(tmp_path: Path) -> None:
    post = sent(tmp_path)
    both = [reply(1).replace("Message-ID: <1@client.example>\n", "") + more for more in ("a", "b")]
    assert post_in(post, World(tmp_path, both)).fetch().replies == 2


def test_replies_become_a_board_each_message_once(tmp_path: Path) -> None:
    post = sent(tmp_path)
    messages = [
        reply(1),
        reply(2, "Auto-Submitted: auto-replied\n"),
        reply(3, original="<else@x>"),
        "From: a@b\n\nhi\n",
    ]
    world = World(tmp_path, messages)
    done = post_in(post, world).fetch()
    assert (done.replies, done.automatic, done.others) == (2, 1, 1)
    assert post_in(post, world).fetch().replies == 0
    board = StoredBoard(state_of(post.folder))
    assert [(one.contact, one.status) for one in board.replies()] == [("Firma 0 (Jan Nowak 0)", "open")] * 2
    assert {one.campaign for one in board.replies()} == {FIRST}
    assert sorted(one.pile for one in board.sorted_mails()) == ["automatic", "other"]


def test_of_two_people_who_take_a_reply_one_wins(tmp_path: Path) -> None:
    post = sent(tmp_path)
    post_in(post, World(tmp_path, [reply()])).fetch()
    board = StoredBoard(state_of(post.folder))
    (one,) = board.replies()
    now = post.clock.now()
    assert board.move(one.message_id, "taken", "anna", ("open", ""), now)
    assert not board.move(one.message_id, "taken", "ewa", ("open", ""), now)
    assert board.replies()[0].owner == "anna"


def test_without_a_mailbox_the_remedy_is_named(tmp_path: Path) -> None:
    post = post_room(office(tmp_path, None, clients(1)))
    with pytest.raises(InputError, match="names no mailbox"):
        post_in(post, World(tmp_path, [])).fetch()


def test_rubbish_in_the_mailbox_breaks_nothing(tmp_path: Path) -> None:
    post = sent(tmp_path)
    rubbish = [
        "",
        "\0\0\0",
        "Content-Type: multipart/report\n\n",
        bounce().replace("-Recipient", "-X").replace(letter_id(ONE.contact), "<x@y>"),
        "Subject: =?x?y?z?=\n\n",
    ]
    done = post_in(post, World(tmp_path, rubbish)).fetch()
    assert done.strange + done.others == len(rubbish)
