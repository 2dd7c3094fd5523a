"""How checks were in the last days, as it was kept: nothing is looked at now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from bcp.app.check.probing import chosen, office_and_checks
from bcp.app.session import Session
from bcp.check.model import Check
from bcp.check.overview import DAYS, CheckOverview, KeptOfCheck, overview_of, with_held
from bcp.check.span import Span, gap_for, until_now
from bcp.office.model import Office
from bcp.store.spans import StoredSpans


@dataclass(frozen=True, slots=True)
class Histories:
    """The checks of an office as they were."""

    office: Office
    checks: list[CheckOverview]


def histories_of(session: Session, names: Sequence[str]) -> Histories:
    """The checks named, else all. Raises SourceError for mistakes in them, InputError for a name that is none."""
    office, checks = office_and_checks(session)
    wanted = {name: checks[name] for name in chosen(names, checks)}
    return Histories(office, overviews(session, office, wanted, session.clock.now()))


def overviews(
    session: Session,
    office: Office,
    checks: Mapping[str, Check],
    now: datetime,
    held: Mapping[str, Span] = MappingProxyType({}),
) -> list[CheckOverview]:
    """These checks as they were, read in one sweep over the store. Raises StoreError.

    `held` are the last spans that whoever looks has in memory, which the store may not have taken.
    """
    # A day more, for the first day shown begins at the office's midnight.
    spans, since = session.stores.of(StoredSpans), now - timedelta(days=DAYS + 1)
    histories, blips = spans.histories(since, checks), spans.all_blips(since, checks)
    latencies = spans.daily_latencies(since, checks)
    found = []
    for name, check in checks.items():
        known = with_held(until_now(histories[name], now), held.get(name), gap_for(check.every))
        kept = KeptOfCheck(known, latencies[name], blips[name])
        found.append(overview_of(check, kept, now, office.zone))
    return found
