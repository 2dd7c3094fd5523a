"""`notice places, pasted, taken-down`: the text of a notice at the places where a person puts it, and its end there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bcp.app.book import doer_of, open_book_of
from bcp.app.notice.office import about, post_of
from bcp.app.session import Session
from bcp.contact.model import Contact
from bcp.errors import InputError
from bcp.event import Entry
from bcp.i18n import _
from bcp.incident.events.notice import NoticePasted, NoticeTakenDown
from bcp.incident.journal import IncidentJournal
from bcp.incident.ledger import PostedText
from bcp.incident.posted import still_up
from bcp.incident.state import Incident
from bcp.notice.campaign.post import LetterContext, Post
from bcp.notice.spot.base import TextSpot
from bcp.notice.spot.fit import FittedText, fit
from bcp.notice.spot.spots import spot_named, spots
from bcp.notice.text.merge import LetterText, Merger
from bcp.notice.text.model import LANGUAGE_NAMES, Notice
from bcp.yaml.near import did_you_mean, pick

ALL = "all"
ENDS = ("all-clear", "follow-up", "read-back")
"""The kinds of notices that tell that all is well: where one stands, nothing has to be taken down."""


@dataclass(frozen=True, slots=True)
class SpotRequest:
    """What is asked for: a notice (else the last that was sent), the text for a place (for `all`, or with `every` and
    no place: for each), languages (else the office's).
    """

    notice: str | None = None
    spot: str | None = None
    languages: Sequence[str] = ()
    every: bool = False


@dataclass(frozen=True, slots=True)
class SpotRow:
    """A place, by the name that is typed and by that which people use; what stands there now, if anything does."""

    name: str
    title: str
    posted: PostedText | None


@dataclass(frozen=True, slots=True)
class NoticeSpots:
    """The places for a notice with what stands there; `texts` are those that were asked for; no `book` in peacetime."""

    notice: str
    rows: tuple[SpotRow, ...]
    texts: tuple[FittedText, ...]
    book: IncidentJournal | None

    def posted_at(self, name: str) -> PostedText | None:
        """What stands at a place now."""
        return next((row.posted for row in self.rows if row.name == name), None)

    def left(self) -> list[str]:
        """The places at which this text does not stand yet."""
        return [row.name for row in self.rows if row.posted is None or row.posted.notice != self.notice]


def rows_of(incident: Incident | None) -> tuple[SpotRow, ...]:
    """Our places in their order, then those of their own that people named."""
    posted = incident.posted if incident else {}
    known = spots()
    return tuple(
        SpotRow(name, known[name].title() if name in known else "", posted.get(name))
        for name in dict.fromkeys([*known, *posted])
    )


def notice_spots(
    session: Session, request: SpotRequest, *, incident: str | None, drill: bool, by: str | None
) -> NoticeSpots:
    """The places for a notice; with the text of each that was asked for. Raises InputError for what is not there."""
    book = open_book_of(session, incident, drill)
    post = post_of(session)
    name, asked = _meant(post, book, request)
    notice = post.notice(name)
    affair = about(session, post, notice.id, book, by)
    chosen = _chosen(asked or (ALL if request.every else None))
    texts = _texts(post, notice, affair, request.languages) if chosen else {}
    fitted = tuple(fit(texts, spot) for spot in chosen)
    return NoticeSpots(notice.id, rows_of(book.incident if book else None), fitted, book)


def _meant(post: Post, book: IncidentJournal | None, request: SpotRequest) -> tuple[str, str | None]:
    """The notice and the place: one word alone may name either."""
    is_spot = request.notice in (*spots(), ALL) and request.notice not in post.notices
    if is_spot and not request.spot:
        return _last_sent(post, book), request.notice
    return request.notice or _last_sent(post, book), request.spot


def _last_sent(post: Post, book: IncidentJournal | None) -> str:
    """The notice that was sent last. Raises InputError where none was."""
    sent = [one.notice for one in post.ledger.campaigns(book.incident.id)] if book else []
    if not sent:
        raise InputError(
            _("no notice was sent in this incident yet"), _("name it: {example}").format(example="line-down")
        )
    return sent[-1]


def _chosen(asked: str | None) -> list[TextSpot]:
    if asked is None:
        return []
    return list(spots().values()) if asked == ALL else [spot_named(asked)]


def _texts(
    post: Post, notice: Notice, affair: LetterContext, languages: Sequence[str]
) -> dict[str, LetterText]:
    """The notice in the languages that are read here, ours first; it says the same next update as its letters."""
    sent = [one for one in post.ledger.campaigns(affair.incident) if one.notice == notice.id]
    setting = post.setting(affair, None, sent[-1].next_update if sent else None)
    anybody = Contact("", post.office.name)
    for language in languages:
        pick(language, notice.versions, "language")
    return {
        language: Merger(notice.versions[language], setting).text(anybody)
        for language in languages or _read_here(post, notice)
    }


def _read_here(post: Post, notice: Notice) -> list[str]:
    """The office's language, then those that its contacts read, as far as the notice is written in them."""
    read = {contact.language for contact in post.contacts.all if not contact.opted_out}
    ours = notice.otherwise(post.office.language)
    return [ours, *(one for one in LANGUAGE_NAMES if one in read and one in notice.versions and one != ours)]


@dataclass(frozen=True, slots=True)
class Pasted:
    """Where the text of a notice stands now, which of the usual places lack it, and what was there before it."""

    notice: str
    done: tuple[str, ...]
    left: tuple[str, ...]
    instead_of: str = ""


def _one_name(place: str, posted: Collection[str]) -> str:
    """The place that is meant, whatever its capitals and blanks: one of the list, by its name or its title, one that
    is known here, or a new one.
    """
    bare = " ".join(place.split())
    titles = {_letters(spot.title()): name for name, spot in spots().items()}
    names = {_letters(name): name for name in (*spots(), *posted)}
    return {**titles, **names}.get(_letters(bare), bare)


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum()) or name


