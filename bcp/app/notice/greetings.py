"""`notice greetings`: how everybody in an audience is greeted, before anything is sent."""

from __future__ import annotations

from functools import partial

from bcp.app.book import open_book_of
from bcp.app.notice.office import post_of
from bcp.app.session import Session
from bcp.contact import audience as audiences
from bcp.notice.campaign.greetings import GreetedContact, greeted, language_of


def greetings_of(
    session: Session,
    notice: str | None,
    audience: str,
    *,
    incident: str | None,
    drill: bool,
) -> list[GreetedContact]:
    """How everybody is greeted, the unusual first; with a notice in its languages, else in each contact's own.

    Raises InputError for a notice or an audience that there is not, SourceError for mistakes in notices.
    """
    post = post_of(session)
    book = open_book_of(session, incident, drill)
    told = partial(post.told, book.incident.id) if book else set[str]
    members = audiences.members(audience, post.contacts.all, post.office, told)
    if notice is None:
        return greeted((one, language_of(one, post.office.language)) for one in members)
    found = post.notice(notice)
    otherwise = found.otherwise(post.office.language)
    return greeted((one, language_of(one, otherwise, found.versions.keys())) for one in members)
