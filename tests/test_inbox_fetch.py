"""How the mailbox is read: from a day on, newest first, headers first, with a cap; and nothing twice nor never."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bcp.errors import InputError
from bcp.notice.campaign.post import Post
from bcp.notice.inbox import post_in as room
from bcp.notice.inbox.post_in import PostIn
from bcp.outside import NewMail
from bcp.store.board import StoredBoard
from tests.frozen import START
from tests.posts import state_of
from tests.test_inbox import Mailbox, World, addressed, post_in, reply, sent
from tests.watching import Watching


def incoming(post: Post, mails: Sequence[str], counted: int = 1) -> PostIn:
    world = World(post.folder, [])
    world.box = Mailbox([addressed(post.folder, mail).encode() for mail in mails], counted)
    return post_in(post, world)


def box(there: PostIn) -> Mailbox:
    return there.world.box  # type: ignore[attr-defined, no-any-return]


def again(there: PostIn) -> PostIn:
    """The next look, which counts what it fetches from nothing."""
    box(there).fetched = 0
    return replace(there)


def test_one_look_takes_in_all_that_waits_and_shows_how_far_it_is(post: Post) -> None:
    shown = Watching()
    there = replace(incoming(post, [reply(number) for number in range(1, 46)]), progress=shown)
    done = there.fetch()
    assert (done.looked_at, done.replies, done.left) == (45, 45, 0)
    assert shown.sizes == [("Reading the mailbox", 45)] and shown.tasks[0].count == 45


def subjects(post: Post) -> list[str]:
    return sorted(one.message_id for one in StoredBoard(state_of(post.folder)).replies())


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return sent(tmp_path)


def test_what_is_left_by_the_cap_is_said_and_fetched_next_the_newest_first(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_BYTES", 600)
    monkeypatch.setattr(room, "_AT_ONCE", 1)
    there = incoming(post, [reply(number) for number in range(1, 6)])
    done = there.fetch()
    assert (done.replies, done.left) == (2, 3)
    assert subjects(post) == ["<4@client.example>", "<5@client.example>"]
    # Meanwhile another one comes: it is read first, and none of the older is forgotten.
    box(there).messages = {**box(there).messages, 6: addressed(post.folder, reply(6)).encode()}
    assert (again(there).fetch().left, len(subjects(post))) == (2, 4)
    assert "<6@client.example>" in subjects(post)
    assert (again(there).fetch().left, len(subjects(post))) == (0, 6)
    assert again(there).fetch().looked_at == 0 and box(there).fetched == 0


def test_the_cap_in_bytes_ends_a_look_and_says_how_much_came(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_BYTES", 1000)
    monkeypatch.setattr(room, "_AT_ONCE", 2)
    done = incoming(post, [reply(number, f"X-Long: {'x' * 400}") for number in range(1, 6)]).fetch()
    assert (done.replies, done.looked_at, done.left) == (2, 2, 3) and done.fetched > 1000


def test_the_first_look_goes_back_to_where_the_incident_began_else_two_weeks(post: Post) -> None:
    there = incoming(post, [reply(1)])
    began = START - timedelta(days=40)
    replace(there, since=began).fetch()
    assert box(there).asked_since == [(began - timedelta(days=1)).date()]
    replace(there, since=began).fetch()
    assert box(there).asked_since[1] is None, "later looks go on where the last one ended"
    fresh = incoming(post, [reply(1)], counted=2)
    assert fresh.fetch().since is not None and box(fresh).asked_since == [(START - timedelta(days=1)).date()]
    peace = replace(incoming(post, [], counted=3), campaigns=[])
    peace.fetch()
    assert box(peace).asked_since == [date(2026, 11, 11)]


def test_where_the_server_counts_anew_in_the_middle_of_a_long_mailbox_nothing_is_lost(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_BYTES", 600)
    monkeypatch.setattr(room, "_AT_ONCE", 1)
    mails = [reply(number) for number in range(1, 6)]
    incoming(post, mails).fetch()
    for _look in range(3):
        done = incoming(post, mails[::-1], counted=2).fetch()
    assert done.left == 0 and len(subjects(post)) == 5


class Breaking(Mailbox):
    """A mailbox whose server goes away behind its second message."""

    def heads(self, numbers: Sequence[int], most: int) -> Iterator[NewMail]:
        yield from super().heads(numbers[:2], most)
        raise InputError("the server is away", "try again")


def test_where_the_server_goes_away_what_came_before_is_kept_and_the_rest_comes_next(post: Post) -> None:
    there = incoming(post, [reply(number) for number in range(1, 5)])
    whole = box(there)
    there.world.box = Breaking(list(whole.messages.values()))  # type: ignore[attr-defined]
    with pytest.raises(InputError):
        replace(there).fetch()
    assert subjects(post) == ["<3@client.example>", "<4@client.example>"]
    there.world.box = whole  # type: ignore[attr-defined]
    done = replace(there).fetch()
    assert (done.looked_at, done.replies, done.left) == (2, 2, 0)


def test_of_mail_that_is_no_answer_the_headers_alone_are_fetched(post: Post) -> None:
    spam = [f"From: a@shop.example\nSubject: {n}\n\n{'buy ' * 100_000}" for n in range(20)]
    bounce = "Return-Path: <>\nSubject: undeliverable\n\n" + "x" * 1_000_000
    done = incoming(post, spam).fetch()
    assert done.others == 20 and done.fetched < 2000
    assert incoming(post, [bounce], counted=2).fetch().fetched < 300 * 1024
