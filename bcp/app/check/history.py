"""How checks are and were, as it was kept: nothing is looked at now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bcp.app.check.probing import chosen, office_and_checks
from bcp.app.session import Session
from bcp.check.history import Summary, days, summarise
from bcp.check.metrics import write_metrics
from bcp.check.model import Check
from bcp.check.span import Span, SpanState
from bcp.office.model import Office
from bcp.probe.base import works
from bcp.store.spans import StoredSpans

DAYS = 90
WINDOWS = (1, 30, DAYS)


@dataclass(frozen=True, slots=True)
class CheckState:
    """A check and the last span in which somebody looked at it; None where nobody has."""

    check: Check
    span: Span | None


@dataclass(frozen=True, slots=True)
class CheckStates:
    """The checks of an office as they were when they were last looked at."""

    office: Office
    checks: list[CheckState]

    @property
    def is_bad(self) -> bool:
        """Whether one that was looked at was neither up nor up with a warning."""
        return any(each.span is not None and not works(each.span.state) for each in self.checks)


@dataclass(frozen=True, slots=True)
class CheckHistory:
    """What a check was like: each of the `WINDOWS` by its days, and the worst state of each of `DAYS`, today last."""

    check: Check
    windows: Mapping[int, Summary]
    days: list[SpanState]


@dataclass(frozen=True, slots=True)
class Histories:
    """The checks of an office as they were."""

    office: Office
    checks: list[CheckHistory]


def states_of(session: Session, names: Sequence[str]) -> CheckStates:
    """The checks named, else all. Raises SourceError for mistakes in them, InputError for a name that is none."""
    office, checks = office_and_checks(session)
    wanted = chosen(names, checks)
    held = session.stores.of(StoredSpans).held()
    return CheckStates(office, [CheckState(checks[name], held.get(name)) for name in wanted])


def histories_of(session: Session, names: Sequence[str]) -> Histories:
    """The checks named, else all. Raises SourceError for mistakes in them, InputError for a name that is none."""
    office, checks = office_and_checks(session)
    spans, now = session.stores.of(StoredSpans), session.clock.now()
    found = []
    for name in chosen(names, checks):
        known = spans.history(name, now - timedelta(days=DAYS))
        blips = spans.blips(name, now - timedelta(days=DAYS))
        windows = {}
        for count in WINDOWS:
            since = now - timedelta(days=count)
            windows[count] = summarise(known, spans.latencies(name, since), since, now, blips)
        worst = days(known, now.astimezone(office.zone).date(), office.zone, DAYS)
        found.append(CheckHistory(checks[name], windows, list(worst.values())))
    return Histories(office, found)


def metrics_text(session: Session) -> str:
    """All checks as OpenMetrics text. Raises SourceError for mistakes in them."""
    _office, checks = office_and_checks(session)
    spans, now = session.stores.of(StoredSpans), session.clock.now()
    latencies = {name: spans.latencies(name, now) for name in checks}
    return write_metrics(checks, spans.held(), latencies, now)
