"""A watch: it looks at everything in its time, tells each change once, and survives what happens to a computer."""

import asyncio
import itertools
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bcp.app.check.watch_mark import WatchMarkFile
from bcp.check.alive import SignOfLife
from bcp.check.diagnose import Diagnosis
from bcp.check.duty import Duty
from bcp.check.load import files, load
from bcp.check.model import Check
from bcp.check.round import Outcome
from bcp.check.span import Span
from bcp.check.troubles import Troubles
from bcp.check.watch import Watch
from bcp.check.wiring import WatchPlan, Wiring
from bcp.clock import SystemClock
from bcp.errors import InputError, StoreError
from bcp.probe.base import Shared
from bcp.store.spans import StoredSpans
from bcp.yaml.source import Reader
from tests.offices import OFFICE
from tests.ports import free_port
from tests.waiting import until
from tests.wire import page, silent_port, web_server

ZONE = ZoneInfo("Europe/Warsaw")


class MovableClock(SystemClock):
    """The clock of this machine, which somebody sets."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead


class Desk:
    """Who is told, and what."""

    def __init__(self) -> None:
        self.news: list[Outcome] = []
        self.diagnoses: list[Diagnosis | None] = []
        self.reminders: list[Outcome] = []
        self.said: list[str] = []
        self.alerts: list[str] = []
        self.bugs: list[BaseException] = []

    def told(self, outcomes: Sequence[Outcome], diagnosis: Diagnosis | None) -> None:
        self.news += outcomes
        self.diagnoses.append(diagnosis)

    def states(self) -> list[tuple[str, str]]:
        return [(each.check, each.state) for each in self.news]


def write(folder: Path, name: str, port: int, **more: object) -> Path:
    (folder / "checks").mkdir(exist_ok=True)
    fields = {"check": name, "title": name.title(), "every": "1s", "confirm": "2 looks in 0s", **more}
    lines = [f"{key}: {value}" for key, value in fields.items()]
    path = folder / f"checks/{name}.yaml"
    path.write_text("\n".join([*lines, f"probes: [{{tcp: {{host: 127.0.0.1, port: {port}}}}}]\n"]))
    return path


def checks_of(folder: Path) -> Mapping[str, Check]:
    reader = Reader()
    found = {name: loaded.model for name, loaded in load(folder, reader).items()}
    reader.finish()
    return found


def wired(folder: Path, desk: Desk, alive: str | None = None, **more: object) -> Wiring:
    parts: dict[str, object] = {
        "load": lambda: WatchPlan(checks_of(folder), ZONE, alive),
        "files": lambda: files(folder),
        "spans": StoredSpans(folder / "state"),
        "shared": Shared(SystemClock(), timeout=0.5),
        "told": desk.told,
        "reminded": desk.reminders.append,
        "say": desk.said.append,
        "bug": desk.bugs.append,
        "alert": desk.alerts.append,
        "grace": 1.0,
        **more,
    }
    return Wiring(**parts)  # type: ignore[arg-type]


def play(wiring: Wiring, script: Callable[[], None], limit: float = 100) -> None:
    """Watch, while `script` happens in a thread beside it, and end it then."""

    async def both() -> None:
        watch = Watch(wiring)
        watching = asyncio.create_task(watch.run())
        scripted = asyncio.create_task(asyncio.to_thread(script))
        await asyncio.wait({watching, scripted}, return_when=asyncio.FIRST_COMPLETED)
        watch.is_over.set()
        await asyncio.gather(scripted, watching)

    asyncio.run(asyncio.wait_for(both(), limit))


def test_a_change_is_told_once_and_the_way_back_too(tmp_path):
    desk, port, spans = Desk(), free_port(), StoredSpans(tmp_path / "state")
    write(tmp_path, "web", port)

    def script() -> None:
        until(lambda: desk.news)
        before = spans.held()["web"].looks
        until(lambda: spans.held()["web"].looks > before)
        with socket.create_server(("127.0.0.1", port)):
            until(lambda: len(desk.news) > 1)

    play(wired(tmp_path, desk, spans=spans), script)
    assert desk.states() == [("web", "down"), ("web", "up")]
    assert [diagnosis is not None for diagnosis in desk.diagnoses] == [True, False]
    assert [
        span.state
        for span in StoredSpans(tmp_path / "state").history("web", datetime(2020, 1, 1, tzinfo=UTC))
    ] == [
        "down",
        "up",
    ]


def test_a_check_that_flaps_is_told_once_with_its_count_and_nothing_is_lost_at_the_end(tmp_path):
    desk, spans = Desk(), StoredSpans(tmp_path / "state")
    answers = itertools.cycle([page(b"", "503 Service Unavailable"), page(b"hello")])
    with web_server(lambda _target: next(answers)) as port:
        path = write(tmp_path, "web", port, confirm="1 look in 0s")
        text = path.read_text()
        path.write_text(
            text[: text.index("probes:")] + f"probes: [{{http: {{url: 'http://127.0.0.1:{port}/'}}}}]\n"
        )
        past = datetime(2020, 1, 1, tzinfo=UTC)
        play(wired(tmp_path, desk, spans=spans), lambda: until(lambda: len(spans.history("web", past)) > 4))
    assert [state for _check, state in desk.states()[:3]] == ["down", "up", "down"]
    flapping, last = desk.news[2:]
    assert flapping.reason.startswith("flapping, 3 changes in ")
    assert re.match(r"still flapping, [5-9] changes in ", last.reason)


def test_what_hangs_holds_up_nothing_else(tmp_path):
    desk = Desk()
    with silent_port() as port:
        write(tmp_path, "good", port)
        for number in range(10):
            write(tmp_path, f"slow{number}", port, every="1s", confirm="3 looks in 4s").write_text(
                f"check: slow{number}\ntitle: Slow\nevery: 1s\n"
                f"probes: [{{tcp: {{host: 127.0.0.1, port: {port}, greets: hello, timeout: 5m}}}}]\n"
            )
        wiring = wired(tmp_path, desk)
        play(
            wiring, lambda: until(lambda: "good" in (held := wiring.spans.held()) and held["good"].looks > 2)
        )
    assert set(wiring.spans.held()) == {"good"}, "the others still hang in their first look"


def test_an_edit_is_taken_up_and_a_bad_one_leaves_the_last_good_checks(tmp_path):
    desk = Desk()
    with silent_port() as port:
        path = write(tmp_path, "web", port)

        def script() -> None:
            path.write_text("check: web\ntitel: Oops\n")
            # Not for any mistake: a watch may look while the file is empty, and find that one first.
            until(lambda: any('checks/web.yaml:2:1: unknown key "titel"' in line for line in desk.said))
            write(tmp_path, "web", port)
            write(tmp_path, "shop", free_port())
            until(lambda: ("shop", "down") in desk.states())

        play(wired(tmp_path, desk), script)
    assert "checks loaded again: 2" in desk.said


class Stumbling(StoredSpans):
    """Spans that fail as nothing of ours may, for as long as they are told to."""

    stumbles = False

    def held(self) -> Mapping[str, Span]:
        if self.stumbles:
            raise ZeroDivisionError("a bug")
        return super().held()


def test_a_bug_in_a_round_of_looks_or_in_a_job_is_handed_over_and_the_looks_go_on(tmp_path):
    desk, spans = Desk(), Stumbling(tmp_path / "state")
    path = write(tmp_path, "web", free_port())
    plans = [WatchPlan(checks_of(tmp_path), ZONE)]

    def script() -> None:
        until(lambda: desk.news)
        spans.stumbles = True
        until(lambda: any(isinstance(bug, ZeroDivisionError) for bug in desk.bugs))
        until(lambda: desk.alerts)
        spans.stumbles = False
        looks = spans.held()["web"].looks
        until(lambda: spans.held()["web"].looks > looks and len(desk.alerts) == 2)
        plans.clear()
        path.touch()
        until(lambda: any(isinstance(bug, IndexError) for bug in desk.bugs))
        looks = spans.held()["web"].looks
        until(lambda: spans.held()["web"].looks > looks)

    play(wired(tmp_path, desk, spans=spans, load=lambda: plans[-1]), script)
    failed = "The watch could not look: a fault of bcp. It tries again. Look yourself: bcp check diagnose"
    assert desk.alerts == [failed, f"This is over: {failed}"]


def test_a_clock_that_is_set_back_or_ahead_stops_nothing(tmp_path):
    desk, clock, done = Desk(), MovableClock(), []
    write(tmp_path, "web", free_port())
    duty = Duty("count", timedelta(seconds=1), lambda: done.append(1))

    def script() -> None:
        until(lambda: desk.news and done)
        clock.ahead = timedelta(hours=-3)
        before = len(done)
        until(lambda: len(done) > before and desk.said)

    play(wired(tmp_path, desk, shared=Shared(clock, timeout=0.5), duties=[duty]), script)
    assert desk.said == ["the clock of this computer jumped; everything is looked at anew"]


def test_a_store_that_cannot_be_written_is_told_once_and_nothing_is_lost(tmp_path):
    class Full(StoredSpans):
        is_full = True

        def _write(self) -> None:
            if self.is_full:
                raise StoreError("the disk is full", "make room")
            super()._write()

    desk, spans = Desk(), Full(tmp_path / "state")
    write(tmp_path, "web", free_port())

    def script() -> None:
        until(lambda: desk.news and spans.held()["web"].looks >= 4)
        spans.is_full = False

    play(wired(tmp_path, desk, spans=spans), script)
    assert desk.alerts[0] == "What the watch sees is kept in memory only. The disk is full: make room"
    assert desk.alerts[1:] in ([], [f"This is over: {desk.alerts[0]}"])
    assert desk.states() == [("web", "down")]
    assert StoredSpans(tmp_path / "state").held()["web"].looks >= 3


def test_people_are_reminded_while_it_lasts_but_not_in_quiet_hours(tmp_path):
    desk = Desk()
    write(tmp_path, "loud", free_port(), remind="1s")
    write(tmp_path, "quiet", free_port(), remind="1s", quiet='{from: "00:00", to: "23:59"}')
    play(wired(tmp_path, desk), lambda: until(lambda: len(desk.reminders) > 1))
    assert {outcome.check for outcome in desk.reminders} == {"loud"}
    assert len({outcome.since for outcome in desk.reminders}) == 1, (
        "since when it lasts, not since the last look"
    )


def test_a_dead_man_s_page_is_fetched(tmp_path):
    asked: list[str] = []

    def answer(path: str) -> bytes:
        asked.append(path)
        return page()

    with silent_port() as port, web_server(answer) as switch:
        write(tmp_path, "web", port)
        play(wired(tmp_path, Desk(), alive=f"http://127.0.0.1:{switch}/ping"), lambda: until(lambda: asked))
    assert asked == ["/ping"]


def test_telling_people_slowly_delays_no_look(tmp_path):
    desk, go_on = Desk(), threading.Event()

    def told(outcomes: Sequence[Outcome], diagnosis: Diagnosis | None) -> None:
        go_on.wait(60)
        desk.told(outcomes, diagnosis)

    write(tmp_path, "web", free_port())

    spans = StoredSpans(tmp_path / "state")

    def script() -> None:
        until(lambda: "web" in spans.held() and spans.held()["web"].looks >= 4)
        assert not desk.news
        go_on.set()
        until(lambda: desk.news)

    play(wired(tmp_path, desk, told=told, spans=spans), script)


def test_a_watch_does_not_begin_with_checks_that_do_not_load(tmp_path):
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks/web.yaml").write_text("check: web\n")
    with pytest.raises(InputError):
        Watch(wired(tmp_path, Desk()))


PROGRAM = """
import sys
from pathlib import Path
from tests.test_watch import Desk, wired
from bcp.check.watch import watch
desk = Desk()
wiring = wired(Path(sys.argv[1]), desk, told=lambda told, _: print(*[o.state for o in told], flush=True))
watch(wiring)
print("over", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
def test_sigterm_ends_a_watch_at_once_with_nothing_lost(tmp_path):
    with silent_port() as port:
        write(tmp_path, "web", free_port())
        write(tmp_path, "slow", port).write_text(
            f"check: slow\ntitle: Slow\nprobes: [{{tcp: {{host: 127.0.0.1, port: {port}, greets: x, timeout: 5m}}}}]\n"
        )
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM, tmp_path], stdout=subprocess.PIPE, text=True, env=environment
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "down\n"
            process.send_signal(signal.SIGTERM)
            assert process.stdout.readline() == "over\n"
            # A look that hangs for minutes is under way: that this ends at all shows that nobody waited for it.
            process.wait(60)
    assert process.returncode == 0
    assert StoredSpans(tmp_path / "state").held()["web"].looks >= 2


