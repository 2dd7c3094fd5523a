"""How checks were when somebody last looked, as it was kept: nothing is looked at now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bcp.app.check.probing import chosen, office_and_checks
from bcp.app.session import Session
from bcp.check.hours import within
from bcp.check.metrics import write_metrics
from bcp.check.model import Check
from bcp.check.span import Span, gap_for
from bcp.office.model import Office
from bcp.store.spans import StoredSpans


@dataclass(frozen=True, slots=True)
class CheckState:
    """A check and the last span in which somebody looked at it; None where nobody has.

    `looked` is when that was last, or when it was last left alone because of its maintenance. `is_stale`: that is so
    long ago that nobody knows how it is now. `is_left_alone`: it is in its maintenance now.
    """

    check: Check
    span: Span | None
    looked: datetime | None
    is_stale: bool
    is_left_alone: bool = False

    @property
    def is_bad(self) -> bool:
        """Whether it was not up, or nobody knows any more."""
        return self.span is not None and (self.is_stale or self.span.state in ("down", "inconclusive"))


@dataclass(frozen=True, slots=True)
class CheckStates:
    """The checks of an office as they were when they were last looked at."""

    office: Office
    checks: list[CheckState]

    @property
    def is_bad(self) -> bool:
        """Whether one that was looked at was not up, or nobody knows any more."""
        return any(each.is_bad for each in self.checks)

    @property
    def looked(self) -> datetime | None:
        """When somebody last looked at one of them."""
        return max((each.looked for each in self.checks if each.looked is not None), default=None)


def states_of(session: Session, names: Sequence[str]) -> CheckStates:
    """The checks named, else all. Raises SourceError for mistakes in them, InputError for a name that is none."""
    office, checks = office_and_checks(session)
    return held_states(session, office, checks, chosen(names, checks))


def held_states(
    session: Session, office: Office, checks: Mapping[str, Check], wanted: Sequence[str]
) -> CheckStates:
    """The checks `wanted` as they were last seen. Raises StoreError."""
    spans, now = session.stores.of(StoredSpans), session.clock.now()
    held, looked = spans.held(), spans.looked()

    def state(name: str) -> CheckState:
        last = looked.get(name)
        is_stale = last is not None and now - last > gap_for(checks[name].every)
        is_left_alone = within(now, checks[name].maintenance, office.zone)
        return CheckState(checks[name], held.get(name), last, is_stale, is_left_alone)

    return CheckStates(office, [state(name) for name in wanted])


def metrics_text(session: Session) -> str:
    """All checks as OpenMetrics text. Raises SourceError for mistakes in them."""
    _office, checks = office_and_checks(session)
    spans, now = session.stores.of(StoredSpans), session.clock.now()
    latencies = spans.todays_latencies(now, checks)
    return write_metrics(checks, spans.held(), spans.looked(), latencies, now)
