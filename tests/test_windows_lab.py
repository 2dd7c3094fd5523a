"""The Windows laboratory: what it is made of, and that its tests never pass by being left out unseen."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.children import IS_WINDOWS

pytestmark = [pytest.mark.lint, pytest.mark.skipif(IS_WINDOWS, reason="the laboratory is made on Linux")]
ROOT = Path(__file__).parent.parent


def test_it_has_what_windows_asks_for_of_the_lock_and_each_piece_with_its_hashes() -> None:
    from tools.windows_lab import PYTHON_HASH, requirements

    lines = requirements().splitlines()
    assert all(re.fullmatch(r"[\w.-]+==\S+( --hash=sha256:[0-9a-f]{64})+", line) for line in lines)
    names = {line.partition("==")[0] for line in lines}
    assert {"tzdata", "colorama", "pytest", "pydantic-core", "typst"} <= names
    assert not names & {"uvloop", "ruff", "mypy"} and len(names) == len(lines) > 80
    assert re.fullmatch("sha256:[0-9a-f]{64}", PYTHON_HASH)


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_where_it_cannot_be_had_that_is_said_loudly_and_ci_fails(
    tmp_path: Path, ci: str, status: int
) -> None:
    """A computer without the compiler: nothing of it is on the PATH."""
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "windows_tests.py"],
        env={**os.environ, "PATH": str(tmp_path), "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status
    assert "NO WINDOWS LABORATORY" in done.stdout and "gcc-mingw-w64-x86-64-win32" in done.stdout
