"""Our status page in a real browser: on the screen, on a phone, in the dark; and its feed and data."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from bcp.lever.place.status_page import DATA, FEED, INDEX, StatusPage, Update
from bcp.lever.place.text import LanguageText, ShownNumber
from bcp.page.status import files
from tests.browser import Browser, browser
from tests.page.browser import axe, run, widths_on_a_phone

BEGAN = datetime(2026, 11, 26, 7, 10, tzinfo=UTC)
NASTY = '<script>alert(1)</script> & "quotes"'
TEXTS = (
    LanguageText(
        "pl",
        "Awaria łącza – jak się z nami skontaktować",
        "Nasza linia jest uszkodzona. Telefon: +48 600 000 110.",
    ),
    LanguageText("en", "Our line is out of order", f"You reach us on +48 600 000 110. {NASTY}"),
    LanguageText("cs", "Naše linka nefunguje", "Volejte +48 600 000 110."),
    LanguageText("el", "Η γραμμή μας έχει βλάβη", "Καλέστε +48 600 000 110."),
    LanguageText(
        "de",
        "Unsere Leitung ist gestört",
        "Sie erreichen uns unter +48 600 000 110 und per Donaudampfschifffahrtspost.",
    ),
)
NUMBER = ShownNumber("+48600000110", "+48 600 000 110")
UPDATES = (
    Update("9", "b", BEGAN + timedelta(hours=4), "update", TEXTS, NUMBER),
    Update("7", "b", BEGAN, "down", TEXTS, NUMBER),
    Update("3", "a", BEGAN - timedelta(days=40), "all-clear"),
    Update("2", "a", BEGAN - timedelta(days=41), "down", TEXTS),
)
ATOM = "{http://www.w3.org/2005/Atom}"


def page(*updates: Update) -> StatusPage:
    languages = ("pl", "en", "cs", "el", "de")
    now = BEGAN + timedelta(hours=4)
    return StatusPage(
        "Agencja Kropka", "https://status.example/", languages, ZoneInfo("Europe/Warsaw"), now, updates
    )


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return files(page(*UPDATES))


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@contextmanager
def recorded(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """A server over the folder, and what it was asked for: the host with the path."""
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.headers['Host']}{self.path}")
            super().do_GET()

        def log_message(self, *_arguments: Any) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def test_nothing_is_fetched_but_the_page_itself_and_the_console_stays_silent(
    made: dict[str, bytes], tmp_path: Path
) -> None:
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    with recorded(tmp_path) as (host, asked):
        quiet = ["--disable-background-networking", "--disable-component-update", "--enable-logging=stderr"]
        every = (
            f"--host-resolver-rules=MAP * {host}"  # whatever it wants from elsewhere comes here, and is seen
        )
        done = run(f"http://{host}/{INDEX}", *quiet, every, "--dump-dom", folder=tmp_path)
    # What the browser asks its maker on its own account is not the page's doing.
    assert [one for one in asked if "google" not in one.partition("/")[0]] == [f"{host}/{INDEX}"]
    assert "CONSOLE" not in done.stderr, done.stderr
    assert "Unsere Leitung ist gestört" in done.stdout
    assert "//" not in made[INDEX].decode().replace("</", "")


@pytest.mark.parametrize("updates", [UPDATES, UPDATES[2:], ()], ids=["disrupted", "well", "nothing yet"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(
    chromium: Browser, updates: tuple[Update, ...], scheme: str, tmp_path: Path
) -> None:
    """WCAG 2.1 AA and the best practices, by axe-core, with everything unfolded."""
    html = files(page(*updates))[INDEX].decode().replace("<details>", "<details open>")
    chromium.wear(scheme)
    found = axe(chromium, html, tmp_path)
    assert found["wrong"] == []
    assert {"color-contrast", "html-has-lang", "document-title", "valid-lang"} <= set(found["passes"])


def test_a_page_that_can_hardly_be_read_would_be_found(
    chromium: Browser, made: dict[str, bytes], tmp_path: Path
) -> None:
    chromium.wear("light")
    pale = re.sub(r"--soft: #\w+", "--soft: #cfcfcf", made[INDEX].decode())
    assert any(one.startswith("color-contrast") for one in axe(chromium, pale, tmp_path)["wrong"])


def test_on_a_phone_nothing_has_to_be_scrolled_sideways(
    chromium: Browser, made: dict[str, bytes], tmp_path: Path
) -> None:
    html = made[INDEX].decode().replace("<details>", "<details open>")
    needed, given = widths_on_a_phone(chromium, html, tmp_path)
    assert needed <= given <= 390


def test_in_the_dark_it_is_dark(chromium: Browser, made: dict[str, bytes], tmp_path: Path) -> None:
    index = tmp_path / INDEX
    index.write_bytes(made[INDEX])
    shades = []
    for scheme in ("light", "dark"):
        chromium.wear(scheme)
        chromium.open(index.as_uri())
        histogram = Image.open(BytesIO(chromium.picture(900, 1200))).convert("L").histogram()
        shades.append(sum(histogram[128:]) / sum(histogram))
    assert shades[0] > 0.85 and shades[1] < 0.15, shades


def test_what_a_fact_holds_is_text_and_never_html(made: dict[str, bytes]) -> None:
    assert b"<script" not in made[INDEX] and b"&lt;script&gt;alert(1)" in made[INDEX]


def test_the_feed_is_atom_with_an_entry_for_each_update(made: dict[str, bytes]) -> None:
    """RFC 4287, 4.1: id, title and updated in the feed and in each entry, and an author."""
    feed = ElementTree.fromstring(made[FEED])
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 4 and feed.findtext(f"{ATOM}author/{ATOM}name") == "Agencja Kropka"
    for one in (feed, *entries):
        assert all(one.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    ids = [str(entry.findtext(f"{ATOM}id")) for entry in entries]
    assert len(set(ids)) == 4 and ids[0] == "https://status.example/#u9"
    assert feed.findtext(f"{ATOM}updated") == "2026-11-26T11:10:00Z"
    assert NASTY in str(entries[0].findtext(f"{ATOM}content"))


def ids(made: dict[str, bytes]) -> list[str]:
    feed = ElementTree.fromstring(made[FEED])
    return [str(one.findtext(f"{ATOM}id")) for one in (feed, *feed.findall(f"{ATOM}entry"))]


def test_two_offices_of_one_name_without_an_address_share_no_id_and_each_keeps_its_own() -> None:
    """RFC 4287, 4.2.6: an id is of one feed or entry in the world, and stays what it is."""
    one, other = (replace(page(*UPDATES), url="", origin=origin) for origin in ("1f" * 32, "2e" * 32))
    assert not set(ids(files(one))) & set(ids(files(other)))
    assert len(set(ids(files(one)))) == 1 + len(UPDATES)
    assert all(UUID(each.removeprefix("urn:uuid:")).version == 5 for each in ids(files(one)))
    later = replace(one, now=one.now + timedelta(days=3), updates=one.updates[1:], office="Kropka sp. z o.o.")
    assert ids(files(later)) == [each for number, each in enumerate(ids(files(one))) if number != 1]


def test_the_data_says_the_same(made: dict[str, bytes]) -> None:
    told = json.loads(made[DATA])
    assert told["state"] == "disrupted" and told["office"] == "Agencja Kropka"
    assert [one["id"] for one in told["updates"]] == ["9", "7", "3", "2"]
    assert told["updates"][0]["texts"]["el"]["title"] == TEXTS[3].title
    assert json.loads(files(page(*UPDATES[2:]))[DATA])["state"] == "ok"
