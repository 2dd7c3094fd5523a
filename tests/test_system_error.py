"""What the system means where it fails: Windows' own numbers beside errno's, and files open in other programs."""

from __future__ import annotations

import asyncio
import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bcp.clock import SystemClock
from bcp.errors import InputError, SourceError, StoreError
from bcp.files import (
    OpenElsewhere,
    in_words,
    is_told,
    put,
    what_to_do,
    when_free,
    why,
    write_whole,
)
from bcp.probe.base import Shared
from bcp.probe.kinds.tcp import Tcp
from bcp.probe.trouble import explain
from bcp.system_error import is_open_elsewhere, may_pass, number, reader_is_gone
from bcp.table import read
from tests.ports import free_port

pytestmark = pytest.mark.core
on_windows = pytest.mark.skipif(sys.platform != "win32", reason="only Windows lets a file be held")


def by_windows(winerror: int, of_python: int = errno.EINVAL, kind: type[OSError] = OSError) -> OSError:
    """As Python hands on an error of Windows that it does not know."""
    error = kind(of_python, "Odmowa dostępu")
    error.winerror = winerror  # type: ignore[attr-defined]
    return error


@pytest.mark.parametrize(
    ("winerror", "words"),
    [
        (1225, "the connection was refused: nothing listens there"),
        (10061, "the connection was refused: nothing listens there"),
        (1234, "the connection was refused: nothing listens there"),
        (64, "the connection was cut by the other side"),
        (1236, "the connection was cut by the other side"),
        (10054, "the connection was cut by the other side"),
        (1231, "this computer knows no way there"),
        (10051, "this computer knows no way there"),
        (1232, "it cannot be reached: a router on the way says so"),
        (121, "no answer"),
        (10060, "no answer"),
        (10050, "this computer's network is down"),
        (5, "this computer does not allow it"),
        (10013, "this computer does not allow it"),
        (1450, "this computer's network takes no packets"),
    ],
)
def test_a_connection_that_fails_on_windows_is_told_in_the_words_of_all_systems(winerror: int, words: str):
    assert explain(by_windows(winerror)).reason == words


def test_a_kind_of_error_without_any_number_still_says_what_happened():
    assert explain(ConnectionRefusedError()).reason == "the connection was refused: nothing listens there"
    assert explain(ConnectionResetError()).reason == "the connection was cut by the other side"
    assert number(OSError("torn")) == 0 and explain(OSError("The Tape Is Torn")).reason == "The Tape Is Torn"


def test_a_refused_connection_is_refused_on_every_system():
    result = asyncio.run(Tcp(host="127.0.0.1", port=free_port()).look(Shared(SystemClock(), timeout=5)))
    assert result.reason == "the connection was refused: nothing listens there"


@pytest.mark.parametrize(
    ("winerror", "words", "remedy"),
    [
        (5, "this user may not write there", "whether this login may write"),
        (19, "it can only be read there", "whether this login may write"),
        (32, "it is open in another program", "close it there"),
        (33, "it is open in another program", "close it there"),
        (1224, "it is open in another program", "close it there"),
        (39, "the disk is full", "make room"),
        (112, "the disk is full", "make room"),
        (3, "there is no such folder", "whether this login may write"),
    ],
)
def test_a_file_that_cannot_be_written_on_windows_is_told_apart(winerror: int, words: str, remedy: str):
    error = by_windows(winerror, errno.EACCES)
    assert why(error) == words and remedy in what_to_do(error)
    assert is_told(error) == (winerror != 3)


def test_what_another_program_holds_is_told_where_the_system_would_say_that_it_is_denied():
    held = by_windows(32, errno.EACCES, PermissionError)
    assert in_words(held) == "it is open in another program: close it there"
    assert in_words(by_windows(5, errno.EACCES)) == "Odmowa dostępu"
    assert in_words(OSError("torn")) == "unknown reason"
    assert is_open_elsewhere(held) and may_pass(held) and may_pass(by_windows(5))
    assert not is_open_elsewhere(OSError(errno.EACCES, "x"), __file__) and not may_pass(by_windows(112))


def test_who_reads_a_pipe_has_gone_also_where_the_library_calls_it_an_invalid_argument(monkeypatch: Any):
    assert (
        reader_is_gone(BrokenPipeError())
        and reader_is_gone(by_windows(232))
        and reader_is_gone(by_windows(109))
    )
    monkeypatch.setattr(sys, "platform", "linux")
    assert not reader_is_gone(OSError(errno.EINVAL, "Invalid argument"))
    monkeypatch.setattr(sys, "platform", "win32")
    assert reader_is_gone(OSError(errno.EINVAL, "Invalid argument"))
    assert not reader_is_gone(OSError(errno.EINVAL, "Invalid argument", "file"))
    assert not reader_is_gone(OSError(errno.EIO, "x"))


