"""Spans: one row for each stretch, nothing invented where nobody looked, latencies in a few bytes."""

import math
import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.check.span import LEAST_GAP, Seen, Sketch, Span, gap_for, grow, until_now
from bcp.errors import StoreError
from bcp.store.database import Database
from bcp.store.spans import StoredSpans

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def seen(state: str, after: timedelta, **more: object) -> Seen:
    return Seen("web", state, NOON + after, NOON + after, **more)  # type: ignore[arg-type]


def stored(folder: Path, *looks: Seen) -> list[tuple[str, int]]:
    spans = StoredSpans(folder)
    for look in looks:
        spans.note([(look, LEAST_GAP)])
    spans.close()
    return [(span.state, span.looks) for span in StoredSpans(folder).history("web", NOON - MINUTE)]


def test_ten_thousand_looks_in_one_state_are_one_row(tmp_path):
    spans = StoredSpans(tmp_path)
    for part in range(10):
        looks = (seen("up", MINUTE * (1000 * part + each), latencies=(0.01,)) for each in range(1000))
        spans.note((look, LEAST_GAP) for look in looks)
    spans.close()
    assert [(span.state, span.looks) for span in StoredSpans(tmp_path).history("web", NOON)] == [
        ("up", 10_000)
    ]


def test_each_flip_begins_a_row(tmp_path):
    states = ["up", "up", "down", "down", "down", "up", "inconclusive"]
    looks = (seen(state, MINUTE * number) for number, state in enumerate(states))
    assert stored(tmp_path, *looks) == [("up", 2), ("down", 3), ("up", 1), ("inconclusive", 1)]


def test_time_in_which_nobody_looked_is_unobserved(tmp_path):
    asleep = [seen("up", MINUTE * 0), seen("up", MINUTE), seen("up", MINUTE * 60), seen("down", MINUTE * 200)]
    assert stored(tmp_path, *asleep) == [
        ("up", 2),
        ("unobserved", 0),
        ("up", 1),
        ("unobserved", 0),
        ("down", 1),
    ]
    history = StoredSpans(tmp_path).history("web", NOON)
    assert (history[1].first, history[1].last) == (NOON + MINUTE, NOON + MINUTE * 60)


def test_maintenance_leaves_no_gap_and_is_not_a_state_that_anybody_saw(tmp_path):
    looks = [seen("up", MINUTE * 0), seen("maintenance", MINUTE), seen("maintenance", MINUTE * 30)]
    assert stored(tmp_path, *looks) == [("up", 1), ("maintenance", 2)]
    spans = StoredSpans(tmp_path / "other")
    for look in (seen("up", MINUTE * 0), seen("maintenance", MINUTE), seen("up", MINUTE * 90)):
        spans.note([(look, LEAST_GAP)])
    assert [span.state for span in spans.history("web", NOON)] == ["up", "maintenance", "up"]
    assert spans.held()["web"].state == "up"


def test_a_clock_that_was_set_back_adds_looks_but_no_time():
    held = Span("web", "up", NOON, NOON + MINUTE)
    (longer,) = grow(held, seen("up", -MINUTE * 90), LEAST_GAP)
    assert (longer.last, longer.looks) == (NOON + MINUTE, 2)
    _, down = grow(held, seen("down", -MINUTE * 90), LEAST_GAP)
    assert down.first == down.last == NOON + MINUTE


def test_a_clock_that_was_two_years_ahead_for_a_moment_spoils_nothing_that_comes_after_it(tmp_path):
    spans, far = StoredSpans(tmp_path), timedelta(days=730)
    moments = [("up", 0 * MINUTE), ("up", MINUTE), ("up", far), ("up", 2 * MINUTE), ("down", 3 * MINUTE)]
    for state, at in moments:
        spans.note([(seen(state, at), LEAST_GAP)])
    now = NOON + 3 * MINUTE
    assert spans.looked() == {"web": now}
    assert spans.held()["web"].first == now
    spans.close()
    read = until_now(StoredSpans(tmp_path).history("web", NOON), now)
    assert [(each.state, each.first - NOON) for each in read] == [
        ("up", 0 * MINUTE),
        ("unobserved", MINUTE),
        ("up", 2 * MINUTE),
        ("down", 3 * MINUTE),
    ]


def test_a_clock_that_began_in_the_year_2000_takes_no_history_away():
    old = Span("web", "up", NOON - 9 * MINUTE, NOON)
    (wrong,) = grow(old, seen("up", -9000 * timedelta(days=1)), LEAST_GAP)
    rest = grow(wrong, seen("up", MINUTE), LEAST_GAP)
    assert until_now([old, *rest], NOON + MINUTE) == [old, rest[-1]]
    held = Span("web", "up", NOON, NOON + timedelta(days=700))
    (cut,) = grow(held, seen("up", MINUTE), LEAST_GAP)
    assert (cut.first, cut.last) == (NOON, NOON + MINUTE)
    cut, down = grow(held, seen("down", MINUTE), LEAST_GAP)
    assert (cut.last, down.first) == (NOON + MINUTE, NOON + MINUTE)


