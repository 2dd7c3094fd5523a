"""Strange mails, and a server that fails at one: the rest is read, nothing twice, and each is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bcp.errors import InputError
from bcp.notice.campaign.outbox import Key, message_id, message_id_of
from bcp.notice.inbox.reading import Received, StrangeMail, read
from bcp.outside import Mailbox, MailServer, NewMail
from bcp.store.board import StoredBoard
from bcp.store.outbox import Outbox
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests.dovecot import PASSWORD as DOVECOT_PASSWORD
from tests.dovecot import dovecot, needs_dovecot
from tests.imapd import PASSWORD, USER, Imapd, imapd
from tests.posts import clients, state_of
from tests.posts import office as make_office
from tests.test_inbox import FIRST, ONE, addressed, bounce, letter_id, post_in, reply, sent
from tests.test_tell import bcp

HER = "jan0@example.com"
ESC = (
    f"From: client <{HER}>\r\nTo: office@x\r\n"
    "Subject: =?utf-8?q?hello=1B]0;PWNED=07=1B[2J=1B[HAll_clear_=E2=80=AE_gnp.exe?=\r\nMessage-ID: <1@x>\r\n\r\nhi\r\n"
).encode()
SURROGATE = b"From: \xff\xfe <jan0@example.com>\r\nSubject: =?utf-16?b?2AA=?= \xff\r\nMessage-ID: \xff<\0>\r\n\r\n\r\n"
BOUNCE = (
    f"From: MAILER <{HER}>\r\nSubject: bounce\r\nContent-Type: multipart/report; report-type=delivery-status;"
    " boundary=B\r\n\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
    f"Final-Recipient: rfc822; {HER}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    "Diagnostic-Code: smtp; 550 \x1b[31mno such\x1b]0;PWN\x07 user\r\n\r\n--B--\r\n"
).encode()


def deep(levels: int) -> bytes:
    head = f"From: a <{HER}>\r\nSubject: deep\x1b[2J\r\nMessage-ID: <deep@x>\r\nMIME-Version: 1.0\r\n"
    parts = (f"Content-Type: multipart/report; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(levels))
    return (head + "".join(parts)).encode()


STRANGE = [deep(3000), ESC, SURROGATE, BOUNCE]


def with_inbox(place: Path, port: int, authority: Path, security: str = "tls") -> None:
    inbox = (
        f"inbox: {{host: localhost, port: {port}, user: {USER}, password: 'env:BOX', authority: {authority}"
    )
    text = (place / "channels.yaml").read_text().partition("inbox:")[0]
    (place / "channels.yaml").write_text(f"{text}{inbox}, security: {security}}}\n")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "office").mkdir()
    return sent(tmp_path / "office").folder


def played(place: Path, password: str) -> None:
    """`bcp inbox fetch` twice, and the list: as a user would."""
    first = bcp(place, "inbox", "fetch", BOX=password)
    assert first.returncode == 0, first.stderr
    assert first.stderr.startswith("3 replies, 0 bounces, 0 automatic answers, 2 others.\n"), first.stderr
    assert "Looked at 5 mails since" in first.stderr
    assert f"Left aside: {HER} deep" in first.stderr and "too deep in each other" in first.stderr
    assert "Firma 0 (Jan Nowak 0) cannot be reached" in first.stderr
    again = bcp(place, "inbox", "fetch", BOX=password)
    assert again.stderr.startswith("0 replies, 0 bounces, 0 automatic answers, 0 others.\n"), again.stderr
    listed = bcp(place, "inbox", "list")
    assert listed.returncode == 0 and "All clear" in listed.stdout and "Re: Nasze łącze" in listed.stdout
    for said in (first, again, listed):
        assert not [
            letter for letter in said.stdout + said.stderr if letter != "\n" and not letter.isprintable()
        ]
    kinds = [one["kind"] for one in json.loads(bcp(place, "inbox", "list", "--json").stdout)]
    assert sorted(kinds) == ["hint", "person", "person", "person"]
    assert not Outbox(state_of(place)).suppressed()


def test_strange_mails_are_said_and_the_mail_behind_them_is_read(place: Path, tmp_path: Path) -> None:
    with imapd(tmp_path, [*STRANGE, addressed(place, reply(9)).encode()]) as box:
        with_inbox(place, box.port, box.authority)
        played(place, PASSWORD)


@needs_dovecot
def test_the_same_in_the_mailbox_of_a_real_server(place: Path, tmp_path: Path) -> None:
    (tmp_path / "box").mkdir()
    with dovecot(tmp_path / "box") as box:
        for raw in (*STRANGE, addressed(place, reply(9)).encode()):
            box.deliver(raw)
        with_inbox(place, box.port, box.authority, "starttls")
        played(place, DOVECOT_PASSWORD)


def server(box: Imapd) -> MailServer:
    return MailServer("localhost", box.port, "tls", USER, "env:BOX", authority=str(box.authority))


def opened(box: Imapd) -> Mailbox:
    return Real(Secrets(Path(), {"BOX": PASSWORD})).mailbox(server(box))


class There(Real):
    """The world in which the inbox is this one."""

    def __init__(self, box: Imapd) -> None:
        super().__init__(Secrets(Path(), {"BOX": PASSWORD}))
        self.box = box

    def mailbox(self, _server: MailServer) -> Mailbox:
        return super().mailbox(server(self.box))


def mails(count: int) -> list[bytes]:
    return [
        b"From: a@example.com\r\nSubject: mail %d\r\n\r\nhello\r\n" % number for number in range(1, count + 1)
    ]


def test_a_message_that_the_server_refuses_stops_none_of_the_others(tmp_path: Path) -> None:
    with imapd(tmp_path, mails(3)) as box:
        box.refuses = {2}
        found = list(heads(box))
    assert [(new.number, bool(new.raw), new.why) for new in found] == [
        (1, True, ""), (2, False, "the server does not hand it over"), (3, True, ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("times", "why"), [(1, ""), (2, ""), (99, "the connection breaks each time it is fetched")]
)
def test_where_the_connection_breaks_it_is_tried_anew_and_left_aside_in_the_end(
    tmp_path: Path, times: int, why: str
) -> None:
    with imapd(tmp_path, mails(3)) as box:
        box.breaks_at = {2: times}
        found = list(heads(box))
    assert [(new.number, new.why) for new in found] == [(1, ""), (2, why), (3, "")]


@pytest.mark.parametrize(
    ("fetched", "raw", "why"),
    [
        ("UID {number} BODY[HEADER]<0> NIL", b"", ""),
        ('UID {number} BODY[HEADER]<0> "Subject: \\"x\\""', b'Subject: "x"', ""),
        (
            "UID {number} BODY[HEADER]<0> {{99999999999999}}",
            b"",
            "the connection breaks each time it is fetched",
        ),
    ],
)
def test_a_message_comes_as_its_server_tells_it_and_an_impossible_length_stops_nothing(
    tmp_path: Path, fetched: str, raw: bytes, why: str
) -> None:
    with imapd(tmp_path, mails(1)) as box:
        box.fetched, box.searched = fetched, " (MODSEQ 917)"
        assert list(heads(box)) == [NewMail(1, raw, why)]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("NO [UNAVAILABLE] Temporary authentication failure.", "cannot be read"),
        ("", "cannot be read"),
        ("NO [AUTHENTICATIONFAILED] Invalid.", "does not let office in"),
    ],
)
def test_nobody_is_told_to_look_at_the_password_for_what_is_no_fault_of_it(
    tmp_path: Path, answer: str, words: str
) -> None:
    with imapd(tmp_path, []) as box:
        box.logs_in = answer
        with pytest.raises(InputError) as caught:
            opened(box)
    assert words in caught.value.message
    assert ("password" in caught.value.hint) is ("does not let" in words)


@pytest.mark.parametrize(
    ("folder", "asked"),
    [
        ("[Gmail]/Wysłane", "[Gmail]/Wys&AUI-ane"),
        ("[Gmail]/Wys&AUI-ane", "[Gmail]/Wys&AUI-ane"),
        ("Απεσταλμένα", "&A5EDwAO1A8MDxAOxA7sDvAOtA70DsQ-"),
        ("R&D", "R&-D"),
    ],
)
def test_a_folder_is_named_as_people_write_it(tmp_path: Path, folder: str, asked: str) -> None:
    with imapd(tmp_path, mails(1)) as box:
        assert opened(box).search(folder, "<a@example.com>") in (True, False)
        assert f'EXAMINE "{asked}"' in box.asked


def test_a_search_that_the_server_refuses_finds_no_letter(tmp_path: Path) -> None:
    with imapd(tmp_path, mails(1)) as box:
        box.searched = "NO [SERVERBUG] no index"
        with pytest.raises(InputError, match="search was refused"):
            opened(box).search("Sent", "<a@example.com>")


def test_where_the_server_is_away_nothing_is_left_aside(tmp_path: Path) -> None:
    with imapd(tmp_path, mails(3)) as box:
        box.refuses = {1}  # so that they are asked for one by one
        new = heads(box)
        assert next(new).number == 1
        box.breaks_at, box.quotes = {2: 1}, "gone"
        with pytest.raises(InputError, match="cannot be read"):
            next(new)


def heads(box: Imapd) -> Iterator[NewMail]:
    mailbox = opened(box)
    return mailbox.heads(mailbox.numbers("INBOX", 0), 1000)


def test_where_a_server_tells_the_number_behind_the_message_each_is_known(tmp_path: Path) -> None:
    with imapd(tmp_path, mails(25)) as box:
        box.numbers_last = True
        found = list(heads(box))
        assert [(new.number, b"mail %d\r" % new.number in new.raw) for new in found] == [
            (number, True) for number in range(1, 26)
        ]
        assert len([line for line in box.asked if line.startswith("UID FETCH")]) == 2, "twenty at once"


def test_a_server_that_sends_whole_messages_where_it_is_asked_for_a_part_hides_none(tmp_path: Path) -> None:
    post = sent(tmp_path)
    answers = [addressed(post.folder, reply(number)).replace("\n", "\r\n").encode() for number in range(1, 4)]
    large = b"From: a@shop.example\r\nSubject: large\r\n\r\n" + b"--b\r\n\0\r\n" * 1_700_000
    with imapd(tmp_path, [answers[0], large, *answers[1:]]) as box:
        box.sends_all = True
        done = post_in(post, There(box)).fetch()  # type: ignore[arg-type]
    assert (done.replies, done.others, done.left) == (3, 1, 0)
    assert done.fetched > len(large), "what came is said"


def test_of_whole_messages_that_come_unasked_only_their_beginnings_are_kept(tmp_path: Path) -> None:
    larges = [b"Subject: %d\r\n\r\n" % number + b"x" * 3_000_000 for number in range(4)]
    with imapd(tmp_path, larges) as box:
        box.sends_all = True
        mailbox = There(box).mailbox(None)  # type: ignore[arg-type]
        numbers = mailbox.numbers("INBOX", 0)
        heads = [(new.number, new.raw) for new in mailbox.heads(numbers, 1000)]
    assert heads == [(number, large[:1000]) for number, large in enumerate(larges, 1)]
    assert mailbox.fetched == sum(map(len, larges)), "what came is said"


def test_what_came_whole_and_unasked_is_not_fetched_once_more(tmp_path: Path) -> None:
    post = sent(tmp_path)
    answers = [
        addressed(post.folder, reply(number)).replace("\n", "\r\n").encode() + b"x" * 100_000
        for number in range(1, 4)
    ]
    with imapd(tmp_path, answers) as box:
        box.sends_all = True
        done = post_in(post, There(box)).fetch()  # type: ignore[arg-type]
        assert (done.replies, done.fetched) == (3, sum(map(len, answers)))


def test_of_a_large_message_no_more_than_is_needed_is_fetched(tmp_path: Path) -> None:
    post = sent(tmp_path)
    large = addressed(post.folder, reply(1)).replace("\n", "\r\n").encode() + b"x" * 12_000_000
    with imapd(tmp_path, [large, b"From: a@shop.example\r\nSubject: sale\r\n\r\n" + b"x" * 5_000_000]) as box:
        done = post_in(post, There(box)).fetch()  # type: ignore[arg-type]
    assert (done.replies, done.others) == (1, 1)
    assert done.fetched < 64 * 1024


def test_where_the_server_counts_anew_no_reply_is_lost_and_none_is_there_twice(
    place: Path, tmp_path: Path
) -> None:
    post = sent(tmp_path)
    replies = [addressed(post.folder, reply(number)).encode() for number in (1, 2)]
    with imapd(tmp_path, replies) as box:
        world = There(box)
        assert post_in(post, world).fetch().replies == 2  # type: ignore[arg-type]
        assert post_in(post, world).fetch().replies == 0  # type: ignore[arg-type]
        third = addressed(post.folder, reply(3)).encode()
        box.validity, box.messages = 2, {1: third, 2: replies[0]}
        assert post_in(post, world).fetch().replies == 1  # type: ignore[arg-type]
        box.messages[3] = addressed(post.folder, reply(4)).encode()
        assert post_in(post, world).fetch().replies == 1  # type: ignore[arg-type]
    assert len(StoredBoard(state_of(post.folder)).replies()) == 4


def test_the_number_that_an_earlier_version_kept_goes_on(tmp_path: Path) -> None:
    post = sent(tmp_path)
    board = StoredBoard(state_of(post.folder))
    inbox = post.ways.inbox
    assert inbox is not None
    board.set_seen(f"{inbox.user}@{inbox.host}/{inbox.folder}", 1)
    with imapd(tmp_path, [addressed(post.folder, reply(number)).encode() for number in (1, 2)]) as box:
        assert post_in(post, There(box)).fetch().replies == 1  # type: ignore[arg-type]
        assert post_in(post, There(box)).fetch().replies == 0  # type: ignore[arg-type]


def test_what_a_server_says_of_a_failure_shows_no_secret(tmp_path: Path) -> None:
    with imapd(tmp_path, []) as box:
        box.quotes = f"no folder for {USER} {PASSWORD}"
        with pytest.raises(InputError) as caught:
            opened(box).validity("INBOX")
    assert PASSWORD not in caught.value.message and "no folder for" in caught.value.message


def test_the_id_of_a_letter_cannot_be_guessed_and_stays_with_the_letter(tmp_path: Path) -> None:
    assert message_id("example.com") != message_id("example.com")
    post = sent(tmp_path)
    ids = post.ledger.message_ids(FIRST)
    assert {key.contact for key in ids.values()} == {ONE.contact, "firma-1-jan-nowak-1"}
    by_key = {key: name for name, key in ids.items()}
    assert (
        message_id_of(post.ledger.content(ONE))
        == by_key[ONE]
        != by_key[Key(FIRST, "firma-1-jan-nowak-1", "mail")]
    )
    assert bounce() != addressed(post.folder, bounce())


LINES = "x\n" * 500_000


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (deep(100) + LINES.encode(), "too deep in each other"),
        (
            f"From: {HER}\nContent-Type: multipart/report;{' a=b;' * 400_000}\n\n".encode(),
            "256 KB of headers",
        ),
        (f"From: {HER}\nSubject: {'(' * 3_000_000}\n\n".encode(), "256 KB of headers"),
        (b"From: jan0@example.com\nSubject: a\n" + b" x\n" * 3000 + b"\n", "2000 lines"),
        (b"\0" * 3_000_000, "256 KB of headers"),
    ],
)
def test_a_mail_that_is_made_to_be_slow_is_left_aside_and_says_who_wrote_it(raw: bytes, why: str) -> None:
    found = read(raw)
    assert why in (found.why if isinstance(found, StrangeMail) else found.strange)
    assert found.sender == (HER if b"From" in raw else "")


def test_of_a_mail_that_is_no_report_the_parts_are_not_read_however_deep_they_lie() -> None:
    found = read(deep(400).replace(b"multipart/report", b"multipart/mixed") + LINES.encode())
    assert isinstance(found, Received) and found.sender == HER


def test_a_report_that_returns_a_large_letter_is_read_by_what_stands_before_it() -> None:
    raw = (
        bounce().replace("text/rfc822-headers", "message/rfc822").replace("\n--b--", "x" * 70 + "\n")
        + LINES * 4
    )
    found = read(raw.encode())
    assert isinstance(found, Received) and letter_id(ONE.contact) in found.returns
    assert [each.hard for each in found.bounces] == [True]


def test_a_letter_that_is_no_mail_has_no_id(tmp_path: Path) -> None:
    make_office(tmp_path, None, clients(1))
    assert message_id_of(b"Firma 0\n+48600\n\nMessage-ID: <x@y>\r\n") == ""
    assert message_id_of(b"From: a\r\n\r\nMessage-ID: <x@y>\r\n") == ""