def note_pasted(
    session: Session, book: IncidentJournal, said: str, notice: str | None, by: str | None
) -> Pasted:
    """Tick off a place where a notice (without one, the last that was sent) stands now.

    Raises InputError where there is no such notice, where none was sent yet, and for a place without a name.
    """
    post = post_of(session)
    place = _one_name(said, book.incident.posted)
    if not place:
        raise InputError(_("a place needs a name"), _("see: {command}").format(command=_PLACES))
    near = did_you_mean(place, spots())
    if near and place not in (*spots(), *book.incident.posted):
        words = _("“{place}” is none of the usual places: {hint}")
        session.remark(words.format(place=place, hint=near))
    sent = [one.notice for one in post.ledger.campaigns(book.incident.id)]
    if notice is None and not sent:
        raise InputError("no notice was sent in this incident yet", "name it: --notice line-down")
    found = post.notice(notice or sent[-1])
    doer, before = doer_of(session, book, by), book.incident.posted.get(place)

    def entries(incident: Incident) -> Sequence[Entry]:
        known = incident.posted.get(place)
        is_there = known is not None and known.notice == found.id
        return [] if is_there else [NoticePasted(found.id, place, found.kind in ENDS).entry(doer)]

    book.write(entries)
    done = tuple(name for name, each in book.incident.posted.items() if each.notice == found.id)
    left = tuple(name for name in spots() if name not in done)
    was = before.notice if before is not None and before.notice != found.id else ""
    return Pasted(found.id, done, left, was)


@dataclass(frozen=True, slots=True)
class TakenDown:
    """At which places the text is gone now, and where texts still stand."""

    places: tuple[str, ...]
    left: tuple[str, ...]


def note_taken_down(
    session: Session, book: IncidentJournal, places: Sequence[str], by: str | None
) -> TakenDown:
    """Keep that the text is gone at these places; all of them where none is named.

    Raises InputError for a place where no text was put.
    """
    doer = doer_of(session, book, by)
    up = book.incident.posted
    wanted = list(dict.fromkeys(_one_name(place, up) for place in places)) or [
        each.place for each in still_up(book.incident)
    ]
    if not wanted:
        raise InputError(_("none of our texts is up anywhere"), _("see: {command}").format(command=_PLACES))
    for place in wanted:
        pick(place, up, "text at the place")

    def entries(incident: Incident) -> Sequence[Entry]:
        there = [incident.posted[place] for place in wanted if place in incident.posted]
        return [NoticeTakenDown(each.notice, each.place).entry(doer) for each in there]

    book.write(entries)
    return TakenDown(tuple(wanted), tuple(each.place for each in still_up(book.incident)))


_PLACES = "bcp notice places"
