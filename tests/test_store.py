"""The journal: what goes in and comes out, who wins of two, who else is told, and how many may use it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bcp.chain import checked
from bcp.errors import Conflict, Exit
from bcp.event import NOTHING, Entry, Event, Head, Log, unseal
from bcp.store.database import FILE
from bcp.store.journal import Journal
from tests.children import IS_WINDOWS, replaces_what_is_open
from tests.frozen import START, FrozenClock
from tests.stores import STREAM, end_of, journal_in, notes


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / ("Kanzlei Müller #1" if IS_WINDOWS else "Kanzlei Müller #1?") / "incidents"


@pytest.fixture
def journal(state: Path) -> Iterator[Journal]:
    journal = journal_in(state)
    yield journal
    journal.close()


# What goes in comes out.


def test_a_store_that_is_not_there_yet_reads_as_an_empty_one_and_is_not_made(state: Path) -> None:
    journal: Log = journal_in(state)
    assert (list(journal.rows(STREAM)), journal.streams("note")) == ([], [])
    assert not state.exists()


def test_what_is_written_is_read_as_it_was_written(journal: Journal) -> None:
    first = journal.append(STREAM, NOTHING, notes(2))
    second = journal.append(STREAM, end_of(first), notes(1))
    assert [unseal(row) for row in checked(journal.rows(STREAM))] == [*first, *second]
    assert [event.seq for event in (*first, *second)] == [1, 2, 3]


def test_what_one_process_writes_another_reads_at_once(state: Path, journal: Journal) -> None:
    other = journal_in(state)
    assert list(other.rows(STREAM)) == []
    events = journal.append(STREAM, NOTHING, notes(3))
    assert [unseal(row) for row in other.rows(STREAM)] == events
    other.close()


def test_only_what_stands_behind_an_event_is_read(journal: Journal) -> None:
    journal.append(STREAM, NOTHING, notes(3))
    assert [row.seq for row in journal.rows(STREAM, after=1)] == [2, 3]
    assert list(journal.rows(STREAM, after=3)) == []


def test_a_long_stream_is_read_over_all_its_pages_once(journal: Journal) -> None:
    for count in (199, 1, 200, 1):
        ends = list(journal.rows(STREAM))
        head = Head(ends[-1].seq, ends[-1].hash) if ends else NOTHING
        journal.append(STREAM, head, notes(count))
        seqs = [row.seq for row in checked(journal.rows(STREAM))]
        assert seqs == list(range(1, head.seq + count + 1))


def test_a_reader_that_stopped_half_way_is_in_nobodys_way(state: Path, journal: Journal) -> None:
    events = journal.append(STREAM, NOTHING, notes(300))
    reader = journal.rows(STREAM)
    next(reader)
    more = journal_in(state).append(STREAM, end_of(events), notes(2))
    assert [row.seq for row in reader] == [*range(2, more[-1].seq + 1)]


def test_streams_are_named_from_the_oldest_on_by_a_kind_they_hold(journal: Journal) -> None:
    clock = FrozenClock()
    for name in ("zulu", "alpha", "mike"):
        journal.append(name, NOTHING, [Entry("incident.started", "ann")])
        clock.set_to(START - timedelta(days=1))
    journal.append("drill", NOTHING, [Entry("drill.started", "ann")])
    assert journal.streams("incident.started") == ["zulu", "alpha", "mike"]
    assert journal.streams("drill.started") == ["drill"]
    assert journal.streams("nothing.of.the.kind") == []


def test_streams_do_not_stand_in_each_others_way(journal: Journal) -> None:
    one = journal.append("one", NOTHING, notes(2))
    journal.append("other", NOTHING, notes(1))
    journal.append("one", end_of(one), notes(1))
    assert [row.seq for row in checked(journal.rows("one"))] == [1, 2, 3]


@pytest.mark.parametrize(
    "text",
    ["Zażółć gęślą jaźń", "Ωμέγα 😀 العربية", "a\0b\r\n\t\x1b[31m", "\u2028'\"\\", "x" * 2**20, ""],
    ids=["polish", "many scripts", "control characters", "quotes", "a megabyte", "nothing"],
)
def test_every_text_comes_back_as_it_went_in(journal: Journal, text: str) -> None:
    journal.append(STREAM, NOTHING, [Entry("step.failed", "ann", {"output": text})])
    (row,) = checked(journal.rows(STREAM))
    assert unseal(row).data == {"output": text}


def test_bytes_that_are_no_text_are_written_as_replacement_characters(journal: Journal) -> None:
    output = b"Stra\xdfe".decode(errors="surrogateescape")
    journal.append(STREAM, NOTHING, [Entry("step.failed", "ann", {"output": output})])
    (row,) = checked(journal.rows(STREAM))
    assert unseal(row).data == {"output": "Stra\ufffde"}


def test_the_clock_is_written_down_as_it_is_also_when_it_was_set_back(state: Path) -> None:
    clock = FrozenClock()
    journal = Journal(state, clock)
    events = journal.append(STREAM, NOTHING, notes(1))
    clock.set_to(START - timedelta(hours=1))
    events += journal.append(STREAM, end_of(events), notes(1))
    read = [unseal(row) for row in checked(journal.rows(STREAM))]
    assert [event.recorded_at for event in read] == [START, START - timedelta(hours=1)]
    journal.close()


# Compare and set.


@pytest.mark.parametrize("written", [0, 1, 3])
def test_an_append_behind_another_event_than_the_last_is_a_conflict(journal: Journal, written: int) -> None:
    events = journal.append(STREAM, NOTHING, notes(2))
    stale = [NOTHING, end_of(events[:1]), None, Head(3, "f" * 64)][written]
    assert stale is not None
    with pytest.raises(Conflict, match=f"ends with event 2, not with {written} as read") as found:
        journal.append(STREAM, stale, notes(1))
    assert found.value.exit is Exit.STORE
    assert len(list(journal.rows(STREAM))) == 2


def test_the_right_number_with_another_hash_is_a_conflict(journal: Journal) -> None:
    journal.append(STREAM, NOTHING, notes(2))
    with pytest.raises(Conflict):
        journal.append(STREAM, Head(2, "f" * 64), notes(1))


def test_entries_that_cannot_all_be_written_are_not_written_at_all(journal: Journal) -> None:
    with pytest.raises(TypeError):
        journal.append(STREAM, NOTHING, [*notes(2), Entry("note", "ann", {"text": object()})])
    assert list(journal.rows(STREAM)) == []


# Telling others.


def test_what_was_committed_is_told_once_with_all_its_events(state: Path) -> None:
    told: list[Sequence[Event]] = []
    journal = Journal(state, FrozenClock(), told.append)
    events = journal.append(STREAM, NOTHING, notes(2))
    with pytest.raises(Conflict):
        journal.append(STREAM, NOTHING, notes(1))
    assert told == [events]
    journal.close()


def test_when_it_is_told_it_is_already_in_the_store_for_everybody(state: Path) -> None:
    seen: list[int] = []

    def look(_events: Sequence[Event]) -> None:
        seen.append(len(list(journal_in(state).rows(STREAM))))

    Journal(state, FrozenClock(), look).append(STREAM, NOTHING, notes(2))
    assert seen == [2]


def test_an_event_stays_written_although_its_line_could_not_be(state: Path) -> None:
    def no_room(_events: Sequence[Event]) -> None:
        raise OSError(28, "No space left on device")

    journal = Journal(state, FrozenClock(), no_room)
    events = journal.append(STREAM, NOTHING, notes(1))
    assert [unseal(row) for row in journal.rows(STREAM)] == events
    journal.close()


# One connection, many users of it.


def test_threads_may_share_a_journal(journal: Journal) -> None:
    def write(name: str) -> None:
        head = NOTHING
        for _ in range(50):
            head = end_of(journal.append(name, head, notes(1)))
            assert sum(1 for _row in journal.rows(name)) == head.seq

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(list(checked(journal.rows(name)))) for name in "abcd"] == [50] * 4


@replaces_what_is_open
def test_a_store_that_was_put_in_place_of_the_open_one_is_the_one_that_is_used(
    state: Path, journal: Journal, tmp_path: Path
) -> None:
    journal.append(STREAM, NOTHING, notes(1))
    backup = journal_in(tmp_path / "backup")
    backup.append("from the backup", NOTHING, notes(2))
    backup.close()
    for left in state.iterdir():
        left.unlink()
    assert list(journal.rows(STREAM)) == []
    (tmp_path / "backup" / FILE).rename(state / FILE)
    assert journal.streams("note") == ["from the backup"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_child_inherits_no_open_database(state: Path, journal: Journal) -> None:
    events = journal.append(STREAM, NOTHING, notes(1))
    half_read = journal.rows(STREAM)
    assert next(half_read).seq == 1
    child = os.fork()
    if not child:
        inherited = [str(opened.resolve()) for opened in Path("/proc/self/fd").glob("*")]
        journal.append(STREAM, end_of(events), notes(1))
        os._exit(any(FILE in name for name in inherited))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert [row.seq for row in half_read] == []
    assert [row.seq for row in checked(journal.rows(STREAM))] == [1, 2]


APPENDS = """
import os, sys
from pathlib import Path
from bcp.clock import SystemClock
from bcp.event import NOTHING, Entry, Head
from bcp.store.journal import Journal

journal = Journal(Path(sys.argv[1]), SystemClock())
head = NOTHING
for number in range(11):
    last = journal.append("stream", head, [Entry("note", "ann"), Entry("note", "bob")])[-1]
    head = Head(last.seq, last.hash)
    os.write(1, b"shown")
os._exit(0)
"""


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_an_append_is_flushed_to_the_disk_once_before_it_is_shown(state: Path, tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    traced = ["strace", "-o", str(calls), "-e", "trace=fsync,fdatasync,write"]
    subprocess.run([*traced, sys.executable, "-c", APPENDS, state], check=True, capture_output=True)
    each = calls.read_text().split('write(1, "shown"')
    # Before the first is shown, the store is made; after the last, the process is gone.
    assert [shown.count("sync(") for shown in each[1:-1]] == [1] * 10


def test_loading_the_journal_loads_nothing_heavy() -> None:
    code = "import sys, bcp.store.journal; print(*sorted(m.partition('.')[0] for m in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert set(loaded.split()).isdisjoint(
        {"pydantic", "yaml", "rich", "typer", "httpx", "asyncio", "subprocess"}
    )
