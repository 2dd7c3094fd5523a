"""Copies of sites: a web server on the loopback is copied, and read in a real browser that has no network at all."""

from __future__ import annotations

import json
import os
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from bcp.check.load import load as load_checks
from bcp.check.model import Check
from bcp.errors import InputError, StoreError
from bcp.lever.number.page_text import find, text_of
from bcp.mirror import crawl
from bcp.mirror.archive import Archive, Mirror, check_for, web_address
from bcp.mirror.crawl import Limits
from bcp.mirror.css import adapt_css
from bcp.mirror.fetched import Fetched, canonical
from bcp.mirror.page import MirroredPage
from bcp.store.hold import alone
from bcp.times import parse_duration
from bcp.world.fetch import Fetcher
from bcp.yaml.source import Reader
from tests.browser import browser
from tests.children import in_own_mounts, make_read_only, small_disk
from tests.frozen import FrozenClock
from tests.offices import bcp, office_in, runbook
from tests.servers import needs_root

HOUSE = Path(crawl.__file__).parent.parent

WARSAW = ZoneInfo("Europe/Warsaw")
CALL = "\n  - phase: One\n    steps:\n      - {step: call, title: Call, by_hand: Call., manual: {}}\n"


def picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (40, 30), (200, 0, 100)).save(made, "PNG")
    return made.getvalue()


HOME = """<!DOCTYPE html><html lang=pl><head><meta charset="iso-8859-2"><title>Piekarnia Złoty Kłos</title>
<base href="/shop/"><meta http-equiv="Content-Security-Policy" content="default-src 'self'">
<link rel="stylesheet" href="../style/main.css?v=3" integrity="sha256-wrong" crossorigin>
<link rel="preconnect" href="https://fonts.example">
<script src="http://127.0.0.1:1/tracker.js"></script>
<style>h2 { background: url( '../img/back.png' ) }</style></head><body>
<h1>Chleb żytni</h1><h2>Bułki</h2>
<img id=one src="/img/bread.png" srcset="/img/bread.png 1x, /img/large.png 2x" alt="chleb">
<picture><source srcset="/img/large.png"><img id=two data-src="/img/bread.png?x=1" src="data:,"></picture>
<a href="bread.html#top">one</a> <a href="/private/wages.html">two</a> <a href="https://other.example/">three</a>
<a href="deep/first">four</a> <a href="/price list.pdf">five</a> <a href="mailto:a@b.example">six</a>
<a href="/moved">seven</a> <a rel="nofollow" href="/log-out">eight</a>
<iframe src="https://maps.example/embed"></iframe>
<script>document.querySelector("h1").remove()</script></body></html>""".encode("iso-8859-2")
MAIN = """@import "more.css"; @font-face { font-family: Bread; src: url(old.eot), url("../font/bread.ttf?#a") }
h1 { color: rgb(1, 2, 3); font-family: Bread; background: url(../img/back.png) no-repeat }"""
FILES: dict[str, tuple[str, bytes]] = {
    "/": ("text/html", HOME),
    "/shop/bread.html": (
        "text/html; charset=utf-8",
        b"<h1>Bread</h1><a href='/'>home</a> <a href=/gone>gone</a>",
    ),
    "/shop/deep/first": ("text/html", b"<p>first <a href=second>on</a>"),
    "/shop/deep/second": ("text/html", b"<p>second <a href=third>on</a>"),
    "/shop/deep/third": ("text/html", b"<p>third"),
    "/private/wages.html": ("text/html", b"<p>secret"),
    "/log-out": ("text/html", b"<p>you are logged out"),
    "/price%20list.pdf": ("application/pdf", b"%PDF-1.4 prices"),
    "/style/main.css": ("text/css", MAIN.encode()),
    "/style/more.css": ("text/css", b'@import "main.css"; h1 { text-align: right }'),
    "/img/bread.png": ("image/png", picture()),
    "/img/back.png": ("image/png", picture()),
    "/font/bread.ttf": ("font/ttf", (HOUSE / "page" / "fonts" / "NotoSans-Regular.ttf").read_bytes()),
    "/robots.txt": ("text/plain", b"User-agent: *\nDisallow: /private/\n"),
    "/robots-of-nobody": ("text/plain", b""),
}
AT_ONCE = ("text/plain", b"User-agent: *\nCrawl-delay: 0\nDisallow: /private/\n")
"""The `robots.txt` of a site that wants no pause between two pages, for commands, whose clock is the real one."""


