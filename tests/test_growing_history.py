"""A long past of checks: its numbers are those of the simple way to count them, and it costs one look-up a check."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcp.app.alert.of_pass import PassAlerts
from bcp.app.check import flips
from bcp.app.check.histories import histories_of
from bcp.app.check.page import write_page
from bcp.app.check.run import run_checks
from bcp.app.session import Session
from bcp.check.blips import HOUR, Blips
from bcp.check.history import NOTHING, Stretch, summarise
from bcp.check.model import Check
from bcp.check.overview import WINDOWS, KeptOfCheck, overview_of
from bcp.check.span import LEAST_GAP, Seen, Sketch, Span, grow, until_now
from bcp.clock import SystemClock
from bcp.event import NOTHING as NO_EVENT
from bcp.event import Head
from bcp.incident.events.check import CheckFlipped
from bcp.store.database import FILE, Database
from bcp.store.last_look import LastOfAllLooks
from bcp.store.last_said import LastSaid, StatesSaid
from bcp.store.spans import StoredSpans
from tests.frozen import FrozenClock
from tests.offices import bcp, office_in
from tests.watching import Watching

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WARSAW = ZoneInfo("Europe/Warsaw")
CHECK = Check.model_validate(
    {"check": "web", "title": "Web", "probes": [{"tcp": {"host": "127.0.0.1", "port": 9}}]}
)
STATES = st.sampled_from(["up", "up", "warning", "down", "inconclusive", "maintenance"])
STEPS = st.one_of(st.integers(1, 600), st.integers(3_000, 40_000), st.integers(-200_000, 900_000))
LOOKS = st.lists(st.tuples(STATES, STEPS, st.integers(0, 3)), max_size=60)
AHEAD = st.integers(0, 200_000)


def looked(looks: list[tuple[str, int, int]], ahead: int) -> tuple[list[Seen], datetime]:
    """What was seen of a check: each state, so many seconds behind the one before; and the moment `ahead` of it."""
    at = NOW - 120 * DAY
    found = []
    for state, seconds, blips in looks:
        at += timedelta(seconds=seconds)
        failed = blips if state in ("up", "warning") else 0
        found.append(Seen("web", state, at, at, f"it is {state}", 4, (0.01 * (1 + blips),), failed))  # type: ignore[arg-type]
    return found, at + timedelta(seconds=ahead)


def spans_of(looks: list[Seen]) -> list[Span]:
    """The rows that a store has of them: one that was kept is made longer, or stays as it is."""
    spans: list[Span] = []
    for each in looks:
        last = spans[-1] if spans else None
        grown = grow(last, each, LEAST_GAP)
        if last is not None and (grown[0].first, grown[0].state) == (last.first, last.state):
            spans.pop()
        spans += grown
    return spans


def blips_of(looks: list[Seen]) -> Blips:
    blips = Blips()
    for each in looks:
        if each.state in ("up", "warning"):
            blips.add(each.at, each.looks, each.blips)
    return blips


def simple_stretches(spans: list[Span], since: datetime, until: datetime) -> list[Stretch]:
    """The whole past for each question: of every span the part between the two moments."""
    if not spans:
        return [Stretch("unobserved", since, until)]
    found = []
    for number, span in enumerate(spans):
        end = spans[number + 1].first if number + 1 < len(spans) else span.last
        found.append(Stretch(span.state, span.first, end, span.reason))
    before = Stretch("unobserved", min(since, spans[0].first), spans[0].first)
    behind = Stretch("unobserved", found[-1].last, max(until, found[-1].last))
    cut = [
        Stretch(each.state, max(each.first, since), min(each.last, until), each.reason)
        for each in (before, *found, behind)
    ]
    last = found[-1]
    only_begun = last.state == "down" and last.first == last.last and since <= last.first <= until
    return [each for each in cut if each.first < each.last or (only_begun and each == last)]


def simple_numbers(spans: list[Span], blips: Blips, since: datetime, until: datetime) -> dict[str, object]:
    """What is told of a window, each number in a walk of its own over all stretches."""
    told = simple_stretches(spans, since, until)

    def length(*states: str) -> timedelta:
        return sum((each.length for each in told if each.state in states), NOTHING)

    lost, failed = NOTHING, 0
    for hour in blips.hours(since, until):
        failed += hour.failed
        up = (each for each in told if each.state in ("up", "warning"))
        inside = (min(each.last, hour.begin + HOUR) - max(each.first, hour.begin) for each in up)
        lost += hour.share * sum((length for length in inside if length > NOTHING), NOTHING)
    seen = length("up", "warning", "down")
    return {
        # A part of a stretch is rounded to a millionth of a second: in another order, to another one.
        "uptime": pytest.approx((length("up", "warning") - lost) / seen, abs=1e-5) if seen else None,
        "outages": [each for each in told if each.state == "down"],
        "unobserved": length("unobserved"),
        "inconclusive": length("inconclusive"),
        "maintenance": length("maintenance"),
        "warning": length("warning"),
        "blips": failed,
    }


@given(LOOKS, AHEAD)
def test_each_window_has_the_numbers_of_the_simple_way_to_count(
    looks: list[tuple[str, int, int]], ahead: int
) -> None:
    seen, now = looked(looks, ahead)
    spans, blips = until_now(spans_of(seen), now), blips_of(seen)
    told = overview_of(CHECK, KeptOfCheck(spans, {}, blips), now, WARSAW, by_days=False).windows
    for days in WINDOWS:
        for window in (told[days], summarise(spans, Sketch(), now - days * DAY, now, blips)):
            names = ("unobserved", "inconclusive", "maintenance", "warning", "blips")
            found = {name: getattr(window, name) for name in names}
            found["uptime"] = window.uptime
            found["outages"] = list(window.outages)
            assert found == simple_numbers(spans, blips, now - days * DAY, now)


@given(LOOKS, AHEAD)
def test_each_day_has_the_lengths_of_the_simple_way_to_count(
    looks: list[tuple[str, int, int]], ahead: int
) -> None:
    seen, now = looked(looks, ahead)
    spans = until_now(spans_of(seen), now)
    for each in overview_of(CHECK, KeptOfCheck(spans), now, WARSAW).days:
        begin, end = (datetime(*day.timetuple()[:3], tzinfo=WARSAW) for day in (each.day, each.day + DAY))
        told = simple_stretches(spans, begin.astimezone(UTC), min(now, end.astimezone(UTC)))
        lengths: dict[str, timedelta] = {}
        for one in told:
            lengths[one.state] = lengths.get(one.state, NOTHING) + one.length
        assert each.lengths == {state: length for state, length in lengths.items() if length}


@settings(max_examples=25, deadline=None)
@given(st.lists(LOOKS, min_size=1, max_size=3), st.integers(0, 130))
def test_what_is_looked_up_is_what_reading_every_span_finds(
    tmp_path_factory: object, checks: list[list[tuple[str, int, int]]], back: int
) -> None:
    folder: Path = tmp_path_factory.mktemp("spans")  # type: ignore[attr-defined]
    spans, past = StoredSpans(folder), {}
    for number, looks in enumerate(checks):
        seen = [_renamed(each, f"c{number}") for each in looked(looks, 0)[0]]
        spans.note([(each, LEAST_GAP) for each in seen])
        past[f"c{number}"] = spans_of(seen)
    spans.close()
    read, since = StoredSpans(folder), NOW - back * DAY
    observed = {
        name: [each for each in all_of_it if each.state not in ("unobserved", "maintenance")]
        for name, all_of_it in past.items()
    }
    assert dict(read.held()) == {name: each[-1] for name, each in observed.items() if each}
    ends = {name: [each.last for each in of_it if each.state != "unobserved"] for name, of_it in past.items()}
    assert read.looked() == {name: each[-1] for name, each in ends.items() if each}
    newest = max((each[-1] for each in ends.values() if each), default=None)
    assert LastOfAllLooks(Database(folder)).nobody_since(NOW + 999 * DAY) == newest
    for name, all_of_it in past.items():
        begin = max((number for number, each in enumerate(all_of_it) if each.first <= since), default=0)
        assert read.history(name, since) == all_of_it[begin:]


def _renamed(seen: Seen, name: str) -> Seen:
    return Seen(name, seen.state, seen.at, seen.since, seen.reason, seen.looks, seen.latencies, seen.blips)


def steps_of_sqlite(spans: StoredSpans, deed: Callable[[], object]) -> int:
    """How many hundred instructions of SQLite's machine a deed took."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    with spans._database.reading() as connection:
        connection.set_progress_handler(step, 100)
    deed()
    return steps


