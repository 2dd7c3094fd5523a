"""Who acts is asked once at a terminal, and kept for the day; a login name is never a person."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bcp.app.session import Session
from bcp.app.who import FILE, KEPT_FOR, KnownPeople
from bcp.errors import InputError
from tests.frozen import FrozenClock
from tests.offices import bcp, office_in, runbook
from tests.test_guided import Terminal

STEPS = "  - {phase: A, steps: [{step: look, title: Look, by_hand: Do., manual: {}}]}"
NOBODY = {"BCP_PERSON": "", "LOGNAME": "root"}
PEOPLE = {"anna": "Anna Nowak", "piotr": "Piotr Lis"}
Sit = Callable[..., Terminal]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return office_in(tmp_path / "office", outage=runbook(STEPS))


@pytest.fixture
def sit(place: Path) -> Iterator[Sit]:
    terminals: list[Terminal] = []

    def begin(*arguments: str, **environ: str) -> Terminal:
        terminals.append(Terminal(place, *arguments, height=24, **{**NOBODY, **environ}))
        return terminals[-1]

    yield begin
    for each in terminals:
        each.child.close(force=True)


def doers(place: Path) -> list[str]:
    return [event["by"] for event in json.loads(bcp(place, "incident", "log", "--json").stdout)]


def test_without_a_terminal_the_record_says_that_nobody_is_known_and_no_login_is_a_person(
    place: Path,
) -> None:
    bcp(place, "incident", "start", "outage", **NOBODY)
    bcp(place, "incident", "note", "it is dark", **NOBODY)
    assert set(doers(place)) == {"not known (login root)"}
    assert "not known (login root): note: it is dark" in bcp(place, "incident", "log").stdout


def test_a_person_whose_login_it_is_needs_no_question(place: Path) -> None:
    bcp(place, "incident", "start", "outage", BCP_PERSON="", LOGNAME="piotr")
    assert doers(place)[0] == "piotr"


def test_who_sits_there_is_asked_once_and_kept_until_somebody_else_says_so(place: Path, sit: Sit) -> None:
    person = sit("incident", "start", "outage")
    person.sees("Who are you?", "1 Anna Nowak   2 Piotr Lis").types("7").sees("none of them").types("2")
    person.sees("Begun: ").types("p")
    assert person.ends() == 0
    note = sit("incident", "note", "it is dark")
    note.sees("Written down as Piotr Lis. Somebody else? --by NAME", "Written down.")
    assert note.ends() == 0
    other = sit("incident", "note", "it is light", "--by", "ask")
    other.sees("Who are you?").types("anna").sees("Written down.")
    assert other.ends() == 0
    last = sit("incident", "note", "it is dark again")
    last.sees("Written down as Anna Nowak.")
    assert last.ends() == 0
    assert [each for each in doers(place) if each != doers(place)[0]] == ["anna", "anna"]
    assert doers(place)[0] == "piotr"


def test_who_is_none_of_them_is_not_known_and_is_asked_next_time(place: Path, sit: Sit) -> None:
    bcp(place, "incident", "start", "outage")
    for _again in range(2):
        note = sit("incident", "note", "a neighbour says hello")
        note.sees("Who are you?").types("").sees("Written down.")
        assert note.ends() == 0
    assert doers(place)[-1] == "not known (login root)"


def test_a_person_who_is_named_is_not_asked_for_besides(place: Path, sit: Sit) -> None:
    bcp(place, "incident", "start", "outage")
    note = sit("incident", "note", "hello", "--by", "piotr")
    note.sees("Written down.")
    assert note.ends() == 0
    assert doers(place)[-1] == "piotr"


def test_an_unknown_person_is_refused_and_nobody_is_asked_without_a_terminal(place: Path) -> None:
    bcp(place, "incident", "start", "outage")
    for name in ("ewa", "ask"):
        assert bcp(place, "incident", "note", "hello", "--by", name, **NOBODY).returncode == 2


class Sitting:
    """Somebody who says who it is, and counts how often that was asked."""

    attended = True

    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)
        self.asked = 0

    def ask(self, people: dict[str, str]) -> str | None:
        self.asked += 1
        return self.answers.pop(0)


def session(place: Path, clock: FrozenClock, who: Sitting) -> Session:
    return Session(str(place), {"LOGNAME": "root"}, clock, who=who)


def test_it_is_asked_again_when_nobody_acted_for_half_a_day(place: Path) -> None:
    clock, who = FrozenClock(), Sitting("piotr", "anna")
    assert session(place, clock, who).person(None, PEOPLE) == "piotr"
    clock.go_on(KEPT_FOR - timedelta(minutes=1))
    assert session(place, clock, who).person(None, PEOPLE) == "piotr"
    clock.go_on(KEPT_FOR - timedelta(minutes=1))
    assert session(place, clock, who).person(None, PEOPLE) == "piotr" and who.asked == 1, "each deed keeps it"
    clock.go_on(KEPT_FOR + timedelta(minutes=1))
    assert session(place, clock, who).person(None, PEOPLE) == "anna"


def test_whoever_is_none_of_them_is_asked_once_a_command(place: Path) -> None:
    who = Sitting(None)
    one = session(place, FrozenClock(), who)
    assert [one.person(None, PEOPLE) for _again in range(3)] == ["not known (login root)"] * 3


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"root": 7}', '{"root": {"person": "anna", "until": "soon"}}', "\x00"]
)
def test_a_file_that_cannot_be_read_says_nothing_and_is_written_anew(place: Path, text: str) -> None:
    one = session(place, FrozenClock(), Sitting("piotr"))
    one.stores.folder.mkdir(parents=True, exist_ok=True)
    (one.stores.folder / FILE).write_text(text, encoding="utf-8")
    assert one.person(None, PEOPLE) == "piotr"
    assert KnownPeople(one.stores.folder).find("root", one.clock.now()) == "piotr"


def test_who_left_the_office_is_not_taken_for_who_sits_there(place: Path) -> None:
    clock = FrozenClock()
    session(place, clock, Sitting("piotr")).person(None, PEOPLE)
    assert session(place, clock, Sitting("anna")).person(None, {"anna": "Anna Nowak"}) == "anna"


def test_a_person_who_is_nobody_here_is_refused_before_anybody_is_asked(place: Path) -> None:
    who = Sitting("anna")
    with pytest.raises(InputError, match="nobody called"):
        session(place, FrozenClock(), who).person("ewa", PEOPLE)
    assert who.asked == 0
