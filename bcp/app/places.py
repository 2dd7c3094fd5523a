"""Wires the places: those of an incident's plan, or of bcp.yaml in peacetime, with the office's texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bcp.action.levers import PlaceLever
from bcp.app.notice.office import NO_INCIDENT, affair_of, post_of
from bcp.app.session import Session
from bcp.app.set_by_others import places_moved
from bcp.app.worlds import world_of
from bcp.contact.model import Contact
from bcp.errors import InputError
from bcp.i18n import _
from bcp.incident.state import Incident
from bcp.lever.place.base import PlaceEnv
from bcp.lever.place.context import Places, PublicPage
from bcp.lever.place.ledger import PlaceJournal
from bcp.lever.place.levers import PlaceLevers
from bcp.lever.place.rehearsed import RehearsedPlaces
from bcp.lever.place.status_page import StatusPage
from bcp.lever.place.text import LanguageText, PlaceNotice, ShownNumber
from bcp.lever.stack import StepDoer, StepKey
from bcp.normalize import say_phone
from bcp.notice.campaign.post import LetterContext, Post
from bcp.notice.text.merge import Merger
from bcp.office.model import Office
from bcp.office.place import OfficePlace
from bcp.outside import World


@dataclass
class OfficeWording:
    """The office's notices, with the facts of an incident; the files are read when a text is first needed."""

    make: Callable[[], Post]
    affair: LetterContext
    _post: Post | None = None

    def notice(self, name: str, languages: Sequence[str], number: str) -> PlaceNotice:
        """The texts made to be pasted, in these languages."""
        post = self._room()
        found = post.notice(name)
        ours = post.office.language
        order = languages or sorted(found.versions, key=lambda one: (one != ours, one))
        chosen = [one for one in order if one in found.versions]
        if not chosen:
            hint = f"write notices/{name}.{languages[0]}.md" if languages else ""
            raise InputError(f'the notice "{name}" is in none of the languages of this place', hint)
        setting, anybody = post.setting(self.affair, None), Contact("", post.office.name)
        if number:
            setting = replace(setting, reach={**setting.reach, "phone": number})
        said = []
        for language in chosen:
            version = found.versions[language]
            text = Merger(version, setting).text(anybody)
            if not (text.paste or text.sms):
                hint = 'add paste: "…" to its front matter'
                raise InputError(f"{version.document.shown} has no text for the website", hint)
            said.append(LanguageText(language, text.subject, text.paste or text.sms))
        return PlaceNotice(name, found.kind, tuple(said))

    def readable(self, number: str) -> ShownNumber:
        """A number as its country groups it."""
        return ShownNumber(number, say_phone(number))

    def published(self) -> Sequence[str]:
        """The register of bcp.yaml."""
        listed = self._room().office.published
        return [" · ".join(filter(None, (one.title or one.published, one.url, one.how))) for one in listed]

    def _room(self) -> Post:
        self._post = self._post or self.make()
        return self._post


def places_of(
    session: Session, incident: Incident, doer: StepDoer, by: str, world: World
) -> Callable[[str], PlaceLever]:
    """The levers of the places in the plan of an incident, for a step; in a drill nothing is written outside."""
    places = incident_places(session, incident, doer, by, world)
    return RehearsedPlaces(places).place if incident.drill else PlaceLevers(places).place


def incident_places(session: Session, incident: Incident, doer: StepDoer, by: str, world: World) -> Places:
    """The places in the plan of an incident, for a step."""
    found = {name: OfficePlace.model_validate(each) for name, each in incident.plan.places.items()}
    affair = affair_of(incident, by)
    name, zone = incident.plan.office.name, incident.zone
    places = _places_with(session, found, affair, doer, name=name, zone=zone, world=world)
    moved = {} if incident.drill else places_moved(session, incident, places.ledger.stacks())
    return replace(places, moved=moved)


def _places_with(
    session: Session,
    places: Mapping[str, OfficePlace],
    affair: LetterContext,
    doer: StepDoer,
    *,
    name: str,
    zone: ZoneInfo,
    world: World,
) -> Places:
    """These places, for an affair of the office called `name`."""
    return Places(
        places,
        PlaceEnv(world, session.clock, session.folder),
        PlaceJournal(session.stores.levers, affair.by),
        doer.key,
        session.stores.files(affair.incident).below("places"),
        zone,
        name,
        OfficeWording(lambda: post_of(session), affair),
        _see_from(session),
        _render,
        doer.undoes,
    )


def peacetime_places(
    session: Session, office: Office, by: str, affair: LetterContext | None = None
) -> Places:
    """Those of bcp.yaml, outside of any incident unless an `affair` says otherwise."""
    about = affair or LetterContext(NO_INCIDENT, None, {}, by)
    found = {place.place: place for place in office.places}
    doer, world = StepDoer(StepKey(about.incident, "")), world_of(session)
    return _places_with(session, found, about, doer, name=office.name, zone=office.zone, world=world)


def _see_from(session: Session) -> Callable[[str, str | None], PublicPage]:
    """A look at a public address, perhaps through another line."""

    def see(url: str, via: str | None) -> PublicPage:
        from bcp.app.check.probing import shared_for
        from bcp.office.model import load
        from bcp.probe.reader import read
        from bcp.yaml.source import Reader

        host = urlsplit(url).hostname or url
        with session.progress.task(_("Looking at {whom} as the public sees it").format(whom=host)):
            page, why = read(shared_for(session, load(session.folder, Reader())), url, via)
        return PublicPage(page, why)

    return see


def _render(page: StatusPage) -> Mapping[str, bytes]:
    """The files of a status page."""
    from bcp.page.status import files

    return files(page)
