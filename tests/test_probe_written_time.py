"""Moments as programs, mail and web servers write them."""

from datetime import UTC, datetime

import pytest

from bcp.probe.written_time import moment_in

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-26T12:00:00Z",
        "2026-11-26 13:00:00 CET",
        "2026/11/26 12:00 UTC",
        "20261126T120000Z",
        "1795694400",
        "1795694400000",
        "1795694400000000000",
        "Thu Nov 26 12:00:00 UTC 2026",
        "Thu Nov 26 13:00:00 CET 2026",
        "Thu, 26 Nov 2026 13:00:00 +0100",
        "Thu, 26 Nov 2026 13:00:00 CET",
        "last backup: 2026-11-26T14:00:00+02:00, 4711 files",
        '"2026-11-26T12:00:00+00:00"',
    ],
)
def test_a_moment_is_read_in_the_form_that_programs_write(text):
    assert moment_in(text) == (NOON, True)


@pytest.mark.parametrize(
    "text", ["20261126120000", "202611261200", "26.11.2026 12:00:00", "2026-11-26 12:00 XYZ"]
)
def test_a_moment_without_a_zone_is_taken_for_utc_and_says_so(text):
    assert moment_in(text) == (NOON, False)


@pytest.mark.parametrize(
    "text",
    ["", "0", "42", "nan", "1e999", "9" * 400, "2026-13-45 00:00", "03/04/2026", "2026-11-26 12:00 PM", "OK"],
)
def test_what_can_be_read_in_two_ways_or_in_none_is_no_moment(text):
    assert moment_in(text) is None
