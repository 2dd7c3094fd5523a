"""What a notice says in any place is what the facts say, the same in each of its texts and in each language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from bcp.contact.model import Contact
from bcp.errors import InputError
from bcp.notice.text.circumstance import conditions
from bcp.notice.text.language import LANGUAGES
from bcp.notice.text.merge import LetterText, Merger, Setting
from bcp.notice.text.model import Notice
from bcp.verdict import VERDICTS
from tests.test_notice import one, shipped

PHONE, EMAIL = "+48600000110", "office@kropka.example"
SAID = "+48 600 000 110"
BEGAN = "2026-11-26T07:50:00+01:00"
OVER = "2026-11-26T17:05:00+01:00"
READER = Contact("x", "Firma", person="Jan Nowak")
OF_STEPS = {
    **dict.fromkeys(["provider_ticket", "provider_agent", "provider_cause", "provider_promised"], "A cable."),
    "reported_at": BEGAN,
    "provider_promise": "soon",
    "window_begins": BEGAN,
    "window_ends": OVER,
}
BOTH = {"phone": PHONE, "email": EMAIL}
SETTING = Setting(
    office={"name": "Agencja Kropka", "address": ""},
    sender={"name": "Anna Nowak", "phone": PHONE},
    reach=BOTH,
    zone=ZoneInfo("Europe/Warsaw"),
    facts=OF_STEPS,
    next_update=datetime(2026, 11, 27, 15, tzinfo=UTC),
)
SCENES: Mapping[str, Mapping[str, str]] = {
    "nothing": {},
    **{verdict: {"verdict": verdict} for verdict in ("isp-down", "site-down", "mail-down", "phone-down")},
    "the phone rings": {"phone_works": "yes", "verdict": "isp-down", "down_since": BEGAN},
    "all is out": {"phone_works": "no", "verdict": "isp-down", "down_since": BEGAN, "internet_by": "mobile"},
    "the phone is out": {"phone_down_since": BEGAN},
    "the website is out": {"website_down_since": BEGAN},
    "refused": {name: "refused" for name in OF_STEPS if name.startswith("provider")},
    "all is back": {
        "phone_down_since": BEGAN, "verdict": "isp-down", "website_down_since": BEGAN, "restored_at": OVER
    },
}  # fmt: skip
REACHES = ({}, {"phone": PHONE}, {"email": EMAIL}, BOTH)
_OVER = {"down_since": BEGAN, "restored_at": OVER}
SCOPE: Mapping[str, tuple[Mapping[str, str], Mapping[str, str]]] = {
    "the phone is out": ({}, {"phone_works": "no"}),
    "the phone rings": ({}, {"phone_works": "yes"}),
    "the internet is out": ({}, {"verdict": "isp-down"}),
    "both are out": ({"verdict": "isp-down"}, {"verdict": "isp-down", "phone_works": "no"}),
    "the website is out": ({}, {"website_works": "no"}),
    "the internet is back": (_OVER, {**_OVER, "verdict": "isp-down"}),
    "the phone is back": (_OVER, {**_OVER, "phone_down_since": BEGAN}),
    "the website is back": (_OVER, {**_OVER, "website_down_since": BEGAN}),
}
"""A claim: what the facts are without it and with it."""
LEFT_OVER = re.compile(
    r"  |\n\n\n|^[ \t]|[ \t]$|\s[.,;!?](?:\s|$)|\.\.|,[.,]|[!?]\.|None|True|False|\{[{%#]|[%}#]\}|: ?\.|–$|[,:]\Z",
    re.M,
)
"""Blanks, stops, dashes and tags with nothing at one side of them."""


def notices() -> dict[str, Notice]:
    return shipped()


def text_of(notice: Notice, language: str, facts: Mapping[str, str], reach: Mapping[str, str]) -> LetterText:
    setting = replace(SETTING, facts={**OF_STEPS, **facts}, reach=reach)
    return Merger(notice.versions[language], setting).text(READER)


@pytest.mark.parametrize("notice", notices().values(), ids=lambda notice: notice.id)
def test_no_clause_that_is_not_there_leaves_anything_behind(notice: Notice) -> None:
    for language, (scene, facts), reach in product(notice.versions, SCENES.items(), REACHES):
        for part, words in text_of(notice, language, facts, reach).parts.items():
            found = LEFT_OVER.search(words)
            near = words[max(0, found.start() - 30) : found.end() + 20] if found else ""
            assert not near, f"{notice.id}.{language} {part}, {scene}, {[*reach]}"
            assert part != "voicemail" or "@" not in words, words


@pytest.mark.parametrize("notice", notices().values(), ids=lambda notice: notice.id)
def test_subject_letter_and_short_texts_claim_the_same_in_every_language(notice: Notice) -> None:
    claimed = {
        (language, name): _parts_with(notice, language, before, after)
        for language, (name, (before, after)) in product(notice.versions, SCOPE.items())
    }
    for (language, name), parts in claimed.items():
        assert parts in (set(), _that_claim(notice, language)), f"{language}, {name}: only {sorted(parts)}"
        assert parts == claimed["en", name], f"{language}, {name}"


def _parts_with(
    notice: Notice, language: str, before: Mapping[str, str], after: Mapping[str, str]
) -> set[str]:
    """The texts that say another thing once the facts are others."""
    was, now = (text_of(notice, language, facts, BOTH).parts for facts in (before, after))
    return {part for part in was if was[part] != now[part]}


def _that_claim(notice: Notice, language: str) -> set[str]:
    """The texts in which a claim must be; a question how it was needs none in its subject."""
    return set(notice.versions[language].parts) - ({"subject"} if notice.kind == "follow-up" else set())


@pytest.mark.parametrize("notice", notices().values(), ids=lambda notice: notice.id)
def test_numbers_moments_and_the_beginning_are_in_each_text_that_has_room_for_them(notice: Notice) -> None:
    assert SETTING.next_update is not None
    for language, facts in product(notice.versions, SCENES.values()):
        words = LANGUAGES[language]
        parts = dict(text_of(notice, language, facts, BOTH).parts)
        next_update = words.when(SETTING.next_update, SETTING.zone)
        began = words.when(datetime.fromisoformat(BEGAN), SETTING.zone)
        subject = parts.pop("subject")
        for said in (SAID, next_update):
            assert len({said in text for text in parts.values()}) == 1, (
                f"{notice.id}.{language} {said}: {parts}"
            )
        assert SAID not in subject or SAID in parts["body"]
        told = {part: began in text for part, text in parts.items() if part in ("body", "paste", "say")}
        assert len(set(told.values())) == 1, f"{notice.id}.{language} {told}"


def test_a_notice_says_since_when_as_the_facts_know_it_and_nothing_where_they_do_not() -> None:
    down = notices()["line-down"]
    isp, opened = {"verdict": "isp-down"}, "26 November"
    assert opened not in text_of(down, "en", isp, BOTH).body
    assert "on Thursday 26 November at 07:50" in text_of(down, "en", {**isp, "down_since": BEGAN}, BOTH).body
    seen = replace(SETTING, facts=isp, since=datetime(2026, 11, 26, 7, 0, tzinfo=UTC))
    assert "on Thursday 26 November at 08:00" in Merger(down.versions["en"], seen).text(READER).body
    number = notices()["number-changed"]
    both = {"down_since": BEGAN, "verdict": "isp-down", "phone_down_since": OVER}
    assert "on Thursday 26 November at 17:05" in text_of(number, "en", both, BOTH).body
    assert "on Thursday 26 November at 07:50" in text_of(down, "en", both, BOTH).body


def test_a_diagnosis_says_what_is_out_and_nothing_of_what_is_only_slow_or_ours() -> None:
    out = {
        verdict: {name for name, is_so in conditions({"verdict": verdict}).items() if is_so}
        for verdict in VERDICTS
    }
    assert {verdict: names for verdict, names in out.items() if names} == {
        "gateway-down": {"internet_out"}, "isp-down": {"internet_out"}, "portal": {"internet_out"},
        "site-down": {"website_out"}, "mail-down": {"mail_out"}, "phone-down": {"phone_out"},
    }  # fmt: skip


def test_while_our_mail_is_out_no_text_asks_for_mail() -> None:
    for notice, language in product(notices().values(), LANGUAGES):
        words = " ".join(text_of(notice, language, {"verdict": "mail-down"}, BOTH).parts.values())
        assert EMAIL not in words, f"{notice.id}.{language}"


def test_a_line_that_works_again_is_not_said_to_be_out() -> None:
    down = notices()["update"]
    facts = {"verdict": "isp-down", "restored_at": OVER}
    assert "internet" not in text_of(down, "en", facts, BOTH).body
    assert "our phone" in text_of(down, "en", {**facts, "phone_works": "no"}, BOTH).body.casefold()
    assert "phone is down" not in text_of(down, "en", {"phone_verdict": "one-handset"}, BOTH).body


@pytest.mark.parametrize(
    ("words", "mends"),
    [
        ("Dead since {{ since }}.", "{% if since %}since {{ since }}{% endif %}"),
        ("Call {{ reach.phone }}.", "write phone: at a person"),
        ("By {{ facts.crew }}.", "amend --fact NAME=VALUE"),
    ],
)
def test_what_is_written_and_not_known_is_an_error_that_says_how_to_mend_it(
    tmp_path: object, words: str, mends: str
) -> None:
    version = one(tmp_path, words)  # type: ignore[arg-type]
    with pytest.raises(InputError) as caught:
        Merger(version, replace(SETTING, reach={})).text(READER)
    assert mends in caught.value.hint
    asked = one(tmp_path, "{% if since or reach.phone or facts.crew %}x{% endif %}y")  # type: ignore[arg-type]
    assert Merger(asked, replace(SETTING, reach={})).text(READER).body == "y"
