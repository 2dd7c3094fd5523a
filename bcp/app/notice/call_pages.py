"""The call list of a sending as pages: split among the staff who are there, to be ticked and reported."""

from __future__ import annotations

from typing import NamedTuple

from bcp.app.notice.calls import CallList
from bcp.app.session import Session
from bcp.notice.campaign.by_hand import UNTOLD
from bcp.notice.campaign.calls import share
from bcp.page.blocks import Document
from bcp.page.calls import CallRound, campaign_list
from bcp.page.labels import Labels


class CallPages(NamedTuple):
    """The pages, and the words of their language."""

    document: Document
    words: Labels


def call_pages(session: Session, found: CallList, language: str | None) -> CallPages:
    """The pages, in the office's language where no other is asked for. Somebody must be left to be called."""
    letters, campaign = found.letters, found.campaign
    assert campaign is not None
    office = letters.post.office
    calls = letters.calls(campaign)
    called = {call.contact.id for call in calls}
    silent = [
        each.name for each in letters.accounts() if each.standing in UNTOLD and each.contact not in called
    ]
    words = Labels(language or office.language)
    callers = found.callers or tuple(person.name for person in office.people)
    calling = CallRound(letters.by_hand.subject(campaign, words.language), share(calls, callers), silent)
    return CallPages(campaign_list(found.incident, calling, words, session.clock.now()), words)
