"""Places: what every lever of a place works with in one incident; how the public sees what it wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bcp.errors import StepFailed, StoreError
from bcp.files import IncidentFiles
from bcp.i18n import _
from bcp.lever.moved import moved
from bcp.lever.place.base import PlaceDriver, PlaceEnv
from bcp.lever.place.ledger import PlaceJournal
from bcp.lever.place.marks import plain
from bcp.lever.place.status_page import StatusPage
from bcp.lever.place.text import PlaceNotice, Wording
from bcp.lever.stack import StepKey
from bcp.office.place import OfficePlace
from bcp.yaml.near import pick

Evidence = Mapping[str, Any]
"""What was seen of a deed, as plain JSON for the journal of the incident."""

_LOOKS = 5
_LOOKS_AT_NOTHING = 2
_PAUSE = 2.0


@dataclass(frozen=True, slots=True)
class PublicPage:
    """What a look at a public address gave: the page, or why there is none."""

    page: bytes | None
    reason: str = ""


class KeptPage(NamedTuple):
    """The copy of a page before we changed it: its file, from the state folder, and the SHA-256 of the page."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Places:
    """The places that one step of an incident can write at.

    `key` is whose layers it lays; `undoes` says that the step is the undo of that one.

    `files` is where copies and previews are kept, `see` looks at an address through an interface, `render` makes the
    files of a status page, `zone` is where the office's clock stands. `moved` are the places that were other
    pages when an incident put something there that is still there: by which.
    """

    places: Mapping[str, OfficePlace]
    reach: PlaceEnv
    ledger: PlaceJournal
    key: StepKey
    files: IncidentFiles
    zone: ZoneInfo
    office: str
    wording: Wording
    see: Callable[[str, str | None], PublicPage]
    render: Callable[[StatusPage], Mapping[str, bytes]]
    undoes: bool = False
    moved: Mapping[str, StepKey] = field(default_factory=dict)

    def named(self, name: str) -> OfficePlace:
        """The place. Raises InputError where there is none."""
        return pick(name, self.places, "place", "bcp.yaml has none yet")

    def wanted(self, place: OfficePlace, notice: str, number: str) -> PlaceNotice:
        """What the place is to say. Raises InputError for what is not known yet, StepFailed for a place that moved."""
        if place.place in self.moved:
            told = _(
                "{place} was another page when the incident {incident} wrote there, and that is still there"
            )
            key = self.moved[place.place]
            raise moved(told.format(place=place.place, incident=key.incident), key)
        found = self.wording.notice(notice, place.languages, number)
        shown = self.wording.readable(number) if number else None
        return PlaceNotice(found.notice, found.kind, found.said, shown)

    def others(self, name: str) -> list[str]:
        """The other places of bcp.yaml, the status page first."""
        found = [place for place in self.places.values() if place.place != name]
        return [place.place for place in sorted(found, key=lambda one: one.kind != "status-page")]

    def keep(self, place: str, page: str, content: bytes) -> KeptPage:
        """Keep a copy of what is there."""
        digest = sha256(content).hexdigest()
        suffix = Path(page).suffix or ".html"
        name = f"{place}-before-{digest[:12]}{suffix}"
        if not self.files.holds(name):
            _write(self.files, name, content)
        path = self.files.path(name)
        return KeptPage(path.relative_to(path.parent.parent.parent).as_posix(), digest)

    def preview(self, place: str, content: bytes) -> Path:
        """Write the page as it will be, to be opened in a browser; its file."""
        return _write(self.files, f"{place}-preview.html", content)

    def stood_in(self, name: str) -> list[str]:
        """The places where this step, or the one that it undoes, wrote instead of this one."""
        return [
            other
            for other, stack in self.ledger.stacks().items()
            if any(each.instead_of == name for each in stack.of(self.key.incident, self.key.step))
        ]

    def insist(self, place: OfficePlace, url: str | None, texts: Sequence[str]) -> str:
        """Who looked how; a sentence. Raises StepFailed where the public does not see these texts there."""
        if not url:
            return _("nobody looked at it from outside: open it on a phone with its Wi-Fi off")
        wanted = [plain(text) for text in texts]
        seen = PublicPage(None)
        for look in range(_LOOKS):
            if look:
                self.reach.clock.sleep(_PAUSE)
            seen = self.see(url, place.via)
            if seen.page is None and look == _LOOKS_AT_NOTHING:
                break
            if seen.page is not None and all(text in plain(seen.page) for text in wanted):
                return self._how(url, place.via)
        why = seen.reason or _("the page does not say it (a cache may still show the old page)")
        words = _("it is written, but it could not be seen at {url}: {why}").format(url=url, why=why)
        raise StepFailed(
            words, "open it on a phone with its Wi-Fi off; or try again, nothing is written twice"
        )

    def _how(self, url: str, via: str | None) -> str:
        if via:
            return _("seen at {url} through {via}").format(url=url, via=via)
        words = _(
            "seen at {url}, over the office's own line only: look once more on a phone with its Wi-Fi off"
        )
        return words.format(url=url)


def _write(files: IncidentFiles, name: str, content: bytes) -> Path:
    """Write a copy on this computer; where it lies. Raises StepFailed: nothing was published yet."""
    try:
        return files.write(name, content)
    except StoreError as error:
        raise StepFailed(error.message, error.hint) from None


def way_of(place: OfficePlace) -> PlaceDriver:
    """How we write at a place."""
    assert isinstance(place.way, PlaceDriver)
    return place.way


def evidence_of(place: OfficePlace, told: Evidence) -> Evidence:
    """What is kept of a deed in the journal of the incident."""
    return {"place": place.place, **({"url": place.url} if place.url else {}), **told}
