"""`place preview`: what a place would say with a notice; nothing is published."""

from __future__ import annotations

from bcp.action.levers import Preview
from bcp.app.notice.office import affair_of, peace, post_of
from bcp.app.office import person_in, spoken_office_of
from bcp.app.places import peacetime_places
from bcp.app.session import Session
from bcp.errors import InputError
from bcp.fact import Fact, Place, read_answer
from bcp.incident.journal import IncidentJournal
from bcp.lever.place.levers import PlaceLevers
from bcp.office.model import Office


def preview_place(
    session: Session, name: str, notice: str, *, number: str | None, incident: str | None, by: str | None
) -> Preview:
    """The difference in lines, and a page for the browser; with the facts of `incident`, else with examples.

    `number` is the phone number that is to stand there. Raises InputError for a name or a number that there is not.
    """
    office = spoken_office_of(session)
    who = person_in(session, office, by)
    post = post_of(session)
    if incident:
        affair = affair_of(IncidentJournal(session.log, incident).incident, who)
    else:
        affair = peace(session, post.notice(notice), who)
    lever = PlaceLevers(peacetime_places(session, office, who, affair)).place(name)
    return lever.plan(notice, _phone(session, office, number) if number else "")


def _phone(session: Session, office: Office, typed: str) -> str:
    place = Place(office.country, office.zone, session.clock.now())
    try:
        return read_answer(Fact("number", type="phone"), typed, place)
    except ValueError as error:
        raise InputError(str(error), 'such as: --number "+48 22 600 00 01"') from None