def broken(store: Path) -> None:
    store.mkdir(exist_ok=True)
    (store / "bcp.sqlite3").write_bytes(b"no store at all" * 999)


def test_without_a_store_a_watch_looks_tells_and_writes_what_it_saw_once_it_can(tmp_path, monkeypatch):
    monkeypatch.setattr("bcp.check.sure_spans.AGAIN", 0.5)
    monkeypatch.setattr("bcp.check.watch._KEEP_EVERY", timedelta(seconds=1))
    desk, port, state = Desk(), free_port(), tmp_path / "state"
    write(tmp_path, "web", port)
    broken(state)

    def script() -> None:
        until(lambda: desk.news and desk.alerts)
        with socket.create_server(("127.0.0.1", port)):
            until(lambda: len(desk.news) > 1)
        (state / "bcp.sqlite3").unlink()
        until(lambda: len(desk.alerts) > 1)

    play(wired(tmp_path, desk), script)
    assert desk.states()[:2] == [("web", "down"), ("web", "up")]
    assert "What the watch sees is kept in memory only. " in desk.alerts[0]
    assert desk.alerts[1] == f"This is over: {desk.alerts[0]}"
    kept = StoredSpans(state).history("web", datetime(2020, 1, 1, tzinfo=UTC))
    assert [span.state for span in kept][:2] == ["down", "up"], "what was seen before it could be written"
    assert desk.bugs == []


