"""`make mutants`: which changes it makes, with which tests, and what it says of one that no test notices."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip(
    "cosmic_ray", reason="what changes lines is not installed here: it looks at the code only"
)
from cosmic_ray.mutating import mutate_code

from tools import mutants, mutations

DIFF = """\
diff --git a/bcp/one.py b/bcp/one.py
--- a/bcp/one.py
+++ b/bcp/one.py
@@ -3 +3 @@ def f():
-a
+b
@@ -9,0 +10,2 @@
+c
+d
@@ -20,2 +22,0 @@
-e
-f
diff --git a/bcp/two.py b/bcp/two.py
--- a/bcp/two.py
+++ b/bcp/two.py
@@ -1,2 +0,0 @@
-x
-y
"""
SOURCE = """\
def whole(count: int | None, names: list[str] | None = None) -> bool | None:
    limit: float | None = 1
    return count == 3 and limit < 2
"""


def test_the_lines_that_changed_are_those_that_are_there_now() -> None:
    assert mutants.changed_lines(DIFF) == {"bcp/one.py": {3, 10, 11}}


def test_only_lines_that_are_wanted_are_changed_the_lines_in_turn_and_never_a_type() -> None:
    found = mutations.mutants(SOURCE, None, random.Random(1))
    assert {each.line for each in found} == {2, 3} and {each.line for each in found[:2]} == {2, 3}
    assert not [each for each in found if "BitOr" in each.operator]
    assert {each.line for each in mutations.mutants(SOURCE, {3}, random.Random(1))} == {3}
    spots = [(each.line, each.column, each.operator.partition("_")[0]) for each in found]
    assert len(spots) == len(set(spots)), "one of a kind at each spot"
    for each in found:
        assert mutate_code(SOURCE, mutations.operators()[each.operator], each.occurrence) != SOURCE


@pytest.mark.parametrize(
    "example", mutations.Drop.examples(), ids=lambda one: one.pre_mutation_code.split("\n")[0]
)
def test_something_is_dropped(example: mutations.Example) -> None:
    before, after = example.pre_mutation_code, example.post_mutation_code
    assert mutate_code(before, mutations.Drop(), example.occurrence) == after


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small project with tests that notice one thing of two."""
    test = "{imported}\n\n\ndef test_it() -> None:\n    assert {what}\n"
    files = {
        "bcp/__init__.py": "",
        "bcp/sum.py": "def total(a, b):\n    return a + b\n\n\ndef is_much(a):\n    return a > 9\n",
        "bcp/other.py": "X = 1\n",
        "tests/__init__.py": "",
        "tests/helper.py": "from bcp.sum import total\n",
        "tests/test_adding.py": test.format(imported="from bcp.sum import total", what="total(2, 3) == 5"),
        "tests/test_by_way_of.py": test.format(imported="from tests.helper import total", what="total(1, 1)"),
        "tests/test_other.py": test.format(imported="from bcp import other", what="other.X"),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path)
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    me = ["-c", "user.name=Anna", "-c", "user.email=anna@example.com"]
    subprocess.run(["git", *me, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "One more")


def test_the_nearest_tests_are_those_that_import_a_file_and_those_that_changed_with_it(
    checkout: Path,
) -> None:
    assert mutants.nearest(checkout, "bcp/sum.py") == ["tests/test_adding.py", "tests/test_by_way_of.py"]
    assert mutants.nearest(checkout, "bcp/other.py") == ["tests/test_other.py"]
    for number in (2, 3):
        (checkout / "bcp" / "other.py").write_text(f"X = {number}\n")
        (checkout / "tests" / "test_adding.py").open("a").write("\n")
        commit(checkout)
    assert mutants.nearest(checkout, "bcp/other.py") == ["tests/test_other.py", "tests/test_adding.py"]


def test_a_change_that_no_test_notices_is_shown_with_its_place_and_nothing_here_is_touched(
    checkout: Path,
) -> None:
    (checkout / "bcp" / "sum.py").write_text(
        (checkout / "bcp" / "sum.py").read_text().replace("a + b", "b + a").replace("> 9", "> 8")
    )
    before = {path: path.read_bytes() for path in checkout.rglob("*.py")}
    command = [
        sys.executable,
        mutants.__file__,
        "--root",
        checkout,
        "--base",
        "HEAD",
        "--minutes",
        "2",
        "--workers",
        "0",
    ]
    told = subprocess.run(command, cwd=mutants.ROOT, capture_output=True, text=True, check=True).stdout
    assert "lines of bcp/ that changed since HEAD: 2" in told
    assert "bcp/sum.py:6: no test noticed" in told and "-    return a > 8" in told
    assert "bcp/sum.py:2: no test noticed" not in told and "caught" in told
    assert {path: path.read_bytes() for path in checkout.rglob("*.py")} == before


def test_tests_that_fail_without_any_change_prove_nothing(checkout: Path) -> None:
    (checkout / "tests" / "test_adding.py").write_text(
        "from bcp.sum import total\n\n\ndef test_it():\n    assert 0\n"
    )
    command = [sys.executable, "-m", "tools.mutants", "--root", checkout, "--workers", "0", "bcp/sum.py"]
    told = subprocess.run(command, cwd=mutants.ROOT, capture_output=True, text=True, check=True)
    assert "these tests fail without any change, so they prove nothing: tests/test_adding.py" in told.stdout
    assert "caught" not in told.stdout and "whose tests fail by themselves" in told.stdout
