"""The question after an incident comes when all is over for a while, once, and only where clients were told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bcp.notice.campaign.outbox import Campaign
from bcp.notice.inbox.satisfaction import AFTER, UNTIL, due
from tests.frozen import START


def campaign(kind: str, audience: str = "clients") -> Campaign:
    return Campaign("i", kind, 1, kind, audience, "anna", START, START)


@pytest.mark.parametrize(
    ("closed", "campaigns", "expected"),
    [
        (AFTER, [campaign("down")], True),
        (UNTIL, [campaign("down")], False),
        (AFTER - timedelta(hours=1), [campaign("down")], False),
        (None, [campaign("down")], False),
        (AFTER, [], False),
        (AFTER, [campaign("down", "staff")], False),
        (AFTER, [campaign("down"), campaign("follow-up", "told")], False),
    ],
)
def test_the_follow_up_is_due(closed: timedelta | None, campaigns: list[Campaign], expected: bool) -> None:
    assert due(START - closed if closed else None, campaigns, START) is expected