class Site(BaseHTTPRequestHandler):
    files: ClassVar[dict[str, tuple[str, bytes]]] = {}
    asked: ClassVar[list[str]] = []
    broken: ClassVar[dict[str, int]] = {}
    elsewhere: ClassVar[dict[str, str]] = {}
    slow: ClassVar[dict[str, threading.Event]] = {}

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.asked.append(self.path)
        if path in self.elsewhere:
            self.send_response(302)
            self.send_header("Location", self.elsewhere[path])
            self.end_headers()
            return
        kind, body = self.files.get(path, ("text/html", b"<p>not here"))
        self.send_response(self.broken.get(path, 200 if path in self.files else 404))
        self.send_header("Content-Type", kind)
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body)
            while path in self.slow:
                self.wfile.write(b"x")
                self.slow[path].wait(0.01)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadingHTTPServer]:
    found = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=found.serve_forever, daemon=True).start()
    yield found
    found.shutdown()


@pytest.fixture
def site(server: ThreadingHTTPServer) -> str:
    Site.files, Site.asked, Site.broken, Site.slow = dict(FILES), [], {}, {}
    Site.elsewhere = {"/moved": "/shop/bread.html"}
    return f"http://127.0.0.1:{server.server_port}/"


class Copies:
    """An archive in a folder, with a frozen clock."""

    def __init__(self, folder: Path) -> None:
        self.clock = FrozenClock()
        self.folder = folder
        self.archive = Archive(folder, WARSAW, self.clock)

    def add(self, url: str, name: str = "bakery", limits: Limits | None = None) -> Mirror:
        wanted = self.archive.add(url, name, limits or Limits())
        return self.again(wanted)

    def again(self, mirror: Mirror) -> Mirror:
        with Fetcher() as fetcher:
            return self.archive.refresh(mirror, fetcher.get)[0]

    def read(self, start: str, name: str = "bakery") -> str:
        """The page whose name begins so."""
        (found,) = (self.folder / "mirrors" / name / "copy").glob(f"{start}*.html")
        return found.read_text(encoding="utf-8")


@pytest.fixture
def copies(tmp_path: Path) -> Copies:
    return Copies(tmp_path)


SEEN = """document.fonts.load("20px Bread").then(() => document.fonts.ready).then(() => ({
    one: document.getElementById("one").naturalWidth,
    color: getComputedStyle(document.querySelector("h1")).color,
    imported: getComputedStyle(document.querySelector("h1")).textAlign,
    back: getComputedStyle(document.querySelector("h2")).backgroundImage.startsWith('url("file:'),
    font: [...document.fonts].map(font => font.status), text: document.body.innerText,
    title: document.title, lang: document.documentElement.lang}))"""


def test_a_copied_site_is_whole_in_a_browser_that_has_no_network(copies: Copies, site: str) -> None:
    page = copies.archive.page(copies.add(site))
    with browser(copies.folder / "profile", offline=True) as opened:
        opened.open(page.as_uri())
        seen = opened.evaluate(SEEN)
        shot = opened.picture(800, 600)
        # Also the pictures that the style sheet names, and nothing but files of the copy.
        assert all(
            each.startswith(page.parent.as_uri() + "/") or each.startswith("data:")
            for each in opened.requests
        )
        assert sum(each.endswith(".png") for each in opened.requests) >= 2
    text, title = seen.pop("text"), seen.pop("title")
    assert seen == {
        "one": 40,
        "color": "rgb(1, 2, 3)",
        "imported": "right",
        "back": True,
        "font": ["loaded", "loaded"],
        "lang": "pl",
    }
    # Two faces, for the two style sheets import each other.
    assert "Chleb żytni" in text and title == "Piekarnia Złoty Kłos"
    assert f"Copy of {site} of Thu 26 Nov 07:50" in text.replace("2026 ", "")
    pixels = Image.open(BytesIO(shot)).convert("RGB")
    assert (200, 0, 100) in {pixels.getpixel((x, y)) for x in range(800) for y in range(0, 600, 5)}, (
        "the picture is on the screen"
    )
    assert pixels.getpixel((5, 5)) == (255, 243, 196), "the bar is at the head of the screen"
    assert pixels.getpixel((5, 595)) == (255, 255, 255), "and nowhere else"


