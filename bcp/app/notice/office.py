"""Wires the post room: contacts, notices, channels and the outbox of this office, for one incident or for none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from bcp.app.book import doer_of
from bcp.app.notice.by_hand import papers_of
from bcp.app.notice.files import hash_of_files
from bcp.app.notice.good_texts import linted, recalled
from bcp.app.office import person_in
from bcp.app.session import Session
from bcp.app.worlds import world_of
from bcp.contact.load import load as load_contacts
from bcp.contact.model import Contacts
from bcp.i18n import _
from bcp.incident.journal import IncidentJournal
from bcp.incident.state import Incident
from bcp.notice.campaign.letters import IncidentLetters
from bcp.notice.campaign.post import LetterContext, Post
from bcp.notice.campaign.watching import Watch, unwatched
from bcp.notice.channel.channels import Ways
from bcp.notice.channel.channels import load as load_channels
from bcp.notice.text.load import load as load_notices
from bcp.notice.text.model import Notice
from bcp.notice.text.placeholders import facts_of
from bcp.notice.text.quoted import Doubted
from bcp.office.model import Office
from bcp.office.model import load as load_office
from bcp.promise.model import not_believed
from bcp.times import local
from bcp.yaml.source import Reader

NO_INCIDENT = "no-incident"


def contacts_of(session: Session, office: Office) -> Contacts:
    """The contacts, with what is wrong in their files."""
    return load_contacts(session.folder, office.country, progress=session.progress)


def remarked_contacts_of(session: Session, office: Office) -> Contacts:
    """The contacts; that somebody may be missing among them is remarked."""
    return _remarked(session, contacts_of(session, office))


def _remarked(session: Session, contacts: Contacts) -> Contacts:
    if contacts.mistakes:
        words = _("Mistakes in the contact files: {count}. Somebody may be missing here: bcp contact check")
        session.remark(words.format(count=len(contacts.mistakes)))
    return contacts


def post_of(session: Session) -> Post:
    """The post room. Raises SourceError for mistakes in notices and channels.

    A slip in bcp.yaml stops no letter where the office of before is kept: it is told, and that one writes. A bad cell
    in a contact file stops nothing either: it is told, and everybody else gets his letter.
    """
    from bcp.store.outbox import Outbox

    read = _read(session)
    return Post(
        session.folder,
        session.stores.files,
        read.office,
        _remarked(session, read.contacts),
        read.notices,
        read.ways,
        session.stores.of(Outbox),
        session.clock,
        session.progress,
    )


class _Read(NamedTuple):
    """What the files of an office say that letters are made of."""

    office: Office
    notices: Mapping[str, Notice]
    ways: Ways
    contacts: Contacts


def _read(session: Session) -> _Read:
    """What the files say now; within a command they are understood anew only where one is not as it was last."""
    before = hash_of_files(session.folder)
    known = session.has_read.get(before)
    if isinstance(known, _Read):
        return known
    reader = Reader(session.progress)
    own = load_office(session.folder, reader)
    office = own or _office_as_of_last(session, reader)
    with recalled(session), linted(session, keeps=False):
        notices = load_notices(session.folder, reader)
    ways = load_channels(session.folder, reader)
    reader.finish()
    assert office is not None
    found = _Read(office, notices, ways, contacts_of(session, office))
    if own is not None and before and hash_of_files(session.folder) == before:
        session.has_read.clear()
        session.has_read[before] = found
    return found


def _office_as_of_last(session: Session, reader: Reader) -> Office | None:
    """The office as it was before there was a mistake in bcp.yaml, which is remarked; None where it is not kept."""
    from bcp.app import last_valid

    kept = last_valid.find(session)
    if kept is None:
        return None
    for mistake in reader.mistakes:
        session.remark(str(mistake))
    words = _("The letters go by bcp.yaml as of {time}, before that mistake.")
    session.remark(words.format(time=local(kept.at, kept.whole.office.zone)))
    reader.mistakes.clear()
    return kept.whole.office


def affair_of(incident: Incident, by: str) -> LetterContext:
    """What the letters of an incident are about. A provider that broke two promises is not believed any more."""
    doubted = tuple(
        Doubted(each.provider, each.due, each.said)
        for each in not_believed(incident.promises.values())
        if not each.kept
    )
    seen = seen_first(incident)
    return LetterContext(incident.id, seen, incident.known, by, incident.drill, doubted=doubted)


def seen_first(incident: Incident) -> datetime | None:
    """When a check that leads to a plan of this incident saw it go down, and it is still down; None for none.

    What a check saw only after the incident was open had begun before; and when somebody typed it is no such moment.
    """
    plans = {phase.runbook for phase in incident.phases}
    downs = (flip for flip in incident.flips.values() if flip.state == "down" and flip.runbook in plans)
    return min((flip.at for flip in downs if flip.at <= incident.opened_at), default=None)


def peace(session: Session, notice: Notice, by: str) -> LetterContext:
    """What a notice is about while nothing is wrong: each fact is an example that says so.

    Its marks are letters that a text message has, so that it is as long as it will be.
    """
    facts = {name: f"<{name}>" for version in notice.versions.values() for name in facts_of(version)}
    return LetterContext(NO_INCIDENT, None, facts, by)


def letters_of(
    session: Session,
    incident: Incident,
    by: str,
    watch: Watch = unwatched,
) -> IncidentLetters:
    """The letters of an incident; those of a drill stay here. `watch` is opened for each sending."""
    affair = affair_of(incident, by)
    world = world_of(session, affair.drill)
    return IncidentLetters(post_of(session), affair, world, watch, papers_of(session))


def about(
    session: Session, post: Post, notice: str, book: IncidentJournal | None, by: str | None
) -> LetterContext:
    """What a notice is about: the incident, or in peacetime an example of one."""
    if book is None:
        return peace(session, post.notice(notice), person_in(session, post.office, by))
    return affair_of(book.incident, doer_of(session, book, by))
