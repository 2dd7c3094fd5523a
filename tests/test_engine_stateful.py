"""Whatever is done with an incident, in whatever order: the journal, the state and the measures agree."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bcp.chain import checked
from bcp.errors import InputError, SomethingDue
from bcp.event import unseal
from bcp.incident import standdown, view
from bcp.incident.answer import StepOutcome, settle
from bcp.incident.fold import fold
from bcp.incident.journal import IncidentJournal
from bcp.incident.journal_text import JournalWords
from bcp.incident.operator import KeyPressed
from bcp.incident.state import OUTCOMES, Incident
from bcp.incident.step_view import StepView
from bcp.outside import Program, Ran
from bcp.world.rehearsal import Rehearsal
from tests.offices import Script, Stage, office_in, runbook
from tests.programs import SUCCEEDS

COMMAND = f"auto: true, command: {{run: {SUCCEEDS}}}"
UNDO = "undo: {title: Back, by_hand: Do., %s}"
PHASES = f"""
  - phase: First
    steps:
      - {{step: look, title: Look, by_hand: Do., manual: {{}}}}
      - {{step: mobile, title: On, by_hand: Do., {COMMAND}, {UNDO % "manual: {}"}}}
      - step: ask
        title: Ask
        by_hand: Ask.
        ask: {{questions: [{{fact: verdict, ask: What?, type: choice, choices: [down, ok], required: no}}]}}
      - {{step: if-down, title: If, by_hand: Do., only_if: {{fact: verdict, is: down}}, {COMMAND}}}
  - phase: Any
    any_order: true
    steps:
      - {{step: sub, title: Sub, by_hand: Do., auto: true, runbook: {{runbook: divert}}}}
      - {{step: seen, title: Seen, by_hand: Do., {COMMAND}, expect: internet}}
      - {{step: rest, title: Rest, by_hand: Do., auto: true, wait: {{for: 10m}}}}
