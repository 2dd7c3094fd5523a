"""Looking comes before writing: whatever became of the store, a check is looked at and people hear of it first."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bcp.app.check.watch_mark import WatchMarkFile
from bcp.clock import SystemClock
from bcp.store.hold import alone
from bcp.store.spans import StoredSpans
from tests.children import in_own_mounts, make_read_only, needs_root, needs_scripts, small_disk
from tests.offices import bcp
from tests.ports import free_port
from tests.test_check_command import office, set_check, wait_for, watching, website
from tests.waiting import until
from tests.wire import page, web_server

Broken = Callable[[Path], object]


@contextmanager
def seen_up(folder: Path) -> Iterator[Path]:
    """An office whose site was up when a pass last looked, and is down now."""
    with website() as port, office(folder, port) as place:
        assert bcp(place, "check", "run").returncode == 0
    with office(folder, free_port(), confirm="1 look in 1s") as place:
        yield place


def overwrite(store: Path) -> None:
    with store.open("r+b") as file:
        file.seek(1024)
        file.write(os.urandom(30 * 1024))


@contextmanager
def locked(store: Path) -> Iterator[None]:
    """As a program has it that reads and writes the file alone: nobody else can even look into it."""
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        yield


def test_over_a_store_that_cannot_be_read_a_pass_looks_tells_and_then_says_that_it_was_not_kept(
    tmp_path: Path,
) -> None:
    with seen_up(tmp_path) as place:
        store = place / "incidents" / "bcp.sqlite3"
        with locked(store):
            told = bcp(place, "check", "run")
            assert (told.returncode, "locked by another program" in told.stderr) == (7, True)
            assert "Our site: DOWN: " in told.stdout, "what it was nobody could read, so it is news"
        whole = store.read_bytes()
        for broken in (overwrite, lambda file: file.write_bytes(b"no store at all" * 100)):
            broken(store)
            told = bcp(place, "check", "run")
            assert (told.returncode, "Our site: DOWN: " in told.stdout) == (7, True)
            assert "What was just seen could not be written down:" in told.stderr
            assert bcp(place, "check", "run", "--json").returncode == 7
            store.write_bytes(whole)
        with website() as port:
            set_check(place, port)
            overwrite(store)
            told = bcp(place, "check", "run")
            assert (told.returncode, told.stdout) == (3, "")
            assert "is damaged" in told.stderr


@needs_root
def test_on_a_disk_that_is_full_or_can_only_be_read_a_pass_looks_and_tells_first(tmp_path: Path) -> None:
    def work() -> None:
        small_disk(tmp_path, "3m")
        with seen_up(tmp_path) as place:
            room = os.statvfs(place)
            (place / "fill").write_bytes(b"x" * (room.f_bavail * room.f_frsize))
            full = bcp(place, "check", "run")
            assert (full.returncode, "The disk is full" in full.stderr) == (7, True), full
            assert "Our site: DOWN (was up)" in full.stdout
            (place / "fill").unlink()
            make_read_only(place)
            read = bcp(place, "check", "run")
            assert (read.returncode, "cannot be written to, only read" in read.stderr) == (7, True), read
            assert "Our site: DOWN (was up)" in read.stdout

    in_own_mounts(work)


def test_a_pass_beside_a_watch_shows_what_the_watch_holds(tmp_path: Path) -> None:
    with website() as port, office(tmp_path, port) as place:
        assert bcp(place, "check", "run").returncode == 0
        state = place / "incidents"
        WatchMarkFile(state).begin(SystemClock().now())
        with alone(state / "looks.lock"):
            told = bcp(place, "check", "run")
            assert (told.returncode, told.stdout) == (0, "")
            assert "The watch looks at these checks; last look" in told.stderr
    with office(tmp_path, free_port()) as place:
        bcp(place, "check", "run")
        with alone(state / "looks.lock"):
            told = bcp(place, "check", "run")
            assert told.returncode == 7
            assert "site  Our site: DOWN since" in told.stdout
            asked = bcp(place, "check", "run", "--json")
            (check,) = json.loads(asked.stdout)["checks"]
            assert (asked.returncode, check["check"], check["state"], check["news"]) == (
                7,
                "site",
                "down",
                False,
            )
            assert check["last_look"]
            overwrite(state / "bcp.sqlite3")
            told = bcp(place, "check", "run")
            assert (told.returncode, "Our site: DOWN: " in told.stdout) == (7, True), "it looked itself"


def test_what_nobody_looked_at_for_long_is_unknown(tmp_path: Path) -> None:
    with website() as port, office(tmp_path, port) as place:
        bcp(place, "check", "run")
        store = place / "incidents" / "bcp.sqlite3"
        days = 9 * 86_400_000
        with closing(sqlite3.connect(store, isolation_level=None)) as past:
            past.execute("UPDATE spans SET first = first - ?, last = last - ?", (days, days))
        told = bcp(place, "check", "status")
        assert (told.returncode, "UNKNOWN: nobody has looked since" in told.stdout) == (7, True)
        assert "(9 days ago); it was UP then" in told.stdout
        (check,) = json.loads(bcp(place, "check", "status", "--json").stdout)
        assert (check["state"], check["was"]) == ("unobserved", "up")
        metrics = bcp(place, "check", "metrics").stdout
        assert "bcp_check_up{" not in metrics and "bcp_check_last_look_timestamp_seconds{" in metrics
        bcp(place, "incident", "start", "outage")
        assert "Nobody has looked at the checks since" in bcp(place, "incident", "status").stdout
        bcp(place, "check", "run")
        assert "Nobody has looked" not in bcp(place, "incident", "status").stdout
        assert bcp(place, "check", "status").returncode == 0
        with closing(sqlite3.connect(store, isolation_level=None)) as past:
            past.execute("UPDATE spans SET last = last - ? WHERE state = 'up'", (days,))
            past.execute(
                "INSERT INTO spans (name, state, first, last, looks, reason)"
                " SELECT name, 'maintenance', last, last + ?, 9, '' FROM spans ORDER BY id DESC LIMIT 1",
                (days,),
            )
        assert bcp(place, "check", "status").returncode == 0, "what is left alone on purpose is not forgotten"


@needs_scripts
def test_a_watch_that_cannot_begin_for_a_mistake_in_its_files_tells_people(tmp_path: Path) -> None:
    with office(tmp_path, free_port()) as place:
        with (place / "bcp.yaml").open("a", encoding="utf-8") as file:
            file.write('watch: {notify: ["sh", "-c", "echo \\"$0\\" >> told"]}\n')
        (place / "checks" / "slip.yaml").write_text("check: [", encoding="utf-8")
        refused = bcp(place, "watch")
        assert refused.returncode == 2
        told = (place / "told").read_text(encoding="utf-8")
        assert told.startswith("The watch cannot begin: checks/slip.yaml:1:")
        (place / "told").unlink()
        slip = (place / "checks" / "slip.yaml").read_text(encoding="utf-8")
        (place / "checks" / "slip.yaml").unlink()
        assert bcp(place, "validate").returncode == 0
        (place / "checks" / "slip.yaml").write_text(slip, encoding="utf-8")
        with watching(place):
            until(lambda: (place / "told").exists() and (place / "told").read_text("utf-8").count("\n"))
        told = (place / "told").read_text(encoding="utf-8")
        assert "A file of the office has a mistake, so the watch goes by older ones." in told


@needs_scripts
def test_what_a_pass_looked_at_is_what_a_watch_goes_by_when_the_file_that_names_people_is_broken(
    tmp_path: Path,
) -> None:
    with office(tmp_path, free_port()) as place:
        text = (place / "bcp.yaml").read_text(encoding="utf-8")
        text += 'language: pl\nwatch: {notify: ["sh", "-c", "echo \\"$0\\" >> told"]}\n'
        (place / "bcp.yaml").write_text(text, encoding="utf-8")
        bcp(place, "check", "run")
        (place / "told").unlink()
        (place / "bcp.yaml").write_text("language: en\nwatch: [", encoding="utf-8")  # it was pl
        with watching(place):
            until(lambda: (place / "told").exists() and (place / "told").read_text("utf-8").count("\n"))
        told = (place / "told").read_text(encoding="utf-8")
        assert "W pliku biura jest błąd, więc czuwanie używa starszych plików." in told


def test_a_watch_whose_store_was_overwritten_does_not_end_with_all_is_written_down(tmp_path: Path) -> None:
    with seen_up(tmp_path) as place:
        with watching(place) as log:
            wait_for(log, "DOWN")
            for name in ("bcp.sqlite3", "bcp.sqlite3-wal"):
                with (place / "incidents" / name).open("r+b") as file:
                    file.write(os.urandom(4096))
        said = log.read_text(encoding="utf-8")
        assert "What it saw last could not be written down:" in said and "is not a bcp store" in said


@needs_root
def test_a_watch_on_a_full_disk_tells_the_outage_and_that_it_keeps_nothing_and_when_that_is_over(
    tmp_path: Path,
) -> None:
    disk, told, is_dead = tmp_path / "disk", tmp_path / "told", threading.Event()

    def site(_target: str) -> bytes:
        return page(b"", "500 Dead") if is_dead.is_set() else page(b"hello")

    def heard(words: str) -> bool:
        return told.exists() and words in told.read_text(encoding="utf-8")

    def work() -> None:
        small_disk(disk, "3m")
        with web_server(site) as port, office(disk, port, every="1s", confirm="1 look in 1s") as place:
            with (place / "bcp.yaml").open("a", encoding="utf-8") as file:
                file.write(f'watch: {{notify: ["sh", "-c", "echo \\"$0\\" >> {told}"]}}\n')
            with watching(place):
                until(lambda: StoredSpans(place / "incidents").held())
                room = os.statvfs(place)
                fill = place / "fill"
                fill.write_bytes(b"x" * (room.f_bavail * room.f_frsize))
                is_dead.set()
                until(lambda: heard("Our site: down") and heard("kept in memory only. The disk is full"))
                fill.unlink()
                until(lambda: heard("This is over: What the watch sees"))
                until(lambda: StoredSpans(place / "incidents").held()["site"].state == "down")

    in_own_mounts(work)


def test_a_watch_that_was_killed_is_told_from_one_that_ended_well(tmp_path: Path) -> None:
    file, now = WatchMarkFile(tmp_path), SystemClock().now()
    file.begin(now)
    ours = file.read()
    assert ours is not None and ours.runs and not ours.was_cut_short
    file.end(now)
    ended = file.read()
    assert ended is not None and not ended.runs and not ended.was_cut_short
    begun = "from bcp.app.check.watch_mark import *; from bcp.clock import SystemClock;"
    begun += "WatchMarkFile(Path('.')).begin(SystemClock().now())"
    subprocess.run([sys.executable, "-c", begun], cwd=tmp_path, check=True)
    killed = file.read()
    assert killed is not None and killed.was_cut_short
    (tmp_path / "watch.json").write_text("[", encoding="utf-8")
    assert file.read() is None
