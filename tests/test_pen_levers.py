"""What was published, forwarded and switched goes along when an incident moves to another computer, or is said."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bcp.incident.evidence.export import SUMS, sums
from bcp.lever.line.ledger import LineJournal as Lines
from bcp.lever.number.ledger import NumberJournal as Numbers
from bcp.lever.number.register import PublishedJournal as Published
from bcp.lever.older import CALLS
from bcp.lever.place.ledger import PlaceJournal as Places
from bcp.lever.place.status_lever import updates_of
from bcp.store.journal import Journal
from tests.frozen import FrozenClock
from tests.laid import forwarded, switched
from tests.offices import bcp
from tests.places import PAGE, SHOWN, office_with

LINES = """
lines:
  - {line: internet, provider: Netia, support: "801 802 803"}
  - {line: mobile, way: {ip: {interface: wwan0, gateway: 192.0.2.1}}}
  - {line: hotspot, way: {by-hand: {do: Switch the hotspot on, back: Switch the hotspot off}}}
"""


@dataclass
class Two:
    """Two computers of one office, and the website that both write to."""

    one: Path
    other: Path
    page: Path
    file: Path

    def __post_init__(self) -> None:
        (self.incident,) = json.loads(bcp(self.one, "incident", "list", "--json").stdout)

    @property
    def stream(self) -> str:
        return str(self.incident["id"])

    def log(self, office: Path) -> Journal:
        return Journal(office / "incidents", FrozenClock())

    def hand_over(self) -> str:
        done = bcp(self.one, "incident", "hand-over", str(self.file))
        assert done.returncode == 0, done.stderr
        return " ".join(done.stderr.split())

    def take_over(self, office: Path, file: Path, *more: str) -> str:
        done = bcp(office, "incident", "take-over", str(file), *more)
        assert done.returncode == 0, done.stderr
        return " ".join(done.stderr.split())


def sum_up(folder: Path) -> None:
    """Make the sums fit the files again, as whoever changed them can do."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != SUMS]
    named = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    (folder / SUMS).write_bytes(sums(named))


@pytest.fixture
def two(tmp_path: Path) -> Two:
    """The first has published on the website."""
    page = tmp_path / "www" / "kontakt.html"
    page.parent.mkdir()
    page.write_text(PAGE, encoding="utf-8")
    place = f"  - {{place: website, page: kontakt.html, way: {{folder: {{path: {page.parent}}}}}}}\n"
    one = office_with(tmp_path / "one", place)
    yaml = (one / "bcp.yaml").read_text(encoding="utf-8")
    before, _lines, after = yaml.partition(
        'lines:\n  - {line: internet, provider: Netia, support: "801 802 803"}\n'
    )
    (one / "bcp.yaml").write_text(before + LINES.lstrip() + after, encoding="utf-8")
    shutil.copytree(one, tmp_path / "other")
    begun = bcp(one, "incident", "start", "outage")
    assert begun.returncode == 0 and SHOWN in page.read_text(encoding="utf-8"), begun.stderr
    return Two(one, tmp_path / "other", page, tmp_path / "incident.zip")


def test_what_was_published_here_is_taken_back_there(two: Two) -> None:
    two.hand_over()
    two.take_over(two.other, two.file)
    closed = bcp(two.other, "incident", "close")
    assert closed.returncode == 0, closed.stderr
    assert two.page.read_text(encoding="utf-8") == PAGE


def test_a_forwarded_number_is_known_and_told_there_and_put_back_to_what_it_was(two: Two) -> None:
    ledger = forwarded(two.log(two.one), two.stream, "+48600000101", {"before": "+48226000009"})
    forwarded(two.log(two.one), "another-incident", "+48600000102")
    ledger.tested("office", True, "heard")
    Published(two.log(two.one), "anna").confirmed(two.stream, "profile", ["+48600000101"], "seen")
    two.hand_over()
    told = two.take_over(two.other, two.file)
    assert "the calls of office are forwarded to +48 600 000 101" in told
    assert Numbers(two.log(two.other), "").tests()["office"].heard
    moved = Numbers(two.log(two.other), "").stack("office")
    assert moved.base[CALLS] == {"before": "+48226000009"}
    assert [each.put[CALLS]["whose"] for each in moved.open] == ["Anna Nowak"]
    assert Published(two.log(two.other), "").now()["profile"].shows == ("+48600000101",)
    assert "goes on at another computer" in bcp(two.one, "number", "list").stdout
    assert "goes on at another computer" in bcp(two.one, "place", "status").stdout
    there = bcp(two.other, "number", "list").stdout
    assert "FORWARDED to Anna Nowak" in there and "another" not in there