def test_links_lead_into_the_copy_and_others_stay_whole(copies: Copies, site: str) -> None:
    mirror = copies.add(site)
    home = copies.read("index")
    names = {path.name for path in (copies.folder / "mirrors" / "bakery" / "copy").iterdir()}
    inside = re.findall(r'href="([^"]*)"', home)
    assert (
        sum(link.partition("#")[0] in names for link in inside if link.endswith((".html", "#top", ".pdf")))
        == 4
    )
    assert "https://other.example/" in inside and "mailto:a@b.example" in inside
    assert re.search(r'<a href="bread-[0-9a-f]{10}\.html#top">one', home)
    assert re.search(r'<a href="bread-[0-9a-f]{10}\.html">seven', home), "a redirect leads to the same page"
    assert "maps.example" in home and "<iframe" not in home
    assert "index.html" in copies.read("bread")
    assert mirror.pages == 4 and mirror.title == "Piekarnia Złoty Kłos"
    assert not any("tracker.js" in line for line in mirror.missing), "no script is even asked for"


def test_no_page_of_the_copy_asks_the_network_for_anything(copies: Copies, site: str) -> None:
    copies.add(site)
    for path in (copies.folder / "mirrors" / "bakery" / "copy").glob("*"):
        if path.suffix in (".html", ".css"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r'(src|srcset|integrity|crossorigin)="(https?:)?//', text)
            assert not re.search(r"url\(\"?http|@import \"http|preconnect", text)
            assert "'self'\"" not in text, "the page's own policy is none of ours"


def test_it_goes_two_clicks_deep_obeys_robots_and_follows_no_log_out(copies: Copies, site: str) -> None:
    copies.add(site)
    assert "/shop/deep/second" in Site.asked and "/shop/deep/third" not in Site.asked
    assert "/private/wages.html" not in Site.asked and "/log-out" not in Site.asked
    assert Site.asked.count("/img/bread.png") == 1, "each thing is fetched once"


@pytest.mark.parametrize(
    ("limits", "pages"),
    [(Limits(pages=2), 2), (Limits(depth=0), 1), (Limits(depth=1), 3), (Limits(seconds=0.3), 3)],
)
def test_a_copy_stays_within_its_limits(copies: Copies, site: str, limits: Limits, pages: int) -> None:
    assert copies.add(site, limits=limits).pages == pages


def test_a_copy_is_not_larger_than_it_may_be(copies: Copies, site: str) -> None:
    Site.files["/img/bread.png"] = ("image/png", b"x" * 500_000)
    mirror = copies.add(site, limits=Limits(bytes=100_000))
    kept = sum(path.stat().st_size for path in (copies.folder / "mirrors" / "bakery" / "copy").iterdir())
    assert mirror.bytes <= 100_000 and kept < 120_000
    assert any("larger than" in line for line in mirror.missing)


def test_what_cannot_be_refreshed_stays_as_it_was_with_the_reason(copies: Copies, site: str) -> None:
    first = copies.add(site)
    copies.clock.go_on(timedelta(days=3))
    Site.broken["/"] = 500
    failed = copies.again(first)
    assert "answers 500" in failed.trouble and failed.fetched_at == first.fetched_at
    assert "Chleb" in copies.read("index") and not (copies.folder / "mirrors/bakery/copy.new").exists()
    Site.broken.clear()
    copies.again(failed)
    (now,) = copies.archive.all()
    assert now.trouble == "" and first.fetched_at is not None and now.fetched_at is not None
    assert now.fetched_at - first.fetched_at >= timedelta(days=3)


