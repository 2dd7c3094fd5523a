"""Promise: what a provider said would happen, and by when; how late it is; and our own estimate instead.

A promise is `open` until its time, then `due` until somebody says whether it was kept. The slip of a promise is how
much later than promised it came true; while it has not, it grows with the clock, and a newer promise of the same
provider fixes it at the newer date: that is how far the provider itself has moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bcp.command_words import as_typed

State = Literal["open", "due", "kept", "broken"]
BROKEN_ENOUGH = 2
SLIP_FACTOR = 3


@dataclass
class Promise:
    """One promise, as the journal tells it. `said` is the time in the provider's own words."""

    id: str
    provider: str
    what: str
    made_at: datetime
    due: datetime
    said: str = ""
    said_by: str = ""
    ticket: str = ""
    channel: str = ""
    kept: bool = False
    broken: bool = False
    came_true_at: datetime | None = None
    note: str = ""
    asked: bool = False
    settled_at: datetime | None = None

    @property
    def settled(self) -> bool:
        """Whether somebody said how it ended."""
        return self.kept or self.broken

    def state(self, now: datetime) -> State:
        """How it stands now."""
        if self.settled:
            return "kept" if self.kept else "broken"
        return "due" if now >= self.due else "open"


def slip(promise: Promise, later: Iterable[Promise], now: datetime) -> timedelta:
    """How late it came true, or how late it is by now; `later` are the provider's newer promises."""
    if promise.came_true_at is not None:
        return max(timedelta(), promise.came_true_at - promise.due)
    moved = [each.due for each in later if each.due > promise.due]
    return max(timedelta(), (min(moved) if moved else now) - promise.due)


def by_provider(promises: Iterable[Promise]) -> dict[str, list[Promise]]:
    """The promises of each provider, whatever capitals its name was written with."""
    found: dict[str, list[Promise]] = {}
    for promise in promises:
        found.setdefault(" ".join(promise.provider.casefold().split()), []).append(promise)
    return found


def broken_count(promises: Iterable[Promise]) -> int:
    """How many were broken; one that is due and not answered is not counted yet."""
    return sum(promise.broken for promise in promises)


def not_believed(promises: Iterable[Promise]) -> list[Promise]:
    """The promises of each provider that broke two: its dates are not passed on any more."""
    return [
        promise
        for own in by_provider(promises).values()
        if broken_count(own) >= BROKEN_ENOUGH
        for promise in own
    ]


def estimate(
    promises: Sequence[Promise], opened_at: datetime, assumed: timedelta, now: datetime
) -> datetime | None:
    """When we reckon that it is over; None while the provider's own date may still be believed.

    From the second broken promise of one provider on: the later of our own assumption, counted from the beginning,
    and three times the last slip, counted from the last broken promise.
    """
    found: list[datetime] = []
    for own in by_provider(promises).values():
        broken = [promise for promise in own if promise.broken]
        if len(broken) >= BROKEN_ENOUGH:
            last = broken[-1]
            later = own[own.index(last) + 1 :]
            found.append(last.due + SLIP_FACTOR * slip(last, later, now))
    return max([opened_at + assumed, *found]) if found else None


def as_data(promise: Promise, now: datetime) -> Mapping[str, str | None]:
    """The promise as `promise list --json` prints it."""
    from bcp.event import stamp

    return {
        "promise": promise.id,
        "from": promise.provider,
        "what": promise.what,
        "made_at": stamp(promise.made_at),
        "due": stamp(promise.due),
        "said": promise.said,
        "said_by": promise.said_by,
        "ticket": promise.ticket,
        "channel": promise.channel,
        "state": promise.state(now),
        "came_true_at": stamp(promise.came_true_at) if promise.came_true_at else None,
        "note": promise.note,
    }


def settling(promise: str, incident: str = "") -> tuple[str, ...]:
    """The commands that say of a promise whether it was kept; `incident` is its id where the commands need it."""
    named = ("--incident", incident) if incident else ()
    return tuple(as_typed(("bcp", "promise", verb, promise, *named)) for verb in ("kept", "broken"))
