"""The page of checks: what it says, what it keeps to itself, and that everybody can read it, in a real browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bcp.check.blips import Blips, hour_of
from bcp.check.model import Check
from bcp.check.overview import KeptOfCheck, Overview, overview_of
from bcp.check.span import Sketch, Span, SpanState
from bcp.page.check_pictures import draw
from bcp.page.checks import write
from bcp.page.labels import languages
from tests.browser import browser
from tests.page.browser import axe

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WARSAW = ZoneInfo("Europe/Warsaw")
NASTY = '<script>alert(1)</script> & "quotes"'
SECRET = "https://bot:geheim@intra.example/status?token=abcdef answers 503\x1b[31m"


def spans(*states: tuple[SpanState, float, float, str]) -> list[Span]:
    """Each from so many hours before now to so many hours before now, with a reason."""
    return [
        Span("web", state, NOW - first * HOUR, NOW - last * HOUR, 9, reason)
        for state, first, last, reason in states
    ]


PASTS = {
    "line": spans(("up", 2400, 600, ""), ("down", 600, 590, SECRET), ("up", 590, 0, "")),
    "site": spans(("up", 2400, 2, ""), ("down", 2, 0, NASTY)),
    "unclear": spans(("up", 900, 48, ""), ("inconclusive", 48, 0, "no line of our own")),
    "warned": spans(("up", 2400, 24, ""), ("warning", 24, 0, "4 days are left")),
    "asleep": spans(("up", 900, 216, "")),
    "planned": spans(("up", 900, 2, ""), ("maintenance", 2, 0, "")),
    "new": [],
}
LATENCIES = {(NOW - number * DAY).date(): Sketch({60 + number % 5: 90, 75: 8}) for number in range(60)}
BLIPS = Blips({hour_of(NOW - 700 * HOUR): (120, 7), hour_of(NOW - 1000 * HOUR): (120, 3)})


def overview(language: str = "en", **pasts: list[Span]) -> Overview:
    found = [
        overview_of(_check(name), KeptOfCheck(past, LATENCIES if past else {}, BLIPS), NOW, WARSAW)
        for name, past in (pasts or PASTS).items()
    ]
    return Overview("Agencja Kropka", language, WARSAW, NOW, found)


def _check(name: str) -> Check:
    probe = {"http": {"url": "https://intra.example/target"}}
    return Check.model_validate({"check": name, "title": f"The {name}", "probes": [probe]})


def text(html: str) -> str:
    """What is read, with single spaces."""
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL).split())


def test_each_check_says_how_it_is_since_when_and_why_the_worst_first() -> None:
    said = text(write(overview()).text)
    assert "As of 26 November 2026, 13:00" in said
    assert "The site DOWN since 26 November 2026, 11:00" in said
    assert "Nobody has looked since 17 November 2026, 13:00 (it was then: works)" in said
    assert "The unclear cannot tell since 24 November 2026, 13:00 no line of our own" in said
    assert "The planned maintenance since 26 November 2026, 11:00" in said
    assert "The new nobody has looked yet" in said
    assert (
        "DOWN: 1 not known any more: 1 cannot tell: 1 works, with a warning: 1 nobody has looked yet: 1"
        in said
    )
    assert said.index("The site DOWN") < said.index("The asleep Nobody") < said.index("The line works")
    assert re.search(r"1 November 2026, 13:00 – 1 November 2026, 23:00 \( ?10 h ?\)", said)
    assert "11:00 – still ( 2 h ): &lt;script&gt;" in said.replace("(2 h)", "( 2 h )")
    assert "Worked in 1, 30 and 90 days: 100% · 98.603% · 99.533%" in said
    assert "nobody looked: 61 d 12 h" in said
    assert "Short failures that were no outage, in 1, 30 and 90 days: 0 · 7 · 10" in said
    assert "The warned works, with a warning since 25 November 2026, 13:00 4 days are left" in said


def test_pictures_are_told_in_words_as_well() -> None:
    page = write(overview(site=PASTS["site"])).text
    assert 'aria-label="Each of the last 90 days, by the worst of it: works: 89, DOWN: 1"' in page
    assert re.search(r'aria-label="Response time in 90 days[^"]+: \d+ ms / \d+ ms"', page)
    assert page.count('<th scope="row">') == 13
    assert "2026-11-20</th><td>98.726%</td><td>2 h</td>" in page


def test_an_outage_has_a_foot_below_the_line_and_what_nobody_saw_is_a_gap() -> None:
    told = draw(overview(site=PASTS["site"], asleep=PASTS["asleep"]).checks[0].days)
    assert told.whole == "M0 20h356"
    assert "V46" in told.bars["down"]
    assert "V46" not in told.bars["up"]
    asleep = draw(overview(asleep=PASTS["asleep"]).checks[0].days)
    assert asleep.bars["unobserved"].count("M") == 90 - 29
    assert draw([]).top is None


def test_when_nobody_looks_at_anything_that_stands_above_all_else() -> None:
    said = text(write(overview(asleep=PASTS["asleep"])).text)
    assert "Nobody has looked since 17 November 2026, 13:00 . What you see below" in said
    assert "Nobody has looked since" not in text(write(overview(line=PASTS["line"])).text)
    assert "This office has no checks yet." in text(write(Overview("A", "en", WARSAW, NOW, [])).text)


def test_it_names_no_login_no_address_and_nothing_that_steers_and_fetches_nothing() -> None:
    page = write(overview()).text
    for hidden in ("geheim", "abcdef", "/status", "\x1b", "<script", "target"):
        assert hidden not in page, hidden
    assert "https://intra.example" in page
    assert "//" not in re.sub("</|/>|https://intra.example", "", page)
    asked = re.findall(r"""(?:src=|href=|url\()["']?([^"')]*)""", page)
    assert asked
    assert all(each.startswith(("#", "data:")) or not each for each in asked), asked


@pytest.mark.parametrize("language", languages())
def test_it_speaks_the_language_of_the_office_and_english_where_it_does_not_know_it(language: str) -> None:
    assert f'<html lang="{language}">' in write(overview(language)).text
    assert '<html lang="en">' in write(overview("fr")).text


def test_everybody_can_read_it_on_a_narrow_phone_in_light_and_dark_and_it_is_old_after_ten_minutes(
    tmp_path: Path,
) -> None:
    """WCAG 2.1 AA and the best practices, by axe-core, with everything unfolded."""
    with browser(tmp_path / "profile") as chromium:
        for scheme, language in (("light", "en"), ("dark", "de")):
            chromium.wear(scheme)
            whole = write(overview(language)).text.replace("<details>", "<details open>")
            found = axe(chromium, whole.replace("content-visibility: auto;", ""), tmp_path)
            assert found["wrong"] == []
            assert {"color-contrast", "html-has-lang", "svg-img-alt", "heading-order"} <= set(found["passes"])
            chromium.picture(320, 700)
            needed, given = chromium.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert needed <= given == 320
            paper = chromium.evaluate("getComputedStyle(document.body).backgroundColor")
            assert paper == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(21, 21, 21)")
        seen = "getComputedStyle(document.querySelector('.old')).visibility"
        assert chromium.evaluate(seen) == "hidden"
        over = "document.getAnimations().forEach(each => { each.currentTime = 600001 });"
        assert chromium.evaluate(over + seen) == "visible"
