"""Small offices for tests: a folder with runbooks as text, a book in a real store, a guide that follows a script."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bcp.action.base import Look, State, Tools
from bcp.errors import PersonNeeded
from bcp.event import NOTHING, Entry, Log
from bcp.fact import Fact
from bcp.incident.engine import Stop, Walk
from bcp.incident.journal import Holds, IncidentJournal
from bcp.incident.operator import Key, KeyPressed
from bcp.incident.state import Incident
from bcp.incident.step_view import StepView
from bcp.outside import World
from bcp.runbook.plan import compile_plan, texts_of
from bcp.store.hold import FileHolds
from bcp.store.journal import Journal
from bcp.validate import load
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests import quick
from tests.frozen import FrozenClock

STREAM = "2026-11-26-outage"

OFFICE = """
name: Agencja Kropka
country: PL
timezone: Europe/Warsaw
people:
  - {person: anna, name: Anna Nowak, phone: "+48600000101"}
  - {person: piotr, name: Piotr Lis, phone: "+48600000102"}
roles:
  - {role: lead, owner: anna, deputies: [piotr]}
lines:
  - {line: internet, provider: Netia, support: "801 802 803"}
"""

CHECK = """
check: internet
title: The internet
every: 30s
confirm: 3 looks in 1s
probes:
  - tcp: {host: 127.0.0.1, port: 9}
