"""Whoever begins one plan of many reads that one and what it reaches; a list reads again only what has changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bcp.app.derived import find_derived
from bcp.app.plan_list import FILE, PlanList, list_plans
from bcp.app.reached import read_reached
from bcp.app.session import Session
from bcp.validate import read_all
from bcp.yaml.named import by_name
from bcp.yaml.source import Reader
from tests.children import IS_WINDOWS
from tests.offices import CHECK, bcp, office_in, runbook

STEPS = """
  - phase: First
    steps:
      - {step: look, title: Look, by_hand: Do., manual: {}, expect: internet}
      - {step: sub, title: Divert, by_hand: Do., runbook: {runbook: divert}}
      - {step: tell, title: Tell them, by_hand: Do., notify: {notice: line-down, audience: vip}}
"""
LATER = """decisions:
  - {decision: long, question: Plan B?, at: 4h, answers: [{answer: b, runbook: plan-b}, {answer: stay}], default: stay}
"""
PLAIN = "  - phase: P\n    steps:\n      - {step: a, title: A, by_hand: Do., manual: {}}"
NOTICE = "---\nsubject: The line\nkind: down\nsms: The line is down.\n---\nThe line is down.\n"
REACHED = {
    *("bcp.yaml", "runbooks/outage.yaml", "runbooks/divert.yaml", "runbooks/plan-b.yaml"),
    *("checks/internet.yaml", "notices/line-down.en.md", "notices/line-down.pl.md"),
}


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office with forty plans, three of which have to do with each other."""
    many = {f"other{number:02}": runbook(PLAIN, f"other{number:02}") for number in range(37)}
    folder = office_in(
        tmp_path / "office",
        outage=runbook(STEPS, more=LATER),
        divert=runbook(PLAIN, "divert"),
        plan_b=runbook(PLAIN, "plan-b"),
        **many,
    )
    for name, text in (
        ("notices/line-down.en.md", NOTICE),
        ("notices/line-down.pl.md", NOTICE),
        ("notices/update.en.md", NOTICE),
        ("checks/website.yaml", CHECK.replace("internet", "website")),
        ("contacts/clients.csv", "name,email,language,groups\nAcme,acme@example.com,en,vip\n"),
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def parsed(office: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, list[str]]]:
    """Carries out a command; its status, and the plans whose text it gave to the parser of YAML."""
    seen: list[str] = []
    parse = yaml.parse

    def watched(text: str, **settings: Any) -> Any:
        seen.append(text.partition("\nrunbook: ")[2].partition("\n")[0])
        return parse(text, **settings)

    monkeypatch.setattr(yaml, "parse", watched)

    def carried_out(*arguments: str) -> tuple[int, list[str]]:
        seen.clear()
        status = bcp(office, *arguments).returncode
        return status, sorted(set(filter(None, seen)))

    return carried_out


def listed(office: Path, *, keeps: bool = True) -> PlanList:
    return list_plans(Session(str(office)), keeps=keeps)


def test_what_one_plan_reaches_is_read_and_nothing_beside_it(office: Path) -> None:
    reader = Reader()
    found = read_reached(office, "outage", reader)
    assert found is not None and reader.mistakes == []
    assert reader.texts.keys() == REACHED
    assert (set(found.runbooks), set(found.checks)) == ({"outage", "divert", "plan-b"}, {"internet"})
    assert {language for each in found.notices.values() for language in each.versions} == {"en", "pl"}


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["incident", "start", "outage"], 9),
        (["drill", "start", "outage"], 9),
        (["incident", "start", "outage", "--dry-run"], 4),  # for its notice says too little
        (["runbook", "show", "outage"], 0),
    ],
)
def test_of_forty_plans_a_command_about_one_parses_those_that_it_reaches(
    parsed: Callable[..., tuple[int, list[str]]], arguments: list[str], status: int
) -> None:
    assert parsed(*arguments) == (status, ["divert", "outage", "plan-b"])


def test_the_list_and_the_menu_parse_no_plan_that_is_as_it_was(
    office: Path, parsed: Callable[..., tuple[int, list[str]]]
) -> None:
    assert len(parsed("runbook", "list")[1]) == 40
    for arguments in (
        ["runbook", "list"],
        ["incident", "start"],
        ["drill", "start"],
        ["drill", "start", "otuage"],
    ):
        assert parsed(*arguments)[1] == []
    (office / "runbooks" / "divert.yaml").write_text(
        runbook(PLAIN, "divert") + "# read again\n", encoding="utf-8"
    )
    assert parsed("runbook", "list")[1] == ["divert"]


