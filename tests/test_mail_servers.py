"""Letters through a real provider: postfix with STARTTLS and AUTH, dovecot for the mailbox, real delivery reports."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from bcp.app.notice.doubt import look_up
from bcp.notice.campaign.letters import IncidentLetters
from bcp.notice.campaign.outbox import Settled
from bcp.notice.campaign.post import Post
from bcp.notice.campaign.standing import standings
from bcp.notice.inbox.post_in import PostIn
from bcp.store.board import StoredBoard
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests.children import IS_ROOT
from tests.dovecot import PASSWORD
from tests.postfix import Provider, needs_postfix, provider, until_arrived
from tests.posts import INCIDENT, affair, deliver, office, order, post_room, state_of, states
from tests.waiting import until

FIRST = f"{INCIDENT}/line-down/1"
pytestmark = [
    needs_postfix,
    pytest.mark.skipif(not IS_ROOT, reason="postfix starts as root only"),
]


@pytest.fixture(scope="module")
def there() -> Iterator[Provider]:
    # Not below pytest's folder: each pytest that starts beside this one shuts that again for other users.
    with tempfile.TemporaryDirectory(prefix="provider-") as folder, provider(Path(folder)) as found:
        yield found


def post_of(folder: Path, there: Provider, rows: str, more: str = "") -> Post:
    channels = (
        f"  - channel: mail\n    smtp: {{host: localhost, port: {there.port}, user: office, password: 'env:MAIL',"
        f' from: "Agencja Kropka <office@example.com>", authority: {there.authority}, a_minute: 0{more}}}\n'
        f"inbox: {{host: localhost, port: {there.box.port}, security: starttls, user: office, password: 'env:MAIL',"
        f" authority: {there.box.authority}}}\n"
    )
    post = post_room(office(folder, None, rows, channels))
    post.freeze(post.prepare(affair(), order()))
    return post


def world(folder: Path, password: str = PASSWORD) -> Real:
    return Real(Secrets(folder, {"MAIL": password}))


def test_a_letter_that_the_outside_refuses_comes_back_as_a_report_and_reaches_the_ledger(
    tmp_path: Path, there: Provider
) -> None:
    there.outside.refuses = {"gone@example.org": "550 5.1.1 there is no such mailbox"}
    rows = "name,person,email,language\nKlient,Żaneta Łoś,here@example.org,pl\nGone,,gone@example.org,cs\n"
    post = post_of(tmp_path, there, rows)
    assert deliver(post, FIRST, world(tmp_path)).why == "done"
    assert states(post, FIRST) == {"sent": 2}, "both were accepted by the provider"
    until_arrived(there, b"gone@example.org")
    letter = message_from_bytes(there.outside.arrived["here@example.org"], policy=policy.default)
    assert letter["To"] == "Klient <here@example.org>" or "Łoś" in str(letter["To"])
    assert "Żaneta Łoś\n\nDzień dobry" in letter.get_content().replace("\r\n", "\n")  # type: ignore[attr-defined]
    incoming = PostIn(
        post, StoredBoard(state_of(post.folder)), world(tmp_path), list(post.ledger.campaigns(INCIDENT))
    )
    done = incoming.fetch()
    assert (done.bounces, done.replies, done.strange) == (1, 0, 0)
    rows_by = {row.key.contact: row for row in post.ledger.rows(FIRST)}
    assert rows_by["gone"].state == "failed" and "no such mailbox" in rows_by["gone"].reply
    assert standings(post.ledger.rows(FIRST))["gone"][0] == "unreachable"
    assert list(post.ledger.suppressed()) == ["gone@example.org"]
    assert incoming.fetch().bounces == 0


def test_who_unsubscribes_by_mail_is_answered_through_the_same_provider(
    tmp_path: Path, there: Provider
) -> None:
    post = post_of(tmp_path, there, "name,email,language\nKlient,leaves@example.org,pl\n")
    deliver(post, FIRST, world(tmp_path))
    until(lambda: "leaves@example.org" in there.outside.arrived)
    letter = message_from_bytes(there.outside.arrived.pop("leaves@example.org"), policy=policy.default)
    named = re.search(r"mailto:([^?>]+)\?subject=(\w+)", letter["List-Unsubscribe"])
    assert named is not None and named[1] == "office@example.com"
    there.box.deliver(
        f"Return-Path: <leaves@example.org>\nFrom: Klient <leaves@example.org>\nTo: {named[1]}\n"
        f"Subject: {named[2]}\nMessage-ID: <leave@example.org>\n\n".encode()
    )
    incoming = PostIn(
        post, StoredBoard(state_of(post.folder)), world(tmp_path), list(post.ledger.campaigns(INCIDENT))
    )
    (gone,) = incoming.fetch().opted_out
    assert (gone.address, gone.unanswered) == ("leaves@example.org", "")
    assert dict(post.ledger.suppressed()) == {"leaves@example.org": "opted out"}
    until(lambda: "leaves@example.org" in there.outside.arrived)
    answer = message_from_bytes(there.outside.arrived["leaves@example.org"], policy=policy.default)
    assert (answer["In-Reply-To"], answer["Auto-Submitted"]) == ("<leave@example.org>", "auto-replied")
    assert "Na adres leaves@example.org" in answer.get_content()
    again = post.prepare(affair(), order("update"))
    assert [(one.contact.name, one.why_not) for one in again.plan.planned] == [("Klient", "opted out")]


def test_what_the_provider_refuses_at_once_fails_or_waits_by_its_code(
    tmp_path: Path, there: Provider
) -> None:
    rows = "name,email,language\nA,refused-550@example.org,en\nB,refused-450@example.org,en\nC,c@example.org,en\n"
    post = post_of(tmp_path, there, rows)
    assert deliver(post, FIRST, world(tmp_path)).why == "waiting"
    found = {row.key.contact: (row.state, row.code) for row in post.ledger.rows(FIRST)}
    assert found == {"a": ("failed", 550), "b": ("deferred", 450), "c": ("sent", 250)}


def test_the_copy_of_a_letter_of_which_nobody_knows_says_that_it_was_sent(
    tmp_path: Path, there: Provider
) -> None:
    rows = "name,email,language\nA,copied@example.org,en\nB,copied-too@example.org,en\n"
    post = post_of(tmp_path, there, rows, ", copy: yes")
    deliver(post, FIRST, world(tmp_path))
    first, second = post.ledger.rows(FIRST)
    post.ledger.settle(first.key, Settled("unknown", post.clock.now(), "body"))
    letters = IncidentLetters(post, affair(), world(tmp_path))
    until(lambda: list(look_up(letters)))
    assert states(post, FIRST) == {"sent": 2}
    assert "its copy came back to us" in next(post.ledger.rows(FIRST)).reason
    assert there.outside.arrived.keys() >= {first.address, second.address}


def test_a_wrong_password_stops_the_run_and_blames_no_address(tmp_path: Path, there: Provider) -> None:
    post = post_of(tmp_path, there, "name,email,language\nA,a@example.org,en\n")
    ended = deliver(post, FIRST, world(tmp_path, "wrong"))
    assert ended.why == "account" and "authentication failed" in ended.words.casefold()
    assert states(post, FIRST) == {"queued": 1}
