"""What is remembered of good days, and what is said of a day that is otherwise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bcp.check import good_days
from bcp.check.good_days import GoodDay

GOOD = GoodDay(
    "2026-11-29T08:00:00+00:00",
    "eth0",
    "192.168.1.1",
    "02:00:00:00:00:01",
    ("192.168.1.1",),
    ("IPv4", "IPv6"),
    "203.0.113.7",
)


def test_what_is_the_same_is_not_mentioned_and_what_nobody_can_tell_is_not_either() -> None:
    assert list(good_days.differences(GOOD, GOOD)) == []
    assert list(good_days.differences(GoodDay(), GOOD)) == []
    nobody_tells = replace(GOOD, hardware="", servers=(), families=(), public="")
    assert list(good_days.differences(GOOD, nobody_tells)) == []


def test_what_differs_is_said_with_the_likeliest_cause_first() -> None:
    today = GoodDay(
        "", "wlan0", "192.168.8.1", "02:00:00:00:00:02", ("192.168.8.1",), ("IPv4",), "203.0.113.9"
    )
    assert list(good_days.differences(GOOD, today)) == [
        "the router is 192.168.8.1; on good days it was 192.168.1.1",
        "the way out is wlan0; on good days it was eth0",
        "names are asked of 192.168.8.1; on good days of 192.168.1.1",
        "only IPv4 works; on good days IPv4 and IPv6 did",
        "the public address is 203.0.113.9; on good days it was 203.0.113.7",
    ]


def test_another_device_at_the_address_of_the_router_is_named() -> None:
    (told,) = good_days.differences(GOOD, replace(GOOD, hardware="02:00:00:00:00:02"))
    assert told == "the router is another device (02:00:00:00:00:02); on good days it was 02:00:00:00:00:01"


def test_a_computer_that_knows_no_router_is_told_of_the_one_of_good_days() -> None:
    (told,) = good_days.differences(GOOD, replace(GOOD, router=""))
    assert told == "no router is known; on good days it was 192.168.1.1"


def test_a_good_day_is_kept_once_a_day_and_where_something_differs(tmp_path: Path) -> None:
    file = tmp_path / "good-day.json"
    good_days.keep(file, GOOD)
    assert good_days.last_good_day(file) == GOOD
    good_days.keep(file, replace(GOOD, at="2026-11-29T09:00:00+00:00"))
    assert good_days.last_good_day(file) == GOOD
    later = replace(GOOD, at="2026-11-30T09:00:00+00:00")
    good_days.keep(file, replace(later, public=""))  # not asked for today
    assert good_days.last_good_day(file) == later
    moved = replace(GOOD, at="2026-11-30T09:01:00+00:00", router="192.168.1.2")
    good_days.keep(file, moved)
    assert good_days.last_good_day(file) == moved


def test_where_nothing_can_be_written_or_read_nothing_is_remembered_and_nobody_minds(tmp_path: Path) -> None:
    good_days.keep(tmp_path / "no-such-folder" / "good-day.json", GOOD)
    good_days.keep(None, GOOD)
    assert good_days.last_good_day(None) is None
    file = tmp_path / "good-day.json"
    for damaged in (b"", b"[]", b"{", b'{"servers": 5}', b"\xff\xfe", b"null", b'"text"'):
        file.write_bytes(damaged)
        assert good_days.last_good_day(file) is None
    file.write_text('{"router": "192.168.1.1", "of_a_later_version": 1}')
    assert good_days.last_good_day(file) == GoodDay(router="192.168.1.1")
