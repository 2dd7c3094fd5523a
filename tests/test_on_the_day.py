"""`bcp validate` reads the notices of the plans as clients would, and says what would be missing on the day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bcp.errors import Exit
from bcp.office import starter
from tests.offices import bcp
from tests.posts import OFFICE

PLAN = """\
runbook: outage
title: Nothing works
when: it is dead
target: 4h
owner: lead
phases:
  - phase: Tell
    within: 1h
    steps:
      - step: ask
        title: Ask
        who: lead
        result: It is known
        by_hand: Ask.
        ask: {questions: [{fact: crew_day, ask: When?, required: no}]}
      - step: tell
        title: Tell
        who: lead
        result: Everybody knows
        by_hand: Write to each.
        notify: {notice: line-down, audience: clients}
"""
FINE = """\
---
subject: Trouble
sms: "{{ office.name }}: trouble. Call {{ reach.phone }}. News {{ next_update }}."
kind: down
---
{{ greeting }},

{# says: acknowledge #}We have a problem{% if since %}, since {{ since }}{% endif %}.
{# says: act #}We keep working. Call {{ reach.phone }}.
I write again {{ next_update }}.
"""


ASKED = "{% if reach.phone %}Call {{ reach.phone }}{% endif %}"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for folder in ("contacts", "notices", "runbooks"):
        (tmp_path / folder).mkdir()
    (tmp_path / "bcp.yaml").write_text(OFFICE)
    (tmp_path / "contacts" / "clients.csv").write_text("name,email,language\nFirma,a@example.com,en\n")
    (tmp_path / "runbooks" / "outage.yaml").write_text(PLAN)
    # The person who leads reads Polish.
    for language in ("en", "pl"):
        (tmp_path / "notices" / f"line-down.{language}.md").write_text(FINE)
    return tmp_path


def lacking(place: Path) -> list[str]:
    """What is only remarked of an office in which there is no mistake."""
    remarks, mistakes = told(place)
    assert mistakes == []
    return remarks


def told(place: Path) -> tuple[list[str], list[str]]:
    """The remarks and the mistakes, each with its place."""
    done = bcp(place, "validate", "--json")
    data = json.loads(done.stdout)
    assert done.returncode == (Exit.INPUT if data["mistakes"] else Exit.OK), done.stderr
    remarks, mistakes = (
        [f"{one['file']}:{one['line']}:{one['column']}: {one['message']}" for one in data[name]]
        for name in ("remarks", "mistakes")
    )
    return remarks, mistakes


def edit(place: Path, was: str, becomes: str, file: str = "notices/line-down.en.md") -> None:
    text = (place / file).read_text()
    assert was in text
    (place / file).write_text(text.replace(was, becomes))


def test_where_nothing_is_missing_nothing_is_said(place: Path) -> None:
    assert lacking(place) == []


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        (
            "I write",
            "{% if facts.crew_dya %}Soon.{% endif %} I write",
            '10:7: no plan sets the fact "crew_dya"',
        ),
        (
            "trouble. Call",
            "{% if phone_out %}" + "a" * 300 + "{% endif %} Call",
            "3:6: the text message is too long",
        ),
    ],
)
def test_what_a_notice_would_lack_is_said_with_its_place(
    place: Path, was: str, becomes: str, said: str
) -> None:
    (place / "channels.yaml").write_text("channels:\n  - channel: modem\n    sms-modem: {}\n")
    edit(place, was, becomes)
    (found,) = lacking(place)
    assert found.startswith(f"notices/line-down.en.md:{said}")


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        (
            "{% if since %}, since {{ since }}{% endif %}",
            ", since {{ since }}",
            "8:52: this writes since, which",
        ),
        ("{# says: act #}", "", "6:1: no sentence is marked as the one that says what you do"),
        ("{{ greeting }}", "Hello", "6:1: the text does not greet the client by name"),
    ],
)
def test_what_keeps_the_notice_of_a_plan_from_being_sent_is_a_mistake_once(
    place: Path, was: str, becomes: str, said: str
) -> None:
    edit(place, was, becomes)
    _remarks, (found,) = told(place)
    assert found.startswith(f"notices/line-down.en.md:{said}")


def test_a_number_an_address_and_a_language_that_are_not_there_are_said_once(place: Path) -> None:
    edit(place, ', phone: "+48600000101", email: anna@example.com', "", "bcp.yaml")
    (place / "contacts" / "clients.csv").write_text("name,phone,language\nΑρτοποιείο,+302100000016,el\n")
    edit(place, "Call {{ reach.phone }}", ASKED)
    edit(
        place,
        "Call {{ reach.phone }}",
        "{% if reach.phone %}Call {{ reach.phone }}{% endif %}",
        "notices/line-down.pl.md",
    )
    language, number = lacking(place)
    assert "not written in Greek, which Αρτοποιείο read" in language
    assert "line-down.en.md:3:" in number and "no number of ours is known to ring" in number


def test_a_notice_of_before_the_marks_is_told_in_a_line(place: Path) -> None:
    edit(place, "{# says: acknowledge #}", "")
    edit(place, "{# says: act #}We keep working.", "We keep working since this morning, without internet.")
    found = [one.partition(" ")[2] for one in lacking(place)]
    assert [words.split(",")[0].split(":")[0] for words in found] == [
        "no sentence of this notice is marked", "the text says a time of day",
        "the text says what only the incident knows",
    ]  # fmt: skip


def test_a_bare_number_that_is_not_there_would_stop_the_letter(place: Path) -> None:
    edit(place, ', phone: "+48600000101"', "", "bcp.yaml")
    _remarks, mistakes = told(place)
    assert any(one.startswith("notices/line-down.en.md:9:41: this writes reach.phone") for one in mistakes)


def test_the_text_message_is_measured_with_the_real_name_of_the_office(place: Path) -> None:
    (place / "channels.yaml").write_text("channels:\n  - channel: modem\n    sms-modem: {}\n")
    assert lacking(place) == []
    edit(
        place,
        "name: Agencja Kropka",
        "name: Biuro Rachunkowe Ćwiklińska, Żądło, Świętochłowice " + "ż" * 20,
        "bcp.yaml",
    )
    _remarks, mistakes = told(place)
    assert any("the text message is too long" in one for one in mistakes)


def test_the_shipped_notices_lack_nothing_in_an_office_with_a_number_and_an_address(tmp_path: Path) -> None:
    starter.write(starter.sample_office(), tmp_path)
    assert [one for one in lacking(tmp_path) if one.startswith("notices/")] == []


def test_only_the_languages_of_those_whom_the_plan_tells_are_missed(place: Path) -> None:
    (place / "contacts" / "customers.csv").write_text(
        "name,email,language,groups\nBäckerei,b@example.com,de,vip\n"
    )
    told = (PLAN, "      - step: over\n", "        title: Tell it is over\n", "        result: They know\n",
            "        by_hand: Write to them.\n", "        notify: {notice: over, audience: told}\n")  # fmt: skip
    (place / "runbooks" / "outage.yaml").write_text("".join(told))
    for language in ("en", "pl"):
        (place / "notices" / f"over.{language}.md").write_text(FINE)
    assert lacking(place) == []
    edit(place, "audience: clients", "audience: vip", "runbooks/outage.yaml")
    notice, over = lacking(place)
    assert "line-down" in notice and "over" in over
    assert "not written in German, which Bäckerei read" in notice and "German" in over


def test_who_was_told_by_the_plan_that_leads_to_another_reads_its_notices_too(place: Path) -> None:
    (place / "contacts" / "clients.csv").write_text("name,email,language\nBäckerei,b@example.com,de\n")
    (place / "notices" / "line-down.de.md").write_text(FINE)
    other = PLAN.replace("runbook: outage", "runbook: over").replace(
        "{notice: line-down, audience: clients}", "{notice: over, audience: told}"
    )
    (place / "runbooks" / "over.yaml").write_text(other)
    for language in ("en", "pl"):
        (place / "notices" / f"over.{language}.md").write_text(FINE)
    decision = """\
decisions:
  - decision: next
    question: Go on?
    who: lead
    at: 30m
    answers: [{answer: over, runbook: over}, {answer: wait}]
    default: wait
"""
    (place / "runbooks" / "outage.yaml").write_text(PLAN + decision)
    (found,) = lacking(place)
    assert found.startswith("notices/over.") and "German" in found


def test_where_those_whom_the_plan_tells_cannot_be_read_nobody_elses_language_is_missed(place: Path) -> None:
    (place / "contacts" / "clients.csv").write_text("name,email,language\nBäckerei,b@example.com,de\n")
    (place / "contacts" / "customers.csv").write_text("")
    edit(place, "audience: clients", "audience: customers", "runbooks/outage.yaml")
    remarks, mistakes = told(place)
    assert remarks == [] and len(mistakes) == 1 and "customers.csv" in mistakes[0]


def test_a_language_of_the_office_that_no_notice_can_have_and_nobody_reads_is_not_missed(place: Path) -> None:
    edit(place, "language: en\n", "language: nb\n", "bcp.yaml")
    assert lacking(place) == []
    (place / "contacts" / "clients.csv").write_text("name,email,language\nBakeri,b@example.com,nb\n")
    assert "not written in nb, which Bakeri read" in lacking(place)[0]
