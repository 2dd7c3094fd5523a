"""`bcp check` as cron and people call it: silent unless something flipped, and one incident however many see it."""

from __future__ import annotations

import itertools
import json
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bcp.chain import checked
from bcp.check.span import Seen
from bcp.clock import SystemClock
from bcp.event import unseal
from bcp.store.spans import StoredSpans
from bcp.verdict import VERDICTS, meanings
from tests import quick
from tests.children import ends_another_process
from tests.offices import bcp, office_in, runbook
from tests.ports import free_port
from tests.programs import appends
from tests.stores import journal_in
from tests.waiting import until
from tests.wire import page, web_server

STEPS = """
  - phase: A
    steps:
      - {step: note, title: Note, by_hand: Note it., auto: yes, command: {run: APPENDS}}
      - {step: talk, title: Talk, by_hand: Talk to them., manual: {}}
""".replace("APPENDS", appends("x", "ran"))


SINCE = """\
---
subject: Trouble
paste: Trouble{% if since %}, since {{ since }}{% endif %}
kind: update
---
{{ greeting }},

{# says: acknowledge #}{# says: act #}We work on it. Call +48 600 000 110. News {{ next_update }}.
"""


@contextmanager
def office(folder: Path, port: int, **check: object) -> Iterator[Path]:
    """An office with one check of a local page, for which loopback alone stands for the internet."""
    place = office_in(folder / "office", outage=runbook(STEPS))
    with web_server(lambda _target: page(b"", "204 No Content")) as internet:
        with (place / "bcp.yaml").open("a", encoding="utf-8") as file:
            here = f"127.0.0.1:{internet}"
            file.write(f"internet: {{addresses: ['{here}'], page: 'http://{here}/', names: [localhost]}}\n")
        (place / "checks" / "internet.yaml").unlink()
        set_check(place, port, **check)
        yield place


def set_check(place: Path, port: int, **more: object) -> None:
    settings = {"confirm": "2 looks in 1s", "runbook": "outage", **more}
    lines = [f"{key}: {json.dumps(value)}" for key, value in settings.items()]
    probe = f"probes: [{{http: {{url: 'http://127.0.0.1:{port}/', status: 200}}}}]"
    text = "\n".join(["check: site", "title: Our site", *lines, probe])
    (place / "checks" / "site.yaml").write_text(text + "\n", encoding="utf-8")


@contextmanager
def website() -> Iterator[int]:
    with web_server(lambda _target: page(b"hello")) as port:
        yield port


def events(place: Path) -> list[dict[str, object]]:
    told: list[dict[str, object]] = json.loads(bcp(place, "incident", "log", "--json").stdout)
    return told


def test_a_pass_over_what_is_well_says_nothing_at_all(tmp_path: Path) -> None:
    with website() as port, office(tmp_path, port) as place:
        for _twice in range(2):
            done = bcp(place, "check", "run")
            assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_goes_down_is_told_once_with_the_command_to_type(tmp_path: Path) -> None:
    with website() as port, office(tmp_path, port) as place:
        bcp(place, "check", "run")
    with office(tmp_path, free_port()) as place:
        first, second = bcp(place, "check", "run"), bcp(place, "check", "run")
    assert first.returncode == 7
    assert "Our site: DOWN (was up)" in first.stdout
    assert "verdict: " in first.stdout
    assert "To begin: bcp incident start outage" in first.stdout
    assert (second.returncode, second.stdout) == (7, "")
    assert bcp(place, "incident", "list").stdout == ""


@pytest.mark.parametrize("leads", [True, False])
def test_letters_say_since_when_it_is_by_the_check_that_leads_to_the_plan_and_by_no_other(
    tmp_path: Path, leads: bool
) -> None:
    with office(tmp_path, free_port(), confirm="1 look in 1s") as place:
        check = place / "checks" / "site.yaml"
        check.write_text("".join(line for line in check.open() if leads or not line.startswith("runbook")))
        (place / "notices").mkdir(exist_ok=True)
        (place / "notices" / "x.en.md").write_text(SINCE)
        (place / "contacts").mkdir(exist_ok=True)
        (place / "contacts" / "clients.csv").write_text("name,email,language\nA,a@example.com,en\n")
        assert bcp(place, "check", "run").returncode == 7
        bcp(place, "incident", "start", "outage")
        told = bcp(place, "notice", "plan", "x", "clients", "--json")
        assert told.returncode == 0, told.stderr
        assert ("since on" in json.loads(told.stdout)["paste"]["en"]) == leads, told.stderr