def test_the_sign_of_life_stops_when_nobody_looks_and_that_its_page_is_gone_is_told(tmp_path):
    asked, told, answers = [], [], ["404 Not Found", "200 OK", "200 OK"]

    def answer(path: str) -> bytes:
        asked.append(path)
        return page(b"", answers.pop(0))

    async def life(switch: int) -> None:
        sign = SignOfLife(Shared(SystemClock()), Troubles(told.append))
        sign.planned(checks, 0.0)

        async def sent(now: float) -> int:
            before = len(asked)
            await sign.send(f"http://127.0.0.1:{switch}/secret", checks, now)
            return len(asked) - before

        assert await sent(1.0) == 0, (
            "nothing was looked at so far: who is begun again and again gives no sign"
        )
        sign.looked("web", 2.0)
        assert [await sent(now) for now in (3.0, 50.0)] == [1, 1]
        assert await sent(1000.0) == 0, "nobody looked in time"
        sign.looked("web", 1001.0)
        assert await sent(1002.0) == 1

    with web_server(answer) as switch:
        write(tmp_path, "web", 1)
        checks = checks_of(tmp_path)
        asyncio.run(life(switch))
    gone = "The sign of life does not work: 127.0.0.1 answers 404. If the watch dies, nobody will notice."
    assert told == [gone, f"This is over: {gone}"]


