"""What bcp.yaml says, for whoever needs nothing else of the office."""

from __future__ import annotations

from bcp.app.session import Session
from bcp.errors import SourceError
from bcp.i18n import speak
from bcp.office.model import Office
from bcp.office.model import load as load_office
from bcp.yaml.source import Reader


def office_of(session: Session) -> Office:
    """What bcp.yaml says, with no regard to other files. Raises SourceError with every mistake in it."""
    reader = Reader()
    office = load_office(session.folder, reader)
    if office is None:
        raise SourceError(reader.mistakes)
    return office


def spoken_office_of(session: Session) -> Office:
    """The office; from now on its language is spoken. Raises SourceError with every mistake of bcp.yaml."""
    office = office_of(session)
    speak(office.language)
    return office


def person_in(session: Session, office: Office, by: str | None) -> str:
    """Who acts for the office outside of any incident. Raises InputError for one who is nobody here."""
    return session.person(by, {person.person: person.name for person in office.people})
