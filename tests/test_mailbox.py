"""The mailbox of the answers, in a real IMAP server."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bcp.errors import InputError
from bcp.outside import Mailbox, MailServer
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests.dovecot import PASSWORD, USER, Dovecot, dovecot, needs_dovecot
from tests.test_inbox import addressed, bounce, letter_id, post_in, reply, sent

pytestmark = needs_dovecot


def server(box: Dovecot, **changes: object) -> MailServer:
    told = {
        "host": "localhost",
        "port": box.port,
        "user": USER,
        "password": "env:BOX",
        "authority": str(box.authority),
    }
    return MailServer(**{**told, **changes})  # type: ignore[arg-type]


def world(password: str = PASSWORD) -> Real:
    return Real(Secrets(Path(), {"BOX": password}))


def test_new_messages_are_fetched_once_and_stay_unread(tmp_path: Path) -> None:
    with dovecot(tmp_path) as box:
        box.deliver(b"Subject: one\n\n1\n")
        box.deliver(b"Subject: two\n\n2\n")
        opened = world().mailbox(server(box))
        assert opened.numbers("INBOX", 0) == [1, 2]
        newest, _oldest = opened.heads([2, 1], 1000)
        assert newest.number == 2 and b"Subject: two" in newest.raw and b"2\r\n" not in newest.raw
        assert opened.beginning(1, 1000).raw.endswith(b"1\r\n")
        assert opened.beginning(1, 11).raw == b"Subject: on"
        assert (
            opened.fetched
            == sum(map(len, (newest.raw, _oldest.raw))) + len(b"Subject: one\r\n\r\n1\r\n") + 11
        )
        assert opened.numbers("INBOX", 2) == []
        assert opened.numbers("INBOX", 0, date(2020, 1, 1)) == [1, 2]
        assert opened.numbers("INBOX", 0, date(2100, 1, 1)) == []
        assert opened.validity("INBOX") > 0
        assert not [path for path in (box.mail / "cur").iterdir() if path.name.endswith("S")]


def test_a_letter_is_found_in_the_sent_folder_by_its_message_id(tmp_path: Path) -> None:
    with dovecot(tmp_path) as box:
        box.deliver(b"Message-ID: <abc@example.com>\nSubject: x\n\nx\n", "Sent")
        mailbox = world().mailbox(server(box))
        assert mailbox.search("Sent", "<abc@example.com>")
        assert not mailbox.search("Sent", "<other@example.com>")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"user": "nobody"}, "does not let nobody in"),
        ({"authority": ""}, "certificate of localhost is not to be trusted"),
        ({"port": 1}, "cannot be read"),
        ({"password": "env:NOTHING"}, "env:NOTHING is not set"),
    ],
)
def test_a_mailbox_that_does_not_open_is_a_sentence(
    tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    with dovecot(tmp_path) as box, pytest.raises(InputError) as caught:
        world().mailbox(server(box, **changes))
    assert words in caught.value.message
    assert PASSWORD not in caught.value.message + caught.value.hint


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with dovecot(tmp_path) as box, pytest.raises(InputError, match="cannot be read"):
        world().mailbox(server(box)).numbers("Nowhere", 0)


def test_bounces_and_replies_in_a_real_mailbox_reach_the_ledger_and_the_board(tmp_path: Path) -> None:
    (tmp_path / "office").mkdir()
    (tmp_path / "box").mkdir()
    post = sent(tmp_path / "office")
    with dovecot(tmp_path / "box") as box:
        other = letter_id("firma-1-jan-nowak-1")
        for text in (bounce(), reply(original=other)):
            box.deliver(addressed(post.folder, text).encode())

        class There(Real):
            def mailbox(self, _server: MailServer) -> Mailbox:
                return super().mailbox(server(box))

        done = post_in(post, There(Secrets(Path(), {"BOX": PASSWORD}))).fetch()  # type: ignore[arg-type]
        assert (done.bounces, done.replies) == (1, 1)
