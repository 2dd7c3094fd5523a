"""The outbox of alerts: which alert waits for which recipient, when it is tried again, and when nobody need be told.

    waiting ──▶ taken      the way took it: it is not sent there again
            └─▶ dropped    nobody needs it there any more: another way took it, or the way is gone from bcp.yaml

A row is written before anything is sent and settled after the way took it. So a process that is killed between the two
tells somebody at most twice, and forgets nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol, get_args

from bcp.alert.alert import Alert

DeliveryState = Literal["waiting", "taken", "dropped"]
STATES: tuple[str, ...] = get_args(DeliveryState)

_AGAIN = (5, 15, 30, 60, 120, 300)
"""Seconds until a way is tried again after it failed once, twice …"""
_REFUSED = (60, 300, 900, 3600)
"""The same where the other side refused us: a wrong password that is tried each minute gets an account locked."""
KEPT = timedelta(days=7)
"""So long an alert waits; then it is old news, and given up aloud."""
LEAST_TRIES = 12
"""So often it was tried by then: a clock that is wrong by a year makes all of it look old at once."""


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert for one recipient: how far it came. `tries` failed so far, the last one because of `why`."""

    alert: Alert
    recipient: str
    state: DeliveryState = "waiting"
    tries: int = 0
    not_before: datetime | None = None
    why: str = ""
    at: datetime | None = None


def again(tries: int, *, refused: bool) -> timedelta:
    """How long to wait after so many tries that failed."""
    steps = _REFUSED if refused else _AGAIN
    return timedelta(seconds=steps[min(max(tries, 1), len(steps)) - 1])


def is_due(rows: Sequence[AlertRow], now: datetime) -> bool:
    """Whether one of the rows of a recipient is to be tried now; then all that wait for him are.

    A try further ahead than any wait was set by a clock that was wrong, and has been set right since.
    """
    furthest = now + timedelta(seconds=max(*_AGAIN, *_REFUSED))
    return any(row.not_before is None or not now < row.not_before <= furthest for row in rows)


def is_old_news(row: AlertRow, now: datetime) -> bool:
    """Whether it is given up: a week old, and tried so often that a clock which jumped is not the reason."""
    return row.alert.at < now - KEPT and row.tries >= LEAST_TRIES


class AlertOutbox(Protocol):
    """Where alerts are kept."""

    def add(self, rows: Iterable[AlertRow]) -> None:
        """Keep rows and their alerts; those that are there already stay as they are."""
        ...

    def waiting(self) -> list[AlertRow]:
        """The rows that wait, in the order in which their alerts were seen."""
        ...

    def taken(self, alerts: Iterable[str]) -> dict[str, set[str]]:
        """By whom each of these alerts was taken, as far as it was."""
        ...

    def settle(self, rows: Iterable[AlertRow]) -> None:
        """Write how far these rows came."""
        ...
