"""Places on the web: told with a preview, seen from outside, taken back; what others wrote is never lost."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.action.base import Done as Did
from bcp.action.base import Failed
from bcp.lever.place import marks
from bcp.registry import kinds
from bcp.world import file
from tests.children import (
    IS_WINDOWS,
    NO_SCRIPTS,
    in_own_mounts,
    needs_links,
    needs_lo,
    needs_root,
    small_disk,
)
from tests.offices import bcp, bcp_apart
from tests.places import PAGE, PHASES, SHOWN, Desk, Person, office_with, site

Ended = subprocess.CompletedProcess[str]


@dataclass
class Stand:
    """An office whose website is a folder of this computer, with a server that shows it to the public."""

    office: Path
    web: Path
    url: str

    @property
    def page(self) -> str:
        return (self.web / "kontakt.html").read_text(encoding="utf-8")

    def write(self, text: str) -> None:
        (self.web / "kontakt.html").write_text(text, encoding="utf-8")

    def start(self) -> Ended:
        return bcp(self.office, "incident", "start", "outage")

    def resume(self) -> Ended:
        return bcp(self.office, "incident", "resume")

    def close(self) -> Ended:
        return bcp(self.office, "incident", "close")


def desk_of(stand: Stand) -> Desk:
    return Desk(stand.office)


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    web = tmp_path / "www"
    web.mkdir()
    (web / "kontakt.html").write_text(PAGE, encoding="utf-8")
    with site(web) as url:
        place = f"place: website, url: '{url}/kontakt.html', page: kontakt.html"
        office = office_with(tmp_path / "office", f"  - {{{place}, way: {{folder: {{path: {web}}}}}}}\n")
        yield Stand(office, web, url)


def test_the_ways_are_those_of_the_docs() -> None:
    page = (Path(__file__).parent.parent / "docs" / "places.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in page for name in kinds("bcp.lever.place.kinds"))


def test_the_text_and_the_number_stand_on_the_page_and_go_again_and_nothing_else_was_touched(
    stand: Stand,
) -> None:
    done = stand.start()
    assert done.returncode == 0, done.stderr
    assert f'<a href="tel:+48226000099">{SHOWN}</a>' in stand.page
    assert "St&#246;rung" in stand.page and "Awaria &#322;&#261;cza" in stand.page
    assert "PUBLISHED at website" in bcp(stand.office, "place", "status").stdout
    closed = stand.close()
    assert closed.returncode == 0, closed.stderr
    assert stand.page == PAGE
    assert "PUBLISHED" not in bcp(stand.office, "place", "status").stdout


def test_what_was_there_before_is_kept_whole_beside_the_incident_with_its_hash(stand: Stand) -> None:
    deed = desk_of(stand).publish("website")
    assert isinstance(deed, Did)
    before = deed.evidence["before"]
    kept = stand.office / "incidents" / before["file"]
    assert kept.read_text(encoding="utf-8") == PAGE
    assert before["sha256"].startswith(kept.stem.rpartition("-")[2])


def test_what_others_change_on_the_page_meanwhile_stays_when_ours_goes(stand: Stand) -> None:
    desk = desk_of(stand)
    desk.publish("website")
    stand.write(stand.page.replace("<h1>Agencja Kropka</h1>", "<h1>Agencja Kropka</h1><p>Nowy rok!</p>"))
    assert isinstance(desk.take_back("website"), Did)
    assert stand.page == PAGE.replace("<h1>Agencja Kropka</h1>", "<h1>Agencja Kropka</h1><p>Nowy rok!</p>")


def test_what_others_wrote_into_our_part_is_not_overwritten_and_the_measure_stays_in_force(
    stand: Stand,
) -> None:
    stand.start()
    stand.write(stand.page.replace(f">{SHOWN}<", ">+48 22 111 11 11<"))
    closed = stand.close()
    assert closed.returncode == 8 and "somebody else changed our number" in closed.stderr, closed.stderr
    assert "+48 22 111 11 11" in stand.page
    assert "IN FORCE" in bcp(stand.office, "incident", "status").stdout


def test_a_page_without_its_marks_is_left_alone_and_it_is_said_what_to_put_where(stand: Stand) -> None:
    stand.write(PAGE.replace("<!-- /bcp:notice -->", ""))
    done = stand.start()
    assert done.returncode == 4 and "has no mark for the notice" in done.stderr
    assert "it needs: <!-- bcp:notice --><!-- /bcp:notice -->" in " ".join(done.stderr.split())
    assert "Sign in to the website and write it there." in done.stderr
    assert SHOWN not in stand.page


def test_a_page_in_an_old_encoding_keeps_each_of_its_bytes(stand: Stand) -> None:
    old = PAGE.replace("utf-8", "iso-8859-2").encode("iso-8859-2")
    (stand.web / "kontakt.html").write_bytes(old)
    desk = desk_of(stand)
    assert isinstance(desk.publish("website"), Did)
    assert (stand.web / "kontakt.html").read_bytes() != old
    assert isinstance(desk.take_back("website"), Did)
    assert (stand.web / "kontakt.html").read_bytes() == old


def test_what_the_public_does_not_see_is_not_done(stand: Stand, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "kontakt.html").write_text(PAGE, encoding="utf-8")
    yaml = stand.office / "bcp.yaml"
    yaml.write_text(yaml.read_text("utf-8").replace(str(stand.web), str(other)), encoding="utf-8")
    deed = desk_of(stand).publish("website")
    assert isinstance(deed, Failed) and "it is written, but it could not be seen at" in deed.why


@pytest.mark.parametrize(
    ("fields", "place", "words"),
    [
        ("{place: website}", "runbooks/outage.yaml:13", "it is not said what to publish"),
        (
            "{place: website, notice: line-down, take_back: yes}",
            "outage.yaml:13",
            "take_back puts nothing there",
        ),
        ("{place: websit, notice: line-down}", "outage.yaml:13", 'there is no place "websit"'),
        ("{place: website, notice: line-dwn}", "outage.yaml:13", 'there is no notice "line-dwn"'),
        (
            '{place: website, notice: line-down, contact_number: "{fact:nobody}"}',
            "outage.yaml:13",
            'no earlier step sets the fact "nobody"',
        ),
    ],
)
def test_a_mistake_in_a_step_that_publishes_is_named_with_its_place(
    tmp_path: Path, fields: str, place: str, words: str
) -> None:
    way = "  - {place: website, page: a.html, way: {folder: {path: www}}}\n"
    own = '{place: PLACE, notice: line-down, contact_number: "+48 22 600 00 99", confirm: no}'
    office = office_with(tmp_path, way, PHASES.replace(own, fields).replace("PLACE", "website"))
    told = bcp(office, "validate").stderr
    assert place in told and words in told, told


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("{place: website, way: {folder: {path: www}}}", "it is not said which page our part stands in"),
        ("{place: website, page: a, kind: status-page, way: {folder: {path: www}}}", "names no page"),
        ("{place: website, page: a, way: {foldr: {path: www}}}", 'unknown key "foldr"'),
        ("{place: website, page: a, way: {folder: {}}}", "path"),
    ],
)
def test_a_mistake_in_a_place_is_named_with_its_place(tmp_path: Path, place: str, words: str) -> None:
    told = bcp(office_with(tmp_path, f"  - {place}\n"), "validate").stderr
    assert "bcp.yaml:13" in told and words in told, told


def test_a_drill_shows_what_would_be_told_and_writes_nothing_outside(stand: Stand) -> None:
    done = bcp(stand.office, "drill", "start", "outage")
    assert done.returncode == 0 and "rehearsed, not published" in bcp(stand.office, "drill", "log").stdout
    assert stand.page == PAGE
    assert bcp(stand.office, "drill", "close").returncode == 0
    assert stand.page == PAGE


def test_a_place_is_tried_out_in_peacetime_with_the_date_and_nothing_is_seen_of_it(stand: Stand) -> None:
    done = bcp(stand.office, "place", "test", "website")
    assert done.returncode == 0 and "website: UP" in done.stdout
    assert "what is put beside the page is seen from outside" in done.stdout
    assert [path.name for path in stand.web.iterdir()] == ["kontakt.html"] and stand.page == PAGE
    (told,) = json.loads(bcp(stand.office, "place", "status", "--json").stdout)
    assert told["tested"]["state"] == "up" and told["published_in"] == []
    link = f'<link rel="alternate" hreflang="en" href="{stand.url}/en/contact.html">'
    stand.write(PAGE.replace("<head>", f"<head>{link}"))
    tried = bcp(stand.office, "place", "test", "website")
    assert tried.returncode == 0 and "(en): " + f"{stand.url}/en/contact.html" in tried.stdout
    stand.write("<p>All new</p>")
    assert "has no mark for the notice" in bcp(stand.office, "place", "test", "website").stdout


def test_an_address_that_shows_a_copy_of_the_site_in_another_folder_is_noticed_in_peacetime(
    stand: Stand, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "kontakt.html").write_text(PAGE, encoding="utf-8")
    yaml = stand.office / "bcp.yaml"
    yaml.write_text(yaml.read_text("utf-8").replace(str(stand.web), str(other)), encoding="utf-8")
    done = bcp(stand.office, "place", "test", "website")
    assert done.returncode == 7 and "INCONCLUSIVE" in done.stdout
    assert f"{stand.url}/kontakt.html may show another folder" in done.stdout
    assert [path.name for path in other.iterdir()] == ["kontakt.html"]


def test_a_preview_shows_the_lines_and_makes_a_page_for_the_browser_and_publishes_nothing(
    stand: Stand,
) -> None:
    done = bcp(stand.office, "place", "preview", "website", "line-down", "--number", "22 600 00 99")
    assert done.returncode == 0 and f'+48226000099">{SHOWN}' in done.stdout
    page = Path(done.stderr.partition("browser: ")[2].splitlines()[0])
    assert f'<base href="{stand.url}/kontakt.html">' in page.read_text(encoding="utf-8")
    assert stand.page == PAGE


def test_a_person_who_says_no_to_the_preview_publishes_nothing(stand: Stand) -> None:
    person = Person({"published": "no"})
    deed = desk_of(stand).publish("website", person=person)
    assert deed == Failed("not confirmed, so nothing was published") and stand.page == PAGE
    assert any(line.startswith("+<!-- bcp:notice -->") for line in person.told)
    assert any("website-preview.html" in line for line in person.told)


def test_the_text_tells_people_to_call_the_very_number_that_is_put_there(stand: Stand) -> None:
    person = Person()
    assert isinstance(desk_of(stand).publish("website", person=person), Did)
    assert stand.page.count(SHOWN) == 4, "in three languages, and in the contact section"
    assert any(f"Our phone is out of order, please call: {SHOWN}" in line for line in person.told)


def test_a_second_notice_takes_the_place_of_the_first_and_the_undo_still_knows_what_was_before(
    stand: Stand,
) -> None:
    desk = desk_of(stand)
    for notice in ("line-down", "update", "line-down"):
        assert isinstance(desk.publish("website", notice), Did)
    assert isinstance(desk.take_back("website"), Did) and stand.page == PAGE


def test_what_a_notice_says_is_text_and_never_html(stand: Stand) -> None:
    notice = stand.office / "notices" / "line-down.en.md"
    text = notice.read_text("utf-8").replace("Our phone is", "<script>alert(1)</script> Tom & Co")
    notice.write_text(text, encoding="utf-8")
    assert isinstance(desk_of(stand).publish("website"), Did)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Tom &amp; Co" in stand.page and "<script" not in stand.page


def test_a_number_in_two_spots_of_the_page_is_put_into_both_and_both_are_given_back(stand: Stand) -> None:
    foot = "<footer><!-- bcp:number -->(22) 600-00-01<!-- /bcp:number --></footer></body>"
    stand.write(PAGE.replace("</body>", foot))
    assert isinstance(desk_of(stand).publish("website"), Did)
    assert stand.page.count(f">{SHOWN}</a>") == 2
    assert isinstance(desk_of(stand).take_back("website"), Did)
    assert stand.page == PAGE.replace("</body>", foot)


@pytest.mark.parametrize(
    ("via", "said"),
    [
        pytest.param("lo", "through lo", marks=needs_lo),
        ("wwan99", "this computer has no interface wwan99"),
    ],
)
def test_the_page_is_looked_at_through_the_other_line(stand: Stand, via: str, said: str) -> None:
    yaml = stand.office / "bcp.yaml"
    yaml.write_text(
        yaml.read_text("utf-8").replace("place: website,", f"place: website, via: {via},"), "utf-8"
    )
    deed = desk_of(stand).publish("website")
    assert said in (deed.note if isinstance(deed, Did) else deed.why)
    assert SHOWN in stand.page


def test_a_number_that_is_none_is_said(stand: Stand) -> None:
    deed = desk_of(stand).publish("website", number="call us")
    assert isinstance(deed, Failed) and "expected a phone number" in deed.why and stand.page == PAGE


@needs_links
def test_a_page_behind_a_link_stays_behind_it(stand: Stand, tmp_path: Path) -> None:
    """A web server's folder is often a link to the release of the day, and so is a page of it."""
    real = tmp_path / "releases" / "kontakt.html"
    real.parent.mkdir()
    (stand.web / "kontakt.html").rename(real)
    (stand.web / "kontakt.html").symlink_to("../releases/kontakt.html")
    assert stand.start().returncode == 0 and SHOWN in real.read_text(encoding="utf-8")
    assert (stand.web / "kontakt.html").is_symlink() and [each.name for each in real.parent.iterdir()] == [
        "kontakt.html"
    ]
    assert stand.close().returncode == 0 and stand.page == PAGE
    assert (stand.web / "kontakt.html").is_symlink()


