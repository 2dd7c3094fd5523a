"""Fixtures that tests of several rooms share, which tests are tried again on the wheel, and a report at the end."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import signal
import sys
import tempfile
from collections import Counter
from itertools import count as numbers
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from bcp.mask import KNOWN
from tests import quick
from tests.lab.fixtures import lab, laboratory
from tests.wordpress import running_wordpress

# What is kept outside of an office's folder goes where nobody else keeps anything.
_OUTSIDE = tempfile.mkdtemp(prefix="bcp-outside-")
atexit.register(shutil.rmtree, _OUTSIDE, ignore_errors=True)
_MEMORY = "LOCALAPPDATA" if sys.platform == "win32" else "XDG_STATE_HOME"
_folders = (str(Path(_OUTSIDE, str(number))) for number in numbers())
os.environ[_MEMORY] = next(_folders)

# Who starts the tests in the background of a shell, or with nohup, hands on that Ctrl-C or a closed terminal is
# ignored, and terminals of tests need both.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

# How long an example takes says how busy the machine is. Where the environment says CI, examples are not random.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

CORE = (
    *("incident", "test_bad_files", "test_event", "test_gates", "test_incident_commands", "test_package"),
    "test_starter",
)
# What their tests share takes seconds to make: one worker makes it, and has all of them; also those of a second file.
TOGETHER = {
    "tests/lab/test_network_manager.py",
    "tests/lab/test_routes.py",
    "tests/lab/test_two_incidents.py",
    "tests/lab/test_verdicts.py",
    "tests/page/test_html.py",
    "tests/page/test_joined.py",
    "tests/page/test_status_page.py",
    "tests/test_circumstances.py",
    "tests/test_demo.py",
    "tests/test_docs.py",
    "tests/test_dry_run.py",
    "tests/test_hints.py",
    "tests/test_mail_servers.py",
    "tests/test_messages.py",
    "tests/test_mirror_passive.py",
    "tests/test_place_files.py",
    "tests/test_place_ftp.py",
    "tests/test_place_twin.py",
    "tests/test_place_wordpress.py",
    "tests/test_printed_commands.py",
    "tests/test_rooms.py",
    "tests/test_starter.py",
}
SHARED = {"tests/test_wordpress_places.py": "tests/test_place_wordpress.py"}
SLOWEST = 20

_OWN_FOLDER = pytest.StashKey[Path]()
_seconds: Counter[str] = Counter()
_lints: set[str] = set()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """A folder for this run alone: the usual one is closed to the users of our servers when another run begins."""
    if config.option.basetemp is None and not hasattr(config, "workerinput"):
        config.option.basetemp = config.stash[_OWN_FOLDER] = Path(tempfile.mkdtemp(prefix="bcp-tests-"))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """What a run without a failure leaves is of no use."""
    if (
        exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
        and _OWN_FOLDER in session.config.stash
    ):
        shutil.rmtree(session.config.stash[_OWN_FOLDER], ignore_errors=True)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where only the main job is tried, the other files are not even read."""
    if config.option.markexpr != "core" or collection_path.suffix != ".py":
        return None
    return None if _is_core(collection_path) or b"mark.core" in collection_path.read_bytes() else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The main job is `core`: `tools/wheel_tests.py` runs it against the installed wheel, from another folder.

    Pages come last: to set them takes a gigabyte, which each fork afterwards would have to take along.
    """
    for item in items:
        if _is_core(item.path):
            item.add_marker(pytest.mark.core)
    items.sort(key=lambda item: item.path.parent.name == "page")


def _is_core(path: Path) -> bool:
    return path.relative_to(Path(__file__).parent).parts[0].removesuffix(".py") in CORE


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Each test to the next worker that is free, but for those that are `TOGETHER`; these are begun first.

    On Windows the usual way has to do: a test that takes too long ends its worker there, and this one's run with it.
    """
    if sys.platform == "win32":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            file = SHARED.get(file, file)
            return file if file in TOGETHER else nodeid

    return Scheduling(config, log)


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: the collector of garbage leaves it alone, and forks share it."""
    gc.collect()
    gc.freeze()
    quick.prepare()
    gc.set_threshold(20_000)  # tests make much and end soon; hypothesis listens to each collection besides


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """How long a test took with all that was made for it and cleared away behind it, and of which kind it is."""
    if report.skipped:
        return
    _seconds[report.nodeid] += report.duration
    if "lint" in report.keywords:
        _lints.add(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The slowest tests, and what the tests are about; nothing of it after a few tests. On Windows: what ran there."""
    if sys.platform == "win32":
        _tell_of_windows(terminalreporter)
    if len(_seconds) <= SLOWEST:
        return
    terminalreporter.section(f"the slowest {SLOWEST}")
    for name, seconds in _seconds.most_common(SLOWEST):
        terminalreporter.line(f"{seconds:6.1f} s  {name}")
    behaviour = _seconds.keys() - _lints
    for what, tests in (("what bcp does", behaviour), ("the code and the documents (lint)", _lints)):
        sentences = {name.partition("[")[0] for name in tests}
        terminalreporter.line(f"{len(tests)} tests in {len(sentences)} sentences are about {what}")


def _tell_of_windows(reporter: pytest.TerminalReporter) -> None:
    left_out = (report.longrepr for report in reporter.stats.get("skipped", ()))
    reasons = Counter(where[2].removeprefix("Skipped: ") for where in left_out)
    ran = sum(len(reporter.stats.get(how, ())) for how in ("passed", "failed"))
    reporter.section("on Windows")
    reporter.line(f"{ran} tests ran on Windows' Python, {reasons.total()} were left out:")
    for reason, count in reasons.most_common():
        reporter.line(f"{count:6}  {reason}")


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    """What an earlier test said of people and secrets is not taken out of this one's texts."""
    KNOWN.forget()


__all__ = ["lab", "laboratory", "running_wordpress"]


@pytest.fixture(autouse=True)
def _a_memory_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test remembers which heads another one has written: they stand for different computers."""
    monkeypatch.setenv(_MEMORY, next(_folders))