def how_checks_are(spans: StoredSpans) -> None:
    """What each pass reads of the past."""
    assert set(spans.held()) == set(spans.looked()) == {"a", "b", "c"}
    assert len(spans.history("b", NOW - timedelta(minutes=10))) == 2


def test_how_checks_are_takes_as_many_steps_after_a_long_past_as_after_a_short_one(tmp_path: Path) -> None:
    taken = []
    for count in (3, 3000):
        spans = StoredSpans(tmp_path / str(count))
        seen = []
        for number in range(count):
            at = NOW - (count - number) * timedelta(minutes=5)
            for name in ("a", "b", "c"):
                seen.append((Seen(name, "down" if number % 2 else "up", at, at), LEAST_GAP))
        spans.note(seen)
        spans.close()
        read = StoredSpans(tmp_path / str(count))
        with read._database.reading():
            pass  # opened, and brought up to date
        taken.append(steps_of_sqlite(read, partial(how_checks_are, read)))
    assert taken[1] <= taken[0] + 1


def test_what_the_checks_said_last_is_read_from_where_it_was_kept(tmp_path: Path) -> None:
    session = Session(str(office_in(tmp_path / "office")), {}, FrozenClock(), print)
    kept = session.stores.of(LastSaid)
    names, log = ("internet", "mail", "site"), session.stores.levers
    held = {name: Span(name, "down", NOW, NOW) for name in names}
    head, said = NO_EVENT, []
    for number in range(2 * flips.MANY):
        name, state = names[number % 2], "down" if number % 4 < 2 else "up"
        said.append(CheckFlipped(name, "Title", "", state, "", "", "").entry("a", NOW, how="watch"))
    events = log.append(flips.STREAM, head, said)
    assert kept.read().head == NO_EVENT
    # Of internet and mail it was said last that they are up; of the site nothing ever was.
    for _again in range(2):
        assert [(each.check, each.before) for each in flips.untold(session, held)] == [
            ("internet", "up"),
            ("mail", "up"),
            ("site", None),
        ]
        assert kept.read().head == Head(len(events), events[-1].hash)
    down = CheckFlipped("mail", "Title", "", "down", "", "", "").entry("a", NOW, how="watch")
    log.append(flips.STREAM, Head(len(events), events[-1].hash), [down])
    assert [each.check for each in flips.untold(session, held)] == ["internet", "site"]
    kept.keep(
        StatesSaid(Head(len(events), "f" * 64), dict.fromkeys(names, "down"))
    )  # of a store that is gone
    assert [each.check for each in flips.untold(session, held)] == ["internet", "site"]


