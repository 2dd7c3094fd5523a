"""Texts that a person puts somewhere by hand: the list, the text for each place, its tick, and its end."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from bcp.incident.events.notice import NoticePasted
from bcp.notice.spot.aloud import has_number, in_groups
from bcp.notice.spot.base import TextSpot
from bcp.notice.spot.fit import fit
from bcp.notice.spot.sentences import sentences
from bcp.notice.spot.spots import spot_named, spots
from bcp.notice.text.merge import LetterText
from tests import quick
from tests.posts import clients
from tests.posts import office as make_office

RUNBOOK = """\
runbook: outage
title: The line is dead
when: No line.
target: 8h
owner: lead
phases:
  - phase: First
    within: 15m
    steps:
      - {step: look, title: Look at the lights, manual: {}, by_hand: Look at the lights of the router.}
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    make_office(tmp_path, None, clients(5))
    (tmp_path / "runbooks").mkdir()
    (tmp_path / "runbooks" / "outage.yaml").write_text(RUNBOOK)
    return tmp_path


def bcp(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    told = {"PATH": os.environ["PATH"], "BCP_PERSON": "anna", "HOME": "/nonexistent", "NO_COLOR": "1"}
    return quick.run(arguments, place, told, subprocess.DEVNULL, timeout=60)


def started(place: Path) -> Path:
    assert bcp(place, "incident", "start", "outage").returncode == 9
    return place


def log(place: Path, kind: str = "incident") -> list[str]:
    return [each["kind"] for each in json.loads(bcp(place, kind, "log", "--json").stdout)]


def test_every_place_says_where_to_click_on_which_day_and_how_it_ends() -> None:
    known = spots()
    assert {"website-chat", "facebook", "voicemail"} < known.keys()
    assert next(iter(known)) == "voicemail" and len(known) == 9
    for spot in known.values():
        assert spot.title() and spot.where() and spot.down()
        assert (spot.CHECKED is None) == (not spot.SOURCE), spot.name
        assert all(len(line) <= 95 for line in (*spot.where(), *spot.down())), spot.name


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Call 22 600 00 01. We write again at 16:00.", 2),
        ("Naše stránky nefungují. Ozveme se 30. listopadu v 9:00. Děkujeme.", 3),
        ("Wir schreiben am Montag, 30. November, um 9:00 Uhr. Ihr Team", 2),
        ("Rufen Sie Dr. Brandt an, Tel. +49 30 600 00 01. Danke.", 2),
        ("Prosimy dzwonić o godz. 9:00 do Sp. z o.o. Kropka. Dziękujemy!", 2),
        ("Μπορείτε να περιμένετε; Θα σας γράψουμε ξανά.", 2),
        ("One.\nTwo\n\nThree", 3),
        ("", 0),
    ],
)
def test_a_text_is_parted_between_sentences_and_nowhere_else(text: str, parts: int) -> None:
    assert len(sentences(text)) == parts
    assert " ".join(sentences(text)).split() == text.split()


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("Call +48226000001.", "Call +48 22 600 00 01."),
        ("Call 600000110 now", "Call 600 000 110 now"),
        ("Call 0048600000110", "Call +48 600 000 110"),
        ("Call 22 600 00 01 before 16:00, 112 in danger", "Call 22 600 00 01 before 16:00, 112 in danger"),
        ("on 2026-11-30 we", "on 2026-11-30 we"),
        ("Rufen Sie (030) 23125015 an", "Rufen Sie (030) 23 125 015 an"),
        ("Καλέστε 210 1234567", "Καλέστε 210 1234 567"),
        ("Call (+48) 600000110", "Call (+48) 600 000 110"),
    ],
)
def test_a_number_is_read_aloud_in_groups(said: str, heard: str) -> None:
    assert in_groups(said) == heard


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Am 30.11.2026 um 9.30 Uhr", False),
        ("czynne 9.00-17.00", False),
        ("30.11.2026 9.30-17.00, 2020-2026", False),
        ("22/600 01 11", True),
        ("(030) 23125015", True),
    ],
)
def test_days_and_hours_are_no_phone_number(text: str, is_one: bool) -> None:
    assert has_number(text) is is_one
    assert is_one or in_groups(text) == text


