"""Sends a notice to oneself: the same letters, the same channels, the same outbox, under a name of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bcp.app.book import open_book_of
from bcp.app.notice.office import about, post_of
from bcp.app.session import Session
from bcp.app.worlds import world_of
from bcp.contact.audience import staff
from bcp.errors import InputError
from bcp.notice.campaign.outbox import Campaign, LetterRow
from bcp.notice.campaign.plan import plan
from bcp.notice.campaign.post import LetterContext, Post, Prepared
from bcp.notice.campaign.send import Delivery
from bcp.notice.campaign.watching import Unwatched
from bcp.notice.channel.base import Handed
from bcp.outside import World

TESTS = "tests"


class _Kept(Unwatched):
    def __init__(self) -> None:
        self.found: dict[str, Handed] = {}

    def handed(self, row: LetterRow, handed: Handed) -> None:
        self.found[row.key.channel] = handed


def send_to_oneself(
    session: Session, notice: str, channels: Sequence[str], incident: str | None, by: str | None
) -> dict[str, Handed]:
    """Send it by each of the channels (all, if none) to the person who asks; what became of each, by channel.

    It speaks of the open incident, in peacetime of an example. Raises InputError where it is not clear who asks.
    """
    post = post_of(session)
    affair = about(session, post, notice, open_book_of(session, incident, drill=False), by)
    return _sent(post, affair, notice, (channels, world_of(session)))


def _sent(
    post: Post, affair: LetterContext, notice: str, by_ways: tuple[Sequence[str], World]
) -> dict[str, Handed]:
    me = next((person for person in staff(post.office) if person.id == affair.by), None)
    if me is None:
        raise InputError("it is not clear who you are", "say it: --by NAME (a person of bcp.yaml)")
    channels, world = by_ways
    found = post.notice(notice)
    kept = _Kept()
    now = post.clock.now()
    earlier = sum(one.notice == notice for one in post.ledger.campaigns(TESTS))
    for number, name in enumerate(channels or tuple(post.ways.channels), earlier + 1):
        campaign = Campaign(
            TESTS, notice, number, found.kind, "oneself", affair.by, now, now + timedelta(minutes=10)
        )
        otherwise = (
            post.office.language if post.office.language in found.versions else next(iter(found.versions))
        )
        planned = plan(
            [replace(me, preferred_channel=None)], post.ways.channels, [name], (found.versions, otherwise)
        )
        prepared = Prepared(campaign, found, planned, post.setting(affair, None), (), True)
        post.freeze(prepared)
        files = post.files(TESTS)
        delivery = Delivery(
            post.ledger, campaign, post.ways.channels, world, post.clock, kept, post.office.timezone, files
        )
        ended = delivery.run()
        if name not in kept.found:
            why = planned.left_out[0].why_not if planned.left_out else ended.words
            kept.found[name] = Handed("failed", why or "nothing was sent")
    return kept.found