@pytest.mark.parametrize("change", ["last_said SET state = x'00'", "last_said_as_of SET seq = 'x'"])
def test_what_the_checks_said_last_is_read_from_their_stream_where_what_is_kept_is_damaged(
    tmp_path: Path, change: str
) -> None:
    session = Session(str(office_in(tmp_path / "office")), {}, FrozenClock(), print)
    said = [CheckFlipped("mail", "Mail", "", "down", "", "", "").entry("a", NOW, how="watch")]
    event = session.stores.levers.append(flips.STREAM, NO_EVENT, said)[-1]
    session.stores.of(LastSaid).keep(StatesSaid(Head(event.seq, event.hash), {"mail": "up"}))
    with closing(sqlite3.connect(session.stores.folder / FILE)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(f"UPDATE {change}")
    assert not flips.untold(session, {"mail": Span("mail", "down", NOW, NOW)})


def test_whoever_watches_sees_each_check_of_a_pass_a_history_and_a_page(tmp_path: Path) -> None:
    place = office_in(tmp_path / "office")
    probe = "probes: [{tcp: {host: 127.0.0.1, port: 9}}]\nconfirm: 1 look in 1s\n"
    for name in ("a", "b"):
        text = f"check: {name}\ntitle: Check {name}\n{probe}"
        (place / "checks" / f"{name}.yaml").write_text(text, encoding="utf-8")
    session = Session(str(place), {}, SystemClock(), print)
    session.progress = shown = Watching()
    run_checks(session, ["a", "b"], lambda _result: None, PassAlerts(session, lambda do: do))
    assert shown.sizes == [("Running the checks", 2)]
    assert sorted(shown.names) == ["Check a", "Check b"]
    session.progress = shown = Watching()
    list(histories_of(session, ["a", "b"]).checks)
    write_page(session, tmp_path / "page.html", False)
    assert [count for _what, count in shown.sizes] == [2, 3]
    assert len(shown.names) == 5 and {"Check a", "Check b"} < set(shown.names)


def test_a_long_history_is_written_as_json_one_check_a_line(tmp_path: Path) -> None:
    place = office_in(tmp_path / "office")
    checks = place / "checks"
    (checks / "more.yaml").write_text(
        "check: more\ntitle: More\nprobes: [{tcp: {host: 127.0.0.1, port: 9}}]\n", encoding="utf-8"
    )
    done = bcp(place, "check", "history", "--json")
    lines = done.stdout.splitlines()
    told = json.loads(done.stdout)
    assert (lines[0], lines[-1], len(lines)) == ("[", "]", 2 + len(told))
    assert [json.loads(line.removesuffix(","))["check"] for line in lines[1:-1]] == [
        each["check"] for each in told
    ]
    assert [window["days"] for window in told[0]["windows"]] == list(WINDOWS)
