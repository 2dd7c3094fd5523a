"""Promises: times as people say them, states, slips, and the estimate that takes the provider's place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.promise.model import Promise, broken_count, estimate, slip
from bcp.promise.record import records
from bcp.promise.said import Unclear, read_said

WARSAW = ZoneInfo("Europe/Warsaw")
NOW = datetime(2026, 11, 26, 9, 12, tzinfo=WARSAW)  # a Thursday


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("tomorrow noon", "2026-11-27 12:00"),
        ("tomorrow 12:00", "2026-11-27 12:00"),
        ("by end of day", "2026-11-26 17:00"),
        ("day after tomorrow", "2026-11-28 17:00"),
        ("in 2 days", "2026-11-28 17:00"),
        ("in 2 days at 14:00", "2026-11-28 14:00"),
        ("in half an hour", "2026-11-26 09:42"),
        ("within 48 hours", "2026-11-28 09:12"),
        ("2h", "2026-11-26 11:12"),
        ("5 pm", "2026-11-26 17:00"),
        ("tonight", "2026-11-26 20:00"),
        ("thursday 8:00", "2026-12-03 08:00"),
        ("thursday 10:00", "2026-11-26 10:00"),
        ("Next Friday", "2026-12-04 17:00"),
        ("end of the week", "2026-11-27 17:00"),
        ("3 December at 10:00", "2026-12-03 10:00"),
        ("3 January", "2027-01-03 17:00"),
        ("w piątek", "2026-11-27 17:00"),
        ("do piatku", "2026-11-27 17:00"),
        ("jutro do południa", "2026-11-27 12:00"),
        ("jutro rano o 8:00", "2026-11-27 08:00"),
        ("jutro o 12", "2026-11-27 12:00"),
        ("za dwie godziny", "2026-11-26 11:12"),
        ("za pół godziny", "2026-11-26 09:42"),
        ("w ciągu 24 godzin", "2026-11-27 09:12"),
        ("do końca tygodnia", "2026-11-27 17:00"),
        ("w przyszłym tygodniu", "2026-12-04 17:00"),
        ("we wtorek w południe", "2026-12-01 12:00"),
        ("o godzinie 15", "2026-11-26 15:00"),
        ("3 grudnia", "2026-12-03 17:00"),
        ("übermorgen", "2026-11-28 17:00"),
        ("morgen um 12 Uhr", "2026-11-27 12:00"),
        ("morgen früh", "2026-11-27 12:00"),
        ("in zwei Tagen", "2026-11-28 17:00"),
        ("in einer halben Stunde", "2026-11-26 09:42"),
        ("bis Freitag 16 Uhr", "2026-11-27 16:00"),
        ("αύριο το μεσημέρι", "2026-11-27 12:00"),
        ("αύριο στις 10:30", "2026-11-27 10:30"),
        ("ΑΎΡΙΟ ΤΟ ΠΡΩΊ", "2026-11-27 12:00"),
        ("μεθαύριο", "2026-11-28 17:00"),
        ("την Παρασκευή", "2026-11-27 17:00"),
        ("σε δύο ημέρες", "2026-11-28 17:00"),
        ("σε 2 ώρες", "2026-11-26 11:12"),
        ("σε μισή ώρα", "2026-11-26 09:42"),
        ("εντός 48 ωρών", "2026-11-28 09:12"),
        ("έως το τέλος της εβδομάδας", "2026-11-27 17:00"),
        ("3 Δεκεμβρίου", "2026-12-03 17:00"),
        ("την επόμενη εβδομάδα", "2026-12-04 17:00"),
        ("zítra v poledne", "2026-11-27 12:00"),
        ("za 2 dny", "2026-11-28 17:00"),
        ("v pátek ve 14 hodin", "2026-11-27 14:00"),
        ("3. prosince", "2026-12-03 17:00"),
        ("26.11. 16:00", "2026-11-26 16:00"),
        ("2026-12-01", "2026-12-01 17:00"),
        ("2026-12-01 9:30", "2026-12-01 09:30"),
        ("15 December 2026", "2026-12-15 17:00"),
        ("3 January 2027 at 10:00", "2027-01-03 10:00"),
        ("5.1. 12:00", "2027-01-05 12:00"),
        ("5.1.2027 12:00", "2027-01-05 12:00"),
        ("Tuesday next week", "2026-12-01 17:00"),
        ("we wtorek przyszłego tygodnia o 10:00", "2026-12-01 10:00"),
        ("w piątek 11.12. 12:00", "2026-12-11 12:00"),
        ("jutro, w piątek, o 12:00", "2026-11-27 12:00"),
        ("Montag Morgen", "2026-11-30 12:00"),
        ("za 2 dni o 10", "2026-11-28 10:00"),
        ("jutro do 24", "2026-11-27 23:59"),
    ],
)
def test_a_time_is_understood_as_people_say_it(said: str, meant: str) -> None:
    assert f"{read_said(said, NOW.astimezone(UTC), WARSAW).astimezone(WARSAW):%Y-%m-%d %H:%M}" == meant


@pytest.mark.parametrize(
    "said",
    [
        "w piątek 10.12. 12:00",
        "dnia 28",
        "tomorrow, Monday",
        "za 2 godziny o 10",
        "soon",
        "jak najszybciej",
        "",
        "tomorrow tomorrow",
        "32.13.",
        "25:99",
        "99999999999 days",
        "x" * 200,
    ],
)
def test_what_names_no_time_is_a_sentence_with_examples(said: str) -> None:
    with pytest.raises(Unclear) as caught:
        read_said(said, NOW, WARSAW)
    assert "tomorrow 12:00" in str(caught.value)


@pytest.mark.parametrize(
    ("said", "hours"),
    [("in 3 hours", 3), ("za pół godziny", 0.5), ("in 90 minutes", 1.5), ("within 48 hours", 48)],
)
@pytest.mark.parametrize("night", ["2026-10-25T01:30+02:00", "2026-03-29T01:30+01:00"])
def test_hours_pass_also_where_the_clock_jumps(said: str, hours: float, night: str) -> None:
    now = datetime.fromisoformat(night).astimezone(UTC)
    assert read_said(said, now, WARSAW) - now == timedelta(hours=hours)


@given(st.text(max_size=80))
def test_any_text_is_a_time_or_a_sentence(said: str) -> None:
    try:
        assert read_said(said, NOW, WARSAW).tzinfo is not None
    except Unclear as error:
        assert str(error)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    st.sampled_from(["w piątek", "Friday", "v pátek"]),
)
def test_a_weekday_is_always_still_to_come_and_within_a_week(naive: datetime, said: str) -> None:
    now = naive.replace(tzinfo=WARSAW).astimezone(UTC)
    found = read_said(said, now, WARSAW)
    assert timedelta() < found - now <= timedelta(days=7, hours=1)
    assert found.astimezone(WARSAW).weekday() == 4 and found.astimezone(WARSAW).hour == 17


def promise(number: int, made: datetime, due: datetime, provider: str = "Netia", **told: object) -> Promise:
    return Promise(f"p{number}", provider, "the line", made, due, **told)  # type: ignore[arg-type]


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_promise_is_open_until_its_time_then_due_until_somebody_says_how_it_ended() -> None:
    one = promise(1, NOW, NOW + 3 * HOUR)
    assert one.state(NOW) == "open"
    assert one.state(NOW + 3 * HOUR) == "due"
    assert promise(1, NOW, NOW + HOUR, kept=True).state(NOW + DAY) == "kept"
    assert promise(1, NOW, NOW + HOUR, broken=True).state(NOW) == "broken"


def test_a_slip_ends_when_it_came_true_or_where_the_provider_moved_it_or_now() -> None:
    one = promise(1, NOW, NOW + HOUR, broken=True)
    assert slip(one, [], NOW + 3 * HOUR) == 2 * HOUR
    assert slip(one, [promise(2, NOW, NOW + DAY)], NOW + 3 * HOUR) == 23 * HOUR
    one.came_true_at = NOW + 2 * HOUR
    assert slip(one, [promise(2, NOW, NOW + DAY)], NOW + 3 * HOUR) == HOUR
    early = promise(3, NOW, NOW + DAY, kept=True, came_true_at=NOW + HOUR)
    assert slip(early, [], NOW + 2 * DAY) == timedelta()


def test_the_second_broken_promise_puts_our_own_estimate_in_place_of_the_date() -> None:
    first = promise(1, NOW, NOW + HOUR, broken=True)
    second = promise(2, NOW + HOUR, NOW + DAY, provider="NETIA", broken=True)
    third = promise(3, NOW + DAY, NOW + 8 * DAY)
    assert estimate([first], NOW, 14 * DAY, NOW + 2 * HOUR) is None
    assert estimate([first, second], NOW, 14 * DAY, NOW + 2 * DAY) == NOW + 14 * DAY
    assert estimate([first, second, third], NOW, 14 * DAY, NOW + 2 * DAY) == NOW + DAY + 3 * 7 * DAY


def test_broken_promises_of_two_providers_are_not_added_up() -> None:
    ours = [promise(1, NOW, NOW + HOUR, broken=True), promise(2, NOW, NOW + HOUR, "Orange", broken=True)]
    assert estimate(ours, NOW, 14 * DAY, NOW + DAY) is None
    assert broken_count(ours) == 2


def test_the_record_of_a_provider_runs_over_all_incidents() -> None:
    before = [promise(1, NOW, NOW + HOUR, kept=True, came_true_at=NOW + HOUR)]
    now = [
        promise(1, NOW, NOW + HOUR, "netia ", broken=True, came_true_at=NOW + 4 * HOUR),
        promise(2, NOW, NOW + HOUR, broken=True, came_true_at=NOW + 2 * HOUR),
        promise(3, NOW, NOW + DAY),
        promise(4, NOW, NOW + DAY, "Orange"),
    ]
    netia, orange = records([before, now], NOW + 2 * HOUR)
    assert (netia.made, netia.kept, netia.broken, netia.open) == (4, 1, 2, 1)
    assert (netia.median_slip, netia.last_slip) == (HOUR, HOUR)
    assert (orange.made, orange.open, orange.median_slip) == (1, 1, None)
