"""A copy looks as its site does, below a bar that covers nothing; also what only a script would have put there."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from bcp.mirror.bar import block_below, sheet_below
from bcp.mirror.css import adapt_css, sheet_text
from bcp.mirror.page import MirroredPage
from bcp.mirror.pictures import candidates
from bcp.world.copy_server import CopyServer
from tests.browser import Browser, browser
from tests.mirrored_site import BAR, COLOURS, DRAWN, FILES, FIXED, SMALL
from tests.offices import bcp, office_in, runbook
from tests.test_mirror import CALL
from tests.web_pages import web

Box = tuple[int, int, int, int]


@dataclass
class Seen:
    """An office with a copy of the site, which stands at `site`, and what was said when it was made."""

    office: Path
    site: str
    said: str


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    office = office_in(tmp_path_factory.mktemp("office"), outage=runbook(CALL))
    with web("127.0.0.1", FILES) as heard:
        site = f"http://127.0.0.1:{heard.port}/"
        added = bcp(office, "place", "mirror", "add", site, "--name", "bakery")
        assert added.returncode == 0, added.stderr
        yield Seen(office, site, added.stderr)


def looked_at(chromium: Browser, address: str, width: int, scrolled: int = 0) -> dict[str, Box | None]:
    """Where in the window each colour is: left, upper, right and lower edge."""
    chromium.picture(width, 600)
    chromium.open(address)
    # Two frames later what scrolling moves has moved.
    chromium.evaluate(
        f"scrollTo(0, {scrolled}); new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    shot = Image.open(BytesIO(chromium.picture(width, 600))).convert("RGB")
    return {
        name: where(shot, colour)
        for name, colour in {**COLOURS, **DRAWN, **FIXED, "bar": BAR, "small": SMALL}.items()
    }


def where(shot: Image.Image, colour: tuple[int, int, int]) -> Box | None:
    bands = ImageChops.difference(shot, Image.new("RGB", shot.size, colour)).split()
    most = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    return most.point([255] + [0] * 255).getbbox()


def test_a_copy_looks_as_its_site_below_a_bar_that_covers_nothing(copied: Seen, tmp_path: Path) -> None:
    folder = copied.office / "mirrors" / "bakery" / "copy"
    with browser(tmp_path / "profile") as chromium, CopyServer(lambda: folder) as server:
        threading.Thread(target=server._server.serve_forever, daemon=True).start()
        there = looked_at(chromium, copied.site, 1200)
        here = looked_at(chromium, server.address, 1200)
        scrolled = [looked_at(chromium, address, 1200, 200) for address in (copied.site, server.address)]
        phone = looked_at(chromium, server.address, 400)
        server._server.shutdown()
    assert there.pop("bar") is None and here.pop("bar") is not None
    assert here["small"] is None, "of each picture the largest, and none that only holds its place"
    assert None not in [there[name] for name in (*COLOURS, *DRAWN, *FIXED)]
    for name, box in there.items():
        if box is not None:
            down = (0, 34, 0, 0 if name == "aside" else 34) if name != "footer" else (0, 0, 0, 0)
            assert here[name] == tuple(a + b for a, b in zip(box, down, strict=True)), name
    site, copy = scrolled
    assert copy["bar"] is None, "it scrolls away with the page"
    assert {name: copy[name] for name in FIXED} == {name: site[name] for name in FIXED}
    assert (
        phone["bar"] is not None
        and phone["header"] is not None
        and phone["header"][1] == 86 > phone["bar"][3] - 3
    )


def test_links_that_only_a_script_makes_are_counted_and_said(copied: Seen) -> None:
    assert "5 links that only a script makes lead nowhere in the copy: bcp place mirror list" in copied.said
    listed = bcp(copied.office, "place", "mirror", "list").stdout
    (told,) = json.loads(bcp(copied.office, "place", "mirror", "list", "--json").stdout)
    site = copied.site
    assert told["scripted"] == [
        *(f"{site}: {what}" for what in ("click", "go", "four", f"{site}by-a-script.html")),
        f"{site}two.html: the page shows nothing without its scripts",
    ]
    assert all(line in listed for line in told["scripted"])
    assert told["missing"] == [], (
        "neither a placeholder nor a name in a style sheet nor an unseen frame is asked for"
    )


@pytest.mark.parametrize(
    ("html", "count"),
    [
        ("<a href=/x>x</a><a href=#>x</a><a name=x>x</a><button onclick='menu()'>x</button>", 0),
        ("<a href=/x onclick='track(location)'>x</a><form action=/find><button>x</button></form>", 0),
        ("<a onclick=go()>x</a>", 1), ("<a href=' java\nscript:go()'>x</a>", 1), ("<a href=# data-url=/x>x</a>", 1),
        ("<button onclick=\"location.href='/x'\">x</button>", 1), ("<div role=link>x</div>", 1),
        ("<select onchange='location = this.value'><option value=/x>x</select>", 1),
        ("<li @click=\"router.push('/x')\">x</li>", 1), ("<tr data-href=/x><td>x</tr>", 1),
        ("<a href=/x>x</a><script>a.href = '/x'; l.href='/a.css'; open('https://elsewhere.example/')</script>", 0),
        ("x<script>write('<a href=\\\"/1\\\">'); location.assign(\"/2\"); a.setAttribute('href', '/3')</script>", 3),
        ("<script>render()</script><noscript>Switch scripts on.</noscript>", 1),
        ("<!DOCTYPE html><!-- x --><div id=root></div><script src=a.js></script>", 1), ("<script>x()</script><p>x", 0),
    ],
)  # fmt: skip
def test_what_leads_somewhere_by_a_script_alone_is_told_from_ordinary_links(html: str, count: int) -> None:
    found = MirroredPage(html.encode(), "utf-8", "http://shop.test/").scripted()
    assert len(found) == count, found


def kept(html: str) -> tuple[str, list[str]]:
    """A page of which everything can be kept but what is called gone, and what was asked for, in that order."""
    page, wanted = MirroredPage(html.encode(), "utf-8", "http://shop.test/"), []

    def keep(address: str, need: str) -> str | None:
        wanted.append(f"{need} {address.removeprefix('http://shop.test')}")
        return None if "gone" in address else "K-" + address.rpartition("/")[2]

    page.adapt(keep)
    return page.finish({}, "words").decode().partition("<div data-bcp")[0], wanted


@pytest.mark.parametrize(
    ("html", "wanted", "shown"),
    [
        ("<img src=a srcset='b 1x, c 2x'>", ["image /c"], 'src="K-c" srcset="K-c 2x"'),
        ("<img src=a srcset='b 100w, c 900w' sizes=50vw>", ["image /c"], 'sizes="50vw" src="K-c" srcset="K-c 900w"'),
        ("<img src=a srcset='gone 2x, b'>", ["image /gone", "image /b"], 'src="K-b"'),
        ("<img src=data:image/gif;base64,AA data-original=/b.png>", ["image /b.png"], 'src="K-b.png"'),
        ("<img src=a data-lazy=true data-src=/gone.png>", ["image /gone.png", "image /a"], 'src="K-a"'),
        ("<div data-background=dark data-bg-image='#fff.0'>", [], "dark"),
        ("<div data-bg='url(\"/b.png\")' style='color:red'>", ["image /b.png"], 'url("K-b.png")!important'),
        ("<div data-bgset='a.png 10w, b.png 20w'>", ["image /b.png"], "K-b.png"),
        ("<video data-poster=/p.png><source data-src=/f.mp4></video>", ["image /p.png", "media /f.mp4"], "K-f.mp4"),
        ("<link rel=preload as=style href=/a.css>", ["css /a.css"], 'rel="stylesheet"'),
        ("<link rel=stylesheet media=print onload=\"this.media='tv'\" href=/a.css>", ["css /a.css"], 'media="tv"'),
        ("<link rel=stylesheet media=print href=/a.css>", ["css /a.css"], 'media="print"'),
        ("<link rel=preload as=font href=/a.woff2><link rel=prefetch as=style href=/a.css>", [], "Content-Security"),
        ("<iframe src=about:blank data-src=https://maps.example/x></iframe>", [], "copy: https://maps.example/x"),
        ("<img data-src=/a.png><noscript><img src=http://shop.test/a.png><p>text</noscript>", ["image /a.png"], "text"),
    ],
)  # fmt: skip
def test_what_a_script_would_load_late_is_there(html: str, wanted: list[str], shown: str) -> None:
    made, asked = kept(html)
    assert asked == wanted and shown in made, made
    assert made.count("<img") <= 1


@pytest.mark.parametrize(
    ("html", "is_there"),
    [
        ("<div id=preloader><img src=spin.gif>Loading</div>", False), ("<div class='site page-loader'></div>", False),
        ("<body class=preloader-on><p>Bread</body>", True), ("<div class=preloader><p>Bread</div>", True),
        ("<div class='elementor-invisible'>x</div>", False), ("<p data-aos=fade-up>x", False),
        ("<div class='e-con e-parent'>x</div>", True), ("<div class=uploader></div>", True),
    ],
)  # fmt: skip
def test_what_hides_a_page_until_its_script_has_been_at_work_hides_nothing(html: str, is_there: bool) -> None:
    made, _asked = kept(html)
    hiding = any(word in made for word in ("loader", "invisible", "aos", "e-parent"))
    assert hiding == is_there and ("e-lazyloaded" in made) == ("e-parent" in made), made
    assert "Bread" in made or "Bread" not in html


@pytest.mark.parametrize(
    ("srcset", "first"),
    [
        ("a.png", "a.png"), (" a.png 1x , b.png 1.5x", "b.png"), ("a.png 300w 200h, b.png 900w, c.png 600w", "b.png"),
        ("/w_1,h_2/a.png 1x, /w_2,h_4/a.png 2x", "/w_2,h_4/a.png"), ("a.png,b.png", "a.png,b.png"),
        ("a.png, b.png 2x", "b.png"), ("data:image/png;base64,AA 1x, a.png 2x", "a.png"),
        ("a.png x(1, 2), b.png 3x", "b.png"),
    ],
)  # fmt: skip
def test_of_a_picture_in_several_sizes_the_largest_is_taken(srcset: str, first: str) -> None:
    assert candidates(srcset)[0].address == first


def test_a_page_that_is_made_to_keep_us_busy_is_gone_through_once() -> None:
    """Without a time limit of its own: the longest would take until tomorrow."""
    long = "," * 40_000
    for text in (long, f"a{long}", f"a {long}", "a (" + "(" * 40_000, "a 1x " * 10_000, " " * 40_000 + "a"):
        candidates(text)
    page = "<div role=link onclick='location'>" * 900 + f"<script>{'href ' * 20_000}</script>"
    MirroredPage(page.encode(), "utf-8", "http://shop.test/").scripted()


TOP = "var(--bcp-top,0px)"


@pytest.mark.parametrize(
    ("css", "made"),
    [
        ("position:fixed", "position:fixed;--bcp-top:var(--bcp-now,0px);"),
        ("position:fixed!important;x:y", "position:fixed!important;--bcp-top:var(--bcp-now,0px)!important;x:y"),
        ("POSITION : Sticky;", "POSITION : Sticky;--bcp-top:0px;"), ("position:inherit", "position:inherit"),
        ("top:0", f"top:calc(0px + {TOP})"), ("top:auto", "top:auto"), ("top:var(--x)", "top:var(--x)"),
        ("top:-4px!important", f"top:calc(-4px + {TOP})!important"), ("top:100%", f"top:calc(100% + 0 * {TOP})"),
        ("top:calc(1px + 2%)", f"top:calc(calc(1px + 2%) + {TOP})"), ("margin-top:0;*top:0", "margin-top:0;*top:0"),
        ("inset:0", f"inset:calc(0px + {TOP}) 0 0 0"), ("inset:1px 2px", f"inset:calc(1px + {TOP}) 2px 1px 2px"),
        ("inset:1px 2px 3px", f"inset:calc(1px + {TOP}) 2px 3px 2px"), ("inset:auto 0 0", "inset:auto 0 0"),
        ("inset-block:0", f"inset-block:calc(0px + {TOP}) 0"), ("top:", "top:"), ("top:;x:y", "top:;x:y"),
        ("min-height:100vh", "min-height:calc(100vh - 1 * var(--bcp-bar,0px))"), ("font-size:5vh", "font-size:5vh"),
        ("height:calc(100dvh - 9px)", "height:calc(calc(100dvh - 1 * var(--bcp-bar,0px)) - 9px)"),
        ("height:100%", "height:100%"),
        ("position:fixed;height:100%", f"position:fixed;--bcp-top:var(--bcp-now,0px);height:calc(100% - {TOP})"),
    ],
)  # fmt: skip
def test_what_is_fixed_to_the_window_begins_below_the_bar(css: str, made: str) -> None:
    def keep(address: str, _need: str) -> str:
        return address

    assert adapt_css(css, keep, block_below).replace(" ", "") == made.replace(" ", "")
    for sheet in ("a{%s}", "@media (min-height:100vh){a:hover{%s}}", "a{x:y;& b{%s}}"):
        assert adapt_css(sheet % css, keep, sheet_below).replace(" ", "") == (sheet % made).replace(" ", "")
    for sheet in ("@property --x{%s}", "@page{%s}"):
        assert adapt_css(sheet % css, keep, sheet_below) == sheet % css


PIECES = ["top", "inset", "position", ":", ";", "fixed", "0", "1px", " ", "{", "}", "(", ")", "!important", "/**/",
          "@media", "calc(", "height", "100%", "100vh", ",", "a", '"', "url(", "\\"]  # fmt: skip


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@example("a{inset:0 0")
def test_no_style_sheet_whatever_stands_in_it_is_a_fall(text: str) -> None:
    adapt_css(text, lambda address, _need: address, sheet_below)
    adapt_css(text, lambda address, _need: address, block_below)


def test_a_style_sheet_is_read_in_its_own_charset_and_its_names_are_no_addresses() -> None:
    assert sheet_text('@charset "iso-8859-2"; a{content:"ż"}'.encode("iso-8859-2"), None) == ' a{content:"ż"}'
    assert sheet_text("a{content:'ż'}".encode(), "no-such-charset") == "a{content:'ż'}"
    assert sheet_text("ż".encode("iso-8859-2"), "iso-8859-2") == "ż"
    named = "@namespace svg url(http://www.w3.org/2000/svg);"
    assert adapt_css(named, lambda _address, _need: None) == named
