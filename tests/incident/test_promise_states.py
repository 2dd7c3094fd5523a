"""Promises through any order of moves: each is in the state that was said last of it; none is lost or asked twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcp.errors import InputError
from bcp.event import NOTHING
from bcp.incident import promising
from bcp.incident.journal import IncidentJournal
from bcp.incident.memory_log import InMemoryLog
from bcp.promise.model import estimate, not_believed
from tests.frozen import FrozenClock
from tests.offices import STREAM, first_entry, office_in, runbook

PHASES = "  - phase: A\n    steps:\n      - {step: look, title: Look, by_hand: Do., manual: {}}\n"
MOVES = st.one_of(
    st.tuples(st.just("pass"), st.integers(1, 600), st.just(0)),
    st.tuples(st.just("set"), st.integers(-120, 120), st.just(0)),
    st.tuples(st.just("promise"), st.integers(1, 300), st.integers(0, 1)),
    st.tuples(st.just("kept"), st.integers(0, 5), st.just(0)),
    st.tuples(st.just("broken"), st.integers(0, 5), st.just(0)),
    st.tuples(st.just("ask"), st.just(0), st.just(0)),
)


@pytest.fixture(scope="module")
def entry(tmp_path_factory: pytest.TempPathFactory) -> object:
    return first_entry(office_in(tmp_path_factory.mktemp("promises"), outage=runbook(PHASES)))


class Told:
    """What a person would remember: of each promise what was said last, by how it may change."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.asked: set[int] = set()

    def says(self, number: int, kept: bool) -> bool:
        """Whether it may be said; a broken promise that came true stays broken, a kept one cannot be broken."""
        if self.said[number] == "kept":
            return kept
        if not kept or not self.said[number]:
            self.said[number] = "kept" if kept else "broken"
        return True


def move(book: IncidentJournal, clock: FrozenClock, told: Told, what: str, size: int, who: int) -> None:
    now = clock.now()
    if what == "pass":
        clock.go_on(timedelta(minutes=size))
    elif what == "set":
        clock.set_to(now + timedelta(minutes=size))
    elif what == "promise":
        due = now + timedelta(minutes=size)
        name = promising.make(
            book, promising.PromiseHeard(("Netia", "Orange")[who], "x", due), "anna", "anna", now
        )
        told.said.append("")
        assert name == f"p{len(told.said)}"
    elif what == "ask":
        fresh = {int(each.id[1:]) - 1 for each in promising.ask(book, "anna", now)}
        assert not fresh & told.asked, "asked twice"
        told.asked |= fresh
    elif size < len(told.said):
        settle(book, clock, told, size, what == "kept")


def settle(book: IncidentJournal, clock: FrozenClock, told: Told, number: int, kept: bool) -> None:
    now = clock.now()
    early = now < book.incident.promises[f"p{number + 1}"].made_at
    try:
        promising.settle(book, f"p{number + 1}", kept, "anna", recorded_by="anna", now=now, note="called off")
    except InputError:
        assert early or (told.said[number] == "kept" and not kept)
        return
    assert told.says(number, kept)


@settings(max_examples=150)
@given(moves=st.lists(MOVES, min_size=1, max_size=30))
def test_a_promise_is_what_was_said_last_of_it_whatever_happens_to_the_clock(
    entry: object, moves: list[tuple[str, int, int]]
) -> None:
    """Each look at the journal is a restart: nothing is kept but the events."""
    clock = FrozenClock()
    log = InMemoryLog(clock)
    log.append(STREAM, NOTHING, [entry])  # type: ignore[list-item]
    told = Told()
    for what, size, who in moves:
        move(IncidentJournal(log, STREAM), clock, told, what, size, who)
        now, incident = clock.now(), IncidentJournal(log, STREAM).incident
        promises = list(incident.promises.values())
        assert len(promises) == len(told.said)
        for promise, said in zip(promises, told.said, strict=True):
            assert promise.state(now) == (said or ("due" if now >= promise.due else "open"))
        of_netia = sum(p.broken for p in promises if p.provider == "Netia")
        of_orange = sum(p.broken for p in promises if p.provider == "Orange")
        doubted = {name for name, count in (("Netia", of_netia), ("Orange", of_orange)) if count >= 2}
        assert {p.provider for p in not_believed(promises)} == doubted
        own = estimate(promises, incident.opened_at, timedelta(days=14), now)
        assert (own is not None) == bool(doubted)
        assert own is None or own >= incident.opened_at + timedelta(days=14)
