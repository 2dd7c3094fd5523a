"""A provider that broke two promises: no notice tells its dates on, in any language, unless somebody says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bcp.app.notice.office import affair_of
from bcp.errors import SourceError
from bcp.incident import promising
from bcp.notice.campaign.post import LetterContext, Post
from bcp.notice.text.language import LANGUAGES
from bcp.notice.text.quoted import Doubted, quoted
from tests.offices import Stage, stage
from tests.posts import office, order, post_room

WARSAW = ZoneInfo("Europe/Warsaw")
NOON = datetime(2026, 12, 4, 11, tzinfo=UTC)  # Friday 4 December, 12:00 in Warsaw
DOUBTED = Doubted("Netia", NOON, "on Friday around noon")
OURS = datetime(2026, 12, 4, 14, tzinfo=UTC)  # the same Friday, 15:00
PHASES = "  - phase: A\n    steps:\n      - {step: look, title: Look, by_hand: Do., manual: {}}\n"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The line works again on Friday 4 December at 12:00."),
        ("en", "It will be back by 4 December."),
        ("en", "It will be back by December 4."),
        ("en", "It will be back by the 4th of December."),
        ("en", "It will be back by 04/12."),
        ("en", "It will be back by 2026-12-04."),
        ("en", "We were told: on Friday\naround noon."),
        ("en", "It works again on Friday, we hear at 12:00."),
        ("pl", "Linia ruszy w piątek 4 grudnia o godz. 12:00."),
        ("pl", "Linia ruszy 4.12."),
        ("pl", "Linia ruszy 04.12.2026 r."),
        ("pl", "Linia ruszy w piątek o 12.00"),
        ("cs", "Linka pojede v pátek 4. prosince v 12:00."),
        ("cs", "Linka pojede 4. 12."),
        ("el", "Η γραμμή θα λειτουργεί την Παρασκευή 4 Δεκεμβρίου, ώρα 12:00."),
        ("de", "Der Anschluss geht am Freitag, 4. Dezember, um 12:00 Uhr wieder."),
        ("de", "Der Anschluss geht am Freitag um 12:00 Uhr wieder."),
    ],
)
def test_a_date_is_found_however_it_is_written(language: str, text: str) -> None:
    assert list(quoted(text, language, DOUBTED, (OURS,), WARSAW))


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_next_update_on_the_same_day_is_our_word(language: str) -> None:
    words = LANGUAGES[language]
    for ours in (words.when(OURS, WARSAW), words.on_day(OURS, WARSAW)):
        assert not list(quoted(f"— {ours}.", language, DOUBTED, (OURS,), WARSAW))
    assert list(
        quoted(
            f"— {words.when(NOON, WARSAW)}, {words.when(OURS, WARSAW)}.", language, DOUBTED, (OURS,), WARSAW
        )
    )


@pytest.mark.parametrize(
    "text",
    [
        "Call +48 22 604 12 00, flat 4/128, version 14.12.3, on Thursday at 12:00.",
        "It is 24 December; order 2026-12-040; the price is 4.120 PLN and 104.12 PLN.",
        "On Friday we are at our desks; lunch is at 12:30.",
    ],
)
def test_other_numbers_and_days_are_no_quotation(text: str) -> None:
    assert not list(quoted(text, "en", DOUBTED, (OURS,), WARSAW))


@pytest.fixture
def staged(tmp_path: Path) -> Stage:
    staged = stage(tmp_path, PHASES)
    staged.run()
    return staged


def promised(staged: Stage, due: datetime, said: str = "", provider: str = "Netia") -> str:
    told = promising.PromiseHeard(provider, "the line works", due, said)
    return promising.make(staged.book(), told, "anna", "anna", staged.clock.now())


def break_one(staged: Stage, said: str = "", provider: str = "Netia") -> None:
    due = staged.clock.now() + timedelta(hours=1)
    name = promised(staged, due, said, provider)
    staged.clock.go_on(timedelta(hours=2))
    promising.settle(staged.book(), name, False, "anna", recorded_by="anna", now=staged.clock.now())


def affair(staged: Stage) -> LetterContext:
    return affair_of(staged.incident(), "anna")


def told_on(staged: Stage, folder: Path, sentence: str) -> Post:
    """A post room with one client, and an update that says this sentence."""
    rows = "name,person,email,language\nFirma,Jan Nowak,jan@example.com,en\n"
    (folder / "place").mkdir(exist_ok=True)
    place = office(folder / "place", None, rows)
    path = place / "notices" / "update.en.md"
    whole = path.read_text(encoding="utf-8")
    mark = "{{ greeting }},\n"
    assert mark in whole
    path.write_text(whole.replace(mark, f"{mark}\n{sentence}\n", 1), encoding="utf-8")
    return post_room(place, staged.clock)


def found(post: Post, staged: Stage, **overruled: str) -> list[str]:
    reasons = {name.replace("_", "-"): reason for name, reason in overruled.items()}
    ready = post.prepare(affair(staged), order("update", overruled=reasons))
    return [finding.rule for finding in ready.open_findings]


def test_until_the_second_broken_promise_a_date_may_be_told_on_and_then_not(
    staged: Stage, tmp_path: Path
) -> None:
    post = told_on(staged, tmp_path, "The crew comes on 4 December.")
    promised(staged, NOON)
    break_one(staged)
    break_one(staged, provider="Orange")
    assert found(post, staged) == []
    break_one(staged)
    assert found(post, staged) == ["provider-date"]


def test_the_refusal_says_where_what_whose_and_how_to_go_on_and_keeps_nothing(
    staged: Stage, tmp_path: Path
) -> None:
    post = told_on(staged, tmp_path, "The crew comes on 4 December.")
    promised(staged, NOON)
    break_one(staged)
    break_one(staged)
    ready = post.prepare(affair(staged), order("update"))
    with pytest.raises(SourceError) as refused:
        post.freeze(ready)
    (mistake,) = refused.value.mistakes
    lines = (tmp_path / "place" / "notices" / "update.en.md").read_text(encoding="utf-8").split("\n")
    assert lines[mistake.line - 1][mistake.column - 1 :].startswith("4 December"), mistake
    assert mistake.message == (
        "the text tells on a date of a provider that broke two promises:"
        ' "4 December" is what Netia says, for Firma (Jan Nowak)'
    )
    assert "{{ next_update }}" in mistake.hint and "--overrule" in mistake.hint
    assert not post.ledger.campaigns(staged.stream)


def test_a_person_may_overrule_it_with_a_reason_that_is_kept(staged: Stage, tmp_path: Path) -> None:
    post = told_on(staged, tmp_path, "The crew comes on 4 December.")
    promised(staged, NOON)
    break_one(staged)
    break_one(staged)
    assert found(post, staged, provider_date="the crew is in the cellar") == []


def test_a_fact_that_holds_the_date_is_seen_in_the_finished_letter(staged: Stage, tmp_path: Path) -> None:
    post = told_on(staged, tmp_path, "The crew comes {{ facts.crew }}.")
    promised(staged, NOON)
    break_one(staged)
    break_one(staged)
    ready = post.prepare(
        replace(affair(staged), facts={"crew": "2026-12-04T12:00+01:00"}),
        order("update"),
    )
    (finding,) = ready.open_findings
    lines = (tmp_path / "place" / "notices" / "update.en.md").read_text(encoding="utf-8").split("\n")
    assert finding.rule == "provider-date" and "facts.crew" in lines[finding.mistake.line - 1]


def test_what_is_over_or_was_kept_may_be_told(staged: Stage, tmp_path: Path) -> None:
    post = told_on(staged, tmp_path, "They came on 26 November, and a modem on 27 November.")
    kept = promised(staged, datetime(2026, 11, 27, 11, tzinfo=UTC))
    break_one(staged)
    break_one(staged)
    promising.settle(staged.book(), kept, True, "anna", recorded_by="anna", now=staged.clock.now())
    assert found(post, staged) == ["provider-date"], "26 November is still today"
    staged.clock.go_on(timedelta(days=1))
    assert found(post, staged) == []
