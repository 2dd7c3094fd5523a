"""A mistake in one file makes no false one in another: what it holds cannot be read yet, and is not missed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bcp.office import starter
from bcp.validate import read_all
from bcp.yaml.source import Reader
from tests.offices import bcp

CHANNELS = "channels:\n  - channel: mail\n    smtp: {host: mail.example.com, from: office@example.com}\n"
GROUP = "vip"


def _syntax(text: str) -> bytes:
    lines = text.split("\n")
    first = _first_key(lines)
    lines[first] = lines[first].replace(":", ": [", 1)
    return "\n".join(lines).encode()


def _first_key(lines: list[str]) -> int:
    return next(number for number, line in enumerate(lines) if ":" in line and not line.startswith("#"))


def _unknown_key(text: str) -> bytes:
    if text.startswith("---\n"):
        return text.replace("---\n", "---\nnonsense: yes\n", 1).encode()
    return (text + "\nnonsense: yes\n").encode()


def _missing_key(text: str) -> bytes:
    """Without the first line that names something: the name of the thing, the subject, the channels."""
    lines = text.split("\n")
    first = _first_key(lines)
    return "\n".join(lines[:first] + lines[first + 1 :]).encode()


def _empty(_text: str) -> bytes:
    return b""


def _not_utf_8(text: str) -> bytes:
    return text.encode() + b"\n# caf\xff\xfe\xff\n"


BREAKS: list[Callable[[str], bytes]] = [_syntax, _unknown_key, _missing_key, _empty, _not_utf_8]
ALL_BREAKS = (
    "bcp.yaml",
    "channels.yaml",
    "checks/internet.yaml",
    "runbooks/divert-calls.yaml",
    "notices/line-down.en.md",
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample office in two languages, whose plans name a channel and a group, and whose checks hang together."""
    folder = tmp_path_factory.mktemp("slip") / "office"
    starter.write(starter.sample_office(), folder)
    for path in folder.glob("notices/*.md"):
        if path.suffixes[0] not in (".en", ".pl"):
            path.unlink()
    (folder / "channels.yaml").write_text(CHANNELS)
    clients = folder / "contacts" / "clients.csv"
    lines = clients.read_text(encoding="utf-8").splitlines()
    assert "groups" in lines[0]
    lines.append(",".join({"name": "Vip", "groups": GROUP}.get(name, "") for name in lines[0].split(",")))
    clients.write_text("\n".join(lines) + "\n", encoding="utf-8")
    plan = folder / "runbooks" / "internet-outage.yaml"
    text = plan.read_text(encoding="utf-8")
    wanted = "notify: {notice: update, audience: told}"
    assert wanted in text
    plan.write_text(
        text.replace(wanted, f"notify: {{notice: update, audience: {GROUP}, channels: [mail]}}"),
        encoding="utf-8",
    )
    website = folder / "checks" / "website.yaml"
    text = website.read_text(encoding="utf-8")
    if "depends_on" not in text:
        website.write_text(text + "\ndepends_on: [internet]\n", encoding="utf-8")
    return folder


@contextmanager
def broken(office: Path, shown: str, content: bytes) -> Iterator[None]:
    """The office with another content in one of its files."""
    path = office / shown
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(before)


def in_files(office: Path) -> set[str]:
    reader = Reader()
    read_all(office, reader)
    return {each.file for each in reader.mistakes}


def _written(office: Path) -> list[str]:
    found = [
        path.relative_to(office).as_posix() for path in office.glob("*/*") if path.parent.name != "incidents"
    ]
    rooms = ("runbooks", "checks", "notices", "contacts")
    return sorted(["bcp.yaml", "channels.yaml", *(each for each in found if each.split("/")[0] in rooms)])


def test_the_office_has_no_mistake_before_one_is_made(office: Path) -> None:
    assert in_files(office) == set()


@pytest.mark.parametrize("shown", ALL_BREAKS)
@pytest.mark.parametrize("break_", BREAKS, ids=lambda each: each.__name__.strip("_"))
def test_a_file_that_is_broken_in_any_way_is_the_only_one_with_mistakes(
    office: Path, shown: str, break_: Callable[[str], bytes]
) -> None:
    with broken(office, shown, break_((office / shown).read_text(encoding="utf-8"))):
        assert in_files(office) == {shown}


def test_each_file_of_an_office_is_the_only_one_with_mistakes_when_it_is_broken(office: Path) -> None:
    told = {}
    for number, shown in enumerate(_written(office)):
        breaks = BREAKS[1:] if not shown.endswith(".csv") else [_empty, _not_utf_8]
        break_ = breaks[number % len(breaks)]
        with broken(office, shown, break_((office / shown).read_text(encoding="utf-8"))):
            files = in_files(office)
        # An empty table has no contacts, and one in another encoding is read in that.
        if files != {shown} and not (shown.endswith(".csv") and not files):
            told[shown, break_.__name__] = files
    assert told == {}


def test_a_check_whose_name_cannot_be_read_may_be_any_that_is_missed(office: Path) -> None:
    text = (office / "checks" / "internet.yaml").read_text(encoding="utf-8")
    with broken(
        office, "checks/internet.yaml", text.replace("check: internet", "chek: internet", 1).encode()
    ):
        (office / "checks" / "internet.yaml").rename(office / "checks" / "line.yaml")
        try:
            assert in_files(office) == {"checks/line.yaml"}
        finally:
            (office / "checks" / "line.yaml").rename(office / "checks" / "internet.yaml")


def test_a_group_in_a_table_that_cannot_be_read_is_not_missed(office: Path) -> None:
    text = (office / "contacts" / "clients.csv").read_text(encoding="utf-8")
    with broken(office, "contacts/clients.csv", text.replace("groups", "grups", 1).encode()):
        assert in_files(office) == {"contacts/clients.csv"}


def test_the_language_that_differs_from_all_others_is_the_one_with_the_slip(
    office: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(office, tmp_path / "office")
    starter.write(starter.sample_office(), copy)
    first = copy / "notices" / "line-down.cs.md"
    first.write_text(
        first.read_text(encoding="utf-8").replace("kind: down", "kind: update", 1), encoding="utf-8"
    )
    assert in_files(copy) == {"notices/line-down.cs.md"}


def test_what_is_really_not_there_is_still_missed_beside_a_broken_file(office: Path) -> None:
    plan = "runbooks/internet-outage.yaml"
    text = (office / plan).read_text(encoding="utf-8").replace("check: internet", "check: intrnet")
    with (
        broken(office, plan, text.encode()),
        broken(office, "checks/website.yaml", b"check: website\nnonsense: yes\n"),
    ):
        reader = Reader()
        read_all(office, reader)
    assert any('there is no check "intrnet"' in each.message for each in reader.mistakes)
    with broken(office, plan, text.encode()), broken(office, "checks/website.yaml", b""):
        assert in_files(office) == {"checks/website.yaml"}


def test_validate_says_nothing_of_other_files_either(office: Path) -> None:
    with broken(office, "notices/line-down.pl.md", b"---\nkind: dwon\n---\nx\n"):
        said = bcp(office, "validate", "--json")
    told = json.loads(said.stdout)
    assert {each["file"] for each in told["mistakes"]} == {"notices/line-down.pl.md"}
    assert not [each for each in told["remarks"] if "not written in Polish" in each["message"]]
