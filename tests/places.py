"""Offices with places on the web, and a web server of the test over the folder that they write into."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bcp.action.base import Deed, Done, Failed, Tools
from bcp.action.kinds.publish import Publish
from bcp.app.levers import OfficeLevers, doer_of
from bcp.app.session import Session
from bcp.errors import BcpError, Unsure
from bcp.fact import Fact
from bcp.lever.stack import StepDoer, StepKey
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests.frozen import FrozenClock
from tests.offices import OFFICE, Sight, Stage, office_in, runbook

PAGE = """<!DOCTYPE html>
<html lang="pl"><head><meta charset="utf-8"><title>Kontakt</title></head>
<body><h1>Agencja Kropka</h1>
<!-- bcp:notice --><!-- /bcp:notice -->
<p>Zadzwoń: <!-- bcp:number --><a href="tel:+48226000001">22 600 00 01</a><!-- /bcp:number --></p>
</body></html>
"""
NOTICE = """---
subject: "{title}"
paste: "{text} {{{{ reach.phone }}}}"
kind: {kind}
---
{{{{ greeting }}}},

{text}
"""
PHASES = """
  - phase: Now
    steps:
      - step: tell
        title: Tell it on the website
        publish: {place: PLACE, notice: line-down, contact_number: "+48 22 600 00 99", confirm: no}
        auto: yes
        by_hand: Sign in to the website and write it there.
        undo:
          title: Take it off the website
          publish: {place: PLACE, take_back: yes}
          auto: yes
          by_hand: Sign in to the website and take it away.
"""
NUMBER = "+48226000099"
SHOWN = "+48 22 600 00 99"


def office_with(folder: Path, places: str, phases: str = PHASES.replace("PLACE", "website")) -> Path:
    """An office with these places (YAML, indented by two) and notices in three languages."""
    made = office_in(folder, outage=runbook(phases))
    (made / "bcp.yaml").write_text(f"{OFFICE}places:\n{places}", encoding="utf-8")
    notices = made / "notices"
    notices.mkdir(exist_ok=True)
    for language, title, text in (
        ("pl", "Awaria łącza", "Nasz telefon nie działa, prosimy dzwonić:"),
        ("en", "Our line is down", "Our phone is out of order, please call:"),
        ("de", "Störung", "Unser Telefon ist gestört, bitte rufen Sie an:"),
    ):
        for name, kind, head in (
            ("line-down", "down", ""),
            ("update", "update", "2: "),
            ("all-clear", "all-clear", "OK: "),
        ):
            text_ = NOTICE.format(title=head + title, text=head + text, kind=kind)
            (notices / f"{name}.{language}.md").write_text(text_, encoding="utf-8")
    return made


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """A web server over a folder; its address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_arguments: Any) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Person:
    """Somebody at the desk: says yes, and what else the test says."""

    says: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def ask(self, fact: Fact) -> str | None:
        self.asked.append(fact.name)
        return self.says.get(fact.name, "yes")

    def tell(self, text: str) -> None:
        self.told.append(text)


@dataclass
class Desk:
    """An incident in which a step publishes, in this process and with a clock that stands still."""

    office: Path
    secrets: dict[str, str] = field(default_factory=dict)
    clock: FrozenClock = field(default_factory=FrozenClock)

    def publish(
        self, place: str, notice: str = "line-down", number: str = NUMBER, person: Person | None = None
    ) -> Deed:
        return self.run(Publish(place=place, notice=notice, contact_number=number or None), person)

    def take_back(self, place: str) -> Deed:
        return self.run(Publish(place=place, take_back=True))

    def overlap(self, place: str, seen: Callable[[], object]) -> None:
        """Two incidents tell it at a place, and the first one is closed first: the other's stays, and at the end
        what is `seen` there is what it was.
        """
        before = seen()
        outage, phone = (
            StepDoer(StepKey(each, "tell")) for each in ("2026-11-26-outage", "2026-11-26-phone")
        )
        self._done(Publish(place=place, notice="line-down", contact_number=NUMBER), outage)
        self._done(Publish(place=place, notice="update", contact_number="+48226000077"), phone)
        said = seen()
        assert said != before
        self._done(Publish(place=place, take_back=True), outage._replace(undoes=True))
        assert seen() == said
        self._done(Publish(place=place, take_back=True), phone._replace(undoes=True))
        assert seen() == before

    def _done(self, action: Publish, doer: StepDoer) -> None:
        deed = self.run(action, doer=doer)
        assert isinstance(deed, Done), deed

    def run(self, action: Publish, person: Person | None = None, doer: StepDoer | None = None) -> Deed:
        """What becomes of the step; a failure with a sentence is one, as in a walk. `doer` is of another incident."""
        levers = self.levers(doer)
        zone = levers.incident.zone
        tools = Tools(person or Person(), levers.world, Sight(), self.clock, zone, "PL", {}, None, levers)
        try:
            return action.run(tools)
        except BcpError as error:
            return Failed(error.message, {"hint": error.hint}, unsure=isinstance(error, Unsure))

    def levers(self, doer: StepDoer | None = None) -> OfficeLevers:
        """What a step of the incident, or of another one, works with."""
        environ = {**os.environ, **self.secrets}
        session = Session(str(self.office), environ, self.clock)
        incident = Stage(self.office, clock=self.clock).incident()
        world = Real(Secrets(self.office, environ))
        return OfficeLevers(session, incident, doer or doer_of(incident, ""), "anna", world)
