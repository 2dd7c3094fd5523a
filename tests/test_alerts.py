"""Alerts: what one recipient gets of all that waits for him, how short it is, and how it survives being kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.alert.alert import Alert, AlertKind, read_alert
from bcp.alert.message import AlertMessage, messages
from bcp.alert.outbox import AlertRow, again, is_due
from bcp.alert.short import MOST, cut, plain, shortened
from bcp.alert.wording import of_news
from bcp.i18n import speak
from bcp.notice.text.gsm import segments
from tests.frozen import START

ZONE = ZoneInfo("Europe/Warsaw")  # an hour ahead of UTC: 6:50 is 7:50


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def alert(kind: AlertKind, minutes: float, name: str = "shop", **more: object) -> Alert:
    told = {"title": f"Our {name}", "about": f"check {name}", "reason": "connection refused", **more}
    return Alert(
        f"{name} {kind} {minutes} {more.get('reminder')}", kind, since=at(minutes), at=at(minutes), **told
    )  # type: ignore[arg-type]


def told(*waiting: Alert) -> list[str]:
    found = messages(waiting, ZONE, at(60))
    covered = [each for message in found for each in message.alerts]
    assert sorted(covered) == sorted(each.id for each in waiting), (
        "each alert is in one message, and in one only"
    )
    return [message.short for message in found]


DOWN, UP = alert("down", 0, todo="bcp incident start shop"), alert("up", 41)


def test_what_is_wrong_comes_first_then_the_time_then_one_next_step() -> None:
    assert told(DOWN) == ["DOWN 07:50 Our shop: connection refused. Next: bcp incident start shop"]
    assert told(replace(DOWN, cause="the provider's line")) == [
        "The provider's line: DOWN 07:50 Our shop: connection refused. Next: bcp incident start shop"
    ]
    assert told(alert("up", 41, reason="answers")) == ["UP AGAIN 08:31 Our shop: answers"]
    assert told(alert("warning", 0, reason="ends in 2 days")) == ["WARNING 07:50 Our shop: ends in 2 days"]


def test_an_outage_that_is_over_when_a_way_works_is_one_message_with_its_span() -> None:
    assert told(DOWN, UP) == ["Our shop was down 07:50–08:31, now up: connection refused"]
    (message,) = messages((DOWN, UP), ZONE, at(60))
    assert "Since: Thu 26 Nov 2026 07:50 CET" in message.body and "08:31 CET" in message.body


@pytest.mark.parametrize(
    ("waiting", "expected"),
    [
        ((DOWN, alert("down", 30, reminder=True)), ["STILL DOWN since 08:20 Our shop"]),
        ((DOWN, UP, alert("down", 50)), ["Our shop was down 07:50–08:31, now up; DOWN 08:40 Our shop"]),
        ((UP, alert("down", 50)), ["DOWN 08:40 Our shop"]),
        (
            (DOWN, UP, alert("down", 50), alert("up", 55)),
            ["Our shop was not well 2 times 07:50–08:45, now up"],
        ),
        (
            (alert("warning", -9), DOWN, UP),
            ["Our shop was down 07:50–08:31, now up"],
        ),
        (
            (alert("inconclusive", 0), alert("up", 41)),
            ["Our shop was not known 07:50–08:31, now up"],
        ),
        (
            (DOWN, alert("warning", 41)),
            ["Our shop was down 07:50–08:31, now up; WARNING 08:31 Our shop"],
        ),
        (
            (DOWN, alert("down", 1, "post"), UP),
            ["2 checks"],
        ),
    ],
)
def test_of_what_waits_the_last_word_counts_and_the_order_stays(
    waiting: tuple[Alert, ...], expected: list[str]
) -> None:
    assert [line.partition(": ")[0] for line in told(*waiting)] == expected


def test_of_checks_that_came_back_and_others_that_did_not_one_message_tells_each() -> None:
    line = "the provider's line"
    (short,) = told(
        replace(DOWN, cause=line), alert("down", 1, "post", cause=line), UP, alert("up", 42, "mail")
    )
    assert short == (
        "The provider's line: 3 checks: DOWN 07:51 Our post; Our shop was down 07:50–08:31, now up;"
        " UP AGAIN 08:32 Our mail"
    )


def test_many_checks_at_once_are_one_message_that_lists_them_and_a_decision_stays_its_own() -> None:
    checks = [
        alert("inconclusive", 0, f"no{n}", cause="the provider's line", todo="bcp incident start net")
        for n in range(9)
    ]
    decision = of_news("2026-11-26-net: DECISION DUE: Plan B? Decide: bcp decision answer plan-b yes", at(0))
    first, second = told(decision, *checks)
    assert first.endswith("Next: bcp decision answer plan-b yes") and "DECISION DUE" in first
    assert second.startswith("The provider's line: 9 checks: NOT KNOWN since 07:50 Our no0; ")
    assert second.endswith(". Next: bcp incident start net") and len(second) <= MOST


def test_the_office_s_language_is_spoken() -> None:
    speak("pl")
    try:
        (short,) = told(DOWN)
    finally:
        speak("en")
    assert short.startswith("NIE DZIAŁA od 07:50: Our shop")
    assert plain(short).startswith("NIE DZIALA od 07:50: Our shop")


@given(st.text(max_size=300), st.text(max_size=300), st.sampled_from(["", "Next: bcp incident start shop"]))
def test_a_short_form_is_one_text_message_and_keeps_its_next_step(head: str, rest: str, todo: str) -> None:
    short = shortened(head, rest, todo)
    found = segments(plain(short))
    assert len(short) <= MOST and found.units <= MOST
    assert found.odd_letter or found.messages == 1
    assert short.endswith(todo)


def test_a_long_verdict_and_a_long_next_step_leave_the_name_of_the_check() -> None:
    told = replace(
        DOWN, cause="only names: 1.1.1.1 opens, www.example.com does not", todo="Enter " + "x" * 90
    )
    (one,) = messages([told], ZONE, at(1))
    assert one.short.startswith("Only names: 1.1.1.1 opens...: DOWN 07:50 Our shop. Next: Enter xxx")
    (list_,) = messages([told, replace(told, id="other", about="check other", title="Mail")], ZONE, at(1))
    assert "2 checks: DOWN 07:50 Our" in list_.short and len(list_.short) <= MOST


def test_what_a_program_printed_by_the_megabyte_is_cut_at_once() -> None:
    assert len(cut("word " * 300_000, 160)) <= 160


def test_what_is_cut_says_so_and_loses_no_half_of_a_word() -> None:
    assert cut("one two three four", 14) == "one two..."
    assert cut("x" * 30, 10) == "x" * 7 + "..."
    long = shortened(
        "DOWN 07:50 Our shop",
        "the server answers 503 and says that " + "it is overloaded " * 9,
        "Next: bcp check diagnose",
    )
    assert long.startswith("DOWN 07:50 Our shop: the server answers 503")
    assert long.endswith(" it... Next: bcp check diagnose")


def test_a_command_in_news_is_the_next_step_and_a_sentence_about_bcp_is_none() -> None:
    assert (
        of_news("It is due. Decide:\n  bcp decision answer plan-b yes", at(0)).todo
        == "bcp decision answer plan-b yes"
    )
    assert of_news("The file is no bcp store: it is no SQLite database", at(0)).todo == ""


def test_an_alert_that_was_kept_is_the_same_alert() -> None:
    for each in (DOWN, UP, of_news("Now: bcp incident status", at(3))):
        assert read_alert(each.as_data()) == each


@pytest.mark.parametrize(
    "wrong", [{"kind": "purple"}, {"since": "yesterday"}, {"title": 7}, {"reminder": "yes"}]
)
def test_an_alert_that_nobody_wrote_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        read_alert({**DOWN.as_data(), **wrong})


def test_a_way_is_tried_again_soon_at_first_and_who_refuses_us_is_left_in_peace() -> None:
    waits = [again(tries, refused=False).total_seconds() for tries in range(1, 9)]
    assert waits == [5, 15, 30, 60, 120, 300, 300, 300]
    assert again(1, refused=True) >= timedelta(minutes=1) and again(99, refused=True) == timedelta(hours=1)
    row = AlertRow(DOWN, "mail anna", not_before=at(2))
    assert not is_due([row], at(1)) and is_due([row], at(2))
    assert is_due([row, AlertRow(UP, "mail anna")], at(1)), (
        "what is new is told at once, and what waits with it"
    )
    assert is_due([AlertRow(DOWN, "mail anna", not_before=at(0) + timedelta(days=730))], at(1)), (
        "a clock that was two years ahead"
    )


def test_the_key_of_a_message_is_the_same_for_the_same_alerts() -> None:
    assert (
        AlertMessage(("a", "b"), "", "").key
        == AlertMessage(("a", "b"), "x", "y").key
        != AlertMessage(("b",), "", "").key
    )