def test_a_check_that_comes_back_is_told_and_stands_in_the_open_incident(tmp_path: Path) -> None:
    with office(tmp_path, free_port()) as place:
        bcp(place, "check", "run")
        bcp(place, "incident", "start", "outage")
    with website() as port, office(tmp_path, port) as place:
        back = bcp(place, "check", "run")
        assert back.returncode == 0
        assert "Our site: UP (was down)" in back.stdout
        assert [each["data"]["state"] for each in events(place) if each["kind"] == "check.flipped"] == [
            "down",
            "up",
        ]
        assert "Our site: UP since" in bcp(place, "incident", "status").stdout


def test_a_warning_is_told_once_and_is_no_outage(tmp_path: Path) -> None:
    with office(tmp_path, free_port(), start="auto") as place:
        warn = json.dumps([sys.executable, "-c", "print('7 % left'); raise SystemExit(1)"])
        check = (
            f"check: site\ntitle: Our site\nrunbook: outage\nstart: auto\nprobes: [{{command: {{run: {warn}, "
        )
        check += "warning: warning, timeout: 30s}}]\n"
        (place / "checks" / "site.yaml").write_text(check, encoding="utf-8")
        first, second, status = (bcp(place, "check", name) for name in ("run", "run", "status"))
        assert [each.returncode for each in (first, second, status)] == [0, 0, 0]
        assert "Our site: WARNING: 7 % left" in first.stdout
        assert "verdict" not in first.stdout
        assert second.stdout == ""
        assert "Our site: WARNING since" in status.stdout
        assert "7 % left" in status.stdout
        assert bcp(place, "incident", "list").stdout == ""
        (told,) = json.loads(bcp(place, "check", "history", "--json").stdout)
        assert told["windows"][0]["uptime"] == 1.0
        assert 'bcp_check_warning{check="site"} 1' in bcp(place, "check", "metrics").stdout


def test_what_goes_down_while_its_runbook_is_open_says_how_to_go_on_there(tmp_path: Path) -> None:
    with website() as port, office(tmp_path, port) as place:
        bcp(place, "check", "run")
        bcp(place, "incident", "start", "outage")
        (incident,) = json.loads(bcp(place, "incident", "list", "--json").stdout)
    with office(tmp_path, free_port()) as place:
        told = bcp(place, "check", "run").stdout
    assert "To begin" not in told
    assert f"outage is open already in {incident['id']}; go on: bcp incident resume" in told


def test_what_may_begin_by_itself_begins_once_and_stops_at_the_first_gate(tmp_path: Path) -> None:
    with office(tmp_path, free_port(), start="auto") as place:
        set_check(place, free_port(), start="auto")
        text = (place / "checks" / "site.yaml").read_text(encoding="utf-8")
        (place / "checks" / "twin.yaml").write_text(
            text.replace("check: site", "check: twin"), encoding="utf-8"
        )
        passes = [quick.begun(["-m", "bcp", "check", "run", name], place) for name in ("site", "twin")]
        assert {each.wait(60) for each in passes} <= {0, 7}
        bcp(place, "check", "run")
        (incident,) = json.loads(bcp(place, "incident", "list", "--json").stdout)
        assert incident["runbook"] == "outage"
        assert (place / "ran").read_text(encoding="utf-8") == "x\n"
        assert json.loads(bcp(place, "incident", "status", "--json").stdout)["next"] == ["talk"]


def test_what_may_begin_by_itself_begins_later_where_it_could_not_at_first_and_not_again(
    tmp_path: Path,
) -> None:
    with office(tmp_path, free_port(), start="auto") as place:
        good = (place / "runbooks" / "outage.yaml").read_text(encoding="utf-8")
        (place / "runbooks" / "outage.yaml").write_text("runbook: [", encoding="utf-8")
        assert bcp(place, "check", "run").returncode == 2
        (place / "runbooks" / "outage.yaml").write_text(good, encoding="utf-8")
        assert bcp(place, "check", "run").returncode == 7
        (incident,) = json.loads(bcp(place, "incident", "list", "--json").stdout)
        bcp(place, "incident", "step", "done", "talk")
        assert bcp(place, "incident", "close").returncode == 0
        bcp(place, "check", "run")
        assert [each["id"] for each in json.loads(bcp(place, "incident", "list", "--json").stdout)] == [
            incident["id"]
        ]
        assert [each["kind"] for each in events(place)].count("check.flipped") == 1


