"""The kinds of events: each is one class that is read back as it was written, says a sentence and changes the state."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.cost.model import Receipt
from bcp.errors import TooNew
from bcp.event import NOTHING, Entry, Event, canonical, seal, unseal
from bcp.frozen import Frozen, Lacks
from bcp.incident.events.base import Payload
from bcp.incident.events.note import NoteWritten
from bcp.incident.events.registry import every, read
from bcp.incident.events.step import StepSettled, StepTried, StepWaiting
from bcp.incident.journal_text import JournalWords
from bcp.incident.state import OUTCOMES
from bcp.runbook.compiled import Plan, PlanStep
from tests.frozen import START
from tests.offices import STREAM, Stage, bcp, first_entry, office_in, runbook, stage

PHASES = """
  - phase: A
    within: 15m
    steps:
      - {step: look, title: Look, who: lead, by_hand: Do., manual: {}, undo: {title: Back, by_hand: Do., manual: {}}}
      - {step: rest, title: Rest, by_hand: Do., manual: {}}
"""
MORE = """
decisions:
  - {decision: go-on, question: Do we go on?, at: 1h, answers: [{answer: a}, {answer: b}], default: a}
"""
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAMED = st.dictionaries(TEXTS, TEXTS, max_size=3)
# As they are kept: to the millisecond, in UTC.
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000, tzinfo=UTC)
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The plan of a small office."""
    office = office_in(tmp_path_factory.mktemp("office"), outage=runbook(PHASES, more=MORE))
    return Plan.from_json(first_entry(office).data["plan"])


def of_type(hint: object, plan: Plan) -> st.SearchStrategy[Any]:
    """Values of the type of a field."""
    known: list[tuple[object, st.SearchStrategy[Any]]] = [
        (str, TEXTS),
        (Mapping[str, str], NAMED),
        (Mapping[str, Any], st.dictionaries(TEXTS, ANYTHING, max_size=3)),
        (Sequence[str], st.lists(TEXTS, max_size=3)),
        (datetime, MOMENTS),
        (datetime | None, st.none() | MOMENTS),
        (Receipt | None, st.none() | st.builds(Receipt, TEXTS, TEXTS, st.integers(0, 9), TEXTS)),
        (Plan, st.just(plan)),
        (PlanStep, st.sampled_from([*plan.runbooks["outage"].steps()])),
    ]
    found = [strategy for kind, strategy in known if kind == hint]
    return found[0] if found else st.from_type(hint)  # type: ignore[arg-type]


def written(kind: type[Frozen], plan: Plan) -> st.SearchStrategy[Any]:
    """All that one class can hold."""
    hints = get_type_hints(kind)
    fields = {name: of_type(hints[name], plan) for name in kind.FIELDS}
    if kind is StepSettled:
        fields["outcome"] = st.sampled_from(OUTCOMES)
    return st.builds(kind, **fields)


def event_of(payload: Payload, number: int = 2) -> Event:
    """The event that holds it."""
    return seal(STREAM, NOTHING._replace(seq=number - 1), payload.entry("anna"), START)


@pytest.mark.parametrize("kind", sorted(every()))
@given(data=st.data())
def test_whatever_an_event_holds_is_read_back_as_it_was_written(
    kind: str, plan: Plan, data: st.DataObject
) -> None:
    payload = data.draw(written(every()[kind], plan))
    event = event_of(payload)
    assert read(event) == payload
    assert canonical(read(event).as_json()) == canonical(event.data)


@pytest.mark.parametrize("kind", sorted(every()))
def test_every_kind_says_what_it_changes_and_has_a_sentence_of_its_own(kind: str) -> None:
    made = every()[kind]
    assert kind == made.KIND and made.__doc__
    assert made.apply is not Payload.apply and made.sentence is not Payload.sentence


def test_a_plan_is_read_back_as_it_was_compiled(plan: Plan) -> None:
    assert Plan.from_json(json.loads(canonical(plan.as_json()))) == plan
    (step,) = [each for each in plan.runbooks["outage"].steps() if each.id == "look"]
    assert step.undo is not None and step.undo.undo is None
    assert plan.runbooks["outage"].decisions[0].answers[1].runbook is None


def test_a_plan_without_a_version_is_one_of_the_first() -> None:
    raw = {"root": "a", "office": {"name": "n", "language": "en", "country": "PL", "timezone": "UTC"}}
    raw |= {"people": {}, "roles": {}, "lines": {}, "activities": [], "runbooks": {}}
    raw |= {"clock": {"remind_measures_after": None, "long_outage": 60.0}}
    plan = Plan.from_json(raw)
    assert (plan.version, plan.ways, plan.numbers, plan.places) == (1, {}, (), {})


def test_a_field_that_older_versions_did_not_write_is_read_as_it_was_meant() -> None:
    old = StepTried.from_json({"step": "a", "title": "A", "why": "no"})
    assert (old.unsure, old.evidence) == (False, {})
    assert canonical(old.as_json()) == '{"evidence":{},"step":"a","title":"A","unsure":false,"why":"no"}'
    with pytest.raises(Lacks, match="why"):
        StepTried.from_json({"step": "a", "title": "A"})


