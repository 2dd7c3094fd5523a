"""How checks were in the last days, as it was kept: nothing is looked at now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from bcp.app.check.probing import chosen, office_and_checks
from bcp.app.session import Session
from bcp.check.model import Check
from bcp.check.overview import DAYS, CheckOverview, KeptOfCheck, overview_of, with_held
from bcp.check.span import Span, gap_for, until_now
from bcp.i18n import _
from bcp.office.model import Office
from bcp.store.spans import StoredSpans


@dataclass(frozen=True, slots=True)
class Histories:
    """The checks of an office as they were; each is read when it is its turn."""

    office: Office
    checks: Iterator[CheckOverview]


def histories_of(session: Session, names: Sequence[str], *, by_days: bool = True) -> Histories:
    """The checks named, else all; with each of their days, or not.

    Raises SourceError for mistakes in them, InputError for a name that is none.
    """
    office, checks = office_and_checks(session)
    wanted = {name: checks[name] for name in chosen(names, checks)}
    now = session.clock.now()
    return Histories(office, overviews(session, office, wanted, now, by_days=by_days))


def overviews(
    session: Session,
    office: Office,
    checks: Mapping[str, Check],
    now: datetime,
    held: Mapping[str, Span] = MappingProxyType({}),
    *,
    by_days: bool = True,
) -> Iterator[CheckOverview]:
    """These checks as they were, read one after the other: all of a thousand together would fill the memory.

    `held` are the last spans that whoever looks has in memory, which the store may not have taken. Raises StoreError.
    """
    # A day more, for the first day shown begins at the office's midnight.
    spans, since = session.stores.of(StoredSpans), now - timedelta(days=DAYS + 1)
    with session.progress.task(_("Reading the history of the checks"), len(checks)) as task:
        for kept in spans.kept(since, checks):
            check = checks[kept.check]
            known: Sequence[Span] = kept.spans
            if check.check in held:
                known = with_held(until_now(known, now), held[check.check], gap_for(check.every))
            found = KeptOfCheck(known, kept.latencies, kept.blips)
            yield overview_of(check, found, now, office.zone, by_days=by_days)
            task.advance(name=check.title)
