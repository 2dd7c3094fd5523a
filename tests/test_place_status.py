"""Our own status page, put where the public reads it: each notice an update, nothing twice, all well in the end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bcp.action.base import Deed, Done, Failed
from bcp.event import NOTHING, Entry, Head, unseal
from bcp.store.journal import Journal
from tests.offices import bcp
from tests.places import PHASES, SHOWN, Desk, office_with, site


@dataclass
class Page:
    desk: Desk
    web: Path

    @property
    def html(self) -> str:
        return (self.web / "index.html").read_text(encoding="utf-8")

    @property
    def kinds(self) -> list[str]:
        told = json.loads((self.web / "status.json").read_text(encoding="utf-8"))
        return [update["kind"] for update in told["updates"]]


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    web = tmp_path / "www"
    web.mkdir()
    with site(web) as url:
        place = (
            f"  - {{place: status, kind: status-page, url: '{url}/', languages: [pl, en], "
            f"way: {{folder: {{path: {web}}}}}}}\n"
        )
        yield Page(Desk(office_with(tmp_path / "office", place, PHASES.replace("PLACE", "status"))), web)


def done(deed: Deed) -> Done:
    assert isinstance(deed, Done), deed
    return deed


def test_each_notice_is_an_update_above_the_earlier_ones_until_all_is_well(page: Page) -> None:
    assert "seen at" in done(page.desk.publish("status")).note
    page.desk.clock.go_on(timedelta(hours=4))
    done(page.desk.publish("status", "update"))
    assert page.kinds == ["update", "down"] and "Mamy awarię" in page.html
    assert "26 listopada 2026, 11:50" in page.html and "26 listopada 2026, 07:50" in page.html
    assert f'<a href="tel:+48226000099">{SHOWN}</a>' in page.html and "Störung" not in page.html
    done(page.desk.publish("status", "all-clear"))
    assert page.kinds == ["all-clear", "update", "down"] and "Wszystko działa" in page.html
    done(page.desk.take_back("status"))
    assert page.kinds == ["all-clear", "update", "down"] and "OK: Awaria" in page.html
    assert sorted(path.name for path in page.web.iterdir()) == ["feed.xml", "index.html", "status.json"]


def test_the_ids_of_a_feed_without_an_address_come_of_what_was_told_first(tmp_path: Path) -> None:
    found = []
    for name in ("one", "other"):
        web = tmp_path / name / "www"
        web.mkdir(parents=True)
        place = (
            f"  - {{place: status, kind: status-page, languages: [pl], way: {{folder: {{path: {web}}}}}}}\n"
        )
        desk = Desk(office_with(tmp_path / name / "office", place, PHASES.replace("PLACE", "status")))
        done(desk.publish("status"))
        first = ids(web)
        done(desk.publish("status", "update"))
        assert ids(web)[0] == first[0] and ids(web)[2:] == first[1:]
        found.append(first)
    assert not set(found[0]) & set(found[1])


def ids(web: Path) -> list[str]:
    return re.findall("<id>(.+)</id>", (web / "feed.xml").read_text(encoding="utf-8"))


def test_taking_back_says_that_all_is_well_and_keeps_the_history(page: Page) -> None:
    done(page.desk.publish("status"))
    done(page.desk.take_back("status"))
    assert page.kinds == ["all-clear", "down"] and "Wszystko działa" in page.html
    assert "nothing of this incident stands there" in done(page.desk.take_back("status")).note
    assert page.kinds == ["all-clear", "down"]


def test_an_update_that_was_written_down_and_never_seen_is_not_told_twice(page: Page) -> None:
    """As a process leaves it that was killed behind the event of its update, before or after the upload."""
    done(page.desk.publish("status"))
    journal = Journal(page.desk.office / "incidents", page.desk.clock)
    rows = [unseal(row) for row in journal.rows("places")]
    update = next(event for event in rows if event.kind == "place.update")
    last = Head(rows[-1].seq, rows[-1].hash) if rows else NOTHING
    journal.append("places", last, [Entry("place.update", "anna", {**update.data, "kind": "update"})])
    done(page.desk.publish("status", "update"))
    assert page.kinds == ["update", "down"]


def test_the_same_notice_again_is_no_second_update(page: Page) -> None:
    done(page.desk.publish("status"))
    done(page.desk.publish("status"))
    assert page.kinds == ["down"]


def test_the_page_of_somebody_else_is_never_overwritten(page: Page) -> None:
    (page.web / "index.html").write_text("<h1>Another site</h1>", encoding="utf-8")
    deed = page.desk.publish("status")
    assert isinstance(deed, Failed) and "that is not our status page; it was not overwritten" in deed.why
    told = bcp(page.desk.office, "place", "test", "status")
    assert told.returncode == 7 and "not overwritten" in told.stdout
    assert page.html == "<h1>Another site</h1>"


def test_in_peacetime_it_is_put_up_and_says_that_nothing_is_out_of_order(page: Page) -> None:
    told = bcp(page.desk.office, "place", "test", "status")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "Nie ma żadnej awarii." in page.html and page.kinds == []


def test_an_address_that_shows_another_page_is_found_in_peacetime(page: Page, tmp_path: Path) -> None:
    yaml = page.desk.office / "bcp.yaml"
    (tmp_path / "other").mkdir()
    told = yaml.read_text("utf-8").replace(str(page.web), str(tmp_path / "other"))
    yaml.write_text(told, encoding="utf-8")
    (page.web / "index.html").write_text("<h1>Another site</h1>", encoding="utf-8")
    tried = bcp(page.desk.office, "place", "test", "status")
    assert tried.returncode == 7 and "is not the status page that was put there" in tried.stdout, tried.stdout


def test_a_walk_puts_it_up_and_closing_says_that_all_is_well(page: Page) -> None:
    office = page.desk.office
    assert bcp(office, "incident", "start", "outage").returncode == 0
    assert "Mamy awarię" in page.html
    assert "PUBLISHED at status" in bcp(office, "place", "status").stdout
    assert bcp(office, "incident", "close").returncode == 0
    assert "Wszystko działa" in page.html and "PUBLISHED" not in bcp(office, "place", "status").stdout


def test_while_it_cannot_be_written_it_stays_in_force(page: Page) -> None:
    done(page.desk.publish("status"))
    page.web.rename(page.web.with_name("gone"))
    for _again in range(2):
        deed = page.desk.take_back("status")
        assert isinstance(deed, Failed) and "there is no folder" in deed.why
    page.web.with_name("gone").rename(page.web)
    done(page.desk.take_back("status"))
    assert page.kinds == ["all-clear", "down"] and "Wszystko działa" in page.html