class Small(TextSpot):
    """A place for sixty letters."""

    LIMIT = 60
    TOGETHER = False

    def title(self) -> str:
        return "small"

    def where(self) -> list[str]:
        return ["Here."]

    down = where


def said(**parts: str) -> LetterText:
    return LetterText("en", "subject", "body", **parts)


def test_what_does_not_fit_is_left_out_by_the_sentence_and_said() -> None:
    text = "Our line is out of order. Call +48 22 600 00 01. We write again on Monday 30 November at 9:00."
    found = fit({"en": said(paste=text)}, Small("small"))
    assert found.texts == {"en": "Our line is out of order. Call +48 22 600 00 01."}
    assert [(one.text, "60" in one.why) for one in found.left_out] == [
        ("We write again on Monday 30 November at 9:00.", True)
    ]


def test_in_one_text_a_language_stands_as_a_whole_or_not_at_all() -> None:
    class Together(Small):
        """The same with all languages in one text."""

        TOGETHER = True

    texts = {
        "en": said(paste="Our line is out of order."),
        "pl": said(paste="Nasza linia nie działa dziś. " * 2),
    }
    found = fit(texts, Together("small"))
    assert found.blocks() == {"": "Our line is out of order."}
    assert [one.language for one in found.left_out] == ["pl"]
    assert not fit({"en": said()}, Small("small")).texts, "a notice without a text for it has none there"


def test_google_gets_no_phone_number_and_a_voicemail_the_text_to_be_heard() -> None:
    text = said(
        paste="We keep working. Call +48 22 600 00 01 or write to us.", voicemail="Call +48226000001."
    )
    google, heard = (
        fit({"en": text}, spot_named("google-profile")),
        fit({"en": text}, spot_named("voicemail")),
    )
    assert google.texts == {"en": "We keep working."} and "phone number" in google.left_out[0].why
    assert heard.texts == {"en": "Call +48 22 600 00 01."} and not heard.hints
    assert fit({"en": said(paste="Write to us by mail.")}, spot_named("voicemail")).hints


def test_the_list_and_each_text_fit_on_a_small_screen(place: Path) -> None:
    shown = bcp(place, "notice", "places", "line-down")
    assert shown.returncode == 0 and "bcp notice places line-down voicemail" in shown.stderr
    assert len(shown.stdout.splitlines()) <= 20 and all(len(line) < 80 for line in shown.stdout.splitlines())
    for name in spots():
        one = bcp(place, "notice", "places", "line-down", name, "--lang", "en")
        assert one.returncode == 0 and len(one.stdout.splitlines()) <= 20, one.stdout
    told = json.loads(bcp(place, "notice", "places", "line-down", "--json").stdout)
    assert [each["place"] for each in told["places"]] == list(spots())
    assert set(told["places"][0]["texts"]) == {"en", "pl", "cs", "el", "de"}, "those that the contacts read"
    for wrong in (("line-down", "facebok"), ("facebook",), ("line-down", "door", "--lang", "fr")):
        refused = bcp(place, "notice", "places", *wrong)
        assert refused.returncode == 2 and "Traceback" not in refused.stderr