def test_what_is_begun_is_the_same_as_of_an_office_that_was_read_whole(office: Path) -> None:
    from bcp.runbook.plan import compile_plan, texts_of

    whole, reached = read_all(office, Reader()), read_reached(office, "outage", Reader())
    assert whole is not None and reached is not None
    one = compile_plan("outage", whole.runbooks, whole.office)
    other = compile_plan("outage", reached.runbooks, reached.office)
    assert one.as_json() == other.as_json()
    assert texts_of(one, whole.runbooks) == texts_of(other, reached.runbooks)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("runbooks/other03.yaml", "runbook: other03\n"),
        ("runbooks/other03.yaml", "}{ no yaml"),
        ("checks/website.yaml", "check: website\n"),
        ("notices/update.en.md", "no front matter"),
    ],
)
def test_a_mistake_beside_it_neither_stops_a_plan_nor_is_looked_for(
    office: Path, file: str, text: str
) -> None:
    (office / file).write_text(text, encoding="utf-8")
    said = bcp(office, "incident", "start", "outage")
    assert (said.returncode, "bcp validate" in said.stderr) == (9, False), said.stderr
    assert bcp(office, "validate").returncode == 2


@pytest.mark.parametrize("file", sorted(name for name in REACHED if not name.startswith("notices/")))
def test_a_mistake_in_what_a_plan_reaches_refuses_it_with_its_place(office: Path, file: str) -> None:
    with (office / file).open("a", encoding="utf-8") as end:
        end.write("\x07\n")
    said = bcp(office, "incident", "start", "outage")
    assert (said.returncode, f"{file}:" in said.stderr) == (2, True), said.stderr
    assert said.stderr.count("stands here") >= 1


def test_a_plan_that_names_what_is_not_there_is_refused_as_by_a_reader_of_everything(office: Path) -> None:
    path = office / "runbooks" / "divert.yaml"
    path.write_text(
        runbook(PLAIN.replace("manual: {}", "manual: {}, expect: intrenet"), "divert"), encoding="utf-8"
    )
    said = bcp(office, "incident", "start", "outage")
    assert (said.returncode, 'did you mean "internet"?' in said.stderr) == (2, True)


HEADS = {
    "runbook: x\n": "x",
    "# yaml-language-server: $schema=…\n\n  # why\r\nrunbook:  x  # so\r\ntitle: y\n": "x",
    "\ufeffrunbook: x\n": "x",
    "title: runbook\nrunbook: x\n": "x",
    '"runbook": "x"\n': "x",
    "{title: y, runbook: x}\n": "x",
    "---\nrunbook: x\n": "x",
    "? runbook\n: x\n": "x",
    'runbook: "\\x78"\n': "x",
    "runbook:\n  x\n": "x",
    "runbook: &a x\n": "x",
    "by_hand: |\n  runbook: y\nrunbook: x\n": "x",
    "# runbook: y\rrunbook: x\n": "x",
    "runbook: x": "x",
    "title: none\n": "file",
    "}{\nrunbook: x\n": "x",
    "}{\n": "file",
}


@pytest.mark.parametrize(("text", "name"), HEADS.items())
def test_a_file_is_known_by_the_name_that_a_reader_of_yaml_finds_in_it(
    tmp_path: Path, text: str, name: str
) -> None:
    (tmp_path / "runbooks").mkdir()
    (tmp_path / "runbooks" / "file.yaml").write_bytes(text.encode())
    reader = Reader()
    assert list(by_name(tmp_path, "runbooks", "runbook", reader)) == [name]
    assert reader.texts == {}


def test_a_name_that_may_stand_in_a_file_with_a_mistake_is_not_called_unknown_before_all_is_read(
    office: Path,
) -> None:
    path = office / "runbooks" / "outage.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("runbook: outage", "runbok: outage"), encoding="utf-8"
    )
    said = bcp(office, "runbook", "show", "outage")
    assert (said.returncode, 'unknown key "runbok"' in said.stderr) == (2, True), said.stderr