def test_what_is_as_by_default_is_not_written() -> None:
    assert NoteWritten("t").as_json() == {"text": "t"}
    assert StepWaiting("a", "A", until=START).as_json()["until"] == "2026-11-26T06:50:00.000Z"
    assert set(StepSettled("a", "A", "done").as_json()) == {"step", "title", "outcome"}


def test_what_an_event_holds_cannot_be_changed_or_made_in_part() -> None:
    note = NoteWritten("t")
    with pytest.raises(AttributeError, match="frozen"):
        note.text = "u"  # type: ignore[misc]
    for strange in ({}, {"text": "t", "colour": "red"}):
        with pytest.raises(TypeError):
            NoteWritten(**strange)
    assert note != NoteWritten("u") and note.replaced(text="u") == NoteWritten("u")
    assert repr(note) == "NoteWritten(text='t', step='')"


def staged_with(folder: Path, kind: str, data: Mapping[str, Any]) -> Stage:
    """An open incident with one more event at its end, as another version wrote it."""
    staged = stage(folder, PHASES, more=MORE)
    staged.write("note.written", {"text": "before"})
    head = staged.incident().head
    staged.log.append(STREAM, head, [Entry(kind, "anna", data)])
    return staged


NEWER = [
    pytest.param(
        "step.settled",
        {"step": "look", "title": "Look", "outcome": "halved"},
        '"halved" is not known',
        id="word",
    ),
    pytest.param("step.paused", {"step": "look"}, 'a kind that is not known here, "step.paused"', id="kind"),
    pytest.param("weather.seen", {}, 'a kind that is not known here, "weather.seen"', id="noun"),
    pytest.param("note.written", {"words": "w"}, 'it does not say "text"', id="field"),
    pytest.param(
        "promise.asked", {"promise": "p1", "from": "N", "what": "w", "due": "soon"}, "soon", id="form"
    ),
    pytest.param(
        "note.written",
        {"text": "t", "secret": 1, "must_know": ["secret"]},
        'not known here, "secret"',
        id="must",
    ),
]


@pytest.mark.parametrize(("kind", "data", "why"), NEWER)
def test_what_a_newer_version_wrote_is_said_with_what_to_do_and_is_no_bug_of_ours(
    tmp_path: Path, kind: str, data: Mapping[str, Any], why: str
) -> None:
    staged = staged_with(tmp_path, kind, data)
    with pytest.raises(
        TooNew, match="was written by a newer version of bcp: event 3 cannot be understood"
    ) as said:
        staged.book()
    assert why in said.value.message
    for verbs in (("status",), ("resume",), ("close",), ("note", "x"), ("log",)):
        ran = bcp(staged.office, "incident", *verbs)
        assert ran.returncode == 3, ran.stderr
        assert STREAM in ran.stderr and "printed sheet" in ran.stderr and "bug" not in ran.stderr
    assert len(list(staged.log.rows(STREAM))) == 3


def test_what_is_only_added_by_a_newer_version_is_passed_over(tmp_path: Path) -> None:
    staged = staged_with(tmp_path, "note.written", {"text": "after", "mood": "good"})
    assert [note.text for note in staged.incident().notes] == ["before", "after"]
    assert bcp(staged.office, "incident", "note", "more").returncode == 0


def test_a_plan_of_a_later_version_is_said_so_at_opening(tmp_path: Path) -> None:
    office = office_in(tmp_path / "office", outage=runbook(PHASES))
    first = first_entry(office)
    newer = {**first.data, "plan": {**first.data["plan"], "format": 2}}
    staged = Stage(office, stream="2026-11-25-outage")
    staged.log.append(STREAM, NOTHING, [Entry(first.kind, "anna", newer)])
    ran = bcp(office, "incident", "status", "--incident", STREAM)
    assert ran.returncode == 3
    assert "its plan is of version 2, and only 1 is known here" in ran.stderr and "update bcp" in ran.stderr


def test_an_incident_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    staged = staged_with(tmp_path, "step.paused", {"step": "look"})
    other = Stage(staged.office, stream="2026-11-25-outage")
    listed = bcp(staged.office, "incident", "list")
    assert listed.returncode == 0 and other.stream in listed.stdout
    assert "was written by a newer version" in listed.stderr and "update bcp" in listed.stderr
    told = json.loads(bcp(staged.office, "incident", "list", "--json").stdout)
    assert [each["id"] for each in told] == [other.stream]
    assert bcp(staged.office, "incident", "note", "hello", "--incident", other.stream).returncode == 0


def test_journal_txt_names_a_kind_that_is_not_known(tmp_path: Path) -> None:
    staged = staged_with(tmp_path, "step.paused", {"step": "look"})
    events = [unseal(row) for row in staged.log.rows(STREAM)]
    assert JournalWords(events[0]).line(events[2]).endswith("#3  Anna Nowak: step.paused")