@pytest.mark.parametrize("asked", [["runbook", "list"], ["runbook", "list", "--json"]])
def test_a_reader_that_goes_away_ends_a_command_without_a_word(tmp_path: Path, asked: list[str]):
    office = tmp_path / "office"
    bcp = [sys.executable, "-m", "bcp"]
    pipes: Any = {"stdin": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    subprocess.run([*bcp, "init", "--sample", str(office)], check=True, stdout=subprocess.DEVNULL, **pipes)
    reads, writes = os.pipe()
    os.close(reads)
    try:
        ran = subprocess.run([*bcp, "--office", str(office), *asked], stdout=writes, **pipes, check=False)
    finally:
        os.close(writes)
    assert (ran.returncode, ran.stderr) == (0, b"")


def failing(times: int, error: OSError) -> Callable[[], str]:
    """Fails so many times, then does it."""
    tries = iter(range(times))

    def do() -> str:
        for _ in tries:
            raise error
        return "done"

    return do


def test_a_file_that_a_scanner_holds_for_a_moment_is_tried_again(tmp_path: Path):
    assert when_free(tmp_path, failing(2, by_windows(32))) == "done"
    assert when_free(tmp_path, failing(2, by_windows(5, errno.EACCES))) == "done"


def test_a_file_that_stays_open_elsewhere_is_said_after_a_while_and_another_failure_at_once(tmp_path: Path):
    with pytest.raises(OpenElsewhere) as told:
        when_free(tmp_path, failing(10**9, by_windows(33)), patience=0.2)
    assert "open in another program" in why(told.value) and "close it there" in in_words(told.value)
    with pytest.raises(OSError) as other:
        when_free(tmp_path, failing(10**9, OSError(errno.ENOSPC, "full")), patience=60)
    assert other.value.errno == errno.ENOSPC
    with pytest.raises(PermissionError) as denied:
        when_free(tmp_path, failing(10**9, by_windows(5, errno.EACCES, PermissionError)), patience=0.2)
    assert why(denied.value) == "this user may not write there"


def test_a_file_that_cannot_be_replaced_keeps_what_it_held_and_nothing_lies_beside_it(
    tmp_path: Path, monkeypatch: Any
):
    path = tmp_path / "clients.csv"
    path.write_text("old")

    def refuses(self: Path, target: Path) -> None:
        """As on Windows where it is open in Excel."""
        raise by_windows(32, errno.EACCES, PermissionError)

    monkeypatch.setattr(Path, "replace", refuses)
    with pytest.raises(StoreError, match="open in another program") as told:
        write_whole(path, "new")
    assert "close it there" in told.value.hint
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


@contextmanager
def held(path: Path, share: int = 0x1) -> Iterator[None]:
    """Open as Excel and Acrobat do it: others may read, and neither write nor replace it."""
    import ctypes

    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined]
    kernel.CreateFileW.restype = ctypes.c_void_p
    handle = kernel.CreateFileW(str(path), 0x80000000, share, None, 3, 0, None)
    try:
        yield
    finally:
        kernel.CloseHandle(ctypes.c_void_p(handle))


@on_windows
def test_windows_holds_a_file_that_is_open_elsewhere_and_lets_it_go(tmp_path: Path):
    path = tmp_path / "clients.csv"
    path.write_text("name\nJan\n")
    with held(path):
        for write in (lambda: put(path, b"new"), lambda: when_free(path, lambda: path.write_bytes(b"new"))):
            with pytest.raises(OpenElsewhere):
                write()
        assert path.read_text() == "name\nJan\n" and list(tmp_path.iterdir()) == [path]
    with held(path, share=0), pytest.raises(SourceError) as told:
        read(path, "clients.csv")
    assert "open in another program: close it there" in told.value.mistakes[0].message
    put(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_missing_right_is_no_file_that_is_open_elsewhere(tmp_path: Path):
    there = tmp_path / "there"
    there.mkdir()
    with pytest.raises(OSError) as told:
        there.open("rb")
    assert not is_open_elsewhere(told.value, there)


def test_who_holds_a_secret_is_asked_with_the_words_of_this_system(tmp_path: Path):
    from bcp.world.secret import Secrets

    script = tmp_path / "my secret.py"
    script.write_text("import sys; print(sys.argv[1])")
    line = f'"{sys.executable}" -I "{script}" word\\more' if sys.platform == "win32" else None
    line = line or f"'{sys.executable}' -I '{script}' 'word\\more'"
    assert Secrets(tmp_path, {}).value(f"command:{line}") == "word\\more"
    with pytest.raises(InputError, match="failed"):
        Secrets(tmp_path, {}).value("command:no-such-program")


def test_a_program_that_windows_forbids_is_inconclusive_and_not_run(tmp_path: Path, monkeypatch: Any):
    from bcp.probe.kinds.command import Command
    from bcp.world.program import _not_run

    async def refuses(*_words: Any, **_more: Any) -> None:
        raise by_windows(1260)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", refuses)
    result = asyncio.run(Command(run=["powershell"]).look(Shared(SystemClock(), tmp_path)))
    assert (result.state, result.reason) == ("inconclusive", "the program powershell may not be run")
    assert _not_run("powershell", by_windows(4551)) == "this user may not run powershell"
    assert _not_run("x.ps1", by_windows(193)) == "x.ps1 is no program that this computer can run"
    assert _not_run("x", by_windows(2)) == "there is no program x on this computer"
