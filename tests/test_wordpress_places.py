"""A real WordPress as hosts, plugins and offices have it: the trial is the deed, and nothing of others is harmed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bcp.action.base import Done
from bcp.errors import StepFailed
from bcp.lever.place.base import News, PageCopy, PlaceEnv
from bcp.lever.place.kinds.wordpress import Wordpress
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests.between import Asked, Between, Fault, between
from tests.frozen import FrozenClock
from tests.offices import bcp
from tests.places import Desk, office_with
from tests.wordpress import PAGE, Site, needs_wordpress

pytestmark = needs_wordpress

MAP = (
    '<iframe src="https://map.example/" width="600"></iframe>\n<script src="https://w.example/x.js"></script>'
)
FILTERED = (
    "add_filter('map_meta_cap', fn($c, $cap) => $cap === 'unfiltered_html' ? ['do_not_allow'] : $c, 10, 2);"
)
BUILDER = (
    "add_filter('the_content', fn($c) => is_page('kontakt') ? '<div>Tel. 22 600 00 01</div>' : $c, 999);"
)
FORBIDDEN = "<h1>403 Forbidden</h1>"


@pytest.fixture(scope="module")
def way(running_wordpress: Site) -> Iterator[Between]:
    with between(running_wordpress.url) as found:
        yield found


@pytest.fixture
def site(running_wordpress: Site, way: Between) -> Site:
    """As it was: the page with its marks."""
    running_wordpress.edit(PAGE)
    way.rule = lambda _asked: None
    return running_wordpress


@pytest.fixture
def reach(site: Site, tmp_path: Path) -> PlaceEnv:
    return PlaceEnv(Real(Secrets(tmp_path, site.passwords)), FrozenClock(), tmp_path)


def driver(site: Site, user: str = "bcp", url: str = "", address: str = "") -> Wordpress:
    found = Wordpress(site=address or site.url, user=user, password=f"env:{user}", news=True)
    found.shown_at(url)
    return found


def desk_at(site: Site, way: Between, folder: Path, page: str, user: str = "bcp") -> Desk:
    place = (
        f"  - {{place: website, url: '{way.url}/?page_id={site.page}', page: '{page}', languages: [pl, en],"
        f" way: {{wordpress: {{site: '{way.url}', user: {user}, password: env:WP, news: no}}}}}}\n"
    )
    return Desk(office_with(folder / "office", place), {"WP": site.passwords[user]})


def why(deed: object) -> str:
    with pytest.raises(StepFailed) as caught:
        deed()  # type: ignore[operator]
    return caught.value.message


# what turns us away


def test_a_plugin_or_a_server_that_turns_us_away_is_named(site: Site, way: Between, reach: PlaceEnv) -> None:
    there = driver(site, address=way.url)

    def asked() -> str:
        return why(lambda: there.fetch(reach, "kontakt"))

    with site.plugin("add_filter('wp_is_application_passwords_available', '__return_false');"):
        assert "application passwords are switched off at this site" in asked()
    closed = (
        "is_user_logged_in() ? $r : new WP_Error('rest_login_required', 'Members only.', ['status' => 401])"
    )
    with site.plugin(f"add_filter('rest_authentication_errors', fn($r) => {closed}, 200);"):
        there.fetch(reach, "kontakt")  # we are signed in
        way.rule = without_login
        assert "a plugin of this site keeps us out (rest_login_required): Members only." in asked()
    assert "or the web server keeps the header Authorization from WordPress" in asked()
    early = "add_filter('rest_authentication_errors', fn($r) => [$r, wp_get_current_user()][0], 50);"
    with site.plugin(
        early
    ):  # as many plugins ask who is there: then WordPress says what is wrong with the password
        way.rule = lambda _asked: None
        wrong = PlaceEnv(Real(Secrets(reach.office, {"bcp": "another"})), reach.clock, reach.office)
        told = why(lambda: there.fetch(wrong, "kontakt"))
        assert told.endswith("it was revoked, ran out or is mistyped"), told


def without_login(asked: Asked) -> None:
    """A server that keeps the header from PHP."""
    asked.headers.pop("Authorization", None)


def test_a_site_that_hides_its_users_is_written_to_like_any_other(site: Site, reach: PlaceEnv) -> None:
    hidden = (
        "add_filter('rest_endpoints', fn($e) => array_filter($e, fn($r) => !str_contains($r, '/users'), 2));"
    )
    with site.plugin(hidden):
        assert any("a twin of kontakt" in each for each in driver(site).try_out(reach, "kontakt"))
        assert "may not edit that" in why(lambda: driver(site, "writer").try_out(reach, "kontakt"))


def test_a_firewall_that_refuses_what_is_written_is_found_in_peacetime(
    site: Site, way: Between, tmp_path: Path, reach: PlaceEnv
) -> None:
    way.rule = lambda asked: Fault(403, {"Server": "nginx"}) if b"bcp-notice" in asked.body else None
    before = site.left_over()
    tried = bcp(
        desk_at(site, way, tmp_path, "kontakt").office, "place", "test", "website", WP=site.passwords["bcp"]
    )
    assert tried.returncode == 7 and "turns us away before the website sees it (403" in tried.stdout, (
        tried.stdout
    )
    assert site.left_over() == before
    site.edit(PAGE.replace("bcp:", "bcp:kropka:"))  # the marks of one of several offices
    assert "(403" in why(lambda: driver(site, address=way.url).try_out(reach, "kontakt"))


# what others wrote


def test_an_account_that_would_strip_the_page_is_refused_before_anything_is_written(
    site: Site, way: Between, tmp_path: Path, reach: PlaceEnv
) -> None:
    there = driver(site)
    site.edit(PAGE + MAP)
    there.refuse_harm(reach, "kontakt")
    with site.plugin(FILTERED):
        before = site.left_over()
        assert why(lambda: there.refuse_harm(reach, "kontakt")).startswith(
            "WordPress takes <iframe>, <script> out"
        )
        desk = desk_at(site, way, tmp_path, "kontakt")
        office = desk.office
        deed = desk.publish("website")
        assert "takes <iframe>, <script> out" in getattr(deed, "why", "")
        tried = bcp(office, "place", "test", "website", WP=site.passwords["bcp"])
        assert tried.returncode == 7 and "takes <iframe>, <script> out" in tried.stdout, tried.stdout
        assert "unfiltered_html" in tried.stderr
        assert site.left_over() == before and site.content == PAGE + MAP
    site.edit(PAGE)
    with site.plugin("add_filter('content_save_pre', fn($c) => substr($c, 0, 150));"):  # not the user's fault
        tried = bcp(office, "place", "test", "website", WP=site.passwords["bcp"])
        assert "WordPress changes this page when bcp saves it" in tried.stdout and site.content == PAGE
        assert "a plugin changes what is saved, or the server cuts it" in tried.stderr
    with site.plugin(FILTERED):
        there.refuse_harm(reach, "kontakt")
        tried = bcp(office, "place", "test", "website", WP=site.passwords["bcp"])
        assert tried.returncode == 0 and "website: UP" in tried.stdout, tried.stdout
        assert site.left_over().count(";") == before.count(";")


def test_older_versions_that_the_site_keeps_are_named(site: Site, reach: PlaceEnv) -> None:
    there = driver(site)
    assert f"{site.url}/wp-admin/revision.php?revision=" in there.revisions(reach, "kontakt")
    assert there.revisions(reach, "nowhere") == ""


# the trial is the deed


def test_a_trial_leaves_nothing_behind_and_sweeps_what_a_killed_one_left(site: Site, reach: PlaceEnv) -> None:
    before = site.left_over()
    told = {"title": "A trial", "slug": f"bcp-trial-{reach.own_name}", "content": "x", "status": "private"}
    site.rest(
        "DELETE", f"posts/{site.rest('POST', 'posts', told).json()['id']}"
    )  # killed when it was in the bin
    for kind, status in (("pages", "draft"), ("posts", "private")):
        assert site.rest("POST", kind, {**told, "status": status}).status_code == 201
    other = site.rest("POST", "posts", {**told, "slug": "bcp-trial-00000000"}).json()[
        "id"
    ]  # another office's
    showed = driver(site).try_out(reach, "kontakt")
    assert site.rest("DELETE", f"posts/{other}&force=true").status_code == 200
    assert any("news for nobody were posted, changed and taken away" in each for each in showed)
    assert site.left_over() == before and site.content == PAGE
    with site.plugin("define('EMPTY_TRASH_DAYS', 0);"):  # a site without a bin
        driver(site).try_out(reach, None)
        driver(site).put_news(reach, None, News("notice-x", "Awaria", "<p>x</p>"))
        for _time in range(2):
            news = driver(site).find_news(reach, "notice-x")
            assert news is not None
            driver(site).drop_news(reach, news)
        assert site.posts() == []
    site.rest("DELETE", f"posts/{news.id}&force=true")
    assert site.left_over() == before


def test_marks_that_a_page_builder_does_not_show_and_marks_that_are_missing_are_found_in_peacetime(
    site: Site, way: Between, tmp_path: Path
) -> None:
    office = desk_at(site, way, tmp_path, "kontakt").office
    with site.plugin(BUILDER):
        tried = bcp(office, "place", "test", "website", WP=site.passwords["bcp"])
    assert tried.returncode == 7 and "a page builder may show a text of its own" in tried.stdout, tried.stdout
    site.edit(PAGE.replace("<!-- /bcp:number -->", ""))
    tried = bcp(office, "place", "test", "website", WP=site.passwords["bcp"])
    assert tried.returncode == 7 and "has no mark for the number" in tried.stdout, tried.stdout


# whether the public reads it


def test_a_page_that_the_public_does_not_read_is_refused_with_the_cause_and_an_undo_still_finds_it(
    site: Site, reach: PlaceEnv
) -> None:
    made = site.rest("POST", "pages", {"title": "x", "slug": "umowa", "status": "publish", "content": PAGE})
    number = made.json()["id"]
    causes = {
        "'post_status' => 'private'": "it is private",
        "'post_status' => 'draft'": "it is a draft",
        "'post_status' => 'publish', 'post_password' => 'x'": "it asks visitors for a password",
        "'post_status' => 'trash'": "it is in the bin",
    }
    try:
        driver(site).refuse_unread(reach, "umowa")
        for fields, cause in causes.items():
            site.php(f"wp_update_post(['ID' => {number}, {fields}]);")
            for page in ("umowa", str(number)):
                assert cause in why(lambda page=page: driver(site).refuse_unread(reach, page))
        found = driver(site).fetch(reach, "umowa")
        assert found is not None and found.content == PAGE.encode()
    finally:
        site.rest("DELETE", f"pages/{number}&force=true")


def test_a_page_that_somebody_puts_into_the_bin_while_a_notice_stands_in_it_is_red_and_is_given_back(
    site: Site, way: Between, tmp_path: Path
) -> None:
    desk = desk_at(site, way, tmp_path, "kontakt")
    assert isinstance(desk.publish("website"), Done)
    site.php(f"wp_trash_post({site.page});")
    try:
        seen = desk.levers().stands("place", "website")
        assert seen.state == "hidden" and "it is in the bin" in seen.words, seen
        assert isinstance(desk.take_back("website"), Done)
    finally:
        site.php(f"wp_untrash_post({site.page}); wp_publish_post({site.page});")
    assert site.content == PAGE


def test_a_site_that_takes_a_page_off_or_holds_news_back_until_somebody_approves_is_told(
    site: Site, reach: PlaceEnv
) -> None:
    review = "add_filter('wp_insert_post_data', fn($d) => {} ? ['post_status' => 'pending'] + $d : $d);"
    by_us = "!str_contains($d['post_content'], '22 600 00 01') && $d['post_status'] === 'publish'"
    was = driver(site).fetch(reach, "kontakt")
    assert was is not None
    with site.plugin(review.replace("{}", by_us)):
        told = why(lambda: driver(site).store(reach, "kontakt", b"<p>ours</p>", was))
        assert "took the page off" in told and "what was there before is there again" in told
        assert site.content == PAGE
        driver(site).refuse_unread(reach, "kontakt")
        news = News("notice-x", "bcp", "<p>phone</p>")
        assert "holds our news back" in why(lambda: driver(site).put_news(reach, None, news))
    found = driver(site).find_news(reach, "notice-x")
    assert found is not None
    site.rest("DELETE", f"posts/{found.id}&force=true")


# which page


def test_of_several_pages_with_one_slug_the_one_that_the_public_reads_at_the_address_is_written(
    site: Site, reach: PlaceEnv
) -> None:
    def page(slug: str, parent: int = 0) -> int:
        told = {"title": "x", "slug": slug, "status": "publish", "content": f"in {parent}", "parent": parent}
        return int(site.rest("POST", "pages", told).json()["id"])

    firm = page("firma")
    below, other = page("kontakt", firm), page("oferta")
    try:
        at = f"{site.url}/?page_id="
        assert "2 pages are called kontakt" in why(lambda: driver(site).fetch(reach, "kontakt"))
        for number in (site.page, below):
            found = driver(site, url=f"{at}{number}").fetch(reach, "kontakt")
            assert found is not None and found.mark == str(number)
        with site.plugin(f"add_filter('rest_page_query', fn($a) => [...$a, 'post__not_in' => [{below}]]);"):
            # a plugin for several languages lists the pages of one of them
            found = driver(site, url=f"{at}{below}").fetch(reach, "kontakt")
            assert found is not None and found.mark == str(below)
        # WordPress itself sends a reader on from an address that is none of those that it lists
        found = driver(site, url=f"{site.url}/?pagename=firma/kontakt&x=1").fetch(reach, "kontakt")
        assert found is not None and found.mark == str(below)
        told = why(lambda: driver(site, url=f"{at}{other}").fetch(reach, "kontakt"))
        assert "is not the page kontakt, but another one (oferta" in told
        told = why(lambda: driver(site, url=f"{at}{other}").fetch(reach, str(below)))
        assert f"is not the page {below}" in told
    finally:
        for number in (below, firm, other):
            site.rest("DELETE", f"pages/{number}&force=true")


# other ways that sites have


def test_the_footer_of_a_block_theme_is_written_tried_and_given_back(
    site: Site, way: Between, tmp_path: Path, reach: PlaceEnv
) -> None:
    part = next(
        one
        for one in site.rest("GET", "template-parts&context=edit", user="chef").json()
        if one["slug"] == "footer"
    )
    notice, number = PAGE.splitlines()[3], PAGE.splitlines()[5]
    marked = f"{part['content']['raw']}\n<!-- wp:html -->\n{notice}\n<p>Nasz telefon: {number}</p>\n<!-- /wp:html -->"
    site.rest("POST", f"template-parts/{part['id']}", {"content": marked}, user="chef")
    desk = desk_at(site, way, tmp_path, "template-part/footer", "chef")
    before = site.left_over()
    tried = bcp(desk.office, "place", "test", "website", WP=site.passwords["chef"])
    assert tried.returncode == 0 and "a twin of template-part/footer" in tried.stdout, tried.stdout
    assert site.left_over() == before
    deed = desk.publish("website")
    assert "seen at" in str(getattr(deed, "note", deed)), deed
    assert getattr(desk.take_back("website"), "note", "").startswith("what stood at website before")
    found = driver(site, "chef").fetch(reach, "template-part/footer")
    assert found is not None and found.content.decode() == marked
    told = why(lambda: driver(site).fetch(reach, "template-part/footer"))
    assert "the user bcp may not edit the parts of the theme" in told
    assert "has no part foter; it has: " in why(
        lambda: driver(site, "chef").fetch(reach, "template-part/foter")
    )


def test_a_widget_is_written_tried_and_given_back(site: Site, reach: PlaceEnv) -> None:
    made = site.rest(
        "POST",
        "widgets",
        {"id_base": "block", "sidebar": "wp_inactive_widgets", "instance": {"raw": {"content": PAGE}}},
        user="chef",
    ).json()
    there, name = driver(site, "chef"), f"widget/{made['id']}"
    showed = there.try_out(reach, name)
    assert any(f"a twin of {name}" in each for each in showed)
    was = there.fetch(reach, name)
    assert was == PageCopy(PAGE.encode(), made["id"])
    there.store(reach, name, PAGE.replace("22 600", "33 600").encode(), was)
    now = there.fetch(reach, name)
    assert now is not None and there.same(PAGE.replace("22 600", "33 600").encode(), now.content)
    there.store(reach, name, PAGE.encode(), now)
    assert there.fetch(reach, name) == was
    widgets = site.rest("GET", "widgets&sidebar=wp_inactive_widgets&context=edit", user="chef").json()
    assert [one["id"] for one in widgets if "bcp-trial" in str(one)] == []
    assert f"our marks stand in: {made['id']}" in why(lambda: there.fetch(reach, "widget/block-99"))
    assert "the user bcp may not edit widgets" in why(lambda: driver(site).fetch(reach, name))
