"""The store under two writers, sudden death, a full disk, lost rights: what was shown is there, and whole."""

from __future__ import annotations

import multiprocessing
import os
import random
import select
import shutil
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from bcp.chain import checked
from bcp.errors import Conflict, StoreError
from bcp.event import NOTHING, Entry, Event, Head, unseal
from bcp.store.database import FILE
from bcp.store.journal import Journal
from tests.children import in_a_child, in_own_mounts, make_read_only, needs_fork, needs_root, small_disk
from tests.stores import STREAM, assert_told, end_of, journal_in, notes
from tests.waiting import PATIENCE

RACES = 1000
KILLS, EACH = 60, 10
"""How often a writer is killed, and how often in the same store."""


def head_of(journal: Journal) -> Head:
    rows = list(checked(journal.rows(STREAM)))
    return Head(rows[-1].seq, rows[-1].hash) if rows else NOTHING


def whole(journal: Journal) -> list[Event]:
    return [unseal(row) for row in checked(journal.rows(STREAM))]


# Two at once.


def race(state: Path, name: str, line: Barrier, results: Connection) -> None:
    journal = journal_in(state)
    head = NOTHING
    won = []
    for number in range(RACES):
        line.wait(30)
        try:
            head = end_of(journal.append(STREAM, head, [Entry("answer", name, {"race": number})]))
            won.append(number)
        except Conflict:
            (row,) = journal.rows(STREAM, after=head.seq)
            head = Head(row.seq, row.hash)
    results.send(won)


@needs_fork
def test_of_two_appends_behind_the_same_event_one_wins_in_each_of_a_thousand_races(tmp_path: Path) -> None:
    forked = multiprocessing.get_context("fork")
    line = forked.Barrier(2)
    pipes = {name: forked.Pipe(duplex=False) for name in ("ann", "bob")}
    workers = [
        forked.Process(target=race, args=(tmp_path, name, line, tell), daemon=True)
        for name, (_, tell) in pipes.items()
    ]
    for worker in workers:
        worker.start()
    assert all(told.poll(60) for told, _ in pipes.values()), "a racer gave up"
    won = {name: told.recv() for name, (told, _) in pipes.items()}
    assert sorted(won["ann"] + won["bob"]) == list(range(RACES))
    events = whole(journal_in(tmp_path))
    assert [event.data["race"] for event in events] == list(range(RACES))
    assert {event.data["race"] for event in events if event.by == "ann"} == set(won["ann"])


def first_append(state: Path, name: str, line: Barrier) -> None:
    line.wait(30)
    journal_in(state).append(name, NOTHING, notes(1))


@needs_fork
def test_a_store_that_eight_make_at_once_is_made_once_and_holds_what_all_wrote(tmp_path: Path) -> None:
    forked = multiprocessing.get_context("fork")
    names = [f"stream {number}" for number in range(8)]
    for attempt in range(10):
        state = tmp_path / str(attempt)
        line = forked.Barrier(len(names))
        workers = [forked.Process(target=first_append, args=(state, name, line)) for name in names]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert [worker.exitcode for worker in workers] == [0] * len(names)
        assert sorted(journal_in(state).streams("note")) == names


# Sudden death.


def append_for_ever(state: Path, shown: int) -> None:
    journal = journal_in(state)
    head = head_of(journal)
    while True:
        head = end_of(journal.append(STREAM, head, notes(3)))
        os.write(shown, head.seq.to_bytes(4, "big"))