"""

HEAD = """
runbook: outage
title: The line is dead
when: Nobody has internet
target: 8h
owner: lead
"""


def runbook(phases: str, name: str = "outage", more: str = "") -> str:
    """A runbook with these phases (YAML, indented by two)."""
    return HEAD.replace("runbook: outage", f"runbook: {name}") + f"phases:\n{phases}\n{more}\n"


def office_in(folder: Path, **runbooks: str) -> Path:
    """An office folder with these runbooks; the name of the keyword is that of the file."""
    for part in ("runbooks", "checks"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "bcp.yaml").write_text(OFFICE, encoding="utf-8")
    (folder / "checks" / "internet.yaml").write_text(CHECK, encoding="utf-8")
    for name, text in runbooks.items():
        (folder / "runbooks" / f"{name.replace('_', '-')}.yaml").write_text(text, encoding="utf-8")
    return folder


def first_entry(office: Path, root: str = "outage", kind: str = "incident") -> Entry:
    """The event that an incident begins with."""
    whole = load(office)
    plan = compile_plan(root, whole.runbooks, whole.office)
    title = whole.runbooks[root].model.title
    data = {"kind": kind, "runbook": root, "title": title, "plan": plan.as_json()}
    return Entry("incident.started", "anna", {**data, "texts": texts_of(plan, whole.runbooks)})


Press = Key | KeyPressed | Callable[[], Key]


@dataclass
class Script:
    """Plays the person: for each step what is pressed, in order; a step that is not named is done.

    A key may be a function: it does something while the step is on the screen, and gives the key.

    When a step is shown more often than it has keys, the last key is pressed again; after `patience` views of
    all steps together the test fails, so that a walk in a circle ends.
    """

    keys: Mapping[str, Press | Sequence[Press]] = field(default_factory=dict)
    answers: Mapping[str, str | None] = field(default_factory=dict)
    attended: bool = True
    patience: int = 200
    views: list[StepView] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def tell(self, text: str) -> None:
        self.told.append(text)

    def choose(self, view: StepView) -> KeyPressed:
        if not self.attended:
            raise PersonNeeded(view.title)
        assert len(self.views) < self.patience, [each.id for each in self.views[-12:]]
        shown = sum(each.id == view.id for each in self.views)
        self.views.append(view)
        wanted = self.keys.get(view.id, "do")
        keys: list[Press] = (
            [wanted] if isinstance(wanted, str) or not isinstance(wanted, Sequence) else [*wanted]
        )
        pressed = keys[min(shown, len(keys) - 1)]
        key = pressed() if callable(pressed) else pressed
        return (
            key
            if isinstance(key, KeyPressed)
            else KeyPressed(key, "" if key == "do" else f"reason of {view.id}")
        )

    def ask(self, fact: Fact) -> str | None:
        if not self.attended:
            raise PersonNeeded(fact.ask)
        self.asked.append(fact.name)
        return self.answers.get(fact.name, f"answer to {fact.name}")

    @staticmethod
    def after(deed: Callable[[], object], key: Key = "do") -> Callable[[], Key]:
        """A key that is pressed after `deed` was done elsewhere."""

        def press() -> Key:
            deed()
            return key

        return press

    def seen(self) -> list[tuple[str, str]]:
        """The steps that were shown, each with its mood."""
        return [(view.id, view.mood) for view in self.views]


@dataclass
class Sight:
    """Looks that show what the test says; each look is noted."""

    states: dict[str, State] = field(default_factory=dict)
    looked: list[str] = field(default_factory=list)

    def look(self, check: str, within: timedelta, wanted: State) -> Look:
        self.looked.append(check)
        state = self.states.get(check, "up")
        return Look(state, f"a test says {state}")


@dataclass
class Stage:
    """An incident in a real store, and everything to walk it with."""

    office: Path
    clock: FrozenClock = field(default_factory=FrozenClock)
    sight: Sight = field(default_factory=Sight)
    root: str = "outage"
    kind: str = "incident"
    stream: str = STREAM
    world: World | None = None

    def __post_init__(self) -> None:
        self.state = self.office / "incidents"
        self.log: Log = Journal(self.state, self.clock)
        self.holds: Holds = FileHolds(self.state)
        if not list(self.log.rows(self.stream)):
            self.log.append(self.stream, NOTHING, [first_entry(self.office, self.root, self.kind)])

    def book(self) -> IncidentJournal:
        """The book, read anew, as another process would."""
        return IncidentJournal(self.log, self.stream)

    def incident(self) -> Incident:
        return self.book().incident

    def walk(self, guide: Script, by: str = "anna", book: IncidentJournal | None = None) -> Walk:
        world = self.world or Real(Secrets(self.office, os.environ))

        def tools(incident: Incident, _step: str) -> Tools:
            return Tools(guide, world, self.sight, self.clock, incident.zone, "PL", dict(incident.facts))

        return Walk(book or self.book(), guide, tools, self.holds, self.clock, by)

    def run(self, guide: Script | None = None, by: str = "anna") -> Stop:
        """Walk in a book read anew."""
        return self.walk(guide or Script(), by).run()

    def alone(self) -> Stop:
        """Walk with nobody there."""
        return self.run(Script(attended=False))

    def write(self, kind: str, data: Mapping[str, Any], by: str = "anna") -> None:
        """Write an event as it is, as a process that ended right behind it left it."""
        entry = Entry(kind, by, data)
        self.book().write(lambda _incident: [entry])

    def outcomes(self) -> dict[str, str]:
        return {step.id: step.shown for step in self.incident().every_step()}

    def kinds(self) -> list[str]:
        return [row.kind for row in self.log.rows(self.stream)]


def stage(folder: Path, phases: str, more: str = "", **others: str) -> Stage:
    """A stage with one runbook of these phases, and other runbooks."""
    return Stage(office_in(folder / "office", outage=runbook(phases, more=more), **others))


def bcp(
    office: Path, *arguments: str, stdin: int | str | None = subprocess.DEVNULL, **environ: str
) -> subprocess.CompletedProcess[str]:
    """The real command."""
    return quick.run(arguments, office, _surroundings(environ), stdin, timeout=100)


def bcp_apart(office: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own: one that dies, or is the only one in its memory."""
    return quick.apart(arguments, office, _surroundings(environ), subprocess.DEVNULL, timeout=100)


def _surroundings(more: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "BCP_PERSON": "anna", "PYTHONUTF8": "1", **more}