def test_a_plan_is_found_in_a_file_of_another_name(office: Path) -> None:
    (office / "runbooks" / "outage.yaml").rename(office / "runbooks" / "zz.yml")
    assert bcp(office, "drill", "start", "outage").returncode == 9


def test_two_files_of_one_name_are_a_mistake_in_the_list_too_and_also_once_both_are_known(
    office: Path,
) -> None:
    listed(office)
    twin = office / "runbooks" / "twin.yaml"
    twin.write_text(runbook(PLAIN, "twin"), encoding="utf-8")
    assert len(listed(office).plans) == 41
    twin.write_text(runbook(PLAIN, "other05"), encoding="utf-8")
    for _ in range(2):
        found = listed(office)
        (mistake,) = found.mistakes
        assert (mistake.file, "already in runbooks/other05.yaml" in mistake.message) == (
            "runbooks/twin.yaml",
            True,
        )
        assert len(found.plans) == 40
    assert bcp(office, "validate").returncode == 2
    assert "1 mistake" in bcp(office, "drill", "start", "other05").stderr


def test_the_list_says_the_same_whether_it_was_kept_or_is_read(office: Path) -> None:
    (office / "runbooks" / "other07.yaml").write_text("runbook: other07\n", encoding="utf-8")
    fresh = listed(office, keeps=False)
    assert not (office / "incidents" / FILE).exists()
    assert listed(office) == fresh
    assert find_derived(Session(str(office)), FILE)
    assert listed(office) == fresh
    before = bcp(office, "runbook", "list", "--json").stdout
    (office / "incidents" / FILE).unlink()
    assert bcp(office, "runbook", "list", "--json").stdout == before


def test_a_file_that_was_changed_within_its_size_and_time_is_read_again(office: Path) -> None:
    path = office / "runbooks" / "divert.yaml"
    listed(office)
    told = path.stat()
    path.write_text(
        path.read_text(encoding="utf-8").replace("The line is dead", "The lime is dead"), encoding="utf-8"
    )
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (told.st_size, told.st_mtime_ns)
    assert next(plan.title for plan in listed(office).plans if plan.runbook == "divert") == "The lime is dead"


def test_a_slip_in_bcp_yaml_refuses_the_list_although_every_plan_is_known(office: Path) -> None:
    listed(office)
    path = office / "bcp.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("country: PL", "country PL"), encoding="utf-8")
    said = bcp(office, "runbook", "list")
    assert (said.returncode, "bcp.yaml:3:1: " in said.stderr) == (2, True)


def other_program(text: str) -> str:
    told = json.loads(text)
    assert len(told["program"]) == 64
    return text.replace(told["program"], "0" * 64)


@pytest.mark.parametrize(
    "harm",
    [
        lambda text: text.replace("The line is dead", "Nothing is wrong"),
        lambda text: text[:-30],
        lambda text: "",
        lambda text: "[]",
        lambda text: '{"found": 5}',
        other_program,
    ],
)
def test_a_kept_list_that_is_damaged_or_of_another_program_counts_for_nothing(
    office: Path, harm: Callable[[str], str]
) -> None:
    fresh = listed(office)
    path = office / "incidents" / FILE
    path.write_text(harm(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert listed(office, keeps=False) == fresh
    said = bcp(office, "runbook", "list")
    assert (said.returncode, said.stderr.count("not used")) == (0, 0)
    assert find_derived(Session(str(office)), FILE)


@pytest.mark.skipif(IS_WINDOWS, reason="Windows knows no modes of files")
def test_a_kept_list_is_private_and_one_that_others_could_write_is_not_used(office: Path) -> None:
    listed(office)
    path = office / "incidents" / FILE
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o606)
    assert not find_derived(Session(str(office)), FILE)


def test_where_nothing_can_be_kept_the_list_is_read_each_time(office: Path) -> None:
    (office / "incidents" / FILE).mkdir(parents=True)
    assert len(listed(office).plans) == 40
    assert bcp(office, "runbook", "list").returncode == 0


def test_two_lists_at_once_leave_a_whole_file(office: Path) -> None:
    command = [sys.executable, "-m", "bcp", "runbook", "list"]
    at_once = [subprocess.Popen(command, cwd=office, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [each.wait(timeout=60) for each in at_once] == [0, 0]
    assert len(find_derived(Session(str(office)), FILE)) == 41
