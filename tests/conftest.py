"""Fixtures that tests of several rooms share, which tests are tried again on the wheel, and a report at the end."""

from __future__ import annotations

import gc
import os
import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.lab.fixtures import lab, laboratory

# The size of the terminal that the tests are started from: those of the tests have their own.
for size in ("COLUMNS", "LINES"):
    os.environ.pop(size, None)

# Who starts the tests in the background of a shell hands on that Ctrl-C is ignored, and terminals of tests need it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

CORE = ("incident", "test_bad_files", "test_event", "test_gates", "test_incident_commands", "test_starter")
SLOWEST = 20

_seconds: Counter[str] = Counter()
_lints: set[str] = set()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The main job is `core`: `tools/wheel_tests.py` runs it against the installed wheel, from another folder.

    Those that belong together on one worker come first, since nobody can help with them; pages come last: to set
    them takes a gigabyte, which each fork afterwards would have to take along.
    """
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).parts[0].removesuffix(".py") in CORE:
            item.add_marker(pytest.mark.core)
    items.sort(
        key=lambda item: (item.get_closest_marker("xdist_group") is None, item.path.parent.name == "page")
    )


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: the collector of garbage leaves it alone, and forks share it."""
    gc.collect()
    gc.freeze()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """How long a test took with all that was made for it and cleared away behind it, and of which kind it is."""
    if report.skipped:
        return
    _seconds[report.nodeid] += report.duration
    if "lint" in report.keywords:
        _lints.add(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The slowest tests, and what the tests are about; nothing of it after a few tests."""
    if len(_seconds) <= SLOWEST:
        return
    terminalreporter.section(f"the slowest {SLOWEST}")
    for name, seconds in _seconds.most_common(SLOWEST):
        terminalreporter.line(f"{seconds:6.1f} s  {name}")
    behaviour = _seconds.keys() - _lints
    for what, tests in (("what bcp does", behaviour), ("the code and the documents (lint)", _lints)):
        sentences = {name.partition("[")[0] for name in tests}
        terminalreporter.line(f"{len(tests)} tests in {len(sentences)} sentences are about {what}")


__all__ = ["lab", "laboratory"]