def test_an_outage_is_told_though_nothing_can_be_written(tmp_path: Path) -> None:
    with office(tmp_path, free_port()) as place:
        bcp(place, "check", "run", "--verbose")
        with website() as port:
            set_check(place, port)
            bcp(place, "check", "run")
        set_check(place, free_port())
        store = place / "incidents" / "bcp.sqlite3"
        with sqlite3.connect(store, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            refused = bcp(place, "check", "run")
        other.close()
        again = bcp(place, "check", "run")
    assert refused.returncode == 7
    assert "Our site: DOWN (was up)" in refused.stdout
    assert "could not be written down" in refused.stderr and "locked by another program" in refused.stderr
    assert again.returncode == 7
    assert "Our site: DOWN (was up)" in again.stdout


@ends_another_process
def test_a_watch_tells_and_begins_what_goes_down_while_a_file_has_a_mistake(tmp_path: Path) -> None:
    looked, broken = threading.Event(), threading.Event()

    def site(_target: str) -> bytes:
        looked.set()
        return page(b"", "500 Dead") if broken.is_set() else page(b"hello")

    with (
        web_server(site) as port,
        office(tmp_path, port, start="auto", every="1s") as place,
        watching(place, "--page", "page.html") as log,
    ):
        assert looked.wait(30), "the watch never looked"
        until((place / "page.html").exists)
        (place / "checks" / "slip.yaml").write_text("check: [", encoding="utf-8")
        wait_for(log, "the last good checks stay")
        broken.set()
        wait_for(log, "Our site: DOWN")
        wait_for(log, "Waiting: Talk")
    assert [each["kind"] for each in events(place)].count("check.flipped") == 1
    assert (place / "ran").read_text(encoding="utf-8") == "x\n"


@contextmanager
def watching(place: Path, *options: str) -> Iterator[Path]:
    """A watch over `place`, until it is asked to end; the file that holds what it says."""
    log = place / "watch.log"
    with log.open("w", encoding="utf-8") as file:
        watch = quick.begun(["-m", "bcp", "watch", *options], place, stdout=file, stderr=file)
    try:
        yield log
    finally:
        watch.terminate()
        watch.wait(20)


def wait_for(log: Path, words: str) -> None:
    deadline = time.monotonic() + 30
    while words not in log.read_text(encoding="utf-8"):
        assert time.monotonic() < deadline, f"{words!r} is not in: {log.read_text(encoding='utf-8')}"
        time.sleep(0.1)


def flips(place: Path) -> list[tuple[str, str]]:
    """What was written down of the checks: each check with the state it came into."""
    rows = checked(journal_in(place / "incidents").rows("checks"))
    return [(event.data["check"], event.data["state"]) for event in map(unseal, rows)]


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_whenever_a_pass_is_killed_the_next_one_sees_to_it_that_the_change_is_written_down(
    tmp_path: Path,
) -> None:
    """SIGKILL at the first, the second, … flush to the disk, until a pass comes through; each in an office anew."""

    def killed_at(flush: int) -> int:
        with office(tmp_path / str(flush), free_port(), confirm="1 look in 1s") as place:
            assert bcp(place, "incident", "start", "outage").returncode == 9
            fault = f"inject=fsync,fdatasync:signal=SIGKILL:when={flush}"
            traced = ["strace", "-f", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", fault]
            ended = subprocess.run([*traced, sys.executable, "-m", "bcp", "check", "run"], cwd=place)
            assert bcp(place, "check", "run").returncode == 7
            assert flips(place) == [("site", "down")]
            (flipped,) = (event for event in events(place) if event["kind"] == "check.flipped")
            assert flipped["data"]["check"] == "site"  # type: ignore[index]
        return ended.returncode

    # Each waits for its diagnosis, so several at once.
    with ThreadPoolExecutor(4) as several:
        for begun in itertools.count(1, 4):
            ends = list(several.map(killed_at, range(begun, begun + 4)))
            if 7 in ends:
                break
    assert begun + ends.index(7) > 3, "the flip of the checks, that of the incident, and the spans"


@ends_another_process
def test_an_outage_that_a_watch_saw_and_did_not_live_to_tell_is_told_once_by_the_next(tmp_path: Path) -> None:
    looks: list[str] = []

    def dead(target: str) -> bytes:
        looks.append(target)
        return page(b"", "500 Dead")

    with web_server(dead) as port, office(tmp_path, port, confirm="1 look in 1s") as place:
        bcp(place, "check", "status")
        now = SystemClock().now()
        seen = Seen("site", "down", now, now, "500 Dead")
        with closing(StoredSpans(place / "incidents")) as spans:  # this far it came
            spans.note([(seen, timedelta(minutes=6))])
        assert flips(place) == []
        with watching(place) as log:
            wait_for(log, "Our site: DOWN")
            until(lambda: flips(place) == [("site", "down")])
        before = len(looks)
        with watching(place) as log:
            until(lambda: len(looks) > before)
        assert "DOWN" not in log.read_text(encoding="utf-8") and flips(place) == [("site", "down")]


@ends_another_process
def test_a_pass_that_was_killed_does_not_hold_up_the_next(tmp_path: Path) -> None:
    looked = threading.Event()

    def dead(_target: str) -> bytes:
        looked.set()
        return page(b"", "500 Dead")

    with web_server(dead) as port, office(tmp_path, port, confirm="3 looks in 30s") as place:
        hanging = quick.begun(["-m", "bcp", "check", "run"], place)
        assert looked.wait(20), "the first pass never looked"
        other = bcp(place, "check", "run", "--verbose")
        assert (other.returncode, "Another pass is under way" in other.stderr) == (0, True)
        hanging.kill()
        hanging.wait()
        set_check(place, free_port(), confirm="1 look in 1s")
        assert bcp(place, "check", "run").returncode == 7


def test_a_name_that_is_no_check_gets_a_suggestion(tmp_path: Path) -> None:
    with office(tmp_path, free_port()) as place:
        done = bcp(place, "check", "run", "sites")
    assert done.returncode == 2
    assert 'There is no check "sites"' in done.stderr
    assert 'did you mean "site"?' in done.stderr


def test_status_history_and_metrics_say_what_was_seen(tmp_path: Path) -> None:
    with website() as port, office(tmp_path, port) as place:
        assert "nobody has looked yet" in bcp(place, "check", "status").stdout
        bcp(place, "check", "run")
        status = bcp(place, "check", "status")
        assert status.returncode == 0
        assert "site  Our site: UP since" in status.stdout
        (held,) = json.loads(bcp(place, "check", "status", "--json").stdout)
        (again,) = json.loads(bcp(place, "check", "run", "--json").stdout)["checks"]
        assert again["since"] == held["since"]
        (told,) = json.loads(bcp(place, "check", "history", "--json").stdout)
        assert [window["days"] for window in told["windows"]] == [1, 30, 90]
        assert told["windows"][2]["outages"] == []
        assert told["windows"][2]["unobserved_seconds"] > 89 * 86400
        assert len(bcp(place, "check", "history").stdout.splitlines()[1].split()[0]) == 90
        metrics = bcp(place, "check", "metrics").stdout
        assert 'bcp_check_up{check="site"} 1' in metrics
        assert metrics.endswith("# EOF\n")
        always = [{"from": "00:00", "to": "12:00"}, {"from": "12:00", "to": "00:00"}]
        set_check(place, port, maintenance=always)
        assert (
            "site  Our site: maintenance, nobody looks now; UP since" in bcp(place, "check", "status").stdout
        )
        (told,) = json.loads(bcp(place, "check", "status", "--json").stdout)
        assert (told["state"], told["was"]) == ("maintenance", "up")


def test_every_third_answer_that_fails_is_no_outage_and_is_seen_in_the_history(tmp_path: Path) -> None:
    answers = itertools.cycle([page(b"hello"), page(b"hello"), page(b"", "503 Service Unavailable")])
    with (
        web_server(lambda _target: next(answers)) as port,
        office(tmp_path, port, confirm="3 looks in 0s") as place,
    ):
        assert [bcp(place, "check", "run").stdout for _pass in range(7)] == [""] * 7
        (told,) = json.loads(bcp(place, "check", "history", "--json").stdout)
        assert [window["blips"] for window in told["windows"]] == [3, 3, 3]
        assert told["windows"][0]["uptime"] == pytest.approx(0.7, abs=0.001)
        assert "up 70.000%, 3 blips · no outage" in bcp(place, "check", "history").stdout


def test_diagnose_gives_one_verdict_and_an_exit_status(tmp_path: Path) -> None:
    with office(tmp_path, free_port()) as place:
        done = bcp(place, "check", "diagnose", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 7
    assert told["verdict"] != "ok"
    assert {"state", "name", "seen"} <= set(told["layers"][0])


def test_a_step_that_looks_says_so_before_it_keeps_anybody_waiting(tmp_path: Path) -> None:
    with website() as port, office(tmp_path, port) as place:
        steps = """
  - phase: A
    steps:
      - {step: all, title: All, by_hand: Look., auto: yes, diagnose: {}}
      - {step: one, title: One, by_hand: Look., auto: yes, check: {check: site, is: up, within: 1s}}
"""
        (place / "runbooks" / "outage.yaml").write_text(runbook(steps), encoding="utf-8")
        said = bcp(place, "incident", "start", "outage").stderr
        assert said.index("Looking at everything at once") < said.index("verdict: ")
        ends = next(lines for lines in itertools.pairwise(said.splitlines()) if "verdict: " in lines[0])
        assert any(f"{each}, {meanings()[each]}" in ends[0] for each in VERDICTS) and "next: " in ends[1]
        assert "Looking at the check site …" in said
        drill = bcp(place, "drill", "start", "outage", "--answers", answers(place)).stderr
    assert "Looking at everything" not in drill, "a rehearsal assumes, and looks at nothing"


def answers(place: Path) -> str:
    (place / "answers.yaml").write_text("default: done\n", encoding="utf-8")
    return "answers.yaml"