def test_a_log_in_page_of_the_network_does_not_take_the_place_of_the_copy(copies: Copies, site: str) -> None:
    first = copies.add(site)
    Site.elsewhere["/"] = site.replace("127.0.0.1", "localhost") + "robots-of-nobody"
    assert "leads to another site" in copies.again(first).trouble
    assert "Chleb" in copies.read("index")


def test_a_refresh_that_was_cut_off_between_two_renames_loses_nothing(copies: Copies, site: str) -> None:
    mirror = copies.add(site)
    home = copies.folder / "mirrors" / "bakery"
    (home / "copy").rename(home / "copy.old")
    (home / "copy.new").mkdir()
    assert copies.archive.page(mirror).parent.name == "copy.old"
    copies.again(mirror)
    assert sorted(path.name for path in home.iterdir()) == ["copy", "fetched", "mirror.json"]


def test_a_site_that_forbids_everything_or_is_in_trouble_is_not_crawled(copies: Copies, site: str) -> None:
    Site.broken["/robots.txt"] = 503
    assert copies.add(site, "one").pages == 1
    Site.broken["/robots.txt"] = 404
    assert copies.add(site, "two").pages == 5, "no rules are no ban"


@pytest.mark.parametrize(
    "said", ["ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)", "", "https://", "http://a b/",
             "https://user:secret@example.com/", "https://example.com:99999/"],
)  # fmt: skip
def test_only_pages_that_everybody_can_see_are_copied(said: str) -> None:
    with pytest.raises(InputError):
        web_address(said)


def test_an_address_without_a_scheme_is_https() -> None:
    assert web_address("www.example.com") == "https://www.example.com"


@pytest.mark.parametrize(
    ("css", "made"),
    [
        ("a{b:url(x.png)}", 'a{b:url("K:image:x.png")}'),
        ("a{b:url( 'x y.png' )}", 'a{b:url( "K:image:x y.png" )}'),
        ('@import url("a.css") screen;', '@import url("K:css:a.css") screen;'),
        ("@import 'a.css';b{c:'d'}", '@import "K:css:a.css";b{c:"d"}'),
        ("@media print{a{b:url(x)}}", '@media print{a{b:url("K:image:x")}}'),
        ("@font-face{src:url(a.eot),url(b.woff2),url(c.ttf)}",
         '@font-face{src:url("data:,"),url("K:font:b.woff2"),url("data:,")}'),
        ("a{b:url(data:image/png;base64,AA)}", 'a{b:url("K:image:data:image/png;base64,AA")}'),
        ("a{b:url(x", 'a{b:url("K:image:x")'),
        ("a{b:c", "a{b:c"),
    ],
)  # fmt: skip
def test_a_style_sheet_points_to_the_copy(css: str, made: str) -> None:
    assert adapt_css(css, lambda address, need: f"K:{need}:{address}").rstrip("})") == made.rstrip("})")


@pytest.mark.parametrize(
    "body",
    [b"", b"<", b"<html><a href='http://[::1'>x</a><img src='http://[bad'>", b"\xff\xfe\x00<p>", b"<a href>x<a>",
     b"<p style='background:url(x'>", b"<a href='http://example.com:99999/'>",
     b"<img src='http://example.com:b/'>",
     b"<style>" + b"{" * 3000 + b"</style>", b"<div>" * 3000, b"<![foo[bar]]><p>x",
     b"<![ x", b"<![",
     b"<base href='http://[::'><img src=x>", b"<svg><use xlink:href='#a'/></svg>"],
)  # fmt: skip
def test_a_page_of_nonsense_is_copied_without_a_fall(body: bytes) -> None:
    page = MirroredPage(body, "no-such-charset", "http://example.com/")
    list(page.links())
    page.adapt(lambda _address, _need: None)
    assert b"words" in page.finish({}, "words")