def test_how_one_computer_leads_out_stays_there_and_both_say_so(two: Two) -> None:
    switched(two.log(two.one), two.stream, "mobile", {"routes": ["default via 192.168.1.1"]})
    switched(two.log(two.one), two.stream, "hotspot", {})
    assert "this computer stays switched to mobile" in two.hand_over()
    told = two.take_over(two.other, two.file)
    assert "the other computer was switched to mobile" in told and "hotspot" not in told
    assert [list(each.put) for each in Lines(two.log(two.other), "").way_out().open] == [["hotspot"]]


def test_what_comes_back_is_not_written_down_twice(two: Two) -> None:
    two.hand_over()
    before = len(Places(two.log(two.one), "").events())
    two.take_over(two.other, two.file)
    assert len(Places(two.log(two.other), "").events()) == before
    back = two.file.with_name("back.zip")
    forwarded(two.log(two.other), two.stream, "+48600000102", by="piotr")
    handed = bcp(two.other, "incident", "hand-over", str(back))
    assert handed.returncode == 0, handed.stderr
    two.take_over(two.one, back)
    assert len(Places(two.log(two.one), "").events()) == before
    (open_,) = Numbers(two.log(two.one), "").forwarded()
    assert open_.to == "+48600000102"
    event = Numbers(two.log(two.one), "").events()[-1]
    assert (event.by, event.recorded_by) == ("piotr", "anna")
    assert bcp(two.one, "incident", "close").returncode == 0
    assert two.page.read_text(encoding="utf-8") == PAGE


def test_an_update_of_the_status_page_keeps_the_name_by_which_its_readers_know_it(two: Two) -> None:
    for incident, kind in (("old", "down"), ("old", "all-clear"), (two.stream, "down")):
        said = {"notice": "x", "kind": kind, "said": [], "number": None}
        Places(two.log(two.one), "").write("place.update", {"incident": incident, "place": "status", **said})
        Places(two.log(two.one), "").write("place.shown", {"incident": incident, "place": "status"})
    here = updates_of(Places(two.log(two.one), "").events(), "status")
    two.hand_over()
    two.take_over(two.other, two.file)
    assert updates_of(Places(two.log(two.other), "").events(), "status") == here and len(here) == 3


def test_after_a_lost_computer_its_last_export_knows_what_stands_on_the_website(two: Two) -> None:
    forwarded(two.log(two.one), "another-incident", "+48600000101")
    export = two.file.with_name("export")
    assert bcp(two.one, "incident", "export", "-o", str(export)).returncode == 0
    assert "another-incident" not in (export / "levers.jsonl").read_text(encoding="utf-8")
    assert subprocess.run([sys.executable, "verify.py"], cwd=export, capture_output=True).returncode == 0
    two.take_over(two.other, export, "--lost", "--reason", "stolen")
    assert bcp(two.other, "incident", "close").returncode == 0
    assert two.page.read_text(encoding="utf-8") == PAGE
    masked = two.file.with_name("masked")
    assert bcp(two.one, "incident", "export", "--mask", "-o", str(masked)).returncode == 0
    assert not (masked / "levers.jsonl").exists()


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"stream": "lines"}', '{"stream": "2026-x", "kind": "k", "data": {}}']
)
def test_a_file_whose_levers_cannot_be_read_is_refused_before_anything_is_taken_over(
    two: Two, line: str
) -> None:
    export = two.file.with_name("export")
    assert bcp(two.one, "incident", "export", "-o", str(export)).returncode == 0
    (export / "levers.jsonl").write_text(line + "\n", encoding="utf-8")
    sum_up(export)
    done = bcp(two.other, "incident", "take-over", str(export), "--lost", "--reason", "stolen")
    assert done.returncode == 2 and "levers.jsonl in this file cannot be read" in done.stderr
    assert json.loads(bcp(two.other, "incident", "list", "--json").stdout) == []


def test_a_file_of_before_that_tells_nothing_of_the_levers_says_so(two: Two) -> None:
    export = two.file.with_name("export")
    assert bcp(two.one, "incident", "export", "-o", str(export)).returncode == 0
    (export / "levers.jsonl").unlink()
    sum_up(export)
    told = two.take_over(two.other, export, "--lost", "--reason", "stolen")
    assert "take each measure back by hand" in told
