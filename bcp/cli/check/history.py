"""How checks are and were, as it is printed: status, history, metrics."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bcp.app.check.probing import chosen, office_and_checks
from bcp.app.session import Session
from bcp.check.history import Summary, days, summarise
from bcp.check.metrics import write_metrics
from bcp.check.model import Check
from bcp.check.span import Span, SpanState
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.errors import Exit
from bcp.event import stamp
from bcp.i18n import _
from bcp.office.model import Office
from bcp.store.spans import StoredSpans
from bcp.times import local, say_duration

DAYS = 90
WINDOWS = (1, 30, DAYS)
_LETTERS: dict[SpanState, str] = {
    "up": "█",
    "down": "▂",
    "inconclusive": "?",
    "maintenance": "-",
    "unobserved": "·",
}


def status(session: Session, names: Sequence[str], as_json: bool) -> int:
    """The state that is held of each check."""
    office, checks = office_and_checks(session)
    wanted = chosen(names, checks)
    held = session.stores.of(StoredSpans).held()
    if as_json:
        show_json([_held_as_data(name, held.get(name)) for name in wanted])
    else:
        for name in wanted:
            _show_held(checks[name], held.get(name), office, session.clock.now())
        show_next(("bcp check run --verbose", "bcp check history"))
    is_bad = any(span.state != "up" for name, span in held.items() if name in wanted)
    return Exit.CHECK_DOWN if is_bad else Exit.OK


def history(session: Session, names: Sequence[str], as_json: bool) -> int:
    """What the last day, 30 and 90 days were like."""
    office, checks = office_and_checks(session)
    spans, now = session.stores.of(StoredSpans), session.clock.now()
    data = []
    for name in chosen(names, checks):
        known = spans.history(name, now - timedelta(days=DAYS))
        told = {days: _summary(spans, name, known, now, days) for days in WINDOWS}
        if as_json:
            data.append({"check": name, "windows": [_window(count, told[count]) for count in WINDOWS]})
            continue
        show(f"{name}  {checks[name].title}", "bold")
        picture = "".join(
            _LETTERS[state] for _day, state in days(known, now.astimezone(office.zone).date(), office.zone)
        )
        show(f"  {picture}  " + _("90 days, today last"))
        for count in WINDOWS:
            show("  " + _line(count, told[count]))
        for outage in told[DAYS].outages[-5:]:
            words = _("  down {since} for {time}: {reason}")
            since = local(outage.first, office.zone)
            show(words.format(since=since, time=say_duration(outage.length), reason=outage.reason))
    if as_json:
        show_json(data)
    else:
        say(_("█ up   ▂ down   ? could not be told   - maintenance   · nobody looked"))
        show_next(("bcp check status",))
    return Exit.OK


def _summary(spans: StoredSpans, name: str, known: Sequence[Span], now: datetime, count: int) -> Summary:
    since = now - timedelta(days=count)
    return summarise(known, spans.latencies(name, since), since, now)


def metrics(session: Session) -> int:
    """OpenMetrics text to stdout."""
    show(metrics_text(session).rstrip("\n"))
    return Exit.OK


def metrics_text(session: Session) -> str:
    """The exposition of all checks."""
    _office, checks = office_and_checks(session)
    spans, now = session.stores.of(StoredSpans), session.clock.now()
    latencies = {name: spans.latencies(name, now) for name in checks}
    return write_metrics(checks, spans.held(), latencies, now)


def _show_held(check: Check, span: Span | None, office: Office, now: datetime) -> None:
    if span is None:
        show(f"{check.check}  {check.title}: " + _("nobody has looked yet"))
        return
    words = _("{name}  {title}: {state} since {since}, last looked at {ago} ago")
    said = words.format(
        name=check.check,
        title=check.title,
        state=span.state.upper(),
        since=local(span.first, office.zone),
        ago=say_duration(now - span.last),
    )
    show(said, None if span.state == "up" else "bold red")
    if span.reason and span.state != "up":
        show(f"    {span.reason}")


def _held_as_data(name: str, span: Span | None) -> dict[str, Any]:
    if span is None:
        return {"check": name, "state": None}
    return {
        "check": name,
        "state": span.state,
        "since": stamp(span.first),
        "last_look": stamp(span.last),
        "looks": span.looks,
        "reason": span.reason,
    }


def _line(count: int, told: Summary) -> str:
    parts = [_("{count:>2} days").format(count=count) if count > 1 else _(" 1 day ")]
    parts.append(_("up {part}").format(part=_percent(told.uptime)))
    if told.outages:
        words = _("{count} outages, {total} in all, the longest {longest}")
        longest = max(outage.length for outage in told.outages)
        said = words.format(
            count=len(told.outages), total=say_duration(told.down), longest=say_duration(longest)
        )
        parts.append(said)
    else:
        parts.append(_("no outage"))
    if told.median is not None and told.p95 is not None:
        words = _("latency median {median:.0f} ms, p95 {most:.0f} ms")
        parts.append(words.format(median=told.median * 1000, most=told.p95 * 1000))
    parts.append(_("nobody looked: {time}").format(time=say_duration(told.unobserved)))
    return " · ".join(parts)


def _percent(part: float | None) -> str:
    return _("unknown") if part is None else f"{part:.3%}"


def _window(count: int, told: Summary) -> dict[str, Any]:
    return {
        "days": count,
        "uptime": told.uptime,
        "outages": [
            {"since": stamp(each.first), "seconds": each.length.total_seconds(), "reason": each.reason}
            for each in told.outages
        ],
        "down_seconds": told.down.total_seconds(),
        "inconclusive_seconds": told.inconclusive.total_seconds(),
        "unobserved_seconds": told.unobserved.total_seconds(),
        "maintenance_seconds": told.maintenance.total_seconds(),
        "latency_median": told.median,
        "latency_p95": told.p95,
    }