def test_the_command_copies_writes_its_check_and_the_check_warns_when_the_copy_is_old(
    tmp_path: Path, site: str
) -> None:
    office = office_in(tmp_path, outage=runbook(CALL))
    Site.files["/robots.txt"] = AT_ONCE
    added = bcp(office, "place", "mirror", "add", site, "--name", "bakery", "--within", "2d")
    assert added.returncode == 0, added.stderr
    assert "4 pages" in added.stderr and "robots.txt" in added.stderr
    stamp = office / "mirrors" / "bakery" / "fetched"
    os.utime(stamp, (1, 1))
    old = bcp(office, "check", "run", "mirror-bakery")
    assert old.returncode == 0 and "on this computer: WARNING: the last sign of life is" in old.stdout
    assert bcp(office, "place", "mirror", "refresh", "--quiet").stderr == ""
    assert bcp(office, "check", "run", "mirror-bakery").returncode == 0
    opened = bcp(office, "place", "mirror", "open", "--only-say")
    assert opened.returncode == 0 and Path(opened.stdout.strip()).read_text().startswith("<!DOCTYPE html>")
    (told,) = json.loads(bcp(office, "place", "mirror", "list", "--json").stdout)
    assert told["name"] == "bakery" and told["pages"] == 4
    Site.broken["/"] = 500
    failed = bcp(office, "place", "mirror", "refresh", "--quiet")
    assert failed.returncode == 4 and "answers 500" in failed.stderr
    assert "The last try failed" in bcp(office, "place", "mirror", "list").stdout
    assert bcp(office, "place", "mirror", "add", site, "--name", "bakery").returncode == 2
    assert bcp(office, "place", "mirror", "remove", "bakery").returncode == 0
    assert not (office / "checks" / "mirror-bakery.yaml").exists() and not list(
        (office / "mirrors").iterdir()
    )


def test_where_nothing_can_be_reached_nothing_is_kept_and_the_reason_is_plain(tmp_path: Path) -> None:
    office = office_in(tmp_path, outage=runbook(CALL))
    said = bcp(office, "place", "mirror", "add", "http://127.0.0.1:9/")
    assert said.returncode == 2 and "cannot be copied" in said.stderr and "Traceback" not in said.stderr
    assert bcp(office, "place", "mirror", "open").returncode == 2
    assert json.loads(bcp(office, "place", "mirror", "list", "--json").stdout) == []


def _checked(folder: Path, text: str) -> Check:
    """The check in this text, read as the office reads it."""
    (folder / "checks").mkdir(exist_ok=True)
    (folder / "checks" / "one.yaml").write_text(text, encoding="utf-8")
    reader = Reader()
    found = load_checks(folder, reader)
    assert not reader.mistakes, (reader.mistakes, text)
    (loaded,) = found.values()
    return loaded.model


@pytest.fixture(scope="module")
def checks_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("office")


@settings(max_examples=150)
@given(
    said=st.one_of(
        st.builds("http://a.example/{}".format, st.text(max_size=40)),
        st.text(alphabet="a.:/#?&*!|>'\"%@`{}[],- \\~=żЖ0", max_size=30).map("https://a{}".format),
    ),
    name=st.from_regex(r"[a-z0-9]{1,20}(-[a-z0-9]{1,12})?", fullmatch=True) | st.none(),
    within=st.sampled_from(["8d", "1h30m", "45 s", "2D"]),
)
@example("https://a.example:", None, "8d")
@example("https://a.example/x:", "0-1", "8d")
@example("https://a.example/#:", "n" * 33, "8d")
@example("https://a.example/ #x", None, "8d")
def test_every_address_that_is_taken_makes_a_check_that_is_read_back_the_same(
    checks_folder: Path, said: str, name: str | None, within: str
) -> None:
    try:
        mirror = Archive(checks_folder, WARSAW, FrozenClock()).add(said, name, Limits())
    except InputError:
        return
    check = _checked(checks_folder, check_for(mirror, within))
    assert check.title == f"The copy of {mirror.url} on this computer"
    (probe,) = check.probes
    assert (check.check, probe.file) == (f"mirror-{mirror.name}", f"mirrors/{mirror.name}/fetched")  # type: ignore[attr-defined]
    assert probe.warn_after == parse_duration(within)  # type: ignore[attr-defined]


