"""A watch and time itself: the computer sleeps, its clock is set, summer time begins and ends, bcp.yaml is edited."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bcp.check.duty import Every
from bcp.check.span import Span
from bcp.check.wiring import WatchPlan
from bcp.probe.base import Shared
from bcp.store.spans import StoredSpans
from tests.ports import free_port
from tests.test_check_command import office, website
from tests.test_watch import Desk, MovableClock, checks_of, play, wired, write
from tests.waiting import until
from tests.wire import page, silent_port, web_server

JUMPED = "the clock of this computer jumped; everything is looked at anew"
LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
needs_faketime = pytest.mark.skipif(
    not LIBRARIES or not shutil.which("faketime"), reason="NOT RUN: the package faketime is missing"
)


class Computer:
    """The real command in a process whose clock we set, and which we may put to sleep."""

    def __init__(self, place: Path, process: subprocess.Popen[bytes], dial: Path, said: Path) -> None:
        self.place, self.process, self._dial, self._said = place, process, dial, said

    def said(self) -> str:
        return self._said.read_text(encoding="utf-8")

    def set_clock(self, offset: str) -> None:
        """Set it so far from the real time; replaced whole, so that it never reads half of it."""
        fresh = self._dial.with_suffix(".new")
        fresh.write_text(f"{offset}\n", encoding="utf-8")
        fresh.replace(self._dial)

    def spans(self, check: str = "site") -> list[Span]:
        """What was written of it so far; a reader of its own, for the watch writes at the same time."""
        spans = StoredSpans(self.place / "incidents")
        try:
            return spans.history(check, datetime(2020, 1, 1, tzinfo=UTC))
        finally:
            spans.close()

    def states(self, check: str = "site") -> list[str]:
        return [span.state for span in self.spans(check)]


@contextmanager
def watching(place: Path) -> Iterator[Computer]:
    dial, said = place.parent / "dial", place.parent / "said"
    environ = {
        **os.environ,
        "BCP_PERSON": "anna",
        "TZ": "UTC",
        "LD_PRELOAD": str(LIBRARIES[0]),
        "FAKETIME_TIMESTAMP_FILE": str(dial),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # as a computer counts its seconds whatever its clock says
        "NO_FAKE_STAT": "1",
    }
    dial.write_text("+0\n", encoding="utf-8")
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bcp", "watch"],
            cwd=place,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    try:
        yield Computer(place, process, dial, said)
    finally:
        process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


@needs_faketime
def test_a_computer_that_slept_looks_anew_and_the_time_it_slept_was_seen_by_nobody(tmp_path: Path) -> None:
    with website() as port, office(tmp_path, port, every="1s") as place, watching(place) as computer:
        until(lambda: computer.states() == ["up"])
        computer.process.send_signal(signal.SIGSTOP)
        computer.set_clock("+2h")
        computer.process.send_signal(signal.SIGCONT)
        until(lambda: JUMPED in computer.said())
        until(lambda: computer.states() == ["up", "unobserved", "up"])
        slept = computer.spans()[1]
        assert timedelta(hours=1, minutes=55) < slept.last - slept.first < timedelta(hours=2, minutes=5)
        assert computer.said().count(JUMPED) == 1 and "DOWN" not in computer.said()


def test_what_breaks_after_the_clock_was_set_back_is_told_with_a_diagnosis_of_its_own(tmp_path: Path) -> None:
    desk, clock = Desk(), MovableClock()
    write(tmp_path, "web", free_port())

    def script() -> None:
        until(lambda: desk.news)
        clock.ahead = timedelta(hours=-3)
        until(lambda: JUMPED in desk.said)
        write(tmp_path, "shop", free_port())
        until(lambda: len(desk.news) > 1)

    play(wired(tmp_path, desk, shared=Shared(clock, timeout=0.5)), script, limit=200)
    assert desk.states() == [("web", "down"), ("shop", "down")]
    before, after = desk.diagnoses
    assert before and after and after.at < before.at


@pytest.mark.parametrize(
    ("change", "window", "states"),
    [
        # Summer time begins at 2:00, which is 3:00; it ends at 3:00, which is 2:00.
        ("2026-03-29T01:00:00+00:00", '{from: "03:00", to: "04:00"}', ["up", "maintenance"]),
        ("2026-10-25T01:00:00+00:00", '{from: "02:30", to: "03:00"}', ["maintenance"]),
    ],
    ids=["begins", "ends"],
)
def test_a_change_to_and_from_summer_time_is_no_jump_and_hours_go_by_the_wall(
    tmp_path: Path, change: str, window: str, states: list[str]
) -> None:
    desk, clock, moment = Desk(), MovableClock(), datetime.fromisoformat(change)
    with silent_port() as port:
        write(tmp_path, "web", port, maintenance=window)
        for early in (1, 5, 30):  # the more, the longer a busy machine takes for a first look
            shutil.rmtree(tmp_path / "state", ignore_errors=True)
            clock.ahead = moment - timedelta(seconds=early) - datetime.now(UTC)
            wiring = wired(tmp_path, desk, shared=Shared(clock, timeout=0.5))
            play(wiring, lambda: until(lambda: clock.now() > moment + timedelta(seconds=1.2)), limit=90)
            spans = wiring.spans.history("web", moment - timedelta(hours=1))
            wiring.spans.flush()
            if spans[0].first < moment:
                break
    assert [span.state for span in spans] == states
    assert spans[-1].last > moment > spans[0].first
    assert (desk.said, desk.news[1:]) == ([], [])


def test_what_was_missed_in_the_years_that_a_clock_skips_is_done_once() -> None:
    every, now = Every(timedelta(seconds=2)), datetime(2026, 11, 26, 6, 50, tzinfo=UTC)
    assert every.get_next_fire_time(datetime(1970, 1, 1, tzinfo=UTC), now) == now + every.length
    assert every.get_next_fire_time(now - timedelta(seconds=1), now) == now + timedelta(seconds=1)
    assert every.get_next_fire_time(None, now) == now


def test_an_edit_of_bcp_yaml_changes_whose_hours_count_and_the_dead_man_s_page(tmp_path: Path) -> None:
    asked: list[str] = []

    def answer(path: str) -> bytes:
        asked.append(path)
        return page()

    here = datetime.now(UTC)
    from_, to = (f"{here + timedelta(hours=hours):%H:%M}" for hours in (-1, 1))
    desk, file = Desk(), tmp_path / "bcp.yaml"
    with silent_port() as port, web_server(answer) as server:
        write(tmp_path, "web", port, maintenance=f'{{from: "{from_}", to: "{to}"}}')
        before = WatchPlan(checks_of(tmp_path), ZoneInfo("Etc/GMT-12"))
        after = WatchPlan(before.checks, ZoneInfo("UTC"), f"http://127.0.0.1:{server}/alive")
        wiring = wired(tmp_path, desk, load=lambda: after if file.exists() else before, files=lambda: [file])

        def script() -> None:
            until(lambda: "web" in wiring.spans.held())
            file.touch()
            until(lambda: asked)
            until(lambda: len(wiring.spans.history("web", here)) > 1)

        play(wiring, script, limit=90)
        assert [span.state for span in wiring.spans.history("web", here)] == ["up", "maintenance"]
    assert desk.said == ["checks loaded again: 1"]
    assert asked == ["/alive"]