def test_a_text_is_ticked_off_replaced_taken_down_and_never_forgotten(place: Path) -> None:
    started(place)
    for _twice in range(2):
        ticked = bcp(place, "notice", "pasted", "facebook", "--notice", "line-down")
        assert "line-down: facebook; still to do: voicemail" in ticked.stderr
    bcp(place, "notice", "pasted", "window of the shop", "--notice", "line-down")
    assert (
        "takes the place of the text of line-down"
        in bcp(place, "notice", "pasted", "facebook", "--notice", "update").stderr
    )
    for shown in (bcp(place, "incident", "status"), bcp(place, "notice", "status")):
        assert "facebook: the text of update" in shown.stdout
        assert "bcp notice taken-down" in shown.stdout and "window of the shop" in shown.stdout
    posted = json.loads(bcp(place, "incident", "status", "--json").stdout)["posted"]
    assert {each["place"]: each["notice"] for each in posted} == {
        "facebook": "update",
        "window of the shop": "line-down",
    }
    over = bcp(place, "incident", "close", "--reason", "over")
    assert (
        over.returncode == 8 and "bcp notice taken-down" in over.stderr and "--leave facebook" in over.stderr
    )
    gone = bcp(place, "notice", "taken-down", "window of the shop")
    assert gone.returncode == 0 and "Still up: facebook" in gone.stderr
    assert bcp(place, "notice", "taken-down", "door").returncode == 2
    slip = bcp(place, "incident", "close", "--leave", "facebok", "--reason", "until Friday")
    assert slip.returncode == 2 and "our texts stand at: facebook" in slip.stderr, slip.stderr
    closed = bcp(place, "incident", "close", "--leave", "facebook", "--reason", "until Friday")
    assert closed.returncode == 0, closed.stderr
    later = bcp(place, "incident", "status")
    assert (
        "left: until Friday" in later.stdout and "bcp notice taken-down facebook --incident" in later.stderr
    )
    assert bcp(place, "notice", "taken-down").returncode == 0
    assert "facebook" not in bcp(place, "incident", "status").stdout
    kinds = log(place)
    assert kinds.count("notice.pasted") == 3 and kinds.count("notice.taken-down") == 2
    assert kinds.count("notice.left") == 1


def test_a_place_has_one_name_whatever_its_capitals_and_a_slip_of_the_keys_is_said(place: Path) -> None:
    started(place)
    for typed in ("Facebook", "Face Book page", "Website Chat", "Shop window", "shop  WINDOW"):
        assert bcp(place, "notice", "pasted", typed, "--notice", "line-down").returncode == 0
    assert (
        'did you mean "voicemail"?'
        in bcp(place, "notice", "pasted", "voicemial", "--notice", "line-down").stderr
    )
    assert bcp(place, "notice", "pasted", " ", "--notice", "line-down").returncode == 2
    posted = json.loads(bcp(place, "incident", "status", "--json").stdout)["posted"]
    assert [each["place"] for each in posted] == ["facebook", "website-chat", "Shop window", "voicemial"]
    assert bcp(place, "notice", "taken-down", "FACEBOOK", "shop window").returncode == 0


def test_what_tells_that_all_is_well_need_not_be_taken_down(place: Path) -> None:
    started(place)
    bcp(place, "notice", "pasted", "facebook", "--notice", "line-down")
    bcp(place, "notice", "pasted", "facebook", "--notice", "all-clear")
    assert json.loads(bcp(place, "incident", "status", "--json").stdout)["posted"] == []
    assert bcp(place, "incident", "close", "--reason", "over").returncode == 0


def test_a_drill_has_texts_of_its_own(place: Path) -> None:
    assert bcp(place, "drill", "start", "outage").returncode == 9
    ticked = bcp(place, "notice", "pasted", "door", "--notice", "line-down", "--drill")
    assert ticked.returncode == 0, ticked.stderr
    shown = bcp(place, "drill", "status")
    assert "door: the text of line-down" in shown.stdout and "--incident drill-" in shown.stdout
    assert bcp(place, "notice", "taken-down", "--drill").returncode == 0
    assert "notice.taken-down" in log(place, "drill")


def test_a_text_that_an_older_version_ticked_off_is_still_up_and_in_nobodys_way() -> None:
    was = NoticePasted.from_json({"notice": "update", "place": "facebook"})
    assert was.ends is None and was.as_json() == {"notice": "update", "place": "facebook"}
