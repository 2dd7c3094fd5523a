"""The page for a phone in a real browser: everybody can use it, its ticks become one line, also without any script."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bcp.contact.model import Contact
from bcp.notice.campaign.by_hand import ToTell
from bcp.notice.campaign.codes import codes
from bcp.notice.campaign.links import links
from bcp.notice.text.merge import LetterText
from bcp.page.labels import Labels, languages
from bcp.page.to_tell import HandPage, write
from tests.browser import browser
from tests.page.browser import axe
from tests.waiting import until

NASTY = '<script>alert(1)</script> & "quotes" \u202e'


def people() -> list[ToTell]:
    text = LetterText(
        "pl", "Łącze", "Dzień dobry,\n\n" + "zażółć " * 300, sms="Tel. +48 600 000 101", say="Mówimy"
    )
    everybody = [
        Contact(
            "a",
            "Piekarnia " + "X" * 60,
            "Halina",
            "",
            "halina@example.com",
            "+48226000111",
            "+48600000211",
            "pl",
        ),
        Contact("b", NASTY, phone="+4930231250", language="de", running_project=True),
        Contact("c", "Nowhere Ltd", language="fr"),
    ]
    known = codes(one.id for one in everybody)
    return [
        ToTell(
            known[one.id],
            one,
            text.spoken,
            text,
            tuple(links(one, text, {})),
            NASTY if one.phone else "",
            False,
        )
        for one in everybody
    ]


def page(language: str = "en", some: list[ToTell] | None = None, drill: bool = False) -> str:
    made = datetime(2026, 11, 26, 12, tzinfo=UTC)
    who = people() if some is None else some
    about = HandPage(
        "2026-11-26-outage", drill, "Agencja Kropka", "line-down", made, ZoneInfo("Europe/Warsaw"), who
    )
    return write(about, Labels(language))


@pytest.mark.parametrize("language", languages())
def test_it_speaks_the_language_of_the_office_and_says_when_it_was_made(language: str) -> None:
    made = page(language)
    assert f'<html lang="{language}">' in made
    assert Labels(language).moment(datetime(2026, 11, 26, 12, tzinfo=UTC), ZoneInfo("Europe/Warsaw")) in made
    assert Labels(language)("hand_short") in made and Labels(language)("hand_no_way") in made


def test_it_fetches_nothing_and_what_a_client_wrote_steers_nothing() -> None:
    made = page(drill=True)
    assert "<script>alert" not in made and "\u202e" not in made and "&lt;U+202E&gt;" in made
    assert "&lt;script&gt;alert(1)" in made and "DRILL" in made
    fetched = re.findall(r"""(?:src=|<link[^>]*href=|url\(|@import)["']?([^"')]*)""", made)
    assert fetched == ["data:,"]
    assert "Nobody is left" in page(some=[]) and "<script" not in page(some=[])


def test_in_a_drill_no_link_leads_anywhere() -> None:
    assert "tel:+48226000111" in page() and "mailto:" in page()
    rehearsed = page(drill=True)
    assert "<a " not in rehearsed and not re.findall("tel:|sms:|mailto:|wa.me|viber:", rehearsed)
    assert "the links do nothing" in rehearsed and "+48\u00a022\u00a0600\u00a001\u00a011" in rehearsed


def test_everybody_can_use_it_on_a_narrow_phone_in_light_and_dark_and_its_ticks_are_one_line(
    tmp_path: Path,
) -> None:
    """WCAG 2.1 AA and the best practices, by axe-core, with everything unfolded."""
    line = "document.querySelector('.line').innerText"
    tick = "for (const id of {}) document.getElementById(id).click();"
    with browser(tmp_path / "profile") as chromium:
        for scheme, language in (("light", "en"), ("dark", "el")):
            chromium.wear(scheme)
            whole = (
                page(language).replace("<details>", "<details open>").replace("content-visibility: auto;", "")
            )
            found = axe(chromium, whole, tmp_path)
            assert found["wrong"] == []
            assert {"color-contrast", "label", "heading-order", "html-has-lang"} <= set(found["passes"])
            chromium.picture(320, 700)
            needed, given = chromium.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert needed <= given == 320
            small = (
                "[...document.querySelectorAll('a, label, summary')].filter(e => e.offsetHeight < 44).length"
            )
            assert chromium.evaluate(small) == 0
        file = tmp_path / "phone.html"
        file.write_text(re.sub(r"<script>.*?</script>", "", page(), flags=re.DOTALL), encoding="utf-8")
        chromium.open(file.as_uri())
        assert chromium.evaluate(tick.format(["A1-told", "A2-no-answer"]) + line) == (
            "bcp notice called A1=told A2=no-answer"
        )
        file.write_text(page(), encoding="utf-8")
        chromium.open(file.as_uri())
        assert chromium.evaluate(line) == "bcp notice called"
        chromium.evaluate(tick.format(["A1-sent", "A2-told", "A2-open"]) + "0")

        def reopened() -> bool:
            chromium.open(file.as_uri())
            return bool(chromium.evaluate(line) == "bcp notice called A1=sent")

        # A browser tells its other processes in its own time what a page keeps.
        until(reopened, why=lambda: "a phone may close the page in between, and the ticks are gone then")
        assert not [one for one in chromium.requests if not one.startswith(("file:", "about:", "data:"))]
