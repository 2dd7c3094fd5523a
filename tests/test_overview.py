"""What one page shows of checks: its days one by one, what is known now, and that it is kept fresh."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bcp.app.check.page import FreshPage, PageFile, write_page
from bcp.app.check.probing import office_and_checks
from bcp.app.session import Session
from bcp.check.model import Check
from bcp.check.overview import DAYS, KeptOfCheck, overview_of, together, weeks, with_held
from bcp.check.span import LEAST_GAP, Seen, Sketch, Span
from bcp.probe.base import State
from bcp.store.spans import StoredSpans
from tests.frozen import START, FrozenClock
from tests.offices import bcp, office_in

WARSAW = ZoneInfo("Europe/Warsaw")
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
CHECK = Check.model_validate(
    {"check": "web", "title": "Web", "probes": [{"tcp": {"host": "127.0.0.1", "port": 9}}]}
)
HOUR = timedelta(hours=1)
PAST = [
    Span("web", "up", NOW - timedelta(days=200), NOW - timedelta(days=60)),
    Span("web", "unobserved", NOW - timedelta(days=60), NOW - timedelta(days=50)),
    Span("web", "up", NOW - timedelta(days=50), NOW - 40 * HOUR),
    Span("web", "down", NOW - 40 * HOUR, NOW - 30 * HOUR, reason="no answer"),
    Span("web", "maintenance", NOW - 30 * HOUR, NOW - 29 * HOUR),
    Span("web", "up", NOW - 29 * HOUR, NOW),
]


def test_each_day_has_all_its_hours_also_where_the_clock_was_changed_and_the_worst_state_of_it() -> None:
    told = overview_of(CHECK, KeptOfCheck(PAST), NOW, WARSAW)
    lengths = {each.day: sum(each.lengths.values(), timedelta()) for each in told.days}
    assert len(lengths) == DAYS
    changed, today = datetime(2026, 10, 25).date(), NOW.date()
    assert (lengths.pop(changed), lengths.pop(today)) == (25 * HOUR, 13 * HOUR)
    assert set(lengths.values()) == {24 * HOUR}
    worst = [each.worst for each in told.days]
    assert worst[-3:] == ["down", "down", "up"]
    assert Counter(worst) == {"up": 79, "unobserved": 9, "down": 2}
    assert sum((each.lengths.get("down", timedelta()) for each in told.days), timedelta()) == 10 * HOUR


def test_weeks_hold_each_day_once_and_add_up_what_was_measured() -> None:
    latencies = {day: Sketch({40: 3}) for day in (NOW.date(), NOW.date() - timedelta(days=1))}
    told = overview_of(CHECK, KeptOfCheck(PAST, latencies), NOW, WARSAW)
    rows = list(weeks(told.days))
    assert [day for row in rows for day in row] == list(told.days)
    assert {len(row) for row in rows} == {6, 7}
    assert together(rows[-1])[1].counts == {40: 6}
    assert together(told.days)[0]["down"] == told.whole.down


@pytest.mark.parametrize("hours", [0.05, 1])
def test_of_what_nobody_looked_at_for_long_nothing_is_known(hours: float) -> None:
    assert overview_of(CHECK, KeptOfCheck(PAST), NOW + hours * HOUR, WARSAW).is_stale == (hours == 1)
    assert overview_of(CHECK, KeptOfCheck(), NOW, WARSAW).is_stale


def test_one_sweep_over_the_store_finds_what_each_check_has(tmp_path: Path) -> None:
    spans = StoredSpans(tmp_path)
    looks = []
    for number in range(200):
        for name in ("a", "b", "c")[: 2 + (number > 150)]:
            at = NOW + number * HOUR
            state: State = "down" if number % 7 == 1 and name == "a" else "up"
            seen = Seen(name, state, at, at, latencies=(0.01 * (1 + number % 3),), blips=number % 2)
            looks.append((seen, LEAST_GAP if name == "b" else 2 * HOUR))
    spans.note(looks)
    for since in (NOW - HOUR, NOW + 100.5 * HOUR, NOW + 500 * HOUR):
        swept = list(spans.kept(since, ["a", "never", "c", "b"]))
        assert [each.check for each in swept] == ["a", "never", "c", "b"]
        for kept in swept:
            assert kept.spans == spans.history(kept.check, since)
            assert kept.blips == spans.blips(kept.check, since)
            whole = Sketch()
            for sketch in kept.latencies.values():
                whole.merge(sketch)
            assert whole == spans.latencies(kept.check, since)
    today = spans.todays_latencies(NOW + 199 * HOUR, ["a", "never"])
    assert today == {"a": spans.latencies("a", NOW + 199 * HOUR)}


def test_a_page_is_written_again_after_a_minute_or_when_a_state_is_another(tmp_path: Path) -> None:
    place, clock = office_in(tmp_path / "office"), FrozenClock()
    session = Session(str(place), {}, clock, print)
    office, checks = office_and_checks(session)
    file = tmp_path / "page.html"

    def look(state: State) -> None:
        spans.note([(Seen("internet", state, clock.now(), clock.now()), LEAST_GAP)])

    def is_written() -> bool:
        file.unlink(missing_ok=True)
        fresh.keep()
        return file.exists()

    spans = StoredSpans(session.stores.folder)
    fresh = FreshPage(
        PageFile(file), lambda: (Session(str(place), {}, clock, print), office, checks), spans.held
    )
    look("up")
    assert [is_written(), is_written()] == [True, False]
    clock.go_on(timedelta(seconds=61))
    assert [is_written(), is_written()] == [True, False]
    look("down")
    assert [is_written(), is_written()] == [True, False]
    clock.set_to(START - timedelta(days=1))
    assert is_written()


@pytest.mark.parametrize(
    ("state", "first", "last", "states"),
    [
        ("up", -29, 1, ["up"]),
        ("up", -29, -1, ["up"]),
        ("down", 0.05, 1, ["up", "down"]),
        ("up", 5, 6, ["up", "unobserved", "up"]),
    ],
    ids=["longer", "older", "another", "after a gap"],
)
def test_what_a_watch_saw_and_the_store_did_not_take_is_known(
    state: State, first: float, last: float, states: list[str]
) -> None:
    seen = Span("web", state, NOW + first * HOUR + timedelta(microseconds=400), NOW + last * HOUR)
    found = with_held(PAST, seen, LEAST_GAP)
    assert [each.state for each in found[len(PAST) - 1 :]] == states
    assert found[-1].last == NOW + max(0, last) * HOUR
    assert with_held([], seen, LEAST_GAP) == [seen]
    assert with_held(PAST, None, LEAST_GAP) == PAST


def test_the_command_writes_the_page_for_its_owner_and_says_that_nobody_looks(tmp_path: Path) -> None:
    place = office_in(tmp_path / "office")
    done = bcp(place, "check", "page", "-o", "page.html")
    page = (place / "page.html").read_text(encoding="utf-8")
    assert done.returncode == 0
    assert "Checks on it: 1" in done.stderr
    assert "Nobody looks at the checks any more" in done.stderr
    assert "nobody has looked yet" in page
    assert 'http-equiv="refresh"' not in page
    write_page(Session(str(place), {}, FrozenClock(), print), place / "page.html", refresh=True)
    assert 'http-equiv="refresh"' in (place / "page.html").read_text(encoding="utf-8")