def test_a_warning_says_what_it_says_now_and_an_outage_what_began_it():
    warned, down = (
        grow(Span("web", state, NOON, NOON, 1, "before"), seen(state, MINUTE, reason="now"), MINUTE)[0]
        for state in ("warning", "down")
    )
    assert (warned.reason, down.reason) == ("now", "before")


def test_a_look_now_and_then_by_cron_leaves_no_gaps():
    assert gap_for(timedelta(seconds=30)) > timedelta(minutes=5)
    assert gap_for(timedelta(hours=1)) == timedelta(hours=3)


@given(
    st.lists(
        st.tuples(st.sampled_from(["up", "down", "inconclusive", "maintenance"]), st.integers(-30, 3000))
    )
)
def test_spans_never_overlap_and_every_look_is_in_one(steps):
    spans: list[Span] = []
    at = NOON
    for state, ahead in steps:
        at += timedelta(seconds=ahead)
        grown = grow(spans[-1] if spans else None, Seen("web", state, at, at), LEAST_GAP)
        spans[-1:] = grown
    assert all(span.first <= span.last for span in spans)
    assert all(one.last <= two.first for one, two in pairwise(spans))
    assert all(one.state != two.state for one, two in pairwise(spans))
    assert sum(span.looks for span in spans) == len(steps)


def test_what_the_next_process_finds_is_what_the_last_one_left(tmp_path):
    first = StoredSpans(tmp_path)
    first.note([(seen("down", MINUTE * 0, reason="refused", latencies=(0.5,)), LEAST_GAP)])
    first.close()
    second = StoredSpans(tmp_path)
    assert second.held()["web"].state == "down"
    assert second.held()["web"].reason == "refused"
    second.note([(seen("down", MINUTE, latencies=(0.5,)), LEAST_GAP)])
    assert [span.looks for span in second.history("web", NOON)] == [2]
    assert second.latencies("web", NOON).quantile(0.5) == pytest.approx(0.5, rel=0.06)


def test_what_a_full_disk_refused_is_written_when_there_is_room_again(tmp_path, monkeypatch):
    spans = StoredSpans(Database(tmp_path))
    spans.note([(seen("up", MINUTE * 0, latencies=(0.1,)), LEAST_GAP)])
    with spans._database.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
    flood = [(Seen(f"c{n}", "down", NOON, NOON, "x" * 500), LEAST_GAP) for n in range(200)]
    with pytest.raises(StoreError, match="the disk is full"):
        spans.note([(seen("down", MINUTE, latencies=(0.1,)), LEAST_GAP), *flood])
    spans.note([(seen("down", MINUTE * 2, latencies=(0.1,)), LEAST_GAP)])
    spans.close()
    again = StoredSpans(tmp_path)
    assert [(span.state, span.looks) for span in again.history("web", NOON)] == [("up", 1), ("down", 2)]
    assert len(again.held()) == 201
    assert sum(again.latencies("web", NOON).counts.values()) == 3


@given(st.lists(st.floats(0.0001, 100), min_size=1, max_size=300), st.floats(0.01, 1))
def test_a_quantile_is_right_to_within_five_per_cent(latencies, part):
    sketch = Sketch()
    for latency in latencies:
        sketch.add(latency)
    exact = sorted(latencies)[math.ceil(part * len(latencies)) - 1]
    assert Sketch.read(str(sketch)).quantile(part) == pytest.approx(exact, rel=0.06)


def test_sketches_of_days_add_up_to_one():
    rng = random.Random(7)
    whole, parts = Sketch(), [Sketch() for _ in range(5)]
    for part in parts:
        for _ in range(200):
            latency = rng.lognormvariate(-3, 1)
            part.add(latency)
            whole.add(latency)
    added = Sketch()
    for part in parts:
        added.merge(part)
    assert added == whole
    assert Sketch().quantile(0.5) is None


def test_looks_that_failed_while_it_was_up_are_counted_over_passes_and_processes(tmp_path):
    for number in range(4):
        spans = StoredSpans(tmp_path)
        spans.note([(seen("up", number * MINUTE, looks=3, blips=number % 2), LEAST_GAP)])
        spans.note([(seen("down", 20 * MINUTE, looks=3), LEAST_GAP)])
        spans.close()
    (hour,) = StoredSpans(tmp_path).blips("web", NOON).hours(NOON, NOON)
    assert (hour.looks, hour.failed) == (12, 2)


def test_sketches_older_than_a_hundred_days_are_let_go(tmp_path):
    spans = StoredSpans(tmp_path)
    for day in range(0, 400, 5):
        spans.note([(seen("up", timedelta(days=day), latencies=(0.1,)), timedelta(days=9))])
    spans.flush()
    with spans._database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM latencies").fetchone()[0] <= 21
