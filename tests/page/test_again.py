"""The same sheet once more from the same files: set anew at once, and never from files that have changed since."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bcp.page.cache import MOST, Ready, _sources
from tests.offices import bcp
from tests.page.offices import office_with_steps
from tests.page.paper import sample_office

READ = """
import os, sys
opened = []
def look(event, arguments):
    if event == "open" and str(arguments[0]).startswith(sys.argv[1] + os.sep):
        opened.append(os.path.relpath(arguments[0], sys.argv[1]).replace(os.sep, "/"))
sys.addaudithook(look)
from pathlib import Path
from bcp.page.catalog import Catalog, Wanted
from bcp.validate import load
shelf = Catalog(load(Path(sys.argv[1])))
shelf.remarks(list(shelf.whole.runbooks), "a4", "normal")
for wanted in shelf.everything():
    shelf.content(wanted)
print(*sorted(set(opened)), sep="\\n")
"""
ORDER = ("print", "outage", "-o", "sheet.pdf")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return office_with_steps(tmp_path, 4)


def printed(office: Path) -> tuple[bytes, set[str]]:
    """The sheet, and all modules that the command imported."""
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bcp", *ORDER],
        cwd=office,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = ran.stderr.splitlines()
    imported = {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}
    assert next(line for line in lines if not line.startswith("import time:")) == "sheet.pdf"
    return (office / "sheet.pdf").read_bytes(), imported


def test_the_same_command_on_the_same_files_only_sets_the_page_anew(office: Path) -> None:
    first, imported = printed(office)
    assert {"pydantic", "typer"} <= imported
    (office / "sheet.pdf").unlink()
    again, imported = printed(office)
    assert again == first
    assert not imported & {"pydantic", "typer", "rich", "yaml", "segno"} and "typst" in imported


def test_it_says_the_same_each_time(office: Path) -> None:
    first, again = bcp(office, *ORDER), bcp(office, *ORDER)
    assert (first.returncode, first.stdout, first.stderr) == (again.returncode, again.stdout, again.stderr)
    assert "bcp print copies add" in again.stderr


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("runbooks/outage.yaml", "Call the provider", "Ring the provider"),
        ("bcp.yaml", "Agencja Kropka", "Agencja Kreska"),
    ],
)
def test_a_changed_file_is_read_anew(office: Path, file: str, before: str, after: str) -> None:
    old, _imported = printed(office)
    path = office / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    new, imported = printed(office)
    assert new != old and "pydantic" in imported


def test_every_file_that_a_page_is_made_from_decides(tmp_path: Path) -> None:
    office = sample_office(tmp_path)
    ran = subprocess.run(
        [sys.executable, "-c", READ, str(office)], capture_output=True, text=True, check=True
    )
    known = {path.relative_to(office).as_posix() for path in _sources(office)}
    assert "bcp.yaml" in ran.stdout and set(ran.stdout.split("\n")) - {""} <= known


def test_what_was_printed_is_remembered_each_time(office: Path) -> None:
    printed(office)
    kept = next((office / "prints").glob("*.json"))
    text = kept.read_text(encoding="utf-8")
    kept.unlink()
    printed(office)
    assert kept.read_text(encoding="utf-8") == text


def test_a_mistake_elsewhere_is_named_each_time(office: Path) -> None:
    (office / "runbooks" / "other.yaml").write_text("runbook: other\nphases: none\n", encoding="utf-8")
    for _time in range(2):
        assert "in other files of this office" in bcp(office, *ORDER).stderr


def test_a_damaged_page_that_was_ready_is_made_anew(office: Path) -> None:
    first, _imported = printed(office)
    for path in (office / "prints" / "ready").iterdir():
        path.write_text("{", encoding="utf-8")
    assert printed(office)[0] == first


def test_a_folder_in_which_nothing_can_be_kept_prints_all_the_same(office: Path) -> None:
    (office / "prints").write_text("no folder", encoding="utf-8")
    ran = bcp(office, *ORDER)
    assert ran.returncode == 0 and "not remembered" in ran.stderr
    assert (office / "sheet.pdf").read_bytes().startswith(b"%PDF")


def test_only_the_last_pages_are_kept_ready(office: Path) -> None:
    ready = Ready(office)
    for number in range(MOST + 5):
        ready.keep(["print", str(number)], "x", {})
    assert len(list(ready.folder.iterdir())) == MOST


def test_another_name_for_the_file_finds_the_same_page_ready(office: Path) -> None:
    first, _imported = printed(office)
    with_options = bcp(office, "print", "outage", "--output", "other.pdf")
    assert with_options.stderr.startswith("other.pdf\n") and (office / "other.pdf").read_bytes() == first
    html = bcp(office, "print", "outage", "-o", "page.html")
    assert html.returncode == 0 and (office / "page.html").read_text(encoding="utf-8").startswith("<!DOCTYPE")
    name = next((office / "prints").glob("*.json")).stem
    assert bcp(office, "print", "outage").stderr.startswith(f"outage-{name}.pdf\n")


def test_validate_leaves_an_edited_sheet_ready_to_be_set(office: Path) -> None:
    printed(office)
    edit(office)
    assert bcp(office, "validate").returncode == 0
    ready, imported = printed(office)
    assert not imported & {"pydantic", "typer", "rich", "yaml", "segno"}
    assert len(list((office / "prints").glob("*.json"))) == 2, "the new sheet is in the register"
    forget(office)
    assert printed(office)[0] == ready, "the long way gives the same page"


def test_what_validate_leaves_says_what_the_long_way_says(office: Path) -> None:
    printed(office)
    edit(office)
    bcp(office, "validate")
    short = bcp(office, *ORDER).stderr
    forget(office)
    assert bcp(office, *ORDER).stderr == short


def test_validate_leaves_nothing_where_nobody_prints_or_something_is_wrong(office: Path) -> None:
    bcp(office, "validate")
    assert not (office / "prints").exists()
    printed(office)
    forget(office)
    (office / "prints" / "ready").mkdir()
    (office / "runbooks" / "other.yaml").write_text("runbook: other\nphases: none\n", encoding="utf-8")
    assert bcp(office, "validate").returncode == 2
    assert list((office / "prints" / "ready").iterdir()) == []


def edit(office: Path) -> None:
    path = office / "runbooks" / "outage.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("Call the provider", "Ring them"), encoding="utf-8"
    )


def forget(office: Path) -> None:
    shutil.rmtree(office / "prints" / "ready")


@pytest.mark.skipif(
    sys.platform != "linux", reason="a file that nobody can read, root included, is one of Linux"
)
def test_a_file_that_cannot_be_read_and_is_not_needed_stops_no_print(office: Path) -> None:
    (office / "runbooks" / ".outage.yaml.swp").symlink_to("/proc/self/mem")
    for _time in range(2):
        ran = bcp(office, *ORDER)
        assert ran.returncode == 0, ran.stderr
    assert not (office / "prints" / "ready").exists()


@pytest.mark.parametrize("text", ["[]", "{}", '{"format": 1}'])
def test_what_lies_ready_and_is_damaged_is_made_anew(office: Path, text: str) -> None:
    assert bcp(office, *ORDER).returncode == 0
    (kept,) = (office / "prints" / "ready").iterdir()
    whole = json.loads(kept.read_text(encoding="utf-8"))
    short = {key: value for key, value in whole.items() if key != "said"}
    for damaged in (text, json.dumps(short)):
        kept.write_text(damaged, encoding="utf-8")
        ran = bcp(office, *ORDER)
        assert ran.returncode == 0 and "sheet.pdf" in ran.stderr, ran.stderr
        assert json.loads(kept.read_text(encoding="utf-8")) == whole
