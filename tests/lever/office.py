"""An office with a page, a number and a router whose power fails when a test says so, in this process or for good."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bcp.action.levers import Lever, PlaceLever
from bcp.errors import StepFailed
from bcp.event import Entry, Event, Head
from bcp.files import IncidentFiles
from bcp.lever.line.base import LineDriver
from bcp.lever.line.ledger import LineJournal
from bcp.lever.line.levers import OfficeLines
from bcp.lever.number.base import NumberDriver, NumberRequest
from bcp.lever.number.forwarding import ForwardingContext, NumberForwarding, NumberRestore
from bcp.lever.number.ledger import NumberJournal
from bcp.lever.place.base import PageCopy, PlaceEnv
from bcp.lever.place.context import Places, PublicPage
from bcp.lever.place.kinds.folder import Folder
from bcp.lever.place.ledger import PlaceJournal
from bcp.lever.place.levers import PlaceLevers
from bcp.lever.place.text import LanguageText, PlaceNotice, ShownNumber
from bcp.lever.stack import StepKey
from bcp.office.line import OfficeLine
from bcp.office.number import OfficeNumber
from bcp.office.place import OfficePlace
from bcp.outside import Program, Ran, World
from bcp.store.journal import Journal as Store
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests.frozen import FrozenClock

ZONE = ZoneInfo("Europe/Warsaw")
PAGE = (
    b"<p>\xff</p><!-- bcp:notice -->Open 9-17<!-- /bcp:notice -->\r\n"
    b"<b><!-- bcp:number -->22<!-- /bcp:number --></b>"
)


class PowerFailed(BaseException):
    """The computer is off."""


@dataclass
class Power:
    """Fails once: before or after the next change of the outside; or kills this process at the station with a number.

    A station lies before and behind each change of the outside and each line of the journal.
    """

    fails: str = ""
    kills_at: int = -1

    def around(self) -> Iterator[None]:
        fails, self.fails = self.fails, ""
        if fails == "before":
            raise PowerFailed
        self.station()
        yield
        self.station()
        if fails == "after":
            raise PowerFailed

    def station(self) -> None:
        self.kills_at -= 1
        if self.kills_at == -1:
            os.kill(os.getpid(), signal.SIGKILL)


POWER = Power()


@dataclass
class Outside:
    """What a provider and a router hold, in files, so that it outlives a process."""

    folder: Path = Path()
    refused: str = ""
    """A line that carries nothing."""

    @property
    def goes(self) -> str:
        return (self.folder / "goes").read_text()

    @goes.setter
    def goes(self, to: str) -> None:
        (self.folder / "goes").write_text(to)

    @property
    def routes(self) -> list[str]:
        return (self.folder / "routes").read_text().split()

    @routes.setter
    def routes(self, routes: list[str]) -> None:
        (self.folder / "routes").write_text(" ".join(routes))


OUT = Outside()


class Journal(Store):
    """One that may be killed before and behind each of its lines."""

    def append(self, stream: str, head: Head, entries: Sequence[Entry], **more: Any) -> list[Event]:
        POWER.station()
        found = super().append(stream, head, entries, **more)
        POWER.station()
        return found


class Alone(Real):
    """A world in which no program is there to ask."""

    def run(self, program: Program) -> Ran:
        return Ran(None, trouble="no such program", began=False)


# The outside of each kind, and what stands there --------------------------------------------------------


class Cloud(NumberDriver):
    """A provider with one number."""

    def describe(self, order: NumberRequest) -> Sequence[str]:
        return []

    def present(self, world: World, order: NumberRequest) -> Mapping[str, Any]:
        return {"url": OUT.goes}

    def forward(self, world: World, order: NumberRequest) -> Mapping[str, Any]:
        return self._set(order.to)

    def put_back(self, world: World, order: NumberRequest, saved: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._set(saved["url"])

    def is_ours(self, order: NumberRequest, present: Mapping[str, Any]) -> bool | None:
        return bool(present == {"url": order.to})

    def _set(self, to: str) -> Mapping[str, Any]:
        for _ in POWER.around():
            OUT.goes = to
        return {"goes_to": to}


class Router(LineDriver):
    """A table of routes, the best first, to which a switch adds one."""

    name: str

    def describe(self) -> str:
        return "Switch"

    def present(self, world: World) -> Mapping[str, Any]:
        return {"routes": list(OUT.routes)}

    def switch(self, world: World) -> str:
        if OUT.refused == self.name:
            raise StepFailed(f"{self.name} carries nothing")
        if not OUT.routes or OUT.routes[0] != self.name:
            for _ in POWER.around():
                OUT.routes = [self.name, *OUT.routes]
        return ""

    def made(self, world: World, saved: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"route": self.name}

    def put_back(self, world: World, saved: Mapping[str, Any], made: Mapping[str, Any]) -> None:
        for _ in POWER.around():
            OUT.routes = [each for each in OUT.routes if each != self.name]

    def leftovers(self, world: World, mades: Sequence[Mapping[str, Any]]) -> list[str]:
        return [f"a route to {self.name}" for _made in mades if self.name in OUT.routes]

    def stands(self, world: World, made: Mapping[str, Any]) -> str:
        return "" if OUT.routes[:1] == [self.name] else "it does not lead out"


class Site(Folder):
    """A folder of the website whose server may fail."""

    def store(self, reach: PlaceEnv, page: str, content: bytes, was: PageCopy | None) -> None:
        for _ in POWER.around():
            super().store(reach, page, content, was)


@dataclass
class Words:
    """What the office says: the name of the notice."""

    def notice(self, name: str, languages: Sequence[str], number: str) -> PlaceNotice:
        return PlaceNotice(name, "down", (LanguageText("en", name, f"{name} says"),))

    def readable(self, number: str) -> ShownNumber:
        return ShownNumber(number, number)

    def published(self) -> Sequence[str]:
        return []


@dataclass
class Office:
    """All levers of an office, in a folder, and what each step did with them."""

    folder: Path
    clock: FrozenClock = field(default_factory=FrozenClock)
    site: Path | None = None
    mark: str | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.world = Alone(Secrets(self.folder, {}))
        self.log = Journal(self.folder / "state", self.clock)
        (self.folder / "page.html").write_bytes(PAGE)
        OUT.folder, OUT.refused = self.folder, ""
        OUT.goes, OUT.routes, POWER.fails, POWER.kills_at = "welcome", ["dsl"], "", -1
        self.before = self.outside()

    def outside(self) -> tuple[bytes, str, list[str]]:
        return (self.folder / "page.html").read_bytes(), OUT.goes, list(OUT.routes)

    def place(self, key: StepKey, undoes: bool) -> PlaceLever:
        way = Site(path=str(self.site or self.folder))
        place = OfficePlace.model_construct(
            place="website", page="page.html", way=way, kind="page", languages=[], mark=self.mark
        )
        env = PlaceEnv(self.world, self.clock, self.folder)
        ledger, files = PlaceJournal(self.log, "anna"), IncidentFiles(self.folder / "state" / "i" / "places")
        places = Places(
            {"website": place}, env, ledger, key, files, ZONE, "Kropka", Words(), _unseen, _unseen, undoes
        )  # type: ignore[arg-type]
        return PlaceLevers(places).place("website")

    def publish(self, key: StepKey, notice: str) -> None:
        """Tell it on the page alone."""
        lever = self.place(key, False)
        lever.plan(notice, "")
        lever.publish()

    def line(self, key: StepKey, undoes: bool, name: str) -> Lever:
        return self.lines(key, undoes).line(name)

    def lines(self, key: StepKey, undoes: bool) -> OfficeLines:
        lines = {
            each: OfficeLine.model_construct(line=each, way=Router(name=each)) for each in ("lte", "dish")
        }
        lines["internet"] = OfficeLine(line="internet")
        ledger = LineJournal(self.log, "anna")
        return OfficeLines(lines, self.world, ledger, key, self.clock, ZONE, 3, undoes)

    def context(self, key: StepKey, undoes: bool) -> ForwardingContext:
        ledger = NumberJournal(self.log, "anna")
        told = (key.incident, self.world, ledger, ZONE, self.clock)
        return ForwardingContext(*told, step=key.step, has_undo=key.has_undo, undoes=undoes)

    def lay(self, key: StepKey, choice: int) -> None:
        """Tell it, forward the calls, switch the line; each as `choice` says."""
        lever = self.place(key, False)
        lever.plan(f"n{choice}-{key.incident}", "+4822" + str(choice) if choice % 2 else "")
        lever.publish()
        NumberForwarding(self.context(key, False), order_to(f"+48600{choice}{key.step}")).switch({})
        self.line(key, False, "lte" if choice % 2 else "dish").switch()

    def undo(self, key: StepKey) -> None:
        self.place(key, True).take_back()
        NumberRestore(self.context(key, True), order_to()).switch({})
        self.line(key, True, "internet").switch()


def _unseen(*_told: object) -> PublicPage:
    return PublicPage(None)


def order_to(to: str = "") -> NumberRequest:
    number = OfficeNumber.model_construct(number="office", phone="+48226000001", way=Cloud())
    return NumberRequest(number, None, to, "Anna")