@needs_links
def test_a_link_that_leads_nowhere_yet_is_kept_when_its_file_comes_and_goes(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("status.json")
    assert file.replace(str(tmp_path / "link"), b"{}") == ""
    assert (tmp_path / "status.json").read_bytes() == b"{}"
    assert file.remove(str(tmp_path / "link")) == ""
    assert (tmp_path / "link").is_symlink() and not (tmp_path / "status.json").exists()


@needs_root
def test_a_disk_that_takes_nothing_leaves_the_old_page_whole(stand: Stand) -> None:
    def tried() -> None:
        small_disk(stand.web, "8k")
        stand.write(PAGE)
        with suppress(OSError):
            (stand.web / "rest").write_bytes(b"x" * 8192)
        deed = desk_of(stand).publish("website")
        assert isinstance(deed, Failed) and "the disk is full; what was there is still there" in deed.why, (
            deed
        )
        assert stand.page == PAGE and not list(stand.web.glob("*.bcp-new"))

    in_own_mounts(tried)


# command


@pytest.fixture
def copied(stand: Stand) -> Stand:
    """The same, written by two programs."""
    if IS_WINDOWS:
        pytest.skip(NO_SCRIPTS)
    yaml = stand.office / "bcp.yaml"
    old = f"{{folder: {{path: {stand.web}}}}}"
    new = (
        f"{{command: {{read: [cp, '{stand.web}/{{page}}', '{{file}}'], "
        f"write: [./put, '{{file}}', '{stand.web}/{{page}}']}}}}"
    )
    yaml.write_text(yaml.read_text("utf-8").replace(old, new), encoding="utf-8")
    put(stand, 'cp "$1" "$2.new" && mv "$2.new" "$2"')
    return stand


def put(stand: Stand, script: str) -> None:
    (stand.office / "put").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (stand.office / "put").chmod(0o755)


def test_two_programs_of_the_office_read_and_write_a_page(copied: Stand) -> None:
    assert copied.start().returncode == 0 and SHOWN in copied.page
    assert copied.close().returncode == 0 and copied.page == PAGE


def test_a_program_that_fails_after_its_deed_is_resolved_by_reading(copied: Stand) -> None:
    put(copied, 'cp "$1" "$2"; exit 3')
    assert copied.start().returncode == 0 and SHOWN in copied.page


def test_a_program_that_does_nothing_is_told_with_its_last_words_and_the_step_by_hand(copied: Stand) -> None:
    put(copied, "echo no such luck >&2; exit 3")
    done = copied.start()
    assert (
        done.returncode == 4
        and "ended with status 3 (no such luck); the page is still as it was" in done.stderr
    )
    assert "Sign in to the website and write it there." in done.stderr and copied.page == PAGE


def test_a_drill_says_which_program_and_which_secret_is_missing(copied: Stand) -> None:
    (copied.office / "put").unlink()
    done = bcp(copied.office, "drill", "start", "outage")
    assert done.returncode == 4 and "there is no program ./put" in done.stderr, done.stderr


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_process_killed_around_the_write_goes_on_from_what_stands_there(copied: Stand, after: bool) -> None:
    deed = 'cp "$1" "$2"'
    put(copied, f"{deed if after else ':'}; kill -9 $PPID")
    assert bcp_apart(copied.office, "incident", "start", "outage").returncode == -9
    put(copied, deed)
    assert copied.resume().returncode == 0 and copied.page.count(f">{SHOWN}</a>") == 1
    assert copied.close().returncode == 0 and copied.page == PAGE


@given(st.binary(max_size=40) | st.text(max_size=20).map(lambda text: f"latin-1:{text}".encode()))
def test_what_is_kept_of_a_page_is_given_back_byte_by_byte(part: bytes) -> None:
    assert marks.given(marks.kept(part)) == part