@pytest.mark.parametrize("within", ["0s", "soon", "-1d"])
def test_an_age_that_is_none_is_refused_before_anything_is_fetched(tmp_path: Path, within: str) -> None:
    office = office_in(tmp_path, outage=runbook(CALL))
    said = bcp(office, "place", "mirror", "add", "http://127.0.0.1:9/", f"--within={within}")
    assert said.returncode == 2 and "is no age" in said.stderr


def test_a_site_of_which_no_name_can_be_made_wants_one(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        Archive(tmp_path, WARSAW, FrozenClock()).add("https://пример.рф/", None, Limits())
    assert "--name" in str(caught.value.hint)


def _served(*pictures: int, status: int = 200) -> crawl.Get:
    """A site of one page with pictures of so many bytes."""
    tags = "".join(f"<img src=/{number}.png>" for number in range(len(pictures)))

    def get(url: str, _limit: int) -> Fetched:
        path = urlsplit(url).path
        if path == "/":
            trouble = "" if status == 200 else f"the server answers {status}"
            return Fetched(url, status, "text/html", None, f"<h1>Chleb</h1>{tags}".encode(), trouble)
        if path == "/robots.txt":
            return Fetched(url, 404, trouble="the server answers 404")
        return Fetched(url, 200, "image/png", None, b"x" * pictures[int(Path(path).stem)])

    return get


@needs_root
def test_a_full_disk_is_a_sentence_and_the_old_copy_stays(tmp_path: Path) -> None:
    def tried() -> None:
        small_disk(tmp_path, "300k")
        archive = Archive(tmp_path, WARSAW, FrozenClock())
        first, _copied = archive.refresh(archive.add("http://a.example/", "bakery", Limits()), _served(1000))
        with pytest.raises(StoreError, match="cannot be written: the disk is full") as caught:
            archive.refresh(first, _served(1000, 400_000))
        assert "make room" in str(caught.value.hint)
        home = tmp_path / "mirrors" / "bakery"
        assert sorted(each.name for each in home.iterdir()) == ["copy", "fetched", "mirror.json"]
        assert "Chleb" in archive.page(first).read_text()
        with pytest.raises(StoreError):
            archive.refresh(archive.add("http://b.example/", "other", Limits()), _served(400_000))
        assert archive.all() == [first] and not (home.parent / "other").exists()
        # Not even the list of copies can be written, once there is no room for it.
        with suppress(OSError), (tmp_path / "filling").open("wb", buffering=0) as file:
            while file.write(b"x" * 4096):
                pass
        before = (home / "mirror.json").read_bytes()
        with pytest.raises(StoreError, match="the disk is full"):
            archive.refresh(first, _served(status=500))
        assert (home / "mirror.json").read_bytes() == before and len(list(home.iterdir())) == 3

    in_own_mounts(tried)


@needs_root
def test_a_copy_that_can_only_be_read_is_neither_refreshed_nor_half_deleted(tmp_path: Path) -> None:
    def tried() -> None:
        archive = Archive(tmp_path, WARSAW, FrozenClock())
        mirror, _copied = archive.refresh(archive.add("http://a.example/", "bakery", Limits()), _served(1000))
        make_read_only(tmp_path)
        with pytest.raises(StoreError, match="it can only be read there"):
            archive.refresh(mirror, _served(1000))
        with pytest.raises(StoreError, match="cannot be deleted: it can only be read there"):
            archive.remove(mirror)
        assert archive.all() == [mirror] and "Chleb" in archive.page(mirror).read_text()

    in_own_mounts(tried)


@needs_root
def test_a_command_that_meets_a_full_disk_says_so_and_leaves_no_half_file(tmp_path: Path) -> None:
    office = office_in(tmp_path / "office", outage=runbook(CALL))
    clients = "".join(f"Firma {number},firma{number}@example.com\n" for number in range(20_000))
    (tmp_path / "crm.csv").write_text("name,email\n" + clients)
    order = ("contact", "import", str(tmp_path / "crm.csv"), "--map", "name=name")

    def tried() -> None:
        small_disk(office / "contacts", "300k")
        said = bcp(office, *order)
        assert said.returncode == 3 and "the disk is full" in said.stderr, said.stderr
        assert "bug of ours" not in said.stderr and list((office / "contacts").iterdir()) == []

    in_own_mounts(tried)


def test_a_server_that_never_comes_to_an_end_does_not_hold_up_the_copy(copies: Copies, site: str) -> None:
    Site.slow["/img/bread.png"] = threading.Event()
    wanted = copies.archive.add(site, "bakery", Limits())
    with Fetcher(within=1.5) as fetcher:
        mirror, copied = copies.archive.refresh(wanted, fetcher.get)
    assert copied is not None and copied.pages == 4
    assert any("/img/bread.png: not all of it within 1.5 s" in line for line in mirror.missing)


@pytest.mark.parametrize(
    "asked", ["https://żółw.example/", "https://example.com:443/", "https://WWW.Example.com/"]
)
def test_a_site_is_the_same_in_whichever_form_its_address_is_written(tmp_path: Path, asked: str) -> None:
    """What is fetched is told with the letters of the DNS, and without the usual port, as httpx has it."""
    found = canonical(asked)
    link = f"<a href='{asked}two'>two</a><a href='http://other.example:99999/'>"
    bodies = {found: link.encode(), canonical(asked + "two"): b"<p>two"}

    def get(url: str, _limit: int) -> Fetched:
        there = canonical(url)
        return (
            Fetched(there, 200, "text/html", None, bodies[there]) if there in bodies else Fetched(there, 404)
        )

    clock = FrozenClock()
    copied = crawl.Crawl(asked, tmp_path, get, clock, "a copy").run()
    assert copied.pages == 2


@needs_root
def test_a_file_that_may_not_be_touched_is_a_sentence_whichever_command_meets_it(tmp_path: Path) -> None:
    office = office_in(tmp_path / "office", outage=runbook(CALL))
    archive = Archive(office, WARSAW, FrozenClock())
    mirror, _copied = archive.refresh(archive.add("http://a.example/", "bakery", Limits()), _served(1000))
    (office / "checks" / "mirror-bakery.yaml").write_text(check_for(mirror, "8d"))

    def tried() -> None:
        make_read_only(office / "checks")
        said = bcp(office, "place", "mirror", "remove", "bakery")
        assert said.returncode == 3 and "mirror-bakery.yaml cannot be written" in said.stderr, said.stderr
        assert "it can only be read there" in said.stderr and "bug of ours" not in said.stderr

    in_own_mounts(tried)


@settings(max_examples=300)
@given(st.text(alphabet="<>![]-/=\"' aAifx&;#0\x00é?", max_size=40))
@example("<![foo[22]]>")
@example("<!if[")
@example("<![if--")
def test_no_page_whatever_stands_in_it_is_a_fall(text: str) -> None:
    page = MirroredPage(text.encode("utf-8"), None, "http://example.com/")
    list(page.links())
    page.adapt(lambda _address, _need: None)
    assert b"words" in page.finish({}, "words")
    text_of(text)


def test_a_number_behind_a_strange_section_is_found_all_the_same() -> None:
    assert find("+48226000001", text_of("<![foo[bar]]> call 22 600 00 01 <![ if"))


def test_a_page_in_xhtml_puts_no_warning_on_the_screen() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        MirroredPage(
            b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><p>x</p></html>',
            None,
            "http://a/",
        )
        MirroredPage(b"http://example.com/page", None, "http://a/")


def test_two_that_fetch_at_once_do_not_write_into_one_folder(tmp_path: Path, site: str) -> None:
    office = office_in(tmp_path, outage=runbook(CALL))
    (office / "incidents").mkdir()
    Site.files["/robots.txt"] = AT_ONCE
    with alone(office / "incidents" / "mirrors.lock"):
        for order in (("add", site, "--name", "bakery"), ("refresh",)):
            said = bcp(office, "place", "mirror", *order)
            assert said.returncode == 2 and "being fetched at this moment" in said.stderr
    added = bcp(office, "place", "mirror", "add", site, "--name", "bakery", "--pages", "1")
    assert added.returncode == 0 and "bakery: 1 page and " in added.stderr, added.stderr
