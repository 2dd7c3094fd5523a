"""Whatever bytes come in, a command ends with a status of the table: what ever broke one, and 20 new seconds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bcp.errors import Exit
from tests.children import IS_WINDOWS
from tests.fuzz.area import CORPUS, Input
from tests.fuzz.hunt import AREAS, drawn, tried
from tests.fuzz.oracle import MAY_END

_ROOT = Path(__file__).parents[2]
_KEPT = sorted(path for path in CORPUS.rglob("*--*") if path.is_file())

pytestmark = pytest.mark.skipif(IS_WINDOWS, reason="it is bounded by signals of POSIX")


@pytest.mark.parametrize(
    "path",
    _KEPT,
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_what_once_broke_a_command_ends_with_a_status_of_the_table(path: Path, tmp_path: Path) -> None:
    with AREAS[path.parent.name](tmp_path) as area:
        assert not tried(area, Input.kept(path), thoroughly=True)


def test_random_inputs_of_twenty_seconds_break_no_command(tmp_path: Path) -> None:
    given = [
        *("--seconds", "20"),
        *("--seed", os.environ.get("BCP_FUZZ_SEED", "13")),
        *("--kept", str(tmp_path)),
    ]
    given += [word for name in AREAS for word in ("--area", name)]
    hunt = [sys.executable, "-m", "tests.fuzz.hunt", *given]
    done = subprocess.run(hunt, cwd=_ROOT, capture_output=True, text=True, timeout=110, check=False)
    died = [str(path) for path in (tmp_path / "last").rglob("*--*")]
    assert done.returncode == 0, f"died at {died}\n{done.stdout[-6000:]}{done.stderr[-3000:]}"


@pytest.mark.parametrize("name", AREAS)
def test_the_same_seed_draws_the_same_inputs(name: str, tmp_path: Path) -> None:
    with AREAS[name](tmp_path) as area:
        first = [drawn(area, 7, number) for number in range(5)]
        assert first == [drawn(area, 7, number) for number in range(5)]
        assert len(set(first)) > 1


def test_a_bug_an_interruption_and_an_unknown_status_are_failures() -> None:
    assert not {Exit.BUG, Exit.INTERRUPTED, 6, 127, -11} & MAY_END