@needs_fork
def test_whatever_was_shown_as_written_is_there_after_a_kill_and_the_chain_is_whole(tmp_path: Path) -> None:
    chance = random.Random(20261126)
    for attempt in range(KILLS):
        if attempt % EACH == 0:  # all of it is read each time
            state, last = tmp_path / str(attempt), 0
        read, write = os.pipe()
        child = os.fork()
        if not child:
            append_for_ever(state, write)
        os.close(write)
        if attempt % 2:
            # Killed amid its appends; the others are killed wherever they are, perhaps before the first.
            assert select.select([read], [], [], PATIENCE)[0]
        time.sleep(chance.uniform(0.001, 0.05))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(read, "rb") as pipe:
            shown = int.from_bytes(pipe.read()[-4:], "big")
        written = len(whole(journal_in(state)))
        assert max(shown, last) <= written
        assert written % 3 == 0, "an append is there whole or not at all"
        assert written >= 3 * ((attempt % EACH + 1) // 2), "those that were waited for had written something"
        last = written


# A full disk.


def fill(journal: Journal) -> list[Event]:
    """Append until the store takes no more; what it took."""
    events: list[Event] = []
    with pytest.raises(StoreError) as found:
        while True:
            events += journal.append(STREAM, end_of(events) if events else NOTHING, notes(20))
    assert found.value.hint
    return events


def take_all_room(folder: Path) -> Path:
    filler = folder / "holiday.mov"
    with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        while True:
            file.write(bytes(512))
    return filler


@needs_root
def test_on_a_full_disk_nothing_is_lost_everything_is_read_and_it_goes_on_when_there_is_room(
    tmp_path: Path,
) -> None:
    def work() -> None:
        small_disk(tmp_path, "640k")
        ballast = tmp_path / "holiday.jpg"
        ballast.write_bytes(bytes(128 * 1024))
        journal = journal_in(tmp_path)
        events = fill(journal)
        assert len(events) > 100
        filler = take_all_room(tmp_path)
        assert_told(lambda: journal.append(STREAM, end_of(events), notes(200)), "the disk is full")
        assert whole(journal) == events
        journal.close()
        assert whole(journal_in(tmp_path)) == events
        (tmp_path / f"{FILE}-shm").unlink(missing_ok=True)
        with filler.open("ab", buffering=0) as file, pytest.raises(OSError, match="No space left"):
            while True:
                file.write(bytes(512))
        assert whole(journal_in(tmp_path)) == events
        assert_told(lambda: journal.append(STREAM, end_of(events), notes(200)), "the disk is full")
        ballast.unlink()
        more = journal.append(STREAM, end_of(events), notes(1))
        assert whole(journal_in(tmp_path)) == [*events, *more]

    in_own_mounts(work)


@needs_root
def test_a_store_cannot_be_made_on_a_full_disk_and_reads_as_an_empty_one(tmp_path: Path) -> None:
    def work() -> None:
        small_disk(tmp_path, "64k")
        take_all_room(tmp_path)
        journal = journal_in(tmp_path / "incidents")
        assert_told(lambda: journal.append(STREAM, NOTHING, notes(1)), "the disk is full")
        assert whole(journal) == []

    in_own_mounts(work)


@needs_fork
def test_a_file_that_may_not_grow_keeps_what_it_has(tmp_path: Path) -> None:
    import resource

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
        journal = journal_in(tmp_path)
        events = fill(journal)
        assert whole(journal) == events
        assert len(events) > 20

    in_a_child(work)
    assert len(whole(journal_in(tmp_path))) > 20


# A folder that can only be read.


def closed_store(state: Path) -> None:
    journal = journal_in(state)
    journal.append(STREAM, NOTHING, notes(5))
    journal.close()


def killed_store(state: Path) -> None:
    child = os.fork()
    if not child:
        journal = journal_in(state)
        journal.append(STREAM, NOTHING, notes(5))
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert (state / f"{FILE}-wal").stat().st_size > 0


def killed_store_copied_without_its_index(state: Path) -> None:
    killed_store(state.with_name("original"))
    state.mkdir(parents=True)
    for name in (FILE, f"{FILE}-wal"):
        shutil.copy(state.with_name("original") / name, state)


@needs_root
@pytest.mark.parametrize("make", [closed_store, killed_store, killed_store_copied_without_its_index])
def test_a_read_only_disk_gives_all_it_has_and_takes_nothing(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    state = tmp_path / "incidents"
    make(state)

    def work() -> None:
        make_read_only(state)
        journal = journal_in(state)
        events = whole(journal)
        assert len(events) == 5
        assert journal.streams("note") == [STREAM]
        assert_told(lambda: journal.append(STREAM, end_of(events), notes(1)), "cannot be written to|opened")
        assert whole(journal) == events

    in_own_mounts(work)
    assert len(whole(journal_in(state))) == 5


@needs_root
def test_a_store_that_was_never_begun_reads_as_an_empty_one_on_a_read_only_disk(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()

    def work() -> None:
        make_read_only(tmp_path)
        assert whole(journal_in(tmp_path)) == []

    in_own_mounts(work)


@needs_root
@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "readable"),
    [(0o755, 0o644, True), (0o755, 0o600, False), (0o700, 0o644, False)],
)
def test_another_login_reads_what_it_may_and_is_told_what_it_may_not(
    folder_mode: int, file_mode: int, readable: bool
) -> None:
    def work() -> None:
        # A place that everybody may reach; what lies above tmp_path is for its owner alone.
        small_disk(Path("/mnt"), "8m")
        state = Path("/mnt/incidents")
        closed_store(state)
        (state / FILE).chmod(file_mode)
        state.chmod(folder_mode)
        os.seteuid(65534)
        journal = journal_in(state)
        if readable:
            assert len(whole(journal)) == 5
        else:
            assert_told(lambda: whole(journal), "cannot be opened")
        assert_told(lambda: journal.append(STREAM, NOTHING, notes(1)), "cannot be (written to|opened)")

    in_own_mounts(work)
