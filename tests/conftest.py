"""Fixtures that tests of several rooms share, and which tests are tried again on the built wheel."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.lab.fixtures import lab, laboratory

# The size of the terminal that the tests are started from: those of the tests have their own.
for size in ("COLUMNS", "LINES"):
    os.environ.pop(size, None)

CORE = (
    "incident",
    "test_bad_files",
    "test_event",
    "test_gates",
    "test_incident_commands",
    "test_package",
    "test_starter",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The main job is `core`: `tools/wheel_tests.py` runs it against the installed wheel, from another folder."""
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).parts[0].removesuffix(".py") in CORE:
            item.add_marker(pytest.mark.core)


__all__ = ["lab", "laboratory"]