def test_behind_a_watch_that_was_killed_what_is_down_is_told_as_one_and_what_came_back_not_at_all(tmp_path):
    desk, told, ports = Desk(), [], {name: free_port() for name in ("one", "two", "back")}
    for name, port in ports.items():
        write(tmp_path, name, port)

    def one_message(outcomes: Sequence[Outcome], diagnosis: Diagnosis | None) -> None:
        told.append(sorted(outcome.check for outcome in outcomes))
        desk.told(outcomes, diagnosis)

    def script() -> None:
        until(lambda: {"one", "two", "back"} <= set(wiring.spans.held()))
        with socket.create_server(("127.0.0.1", ports["back"])):
            until(lambda: told)

    wiring = wired(tmp_path, desk, told=one_message, untold=[], grace=6.0)
    play(wiring, script)
    assert told == [["one", "two"]]
    assert desk.diagnoses[0] is not None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP")
def test_a_closed_terminal_ends_a_watch_and_people_hear_of_it(tmp_path):
    import pty

    write(tmp_path, "web", free_port())
    (tmp_path / "bcp.yaml").write_text(OFFICE + 'watch: {notify: ["sh", "-c", "echo \\"$0\\" >> told"]}\n')
    pid, terminal = pty.fork()
    if not pid:
        os.chdir(tmp_path)
        os.execv(sys.executable, [sys.executable, "-m", "bcp", "watch"])
    state = tmp_path / "incidents"
    until(lambda: StoredSpans(state).held())
    os.close(terminal)
    _pid, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    told = (tmp_path / "told").read_text().splitlines()
    assert "The watch has ended: its terminal was closed. Nobody looks now. To go on: bcp watch" in told
    assert "the terminal of the watch was closed" in (state / "bcp.log").read_text()
    mark = WatchMarkFile(state).read()
    assert mark is not None and mark.ended is not None
