"""The places of a drill: nothing is fetched and nothing written; the page is shown, and what is missing is told."""

from __future__ import annotations

from dataclasses import dataclass

from bcp.action.levers import PlaceLever, Preview, Shown
from bcp.errors import StepFailed
from bcp.i18n import _
from bcp.lever.place.base import BY_HAND
from bcp.lever.place.context import Places, evidence_of
from bcp.lever.place.lever import AnyLever
from bcp.lever.place.look import picture
from bcp.outside import Program, Request
from bcp.secret_text import with_secret


@dataclass(frozen=True, slots=True)
class RehearsedPlaces:
    """Makes the levers of a drill."""

    places: Places

    def place(self, name: str, instead_of: str = "") -> PlaceLever:
        """The rehearsal of a place. Raises InputError where it is none."""
        return _Rehearsal(self.places, self.places.named(name), self.place, instead_of)


@dataclass(slots=True)
class _Rehearsal(AnyLever):
    def plan(self, notice: str, number: str) -> Preview:
        self.wanted = self.places.wanted(self.place, notice, number)
        file = self.places.preview(self.place.place, picture(b"", self.wanted, None))
        words = (self.way.describe(), *self.wanted.lines())
        return Preview(words, str(file), rehearsed=True)

    def publish(self) -> Shown:
        self._insist()
        return Shown(_("rehearsed, not published"), evidence_of(self.place, {"rehearsed": True}))

    def hand_back(self) -> str:
        return ""

    def take_back(self) -> Shown:
        self._insist()
        return Shown(_("rehearsed, not taken back"), evidence_of(self.place, {"rehearsed": True}))

    def _insist(self) -> None:
        """Raises StepFailed where a program or a secret is not on this computer."""
        way, world = self.way, self.places.reach.world
        ran = [world.run(Program((program,), 1.0)).trouble for program in way.programs()]
        logins = [{"Authorization": with_secret(secret)} for secret in way.secrets()]
        nowhere = [Request("GET", "https://example.invalid/", headers) for headers in logins]
        for trouble in filter(None, (*ran, *(world.request(each).trouble for each in nowhere))):
            raise StepFailed(trouble, BY_HAND)
