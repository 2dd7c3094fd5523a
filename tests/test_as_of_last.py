"""A slip in a plan does not refuse the start on the day: the plans as they were last without one are offered."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bcp.app.last_valid import FILE as KEPT
from tests.children import IS_WINDOWS
from tests.offices import bcp, bcp_apart, office_in, runbook
from tests.terminal import spawn

PHASES = """
  - phase: First
    steps:
      - {step: look, title: Look, who: lead, by_hand: Do., manual: {}, expect: internet}
      - {step: sub, title: Divert, by_hand: Do., runbook: {runbook: divert}}
      - {step: tell, title: "Say {fact:digits}", by_hand: Do., notify: {notice: line-down, audience: vip}}
"""
DIVERT = """
  - phase: D
    steps:
      - step: dial
        title: Dial
        by_hand: Do.
        ask: {questions: [{fact: digits, ask: Which digits?}]}
"""
NOTICE = """\
---
subject: A problem at our office
kind: down
sms: "{{ office.name }}: problem.{% if reach.phone %} Call {{ reach.phone }}.{% endif %} News {{ next_update }}."
---
{{ greeting }},

{# says: acknowledge #}We have a problem.
{# says: act #}We keep working.{% if reach.phone %} Call {{ reach.phone }}.{% endif %} I write again {{ next_update }}.
"""
CONTACTS = "name,email,language,groups\nAcme,acme@example.com,en,vip\n"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = office_in(tmp_path / "office", outage=runbook(PHASES), divert=runbook(DIVERT, name="divert"))
    for name, text in (("notices/line-down.en.md", NOTICE), ("contacts/clients.csv", CONTACTS)):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    said = bcp(folder, "validate")
    assert said.returncode == 0, said.stderr
    return folder


def slip(office: Path, name: str, old: str, new: str) -> None:
    path = office / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def started(office: Path) -> dict[str, Any]:
    """What the first event of the open incident says."""
    said = bcp(office, "incident", "log", "--json")
    first: dict[str, Any] = json.loads(said.stdout)[0]
    return first


SLIPS = [
    ("runbooks/outage.yaml", "who: lead", "who: leed", "runbooks/outage.yaml:11:40: "),
    ("runbooks/outage.yaml", "title: Look", "title Look", "runbooks/outage.yaml:11:"),
    ("runbooks/outage.yaml", "runbook: outage", "runbok: outage", "runbooks/outage.yaml:2:1: "),
    ("runbooks/divert.yaml", "title: Dial", "title: [", "runbooks/divert.yaml:"),
    ("bcp.yaml", "country: PL", "country PL", "bcp.yaml:3:1: "),
    ("bcp.yaml", "role: lead", "role: leed", 'there is no role "lead"'),
    ("checks/internet.yaml", "every: 30s", "every: often", "checks/internet.yaml:4:8: "),
    ("notices/line-down.en.md", "kind: down", "kind: dwon", "notices/line-down.en.md:3:7: "),
    ("contacts/clients.csv", "groups", "grups", "contacts/clients.csv:1:"),
]


@pytest.mark.parametrize(("file", "old", "new", "place"), SLIPS)
def test_a_slip_is_named_and_the_plans_as_they_were_last_are_gone_on_with(
    office: Path, file: str, old: str, new: str, place: str
) -> None:
    before = (office / "runbooks" / "outage.yaml").read_text(encoding="utf-8")
    slip(office, file, old, new)
    said = bcp(office, "incident", "start", "outage")
    assert said.returncode == 9, said.stderr
    assert place in said.stderr
    assert "bcp incident start outage --as-of-last" in said.stderr
    assert "printed sheet" in said.stderr
    assert "there is no runbook" not in said.stderr
    assert "no earlier step sets" not in said.stderr
    assert bcp(office, "incident", "list", "--json").stdout.strip() == "[]"
    said = bcp(office, "incident", "start", "outage", "--as-of-last")
    assert said.returncode == 9, said.stderr
    first = started(office)
    assert first["data"]["texts"]["runbooks/outage.yaml"] == before
    assert first["data"]["because"]
    (record,) = office.glob("incidents/*/journal.txt")
    assert "with the plans as of" in record.read_text(encoding="utf-8")


def test_a_plan_of_today_without_a_mistake_is_taken_also_with_the_option(office: Path) -> None:
    slip(office, "runbooks/outage.yaml", "title: Look", "title: Look twice")
    assert bcp(office, "incident", "start", "outage", "--as-of-last").returncode == 9
    assert "as_of" not in started(office)["data"]


def test_a_slip_in_another_plan_stands_in_nobodys_way_and_offers_nothing(office: Path) -> None:
    slip(office, "runbooks/outage.yaml", "who: lead", "who: leed")
    said = bcp(office, "incident", "start", "divert")
    assert said.returncode == 9
    assert "Waiting: Dial" in said.stderr
    assert "--as-of-last" not in said.stderr


def test_where_nothing_was_kept_the_mistakes_refuse_as_before(office: Path) -> None:
    (office / "incidents" / KEPT).unlink()
    slip(office, "runbooks/outage.yaml", "who: lead", "who: leed")
    said = bcp(office, "incident", "start", "outage")
    assert (said.returncode, "--as-of-last" in said.stderr) == (2, False)


def test_a_name_that_no_plan_ever_had_is_still_unknown(office: Path) -> None:
    said = bcp(office, "incident", "start", "outge")
    assert (said.returncode, 'there is no runbook "outge"' in said.stderr.lower()) == (2, True)


def test_a_rehearsal_and_a_dry_run_go_the_same_way(office: Path) -> None:
    slip(office, "runbooks/outage.yaml", "who: lead", "who: leed")
    for command in (("drill", "start", "outage"), ("incident", "start", "outage", "--dry-run")):
        said = bcp(office, *command)
        assert said.returncode == 9, said.stderr
        assert "--as-of-last" in said.stderr
    said = bcp(office, "drill", "start", "outage", "--as-of-last")
    assert said.returncode == 9
    assert "Waiting: Look" in said.stderr
    said = bcp(office, "incident", "start", "outage", "--dry-run", "--as-of-last")
    assert "DRY RUN of The line is dead" in said.stdout


def test_letters_are_written_although_there_is_a_slip_in_bcp_yaml(office: Path) -> None:
    slip(office, "bcp.yaml", "country: PL", "country PL")
    answers = office.parent / "answers.yaml"
    answers.write_text("default: done\n", encoding="utf-8")
    said = bcp(office, "drill", "start", "outage", "--as-of-last", "--answers", str(answers))
    assert "bcp.yaml:3:1: " in said.stderr
    assert "1 letters by file, in en" in said.stderr
    (office / "incidents" / KEPT).unlink()
    said = bcp(office, "notice", "preview", "line-down")
    assert (said.returncode, "bcp.yaml:3:1: " in said.stderr) == (2, True)


def test_an_open_incident_goes_on_whatever_the_files_say_by_now(office: Path) -> None:
    assert bcp(office, "incident", "start", "outage").returncode == 9
    slip(office, "bcp.yaml", "country: PL", "country PL")
    slip(office, "runbooks/outage.yaml", "who: lead", "who: leed")
    said = bcp(office, "incident", "start", "outage")
    assert (said.returncode, "going on there" in said.stderr) == (9, True)


def test_the_printed_sheet_is_named_where_it_hangs(office: Path) -> None:
    assert bcp(office, "print", "outage").returncode == 0
    (printed,) = [path.stem for path in (office / "prints").glob("*.json") if path.stem != "copies"]
    said = bcp(office, "print", "copies", "add", printed[:12], "kitchen", "beside the fridge")
    assert said.returncode == 0, said.stderr
    slip(office, "runbooks/outage.yaml", "who: lead", "who: leed")
    said = bcp(office, "incident", "start", "outage")
    assert "Its printed sheet: kitchen (beside the fridge)" in said.stderr
    (office / "incidents" / KEPT).unlink()
    said = bcp(office, "incident", "start", "outage")
    assert "kitchen (beside the fridge)" in said.stderr
    assert said.returncode == 2


@pytest.mark.parametrize("answer", ["", "n"])
def test_the_person_at_the_terminal_is_asked_once(office: Path, answer: str) -> None:
    slip(office, "runbooks/divert.yaml", "title: Dial", "title: [")
    told = {**os.environ, "BCP_PERSON": "anna", "NO_COLOR": "1", "TERM": "xterm"}
    child = spawn(
        sys.executable, ["-m", "bcp", "incident", "start"], cwd=str(office), env=told, encoding="utf-8", timeout=60,
        dimensions=(50, 160),
    )  # fmt: skip
    child.expect_exact("What has happened?")
    child.expect(r"(\d)  The line is dead  \(outage\)")
    number = child.match[1]
    child.expect(r"\n> ")
    child.sendline(number)
    for text in ("runbooks/divert.yaml:", "Changed since then: runbooks/divert.yaml", "[Enter] yes"):
        child.expect_exact(text)
    child.expect(r"\n> ")
    child.sendline(answer)
    child.expect_exact("--as-of-last" if answer else "Begun: The line is dead")
    child.close(force=True)


def test_a_broken_plan_is_in_the_menu(office: Path) -> None:
    from bcp.app.plan_list import plans_to_begin
    from bcp.app.session import Session

    slip(office, "runbooks/divert.yaml", "title: Dial", "title: [")
    assert {plan.runbook for plan in plans_to_begin(Session(str(office)))} == {"outage", "divert"}
    slip(office, "bcp.yaml", "country: PL", "country PL")
    assert {plan.runbook for plan in plans_to_begin(Session(str(office)))} == {"outage", "divert"}


def test_a_plan_that_was_begun_is_kept_as_it_was_then_whatever_is_wrong_with_others(office: Path) -> None:
    (office / "runbooks" / "broken.yaml").write_text("runbook: broken\n", encoding="utf-8")
    slip(office, "runbooks/outage.yaml", "title: Look", "title: Look twice")
    assert bcp(office, "drill", "start", "outage").returncode == 9
    before = (office / "runbooks" / "outage.yaml").read_text(encoding="utf-8")
    slip(office, "runbooks/outage.yaml", "who: lead", "who: leed")
    assert bcp(office, "incident", "start", "outage", "--as-of-last").returncode == 9
    assert started(office)["data"]["texts"]["runbooks/outage.yaml"] == before


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("title: Look", "title: Loot", 1),
        lambda text: text[:-40],
        lambda text: "",
        lambda text: "[]",
        lambda text: text.replace('"format":1', '"format":7', 1),
        lambda text: text.replace('"format":1', '"format":NaN', 1),
        lambda text: text.replace('"format":1', '"format":1e999', 1),
    ],
)
def test_kept_plans_that_somebody_changed_are_not_gone_on_with(
    office: Path, change: Callable[[str], str]
) -> None:
    path = office / "incidents" / KEPT
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    slip(office, "runbooks/outage.yaml", "who: lead", "who: leed")
    said = bcp(office, "incident", "start", "outage", "--as-of-last")
    assert said.returncode == 2, said.stderr
    assert "there is no role" in said.stderr
    assert "is not as it was written, so it is not used" in said.stderr


@pytest.mark.skipif(IS_WINDOWS, reason="Windows has no such files")
def test_a_pipe_in_the_place_of_kept_plans_is_not_waited_for(office: Path) -> None:
    path = office / "incidents" / KEPT
    path.unlink()
    os.mkfifo(path)
    slip(office, "runbooks/outage.yaml", "who: lead", "who: leed")
    assert bcp(office, "incident", "start", "outage", "--as-of-last").returncode == 2


def gone(path: Path) -> None:
    path.unlink()


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("harm", [gone, folder_instead])
@pytest.mark.parametrize("file", ["bcp.yaml", "runbooks/outage.yaml"])
def test_a_file_that_is_gone_is_named_and_the_plans_are_gone_on_with(
    office: Path, file: str, harm: Callable[[Path], None]
) -> None:
    slip(office, "runbooks/divert.yaml", "title: Dial", "title: [")  # so that nothing is kept anew
    harm(office / file)
    said = bcp(office, "incident", "start", "outage")
    assert said.returncode == 9, said.stderr
    assert f"{file}:1:1: " in said.stderr
    assert "bcp incident start outage --as-of-last" in said.stderr
    assert bcp(office, "incident", "start", "outage", "--as-of-last").returncode == 9
    assert f"{file}:1:1: " in started(office)["data"]["because"]
    assert "Waiting: " in bcp(office, "incident", "resume").stderr


@pytest.mark.skipif(IS_WINDOWS, reason="Windows knows no owners by number")
def test_kept_plans_that_somebody_else_laid_down_make_no_office_of_ours(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    monkeypatch.delenv("SUDO_UID", raising=False)
    (office / "bcp.yaml").unlink()
    os.chown(office / "incidents", 12345, 12345)
    said = bcp(office, "incident", "start", "outage", "--as-of-last")
    assert (said.returncode, "belongs to 12345" in said.stderr) == (2, True), said.stderr


@pytest.mark.skipif(IS_WINDOWS, reason="Windows knows no modes of files")
def test_kept_plans_that_others_could_write_or_that_are_a_link_are_not_gone_on_with(office: Path) -> None:
    path = office / "incidents" / KEPT
    assert path.stat().st_mode & 0o777 == 0o600
    slip(office, "runbooks/outage.yaml", "who: lead", "who: leed")
    path.chmod(0o606)
    assert bcp(office, "incident", "start", "outage", "--as-of-last").returncode == 2
    path.chmod(0o600)
    path.rename(office / "elsewhere.json")
    path.symlink_to(office / "elsewhere.json")
    assert bcp(office, "incident", "start", "outage", "--as-of-last").returncode == 2


def test_an_unchanged_office_keeps_nothing_anew_and_a_changed_one_does(office: Path) -> None:
    path = office / "incidents" / KEPT
    before = path.stat().st_mtime_ns, path.read_bytes()
    for command in (("validate",), ("runbook", "list"), ("drill", "start", "outage")):
        bcp(office, *command)
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before
    slip(office, "runbooks/outage.yaml", "title: Look", "title: Look twice")
    bcp(office, "print", "outage", "-o", "-")
    assert "Look twice" in path.read_text(encoding="utf-8")


def test_no_contact_lies_in_what_is_kept(office: Path) -> None:
    text = (office / "incidents" / KEPT).read_text(encoding="utf-8")
    assert "vip" in text
    assert "acme" not in text.lower()


def test_a_dry_run_keeps_nothing(office: Path) -> None:
    (office / "incidents" / KEPT).unlink()
    assert "DRY RUN" in bcp(office, "incident", "start", "outage", "--dry-run").stdout
    assert not (office / "incidents" / KEPT).exists()


def test_the_state_folder_that_the_environment_names_holds_them(office: Path, tmp_path: Path) -> None:
    state = str(tmp_path / "state")
    assert bcp(office, "validate", BCP_STATE=state).returncode == 0
    (office / "incidents" / KEPT).unlink()
    slip(office, "runbooks/outage.yaml", "who: lead", "who: leed")
    assert bcp(office, "incident", "start", "outage", BCP_STATE=state).returncode == 9
    assert bcp(office, "incident", "start", "outage").returncode == 2


def test_a_check_that_begins_a_plan_begins_it_as_it_was_last(office: Path) -> None:
    slip(
        office,
        "checks/internet.yaml",
        "confirm: 3 looks in 1s",
        "runbook: outage\nstart: auto\nconfirm: 1 look in 1s",
    )
    assert bcp(office, "validate").returncode == 0
    slip(office, "runbooks/outage.yaml", "who: lead", "who: leed")
    slip(office, "checks/internet.yaml", "every: 30s", "every: often")
    said = bcp(office, "check", "run")
    assert said.returncode == 7, said.stderr
    assert "checks/internet.yaml:" in said.stderr
    assert "runbooks/outage.yaml:11:40" in said.stderr
    assert started(office)["data"]["because"]


def test_a_pass_over_kept_checks_does_not_end_as_if_all_were_well(office: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        slip(office, "checks/internet.yaml", "port: 9", f"port: {server.getsockname()[1]}")
        assert bcp(office, "validate").returncode == 0
        slip(office, "bcp.yaml", "country: PL", "country PL")
        said = bcp(office, "check", "run", "--verbose")
    assert (said.returncode, "bcp.yaml:3:1: " in said.stderr) == (2, True)
    assert "The internet" in said.stdout + said.stderr


def test_a_new_office_has_its_plans_kept(tmp_path: Path) -> None:
    assert bcp_apart(tmp_path, "init", "--sample", "--yes", "o").returncode == 0
    office = tmp_path / "o"
    slip(office, "runbooks/internet-outage.yaml", "who: lead", "who: leed")
    said = bcp(office, "incident", "start", "internet-outage")
    assert (said.returncode, "--as-of-last" in said.stderr) == (9, True)


def test_a_channel_that_a_plan_names_is_that_of_the_kept_plans_where_the_file_is_gone(office: Path) -> None:
    channels = office / "channels.yaml"
    channels.write_text("channels:\n  - {channel: paper, file: {}}\n", encoding="utf-8")
    slip(office, "runbooks/outage.yaml", "audience: vip", "audience: vip, channels: [paper]")
    said = bcp(office, "validate")
    assert said.returncode == 0, said.stderr
    channels.unlink()
    said = bcp(office, "incident", "start", "outage")
    assert 'there is no channel "paper"' in said.stderr
    assert "bcp incident start outage --as-of-last" in said.stderr
    assert bcp(office, "incident", "start", "outage", "--as-of-last").returncode == 9
    assert "channels: [paper]" in started(office)["data"]["texts"]["runbooks/outage.yaml"]
