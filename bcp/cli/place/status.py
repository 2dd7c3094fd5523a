"""`place status`, `place test` and `place preview`: what is known of the places in peacetime, without publishing."""

from __future__ import annotations

from bcp.action.levers import PlaceLever
from bcp.app.incident.handover_levers import elsewhere
from bcp.app.notice.office import affair_of, office_of, peace, post_of, world_of
from bcp.app.places import places_with
from bcp.app.session import Session
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.errors import Exit, InputError, StepFailed
from bcp.event import stamp
from bcp.fact import Fact, Place, read_answer
from bcp.i18n import _, speak
from bcp.incident.journal import STARTED, Book
from bcp.notice.campaign.post import Affair
from bcp.office.model import Office
from bcp.office.place import OfficePlace
from bcp.place import marks
from bcp.place.base import NewsWay
from bcp.place.context import Places, way_of
from bcp.place.ledger import Ledger, Tested, Written
from bcp.place.levers import PlaceLevers
from bcp.times import local

PEACE = "no-incident"


def tell_status(session: Session, as_json: bool) -> int:
    """Each place with what is known of it; what an incident put there and did not take back is told first."""
    office = office_of(session)
    speak(office.language)
    ledger = _ledger(session, "")
    tests, open_ = ledger.tests(), _open(session, ledger)
    if as_json:
        show_json([_as_data(place, tests.get(place.place), open_) for place in office.places])
        return Exit.OK
    for incident, each in open_:
        words = _("PUBLISHED at {place} in {incident}, and not taken back")
        said = words.format(place=each.place, incident=incident)
        show(said + elsewhere(session, incident), "bold magenta")
    if not office.places:
        say(_("bcp.yaml has no {what} yet.").format(what="places"))
    for place in office.places:
        show(f"{place.place}  {place.title or ''}".rstrip(), "bold")
        for said in _said(place, tests.get(place.place), office):
            show(f"    {said}")
    show_next([f"bcp place test {place.place}" for place in office.places])
    return Exit.OK


def test_place(session: Session, name: str, by: str | None) -> int:
    """Try a place out; the exit status: 7 where we could not write there."""
    office = office_of(session)
    speak(office.language)
    who = session.person(by, {person.person: {"name": person.name} for person in office.people})
    places = _peacetime(session, office, who)
    place = places.named(name)
    try:
        seen = _tried(places, place)
        state, reason = "up", "; ".join(seen)
    except StepFailed as failed:
        state, reason = "down", failed.message
        say(f"  {failed.hint}") if failed.hint else None
    places.ledger.write("place.tested", {"place": name, "state": state, "reason": reason})
    words = _("{line}: {state}: {reason}")
    show(words.format(line=name, state=state.upper(), reason=reason), "bold" if state == "up" else "bold red")
    say(_("Written down with the date."))
    show_next(("bcp place status",))
    return Exit.OK if state == "up" else Exit.CHECK_DOWN


def preview_place(
    session: Session, name: str, notice: str, number: str | None, incident: str | None, by: str | None
) -> int:
    """Show what would stand there; nothing is written."""
    office = office_of(session)
    speak(office.language)
    who = session.person(by, {person.person: {"name": person.name} for person in office.people})
    post = post_of(session)
    affair = (
        affair_of(Book(session.log, incident).incident, who)
        if incident
        else peace(session, post.notice(notice), who)
    )
    lever: PlaceLever = PlaceLevers(_peacetime(session, office, who, affair)).place(name)
    phone = _phone(session, office, number) if number else ""
    preview = lever.plan(notice, phone)
    for line in preview.words:
        show(line)
    say(_("as a page, for the browser: {file}").format(file=preview.page), "bold")
    show_next((f"bcp place test {name}",))
    return Exit.OK


def _tried(places: Places, place: OfficePlace) -> list[str]:
    """What shows that it would work. Raises StepFailed where it would not."""
    way, reach = way_of(place), places.reach
    seen = list(way.try_out(reach, place.page))
    if place.kind == "status-page":
        PlaceLevers(places).status_page(place.place).put()
        seen.append(_("the status page stands there as it is now"))
    elif place.page is not None:
        found = way.fetch(reach, place.page)
        if found is None:
            raise StepFailed(f"there is no page {place.page} at the place", "correct page: in bcp.yaml")
        lacking = [name for name in marks.NAMES if not marks.read(found.content, name)]
        needed = [
            name for name in lacking if not (name == "notice" and isinstance(way, NewsWay) and way.news)
        ]
        if "notice" in needed:
            hint = f"put this into it where the notice is to stand: {marks.pair('notice')}"
            raise StepFailed(f"the page {place.page} has no mark for the notice", hint)
        seen += [_("no mark for the {name} yet: {pair}").format(name=n, pair=marks.pair(n)) for n in needed]
        seen.append(_("the page {page} can be read").format(page=place.page))
    if place.url:
        look = places.see(place.url, place.via)
        if look.page is None:
            raise StepFailed(
                f"the public cannot read {place.url}: {look.reason}", "correct url: or via: in bcp.yaml"
            )
        seen.append(_("{url} can be read from outside").format(url=place.url))
    return seen


def _peacetime(session: Session, office: Office, by: str, affair: Affair | None = None) -> Places:
    about = affair or Affair(PEACE, session.clock.now(), {}, by)
    found = {place.place: place for place in office.places}
    return places_with(session, found, about, (office.name, office.zone), world_of(session, drill=False))


def _phone(session: Session, office: Office, typed: str) -> str:
    place = Place(office.country, office.zone, session.clock.now())
    try:
        return read_answer(Fact("number", type="phone"), typed, place)
    except ValueError as error:
        raise InputError(str(error), 'such as: --number "+48 22 600 00 01"') from None


def _ledger(session: Session, by: str) -> Ledger:
    return Ledger(session.stores.levers, by)


def _open(session: Session, ledger: Ledger) -> list[tuple[str, Written]]:
    """What any incident put somewhere and did not take back."""
    incidents = session.log.streams(STARTED)
    return [(incident, each) for incident in incidents for each in ledger.open(incident).values()]


def _said(place: OfficePlace, tested: Tested | None, office: Office) -> list[str]:
    words = _("last test {time}: {state}: {reason}")
    last = (
        words.format(time=local(tested.at, office.zone), state=tested.state, reason=tested.reason)
        if tested
        else _("never tested")
    )
    return [way_of(place).words(), *([place.url] if place.url else []), last]


def _as_data(
    place: OfficePlace, tested: Tested | None, open_: list[tuple[str, Written]]
) -> dict[str, object]:
    return {
        "place": place.place,
        "kind": place.kind,
        "url": place.url,
        "way": way_of(place).words(),
        "tested": {"at": stamp(tested.at), "state": tested.state, "reason": tested.reason}
        if tested
        else None,
        "published_in": [incident for incident, each in open_ if each.place == place.place],
    }
