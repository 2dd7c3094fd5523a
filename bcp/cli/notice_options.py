"""The options that the verbs of `bcp notice` share, and which incident and person they mean."""

from __future__ import annotations

from typing import Annotated

import typer

from bcp.cli.wiring import Session
from bcp.errors import InputError
from bcp.incident.book import Book, open_incidents
from bcp.notice.post import Post

NoticeArgument = Annotated[str, typer.Argument(metavar="NOTICE", help="Which one: line-down, update, …")]
AudienceArgument = Annotated[
    str, typer.Argument(metavar="AUDIENCE", help="A contact file or group, staff, all, told.")
]
ChannelsOption = Annotated[
    list[str] | None, typer.Option("--channel", metavar="NAME", help="The ways to try, in this order.")
]
NextOption = Annotated[
    str | None, typer.Option("--next-update", metavar="TIME", help="When you write next: 16:00.")
]
OverruleOption = Annotated[
    list[str] | None,
    typer.Option("--overrule", metavar="RULE=REASON", help="A rule that does not hold here."),
]
AgainOption = Annotated[bool, typer.Option("--again", help="A new sending, also to those who had this one.")]
DrillOption = Annotated[bool, typer.Option("--drill", help="In the open drill instead of the incident.")]


def book_of(session: Session, asked: str | None, drill: bool, closed: bool = False) -> Book:
    """The incident (or drill) that is meant; with `closed`, the last one where none is open."""
    kind = "drill" if drill else "incident"
    return session.book(asked or (session.open_or_last(kind) if closed else None), kind)


def open_book_of(session: Session, asked: str | None, drill: bool) -> Book | None:
    """The incident that is meant; none in peacetime."""
    kind = "drill" if drill else "incident"
    if asked is None and not open_incidents(session.log, kind):
        return None
    return session.book(asked, kind)


def by_of(session: Session, book: Book, by: str | None) -> str:
    """Who acts in an incident."""
    return session.person(by, book.incident.plan["people"])


def doer_of(session: Session, post: Post, by: str | None) -> str:
    """Who acts, in peacetime too."""
    return session.person(by, {person.person: {"name": person.name} for person in post.office.people})


def name_of(post: Post, said: str) -> str:
    """The name of a person of the staff. Raises InputError for nobody."""
    person = post.office.person(said)
    if person is None:
        raise InputError(f'there is nobody called "{said.strip()}"', "see the people in bcp.yaml")
    return person.name
