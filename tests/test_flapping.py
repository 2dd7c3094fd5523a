"""A check that changes again and again: few messages, and nothing is lost."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bcp.alert.wording import of_outcome
from bcp.check.flapping import LEAST_CALM, MANY, Flapping, calm_for, damped
from bcp.check.model import Check
from bcp.check.round import Outcome
from bcp.check.single_pass import Pass
from bcp.check.span import gap_for
from bcp.probe.base import State
from bcp.store.spans import StoredSpans

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
STATES: tuple[State, ...] = ("up", "down", "inconclusive", "warning")
STEPS = st.lists(st.tuples(st.sampled_from(STATES), st.integers(1, 400)), min_size=1, max_size=60)


def changes(steps: Sequence[tuple[State, int]]) -> list[Outcome]:
    """What changes, after so many seconds each; a state that stays is no change."""
    found: list[Outcome] = []
    before: State = "up"
    at = NOON
    for state, seconds in steps:
        at += timedelta(seconds=seconds)
        if state != before:
            found.append(Outcome("web", state, before, f"it is {state}", at, at))
            before = state
    return found


def heard(steps: Sequence[tuple[State, int]]) -> list[tuple[datetime, Outcome]]:
    """What is told, and when, where a watch hears of the changes and looks each second for what has settled."""
    flapping, told = Flapping(), []
    for change in changes(steps):
        while (calm := flapping.calm_at) is not None and calm < change.at:
            told += [(calm, each) for each in flapping.settled(calm)]
        told += [(change.at, each) for each in flapping.hear(change, LEAST_CALM)]
    while (calm := flapping.calm_at) is not None:
        told += [(calm, each) for each in flapping.settled(calm)]
    return told


@given(STEPS)
def test_the_last_that_is_told_is_how_it_is(steps):
    last = changes(steps)[-1:]
    assert [each.state for _at, each in heard(steps)[-1:]] == [each.state for each in last]


@given(STEPS)
def test_no_time_of_calm_has_more_than_four_messages(steps):
    told = heard(steps)
    for first, (begin, _each) in enumerate(told):
        assert sum(at < begin + LEAST_CALM for at, _each in told[first:]) <= MANY + 1


@given(STEPS)
def test_what_changes_now_and_then_is_told_as_it_is(steps):
    rare = [(state, 200 + seconds) for state, seconds in steps]
    assert [each for _at, each in heard(rare)] == changes(rare)


def test_twelve_changes_in_a_minute_are_told_as_flapping_and_as_settled_with_their_count():
    told = heard([("down" if number % 2 == 0 else "up", 5) for number in range(12)])
    assert [each.reason for _at, each in told] == [
        "it is down",
        "it is up",
        "flapping, 3 changes in 10 s, told again when it settles: it is down",
        "settled after 12 changes in 55 s: it is up",
    ]
    assert told[-1][0] == told[0][0] + 55 * timedelta(seconds=1) + LEAST_CALM
    assert all(each.is_news for _at, each in told)


def test_the_short_form_says_that_it_flaps_and_each_of_its_alerts_is_one_of_its_own():
    check = Check.model_validate(
        {"check": "web", "title": "Web", "probes": [{"tcp": {"host": "a", "port": 1}}]}
    )
    told = [each for _at, each in heard([("down", 5), ("up", 5), ("down", 5)])]
    alerts = [of_outcome(check, each, None, ()) for each in told]
    assert [alert.title for alert in alerts] == ["Web", "Web", "flapping: Web", "Web"]
    assert [alert.reason.partition(",")[0] for alert in alerts][2:] == [
        "flapping",
        "settled after 3 changes in 10 s: it is down",
    ]
    assert len({alert.id for alert in alerts}) == 4


def test_passes_of_cron_tell_the_same_from_what_the_spans_hold(tmp_path: Path) -> None:
    probes = [{"tcp": {"host": "a", "port": 1}}]
    check = Check.model_validate({"check": "web", "title": "Web", "every": "1m", "probes": probes})
    spans, told = StoredSpans(tmp_path), []
    calm = 6 + 1  # minutes: six looks
    script: list[State] = ["up", *(["down", "up"] * 6), *(["up"] * calm), "down", *(["down"] * calm)]
    for number, state in enumerate(script):
        at = NOON + number * MINUTE
        held = spans.held().get("web")
        before = None if held is None else script[number - 1]
        outcome = Outcome("web", state, before, f"it is {state}", at, at, 1)
        found = damped(Pass((outcome,), None), {"web": check}, dict(spans.held()), spans)
        told += [(number, each.reason) for each in found.news]
        spans.note([(outcome.seen, gap_for(check.every))])
    assert told == [
        (1, "it is down"),
        (2, "it is up"),
        (3, "flapping, 3 changes in 2 min, told again when it settles: it is down"),
        (18, "settled after 12 changes in 11 min: it is up"),
        (20, "it is down"),
    ]


def test_what_is_looked_at_rarely_needs_longer_to_settle():
    assert [calm_for(minutes * MINUTE) / MINUTE for minutes in (0.1, 1, 5, 60, 1440)] == [5, 6, 30, 360, 360]
