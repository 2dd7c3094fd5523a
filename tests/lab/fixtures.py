"""The laboratory for tests: whole and on its main line when a test begins; each worker has one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.lab.lab import Lab, LabError, require_programs


@pytest.fixture(scope="session")
def laboratory() -> Iterator[Lab]:
    """One laboratory for all tests of this worker."""
    if sys.platform != "linux":
        pytest.skip("the laboratory is made of Linux network namespaces")
    try:
        require_programs()
    except LabError as missing:
        if os.geteuid():  # nobody could have installed them
            pytest.skip(str(missing))
        raise
    with Lab() as lab:
        yield lab


@pytest.fixture
def lab(laboratory: Lab) -> Iterator[Lab]:
    """The laboratory, healed and put back on its main line afterwards; what cannot be healed is built anew."""
    yield laboratory
    try:
        laboratory.heal()
        laboratory.speak("4")
        laboratory.use("dsl")  # whatever the laboratory knows of: what was tested may have switched by itself
    except (LabError, subprocess.TimeoutExpired):
        laboratory.rebuild()  # one test is told of it, not all that follow
        raise
