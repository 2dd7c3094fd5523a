"""The options that the verbs of `bcp notice` share, and which incident and person they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer

from bcp.app.session import Session
from bcp.errors import InputError
from bcp.incident.journal import Book, open_incidents
from bcp.notice.campaign.letters import IncidentLetters, Watch
from bcp.notice.campaign.post import Affair, Order, Post, Prepared
from bcp.office.model import Office

NoticeArgument = Annotated[str, typer.Argument(metavar="NOTICE", help="Which one: line-down, update, …")]
AudienceArgument = Annotated[
    str, typer.Argument(metavar="AUDIENCE", help="A contact file or group, staff, all, told.")
]
ChannelsOption = Annotated[
    list[str] | None, typer.Option("--channel", metavar="NAME", help="The ways to try, in this order.")
]
DrillOption = Annotated[bool, typer.Option("--drill", help="In the open drill instead of the incident.")]


@dataclass(frozen=True, slots=True)
class Telling:
    """What the command line says of how a notice is to go out."""

    channel: ChannelsOption = None
    next_update: Annotated[
        str | None, typer.Option("--next-update", metavar="TIME", help="When you write next: 16:00.")
    ] = None
    overrule: Annotated[
        list[str] | None,
        typer.Option("--overrule", metavar="RULE=REASON", help="A rule that does not hold here."),
    ] = None
    renew: Annotated[
        bool | None,
        typer.Option(
            "--renew/--as-frozen",
            help="Letters that wait and are not true any more: write them anew, or send them as they are.",
        ),
    ] = None
    again: Annotated[bool, typer.Option("--again", help="A new sending, also to those who had this one.")] = (
        False
    )


def prepare(
    session: Session, book: Book, by: str, notice: str, audience: str, asked: Telling, watch: Watch
) -> tuple[IncidentLetters, Prepared]:
    """The letters of an incident, and a sending that is ready to be frozen. Raises InputError for what cannot be."""
    from bcp.app.notice.office import letters_of

    letters = letters_of(session, book.incident, by, watch)
    return letters, letters.post.prepare(
        letters.affair, order_of(session, letters.post, notice, audience, asked)
    )


def order_of(session: Session, post: Post, notice: str, audience: str, asked: Telling) -> Order:
    """What the command line asks for. Raises InputError for a time that is none, or a rule without a reason."""
    moment = moment_of(session, post.office, asked.next_update)
    ways, overruled = tuple(asked.channel or ()), overruled_of(asked.overrule)
    return Order(notice, audience, ways, moment, overruled, asked.again)


def about(session: Session, post: Post, notice: str, book: Book | None, by: str | None) -> Affair:
    """What a notice is about: the incident, or in peacetime an example of one."""
    from bcp.app.notice.office import affair_of, peace

    if book is None:
        return peace(session, post.notice(notice), doer_of(session, post, by))
    return affair_of(book.incident, by_of(session, book, by))


def book_of(session: Session, asked: str | None, drill: bool, closed: bool = False) -> Book:
    """The incident (or drill) that is meant; with `closed`, the last one where none is open."""
    kind = _kind(asked, drill)
    return session.book(asked or (session.open_or_last(kind) if closed else None), kind)


def open_book_of(session: Session, asked: str | None, drill: bool) -> Book | None:
    """The incident that is meant; none in peacetime."""
    kind = _kind(asked, drill)
    if asked is None and not open_incidents(session.log, kind):
        return None
    return session.book(asked, kind)


def _kind(asked: str | None, drill: bool) -> str:
    """Whether a drill is meant; one that is named needs no `--drill` besides."""
    return "drill" if drill or (asked or "").startswith("drill-") else "incident"


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


def moment_of(session: Session, office: Office, typed: str | None) -> datetime | None:
    """A moment that was typed. Raises InputError for what is none, or is over."""
    from bcp.times import parse_moment

    if typed is None:
        return None
    now = session.clock.now()
    try:
        found = parse_moment(typed, now, office.zone)
    except (ValueError, OverflowError):
        raise InputError(
            f'"{typed}" is no date and time', 'such as: --next-update "2026-11-26 16:00"'
        ) from None
    if found <= now:
        raise InputError(f'"{typed}" is over', 'name the day as well: --next-update "2026-11-27 09:00"')
    return found


def overruled_of(texts: list[str] | None) -> Mapping[str, str]:
    """`RULE=reason` pairs. Raises InputError for one without a reason."""
    found = {}
    for text in texts or []:
        rule, _equals, reason = text.partition("=")
        if not reason.strip():
            raise InputError(
                f'overruling "{rule}" needs a reason', f'--overrule "{rule}=why it does not hold here"'
            )
        found[rule.strip()] = reason.strip()
    return found
