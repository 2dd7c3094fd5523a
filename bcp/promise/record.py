"""How each provider kept its promises, over all incidents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from bcp.promise.model import Promise, by_provider, slip


@dataclass(frozen=True, slots=True)
class ProviderRecord:
    """How a provider's promises held; `last_slip` is that of its last broken one."""

    provider: str
    made: int
    kept: int
    broken: int
    open: int
    median_slip: timedelta | None
    last_slip: timedelta | None


def records(groups: Iterable[Sequence[Promise]], now: datetime) -> list[ProviderRecord]:
    """The record of each provider over all incidents; each group holds the promises of one, oldest first."""
    gathered: dict[str, list[tuple[Promise, timedelta]]] = {}
    for promises in groups:
        for name, own in by_provider(promises).items():
            gathered.setdefault(name, []).extend(_with_slips(own, now))
    return [_record(pairs) for _name, pairs in sorted(gathered.items())]


def _with_slips(own: Sequence[Promise], now: datetime) -> list[tuple[Promise, timedelta]]:
    return [(promise, slip(promise, own[index + 1 :], now)) for index, promise in enumerate(own)]


def _record(pairs: Sequence[tuple[Promise, timedelta]]) -> ProviderRecord:
    settled = [late for promise, late in pairs if promise.settled]
    broken = [late for promise, late in pairs if promise.broken]
    return ProviderRecord(
        provider=pairs[-1][0].provider,
        made=len(pairs),
        kept=sum(promise.kept for promise, _late in pairs),
        broken=len(broken),
        open=len(pairs) - len(settled),
        median_slip=_median(settled),
        last_slip=broken[-1] if broken else None,
    )


def _median(slips: Sequence[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(late.total_seconds() for late in slips)) if slips else None
