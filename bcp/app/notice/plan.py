"""`notice plan`: what sending a notice would do; nothing is kept and nothing goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bcp.app.book import open_book_of
from bcp.app.notice.office import about, post_of
from bcp.app.notice.request import NoticeRequest, order_of
from bcp.app.session import Session
from bcp.incident.journal import IncidentJournal
from bcp.notice.campaign.plan_words import pastes
from bcp.notice.campaign.post import Prepared


@dataclass(frozen=True, slots=True)
class NoticePlan:
    """What a sending would do; `texts` are to be pasted elsewhere, by language; `book` is None in peacetime."""

    prepared: Prepared
    texts: Mapping[str, str]
    book: IncidentJournal | None


def plan_notice(
    session: Session,
    request: NoticeRequest,
    *,
    incident: str | None,
    drill: bool,
    by: str | None,
) -> NoticePlan:
    """Plan a sending; nothing is kept. Raises InputError for what cannot be sent."""
    post = post_of(session)
    book = open_book_of(session, incident, drill)
    affair = about(session, post, request.notice, book, by)
    prepared = post.prepare(affair, order_of(session, post.office, request))
    return NoticePlan(prepared, pastes(post, prepared), book)
