"""A real WordPress: its page and its news are changed through the REST API, whatever fails, and given back."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bcp.action.base import Deed, Done, Failed
from tests import quick
from tests.between import Between, Fault, between
from tests.forks import Child
from tests.offices import bcp
from tests.places import SHOWN, Desk, Person, office_with
from tests.wordpress import PAGE, Site, needs_wordpress

pytestmark = needs_wordpress


@pytest.fixture(scope="module")
def way(running_wordpress: Site) -> Iterator[Between]:
    with between(running_wordpress.url) as found:
        yield found


@pytest.fixture
def site(running_wordpress: Site, way: Between) -> Site:
    """As it was: the page with its marks, and no news."""
    running_wordpress.edit(PAGE)
    for post in running_wordpress.posts():
        running_wordpress.rest("DELETE", f"posts/{post['id']}&force=true")
    way.rule, way.asked = lambda _asked: None, []
    return running_wordpress


@pytest.fixture
def desk(site: Site, way: Between, tmp_path: Path) -> Desk:
    return desk_for(site, way, tmp_path)


def desk_for(site: Site, way: Between, folder: Path, user: str = "bcp", more: str = "") -> Desk:
    place = (
        f"  - {{place: website, url: '{way.url}/?page_id={site.page}', page: kontakt, languages: [pl, en], way: "
        f"{{wordpress: {{site: '{way.url}', user: {user}, password: env:WP{more}}}}}}}\n"
    )
    return Desk(office_with(folder / "office", place), {"WP": site.passwords[user]})


def done(deed: Deed) -> Done:
    assert isinstance(deed, Done), deed
    return deed


def why(deed: Deed) -> str:
    assert isinstance(deed, Failed), deed
    return deed.why


def test_page_and_news_say_it_in_the_browser_and_go_again(site: Site, desk: Desk, tmp_path: Path) -> None:
    done(desk.publish("website"))
    (post,) = site.posts()
    assert post["title"]["raw"] == "Awaria łącza"
    assert re.fullmatch(r"notice-2026-11-26-outage-[0-9a-f]{6}", post["slug"])
    seen = browse(f"{site.url}/?pagename=kontakt", tmp_path)
    assert SHOWN in seen and "prosimy dzwonić" in seen and "please call" in seen
    assert "Awaria łącza" in browse(str(post["link"]), tmp_path)
    done(desk.take_back("website"))
    assert site.content == PAGE and site.posts() == []


def browse(url: str, folder: Path) -> str:
    """What a browser makes of the page."""
    command = [
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={folder / 'profile'}",
    ]
    return subprocess.run(
        [*command, "--dump-dom", url], capture_output=True, text=True, check=True, timeout=60
    ).stdout


def test_news_told_twice_are_one_post_that_is_changed(site: Site, desk: Desk) -> None:
    done(desk.publish("website"))
    done(desk.publish("website", "update"))
    (post,) = site.posts()
    assert "2: Nasz telefon" in post["content"]["raw"]  # type: ignore[index]
    done(desk.take_back("website"))
    assert site.content == PAGE


def test_a_site_without_a_mark_for_the_notice_has_it_as_news(site: Site, desk: Desk) -> None:
    page = PAGE.replace("<!-- bcp:notice --><!-- /bcp:notice -->", "")
    site.edit(page)
    done(desk.publish("website"))
    assert SHOWN in site.content and "dzwonić" not in site.content and len(site.posts()) == 1
    done(desk.take_back("website"))
    assert site.content == page


@pytest.mark.parametrize(
    ("user", "password", "words"),
    [
        (
            "bcp",
            "wrong wrong wrong",
            "does not take the application password of bcp: it was revoked, ran out or is mistyped",
        ),
        ("nobody", "wrong wrong wrong", "does not take the application password of nobody"),
        ("writer", "", "may not edit that"),
    ],
)
def test_a_user_who_may_not_is_told_so_and_nothing_is_changed(
    site: Site, way: Between, tmp_path: Path, user: str, password: str, words: str
) -> None:
    site.passwords.setdefault(user, password)
    desk = desk_for(site, way, tmp_path, user)
    desk.secrets["WP"] = password or site.passwords[user]
    assert words in why(desk.publish("website"))
    assert site.content == PAGE and site.posts() == []


def test_a_revoked_application_password_is_found_in_peacetime(
    site: Site, way: Between, tmp_path: Path
) -> None:
    made = site.php(
        "[$p, $i] = WP_Application_Passwords::create_new_application_password(get_user_by('login', 'bcp')->ID,"
        " ['name' => 'soon gone']); echo \"\\nRESULT $p $i[uuid]\";"
    ).partition("RESULT ")[2]
    password, uuid = made.split()
    desk = desk_for(site, way, tmp_path)
    good = bcp(desk.office, "place", "test", "website", WP=password)
    assert good.returncode == 0 and "may write there" in good.stdout, good.stdout
    site.php(
        f"WP_Application_Passwords::delete_application_password(get_user_by('login', 'bcp')->ID, '{uuid}');"
    )
    bad = bcp(desk.office, "place", "test", "website", WP=password)
    assert bad.returncode == 7 and "it was revoked" in bad.stdout and "Application Passwords" in bad.stderr
    assert password not in bad.stdout + bad.stderr
    assert bcp(desk.office, "place", "test", "website").returncode == 7


def test_an_edit_by_somebody_else_in_that_moment_is_noticed_and_kept(
    site: Site, way: Between, desk: Desk
) -> None:
    other = PAGE.replace("strony i sklepy", "strony, sklepy i kursy")
    person = Person()
    asking = person.ask

    def ask(fact: object) -> str | None:
        site.edit(other)  # while the person looks at the preview
        return asking(fact)  # type: ignore[arg-type]

    person.ask = ask  # type: ignore[method-assign,assignment]
    assert "somebody else changed kontakt" in why(desk.publish("website", person=person))
    assert site.content == other
    done(desk.publish("website"))
    done(desk.take_back("website"))
    assert site.content == other


def test_news_that_somebody_else_changed_are_left_alone(site: Site, desk: Desk) -> None:
    done(desk.publish("website"))
    (post,) = site.posts()
    site.rest("POST", f"posts/{post['id']}", {"content": "<p>Our phone works again</p>"})
    assert "somebody else changed our news" in why(desk.take_back("website"))
    assert len(site.posts()) == 1


@pytest.mark.parametrize("route", ["/pages/", "/posts"])
@pytest.mark.parametrize("fault", [Fault(500, done=True), Fault(0, done=True)], ids=["500", "lost"])
def test_an_error_after_the_deed_is_resolved_by_reading_and_nothing_is_posted_twice(
    site: Site, way: Between, desk: Desk, route: str, fault: Fault
) -> None:
    way.once("POST", route, fault)
    done(desk.publish("website"))
    assert len(site.posts()) == 1 and SHOWN in site.content
    assert len([one for one in way.writes() if route in one]) == 1


@pytest.mark.parametrize("route", ["/pages/", "/posts"])
def test_an_error_instead_of_the_deed_is_a_sentence_and_trying_again_does_it(
    site: Site, way: Between, desk: Desk, route: str
) -> None:
    way.once("POST", route, Fault(500))
    assert "the server answered 500" in why(desk.publish("website"))
    assert site.posts() == []
    done(desk.publish("website"))
    assert len(site.posts()) == 1
    done(desk.take_back("website"))
    assert site.content == PAGE


def test_a_short_pause_that_the_server_asks_for_is_made_and_a_long_one_is_told(
    site: Site, way: Between, desk: Desk
) -> None:
    began = desk.clock.now()
    way.once("POST", "/pages/", Fault(429, {"Retry-After": "20"}))
    done(desk.publish("website"))
    assert (desk.clock.now() - began).total_seconds() == 20
    done(desk.take_back("website"))
    way.rule = lambda asked: Fault(429, {"Retry-After": "1800"}) if asked.method == "POST" else None
    assert "wants to be left alone for 30 min (429); nothing was changed" in why(desk.publish("website"))
    assert site.content == PAGE and site.posts() == []


def test_a_busy_answer_after_the_deed_is_resolved_by_reading_and_nothing_is_posted_twice(
    site: Site, way: Between, desk: Desk
) -> None:
    way.once("POST", "/posts", Fault(503, {"Retry-After": "5"}, done=True))
    done(desk.publish("website"))
    assert len(site.posts()) == 1


def test_a_site_that_answers_in_another_form_is_no_wordpress(site: Site, way: Between, desk: Desk) -> None:
    way.rule = lambda asked: Fault(200) if asked.method == "GET" else None
    assert "does not answer as WordPress does" in why(desk.publish("website"))
    assert site.content == PAGE and site.posts() == []


def test_a_dead_database_makes_the_website_what_is_down_and_the_status_page_is_offered(
    site: Site, way: Between, tmp_path: Path
) -> None:
    desk = desk_for(site, way, tmp_path)
    web = tmp_path / "status"
    web.mkdir()
    yaml = desk.office / "bcp.yaml"
    status = f"  - {{place: status, kind: status-page, way: {{folder: {{path: {web}}}}}}}\n"
    shown = "published:\n  - {published: facebook, title: Facebook page, how: 'Page, About'}\n"
    yaml.write_text(yaml.read_text("utf-8") + status + shown, encoding="utf-8")
    way.rule = lambda _asked: Fault(500)
    person = Person({"instead": "status"})
    deed = done(desk.publish("website", person=person))
    assert "put at status, because website cannot be reached" in deed.note
    assert any("Facebook page · Page, About" in line for line in person.told)
    assert "Awaria łącza" in (web / "index.html").read_text("utf-8")
    way.rule = lambda _asked: None
    done(desk.take_back("website"))
    assert "Wszystko działa" in (web / "index.html").read_text("utf-8")


@pytest.mark.parametrize("done_", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("route", ["/pages/", "/posts"])
def test_a_process_killed_around_a_write_goes_on_and_posts_nothing_twice(
    site: Site, way: Between, desk: Desk, route: str, done_: bool
) -> None:
    office = desk.office
    environ = {**os.environ, **desk.secrets, "BCP_PERSON": "anna"}
    started: list[subprocess.Popen[str] | Child] = []
    way.once("POST", route, Fault(0, done=done_, then=lambda: os.kill(started[0].pid, signal.SIGKILL)))
    words, nothing = ["-m", "bcp", "incident", "start", "outage"], subprocess.DEVNULL
    started.append(quick.begun(words, office, environ, stdout=nothing, stderr=nothing))
    assert started[0].wait(60) == -signal.SIGKILL
    resumed = bcp(office, "incident", "resume", **desk.secrets)
    assert resumed.returncode == 0, resumed.stderr
    assert len(site.posts()) == 1 and SHOWN in site.content
    writes = [one for one in way.writes() if route in one]
    assert len(writes) == (1 if done_ else 2), writes
    closed = bcp(office, "incident", "close", **desk.secrets)
    assert closed.returncode == 0, closed.stderr
    assert site.content == PAGE and site.posts() == []


def test_two_incidents_at_one_page_take_away_their_own_and_their_news_in_any_order(
    site: Site, desk: Desk
) -> None:
    desk.overlap("website", lambda: site.content)
    assert site.posts() == []