"""
DIVERT = runbook(
    f"  - phase: D\n    steps:\n      - {{step: call, title: Call, by_hand: Do., {COMMAND}, {UNDO % COMMAND}}}",
    "divert",
    "stand_down:\n  - {step: thank, title: Thank, by_hand: Do., manual: {}}",
)
STEPS = ["look", "mobile", "ask", "if-down", "sub", "seen", "rest", "sub/call", "sub/thank", "extra"]
ADDRESSES = [*STEPS, "mobile.undo", "sub/call.undo", "extra.undo"]
KEYS = ["do", "by-hand", "failed", "skipped", "not-applicable", "deferred", "note", "pause", "other"]


@cache
def office() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="bcp-stateful-"))
    return office_in(folder, outage=runbook(PHASES), divert=DIVERT)


class Fate(Rehearsal):
    """A world in which programs end as the test decides, again and again in this order."""

    def __init__(self, codes: Sequence[int]) -> None:
        super().__init__(Path(), {})
        self._codes = list(codes)

    def run(self, program: Program) -> Ran:
        self._codes.append(self._codes.pop(0))
        return Ran(self._codes[-1], "it said so")


class Person(Script):
    """Presses these keys in this order, whatever is shown; then leaves."""

    def __init__(self, keys: Sequence[str], verdict: str | None) -> None:
        super().__init__(answers={"verdict": verdict})
        self._pressed = list(keys)

    def choose(self, view: StepView) -> KeyPressed:
        key: Any = self._pressed.pop(0) if self._pressed else "pause"
        return KeyPressed(key, "" if key == "do" else "because")


def snapshot(incident: Incident) -> dict[str, Any]:
    """Everything that a state holds, as plain data."""
    return {
        "head": incident.head,
        "steps": {
            step.id: [
                *(step.outcome, step.at, step.by, step.note, step.by_hand, step.seq, step.tries, step.waits),
                *(step.until, step.unsure, step.gate, step.entered, step.taken_by, step.amended),
                *(step.begun and step.begun.seq, step.evidence),
            ]
            for step in incident.every_step()
        },
        "phases": [
            (phase.title, phase.parent, [step.id for step in phase.steps]) for phase in incident.phases
        ],
        "facts": incident.facts,
        "left": incident.left,
        "closing": incident.closing,
        "closed": incident.closed_at,
        "next": [step.id for step in incident.next_steps()],
    }


class Incidents(RuleBasedStateMachine):
    """One incident that everything happens to; `books` are processes, whose books grow old."""

    @initialize()
    def begin(self) -> None:
        self.stage = Stage(office(), stream=f"2026-11-26-{next(_NUMBERS)}")
        self.books = [self.stage.book(), self.stage.book()]

    def book(self, which: int) -> IncidentJournal:
        return self.books[which]

    @property
    def now(self) -> Incident:
        return self.stage.incident()

    @rule(
        which=st.integers(0, 1),
        address=st.sampled_from(ADDRESSES),
        outcome=st.sampled_from(OUTCOMES),
        correct=st.booleans(),
        early=st.integers(0, 20),
    )
    def answer(self, which: int, address: str, outcome: str, correct: bool, early: int) -> None:
        at = self.stage.clock.now() - timedelta(minutes=early) if early else None
        given = StepOutcome(outcome, "piotr", "because", at=at, correct=correct)
        try:
            settle(self.book(which), address, given, self.stage.clock.now())
        except InputError as refused:
            assert refused.message

    @rule(
        which=st.integers(0, 1),
        keys=st.lists(st.sampled_from(KEYS), max_size=8),
        verdict=st.sampled_from(["down", "ok", None]),
        codes=st.lists(st.sampled_from([0, 0, 0, 1]), min_size=1, max_size=3),
        state=st.sampled_from(["up", "up", "down", "inconclusive"]),
    )
    def walk(self, which: int, keys: list[str], verdict: str | None, codes: list[int], state: Any) -> None:
        self.stage.world, self.stage.sight.states["internet"] = Fate(codes), state
        stop = self.stage.walk(Person(keys, verdict), book=self.book(which)).run()
        assert stop.why in ("carried-out", "paused")

    @rule(which=st.integers(0, 1), codes=st.lists(st.sampled_from([0, 0, 0, 1]), min_size=1, max_size=3))
    def walk_with_nobody_there(self, which: int, codes: list[int]) -> None:
        self.stage.world = Fate(codes)
        before = {step.id: step.outcome for step in self.now.every_step()}
        stop = self.stage.walk(Script(attended=False), book=self.book(which)).run()
        assert stop.why in ("carried-out", "person", "failed")
        for step in self.now.every_step():
            by_itself = (
                step.plan.auto or step.entered or step.outcome in (before.get(step.id), "not-applicable")
            )
            assert by_itself or step.outcome is None, f"{step.id} was settled with nobody there"

    @rule()
    def die_in_a_deed(self) -> None:
        deeds = [
            step
            for step in self.now.next_steps()
            if not step.plan.by_person and not step.begun and not step.entered
        ]
        if deeds:
            self.stage.write("step.begun", {"step": deeds[0].id, "title": deeds[0].title}, "piotr")
            self.books = [self.stage.book(), self.books[1]]

    @rule(fact=st.sampled_from(["verdict", "weather"]), value=st.sampled_from(["down", "ok"]))
    def amend_a_fact(self, fact: str, value: str) -> None:
        if self.now.closed_at is None:
            self.stage.write("fact.amended", {"facts": {fact: value}})

    @precondition(lambda self: "extra" not in self.now and self.now.closed_at is None)
    @rule(after=st.sampled_from(["look", "ask", "rest", "seen"]))
    def amend_a_step(self, after: str) -> None:
        plan = self.now["mobile"].plan.replaced(id="extra")
        self.stage.write("step.amended", {"after": after, "plan": plan.as_json(), "text": ""})

    @rule(minutes=st.integers(1, 30))
    def time_passes(self, minutes: int) -> None:
        self.stage.clock.go_on(timedelta(minutes=minutes))

    @rule(
        which=st.integers(0, 1), leave=st.sampled_from(["", "mobile", "sub/call", "extra"]), end=st.booleans()
    )
    def close(self, which: int, leave: str, end: bool) -> None:
        book = self.book(which)
        try:
            if leave:
                standdown.leave(book, {leave: "because"}, "anna", "terminal")
            standdown.begin(book, "anna", "terminal")
            if end:
                standdown.finish(book, "anna", "terminal")
        except (SomethingDue, InputError):
            book.refresh()
            on = [each for each in book.incident.in_force() if not each.left]
            assert on or leave or book.incident.closed_at is not None

    @rule(which=st.integers(0, 1))
    def forget_everything(self, which: int) -> None:
        self.books[which] = self.stage.book()

    @invariant()
    def a_book_that_is_brought_up_to_date_is_the_fold_of_the_journal(self) -> None:
        events = [unseal(row) for row in checked(self.stage.log.rows(self.stage.stream))]
        fresh = snapshot(fold(events))
        for book in self.books[:1]:
            book.refresh()
            assert snapshot(book.incident) == fresh

    @invariant()
    def nothing_is_settled_twice_without_a_correction(self) -> None:
        settled: dict[str, str] = {}
        for row in self.stage.log.rows(self.stage.stream):
            event = unseal(row)
            address = event.data.get("step")
            if event.kind == "closing.begun":
                settled = {step: said for step, said in settled.items() if not step.endswith(".undo")}
            elif event.kind == "step.settled":
                before = settled.get(address, "deferred")
                assert before == "deferred" or event.data.get("corrects"), f"#{event.seq} {address}"
                settled[address] = event.data["outcome"]
                if event.data["outcome"] == "done" and before != "done":
                    settled.pop(f"{address}.undo", None)

    @invariant()
    def the_measures_in_force_are_those_done_and_not_undone(self) -> None:
        last: dict[str, str] = {}
        for row in self.stage.log.rows(self.stage.stream):
            event = unseal(row)
            if event.kind == "step.settled":
                step, outcome = event.data["step"], event.data["outcome"]
                if outcome == "done" and last.get(step) != "done":
                    last.pop(f"{step}.undo", None)
                last[step] = outcome
            elif event.kind == "step.begun":
                last.pop(event.data["step"], None)
        on = {
            step
            for step, outcome in last.items()
            if outcome == "done"
            and f"{step}.undo" in self.now
            and last.get(f"{step}.undo") not in ("done", "not-applicable")
        }
        assert {measure.step.id for measure in self.now.in_force()} == on
        if self.now.closed_at is not None:
            assert on <= set(self.now.left) or self._changed_after_the_end()

    def _changed_after_the_end(self) -> bool:
        kinds = self.stage.kinds()
        return kinds.index("incident.closed") < len(kinds) - 1

    @invariant()
    def it_can_be_shown_at_any_time(self) -> None:
        incident, now = self.now, self.stage.clock.now()
        told = view.status(incident, now, lambda step: False)
        assert told["state"] == ("closed" if incident.closed_at else "open")
        view.what_next(incident, now, lambda step: False)
        assert view.commands_after(incident)
        events = [unseal(row) for row in self.stage.log.rows(self.stage.stream)]
        words = JournalWords(events[0])
        assert all(words.line(event) for event in events)


_NUMBERS = iter(range(10**9))

TestIncidents = Incidents.TestCase
TestIncidents.settings = settings(max_examples=40, stateful_step_count=25)
