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
from bcp.contact.model import Contact
from bcp.errors import InputError
from bcp.notice.campaign.outbox import Campaign, LetterRow
from bcp.notice.campaign.plan import plan
from bcp.notice.campaign.post import LetterContext, Post, Prepared
from bcp.notice.campaign.send import Delivery
from bcp.notice.campaign.watching import Unwatched
from bcp.notice.channel.base import Handed

TESTS = "tests"


class _Kept(Unwatched):
    def __init__(self) -> None:
        self.found: Handed | None = None

    def handed(self, row: LetterRow, handed: Handed) -> None:
        self.found = handed


def send_to_oneself(
    session: Session, notice: str, channels: Sequence[str], incident: str | None, by: str | None
) -> dict[str, Handed]:
    """Send it by each of the channels (all, if none) to the person who asks; what became of each, by channel.

    It speaks of the open incident, in peacetime of an example. Nothing is waited for.
    Raises InputError where it is not clear who asks.
    """
    post = post_of(session)
    affair = about(session, post, notice, open_book_of(session, incident, drill=False), by)
    me = next((person for person in staff(post.office) if person.id == affair.by), None)
    if me is None:
        raise InputError("it is not clear who you are", "say it: --by NAME (a person of bcp.yaml)")
    me_by_any = replace(me, preferred_channel=None)
    world, ways = world_of(session), post.ways.channels
    earlier = sum(one.notice == notice for one in post.ledger.campaigns(TESTS))
    handed = {}
    for number, name in enumerate(channels or ways, earlier + 1):
        prepared = _prepared(post, affair, notice, number, me=me_by_any, channel=name)
        post.freeze(prepared)
        kept, files = _Kept(), post.files(TESTS)
        delivery = Delivery(
            post.ledger, prepared.campaign, ways, world, post.clock, kept, post.office.timezone, files,
            patience=timedelta(0),
        )  # fmt: skip
        ended = delivery.run()
        left_out = prepared.plan.left_out
        why = left_out[0].why_not if left_out else ended.words
        handed[name] = kept.found or Handed("failed", why or "nothing was sent")
    return handed


def _prepared(
    post: Post, affair: LetterContext, notice: str, number: int, *, me: Contact, channel: str
) -> Prepared:
    """A sending to oneself by one channel."""
    found, now = post.notice(notice), post.clock.now()
    otherwise = found.otherwise(post.office.language)
    planned = plan([me], post.ways.channels, [channel], (found.versions, otherwise))
    expires = now + timedelta(minutes=10)
    campaign = Campaign(TESTS, notice, number, found.kind, "oneself", affair.by, now, expires)
    return Prepared(campaign, found, planned, post.setting(affair, None), (), True)
