"""Every bad runbook, check and bcp.yaml is told with its place, in a sentence that an office understands."""

from __future__ import annotations

from pathlib import Path

import pytest

from bcp.errors import SourceError
from bcp.validate import read_all
from bcp.yaml.source import Reader
from tests.badfiles import FOLDER, assert_told, files
from tests.offices import office_in, runbook

GOOD = "  - phase: A\n    steps:\n      - {step: a, title: A, by_hand: Do., manual: {}}"


def told_of(path: Path, place: str, office: Path) -> None:
    """Put a bad file into an office that is whole, and compare what is said with what it expects."""
    office_in(office, other=runbook(GOOD, "other"))
    (office / place).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    reader = Reader()
    read_all(office, reader)
    told = SourceError(reader.mistakes).mistakes
    assert {each.file for each in told} == {place}, told
    assert_told(path, told)


@pytest.mark.parametrize("path", files("runbook"), ids=lambda path: path.stem)
def test_a_bad_runbook_is_told_with_its_place(path: Path, tmp_path: Path) -> None:
    told_of(path, f"runbooks/{path.name}", tmp_path)


@pytest.mark.parametrize("path", files("check"), ids=lambda path: path.stem)
def test_a_bad_check_is_told_with_its_place(path: Path, tmp_path: Path) -> None:
    told_of(path, f"checks/{path.name}", tmp_path)


@pytest.mark.parametrize("path", files("office"), ids=lambda path: path.stem)
def test_a_bad_office_is_told_with_its_place(path: Path, tmp_path: Path) -> None:
    told_of(path, "bcp.yaml", tmp_path)


def test_there_are_many_of_them() -> None:
    assert len(list(FOLDER.rglob("*.yaml"))) >= 120


def test_two_files_with_the_same_runbook_are_told(tmp_path: Path) -> None:
    office_in(tmp_path, one=runbook(GOOD, "same"), two=runbook(GOOD, "same"))
    reader = Reader()
    read_all(tmp_path, reader)
    (mistake,) = reader.mistakes
    assert str(mistake) == 'runbooks/two.yaml:2:10: the runbook "same" is already in runbooks/one.yaml'


def test_a_circle_of_runbooks_is_told_at_every_step_that_enters_the_next(tmp_path: Path) -> None:
    def entering(name: str) -> str:
        return f"  - phase: A\n    steps:\n      - {{step: a, title: A, by_hand: Do., runbook: {{runbook: {name}}}}}"

    office_in(
        tmp_path,
        a=runbook(entering("b"), "a"),
        b=runbook(entering("c"), "b"),
        c=runbook(entering("a"), "c"),
        d=runbook(entering("a"), "d"),
    )
    reader = Reader()
    read_all(tmp_path, reader)
    assert {mistake.message for mistake in reader.mistakes} == {
        "the runbooks lead in a circle: a → b → c → a",
        "the runbooks lead in a circle: b → c → a → b",
        "the runbooks lead in a circle: c → a → b → c",
    }


def test_mistakes_of_all_files_come_in_one_report(tmp_path: Path) -> None:
    office_in(tmp_path, one=runbook(GOOD.replace("manual", "manul"), "one"), two=runbook("  - pha: A", "two"))
    (tmp_path / "checks" / "internet.yaml").write_text("check: internet\n", encoding="utf-8")
    (tmp_path / "bcp.yaml").write_text("nme: x\n", encoding="utf-8")
    reader = Reader()
    read_all(tmp_path, reader)
    assert {mistake.file for mistake in reader.mistakes} == {
        *("runbooks/one.yaml", "runbooks/two.yaml", "checks/internet.yaml", "bcp.yaml")
    }
