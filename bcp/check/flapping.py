"""Flapping: a check that changes again and again is told once with its count, and once more when it has settled.

1. The first two changes within the time of calm are told as they are: nobody waits for an outage.
2. The third one says that the check is flapping, and how it is now. What changes behind it is counted and not told.
3. Once it has stayed as it is for the time of calm, that is told, with how often it changed: nothing is lost.

The time of calm is five minutes, or six looks where looks are rarer. All here is pure: a watch hears changes as they
come, a single pass replays those that the spans hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from bcp.check.model import Check
from bcp.check.round import Outcome
from bcp.check.single_pass import Pass
from bcp.check.span import Span, Spans, seen_state
from bcp.errors import StoreError
from bcp.i18n import _
from bcp.probe.base import State, works
from bcp.times import say_duration

Kind = Literal["flapping", "settled"]
MANY = 3
"""So many changes within the time of calm are flapping."""
LEAST_CALM = timedelta(minutes=5)
CALM_LOOKS = 6
LONGEST_PACE = timedelta(hours=1)


def calm_for(pace: timedelta) -> timedelta:
    """How long a check that is looked at every `pace` must stay as it is to have settled."""
    return max(LEAST_CALM, CALM_LOOKS * min(pace, LONGEST_PACE))


@dataclass
class _Unrest:
    """The changes of one check that are not yet far enough apart; `last` is the last of them."""

    calm: timedelta
    last: Outcome
    changes: list[datetime] = field(default_factory=list)
    told: State | None = None
    is_flapping: bool = False

    @property
    def calm_at(self) -> datetime:
        """When it has settled, if nothing changes any more."""
        return self.last.at + self.calm


class Flapping:
    """What is to be told of changes as they come."""

    def __init__(self) -> None:
        self._checks: dict[str, _Unrest] = {}

    @property
    def calm_at(self) -> datetime | None:
        """When the next check that flaps has settled, if nothing changes any more; None where none flaps."""
        return min((each.calm_at for each in self._checks.values() if each.is_flapping), default=None)

    def hear(self, change: Outcome, calm: timedelta) -> list[Outcome]:
        """What is to be told now that a check changed; nothing while it flaps."""
        before = self._checks.get(change.check)
        if before is not None and before.is_flapping and change.at >= before.calm_at:
            return [*self.settled(change.at, change.check), *self.hear(change, calm)]
        unrest = before or _Unrest(calm, change)
        unrest.calm, unrest.last = calm, change
        if unrest.is_flapping:
            unrest.changes.append(change.at)
            return []
        recent = [at for at in unrest.changes if change.at - calm < at <= change.at]
        unrest.changes = [*recent, change.at]
        self._checks[change.check] = unrest
        unrest.told = None if change.state == "maintenance" else change.state
        if len(unrest.changes) < MANY:
            return [change]
        unrest.is_flapping = True
        words = _("flapping, {count} changes in {time}, told again when it settles: {reason}")
        return [self._told(unrest, words, change.before, "flapping")]

    def settled(self, now: datetime, check: str | None = None) -> list[Outcome]:
        """What is to be told of the checks (or of one) that have stayed as they are for long enough."""
        found = [
            each
            for name, each in self._checks.items()
            if each.is_flapping and now >= each.calm_at and check in (None, name)
        ]
        words = _("settled after {count} changes in {time}: {reason}")
        return [self._over(each, words, "settled") for each in found]

    def rest(self) -> list[Outcome]:
        """What nobody has heard yet, where nobody will wait until it settles."""
        words = _("still flapping, {count} changes in {time}: {reason}")
        return [
            self._over(each, words, "flapping") for each in list(self._checks.values()) if each.is_flapping
        ]

    def _over(self, unrest: _Unrest, words: str, kind: Kind) -> Outcome:
        del self._checks[unrest.last.check]
        return self._told(unrest, words, unrest.told, kind)

    def _told(self, unrest: _Unrest, words: str, before: State | None, kind: Kind) -> Outcome:
        last, first = unrest.last, unrest.changes[0]
        reason = words.format(
            count=len(unrest.changes), time=say_duration(last.at - first), reason=last.reason
        )
        return replace(last, before=before, reason=reason, is_told=True, unrest=kind)


def damped(found: Pass, checks: Mapping[str, Check], held: Mapping[str, Span], spans: Spans) -> Pass:
    """What a single pass found, as it is to be told after the passes before it, which `spans` holds.

    `held` are the last spans, as far as the store could be read before the pass: of no others is it asked again.

    Where the store cannot be read, each change is told: that is better than none. What is kept is `found` itself.
    """
    try:
        outcomes = tuple(
            _damped(each, checks[each.check], held.get(each.check), spans) for each in found.outcomes
        )
    except StoreError:
        return found
    is_failing = any(each.is_news and not works(each.state) for each in outcomes)
    return Pass(outcomes, found.diagnosis if is_failing else None, found.held)


def _damped(outcome: Outcome, check: Check, held: Span | None, spans: Spans) -> Outcome:
    if held is None or outcome.state == "maintenance":
        return outcome
    calm = calm_for(max(check.every, outcome.at - held.last))
    if not outcome.is_news and held.first < held.last - 2 * calm:
        return outcome  # it has been so for long: most checks, most of the time
    flapping = Flapping()
    for change in _changes(spans.history(outcome.check, outcome.at - 24 * calm)):
        flapping.hear(change, calm)
    flapping.settled(held.last)  # the pass before this one told that
    if not outcome.is_news:
        return next(iter(flapping.settled(outcome.at)), outcome)
    told = flapping.hear(outcome, calm)
    return told[-1] if told else replace(outcome, is_told=False)


def _changes(spans: Sequence[Span]) -> Iterator[Outcome]:
    """The changes that spans hold; how it was at their beginning is none."""
    before: State | None = None
    for span in spans:
        state = seen_state(span)
        if state is not None and before is not None and state != before:
            yield Outcome(span.check, state, before, span.reason, span.first, span.first)
        before = state or before
