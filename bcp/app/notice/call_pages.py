"""The call list of a sending as pages: split among the staff who are there, to be ticked and reported."""

from __future__ import annotations

from bcp.app.notice.calls import CallList
from bcp.app.session import Session
from bcp.notice.campaign.calls import share
from bcp.notice.campaign.letters import UNTOLD
from bcp.page.blocks import Document
from bcp.page.calls import CallRound, campaign_list
from bcp.page.labels import Labels


def call_pages(session: Session, found: CallList, language: str | None) -> tuple[Document, Labels]:
    """The pages, and the words of their language (without one, the office's). Somebody must be left to be called."""
    letters, campaign = found.letters, found.campaign
    assert campaign is not None
    office = letters.post.office
    calls = letters.calls(campaign)
    called = {call.contact.id for call in calls}
    silent = [
        name
        for contact, (standing, _why, name) in letters.accounts().items()
        if standing in UNTOLD and contact not in called
    ]
    versions = letters.post.notice(campaign.notice).versions
    words = Labels(language or office.language)
    known = (words.language, office.language, *versions)
    version = versions[next(one for one in known if one in versions)]
    callers = found.callers or tuple(person.name for person in office.people)
    calling = CallRound(version.front.subject, share(calls, callers), silent)
    return campaign_list(found.incident, calling, words, session.clock.now()), words
