"""Prints what a pass found, what diagnosis says, and how checks are and were."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bcp.app.check.go_on import what_next
from bcp.app.check.history import DAYS, WINDOWS, CheckHistory, CheckState, CheckStates, Histories
from bcp.app.check.run import PassResult
from bcp.app.session import Session
from bcp.check.diagnose import Diagnosis, picture
from bcp.check.history import Summary
from bcp.check.model import Check
from bcp.check.single_pass import Pass
from bcp.check.span import Span, SpanState
from bcp.cli.terminal.output import say, show
from bcp.i18n import _
from bcp.incident.journal import open_incidents
from bcp.office.model import Office
from bcp.times import local, say_duration

_LETTERS: dict[SpanState, str] = {
    "up": "█",
    "down": "▂",
    "inconclusive": "?",
    "maintenance": "-",
    "unobserved": "·",
}
_MARKS = {
    "ok": "✔",
    "up": "✔",
    "broken": "✘",
    "down": "✘",
    "degraded": "~",
    "unknown": "?",
    "inconclusive": "?",
}
_MOST_THINGS = 20


def show_pass(session: Session, result: PassResult, verbose: bool) -> None:
    """News to stdout, which cron mails; with `verbose` all states."""
    office, checks, found = result.office, result.checks, result.found
    for outcome in found.outcomes if verbose else found.news:
        since = local(outcome.since, office.zone)
        was = (
            _(" (was {before})").format(before=outcome.before)
            if outcome.before not in (None, outcome.state)
            else ""
        )
        words = _("{since}  {title}: {state}{was}: {reason}")
        show(
            words.format(
                since=since,
                title=checks[outcome.check].title,
                state=outcome.state.upper(),
                was=was,
                reason=outcome.reason,
            )
        )
    if found.diagnosis is not None:
        show_diagnosis(found.diagnosis)
        if found.diagnosis.verdict == "ok" and any(each.state == "down" for each in found.news):
            show(_("  so it is not our line: look at that thing itself"))
    for line in what_next(session, checks, found):
        show(line, "bold")
    for outcome in found.news:
        if outcome.state == "up":
            for stream in open_incidents(session.log, "incident"):
                show(_("Look whether it is over: bcp incident status --incident {id}").format(id=stream))


def pass_as_data(found: Pass) -> dict[str, Any]:
    """The pass for programs: `{checks: [{check, state, before, reason, since, news}], verdict, runbook}`."""
    return {
        "checks": [
            {
                "check": each.check,
                "state": each.state,
                "before": each.before,
                "reason": each.reason,
                "since": each.since,
                "news": each.is_news,
            }
            for each in found.outcomes
        ],
        "verdict": found.diagnosis.verdict if found.diagnosis is not None else None,
        "runbook": found.diagnosis.runbook if found.diagnosis is not None else None,
    }


def show_diagnosis(found: Diagnosis) -> None:
    """The way from here to there, as a layman reads it, and the verdict."""
    show()
    rows = picture(found)
    path, things = rows[: len(found.layers)], rows[len(found.layers) :]
    # What answers comes last: of five hundred things those that matter must be among the few that are shown.
    things.sort(key=lambda row: (row.state != "down", row.state == "up"))
    for state, name, seen in (*path, *things[:_MOST_THINGS]):
        show(f"  {_MARKS[state]} {name}: {seen}")
    if len(things) > _MOST_THINGS:
        show("  " + _("… and {count} more").format(count=len(things) - _MOST_THINGS))
    show(_("  verdict: {verdict}").format(verdict=found.verdict), "bold")


def diagnosis_as_data(found: Diagnosis) -> dict[str, Any]:
    """The diagnosis for programs: `{verdict, layers: [{state, name, seen}], runbook, second}`."""
    return {
        "verdict": found.verdict,
        "layers": picture(found),
        "runbook": found.runbook,
        "second": found.second,
    }


def show_checks(checks: Iterable[Check]) -> None:
    """Each check with its probes, and how often it is looked at."""
    for each in checks:
        show(f"{each.check}  {each.title}", "bold")
        for probe in each.probes:
            show(f"    {probe.words()}")
        show("    " + _("every {time}").format(time=say_duration(each.every)))


def show_states(found: CheckStates, now: datetime) -> None:
    """One line a check, and why it is not up."""
    for each in found.checks:
        _show_state(each.check, each.span, found.office, now)


def _show_state(check: Check, span: Span | None, office: Office, now: datetime) -> None:
    if span is None:
        show(f"{check.check}  {check.title}: " + _("nobody has looked yet"))
        return
    words = _("{name}  {title}: {state} since {since}, last looked at {ago} ago")
    line = words.format(
        name=check.check,
        title=check.title,
        state=span.state.upper(),
        since=local(span.first, office.zone),
        ago=say_duration(now - span.last),
    )
    show(line, None if span.state == "up" else "bold red")
    if span.reason and span.state != "up":
        show(f"    {span.reason}")


def state_as_data(each: CheckState) -> dict[str, Any]:
    """A check for programs: `{check, state, since, last_look, looks, reason}`; no state where nobody looked."""
    name, span = each.check.check, each.span
    if span is None:
        return {"check": name, "state": None}
    return {
        "check": name,
        "state": span.state,
        "since": span.first,
        "last_look": span.last,
        "looks": span.looks,
        "reason": span.reason,
    }


def show_histories(found: Histories) -> None:
    """A small picture of each check, its windows in numbers, and its last outages."""
    zone = found.office.zone
    for each in found.checks:
        show(f"{each.check.check}  {each.check.title}", "bold")
        show(f"  {''.join(map(_LETTERS.__getitem__, each.days))}  " + _("90 days, today last"))
        for count in WINDOWS:
            show("  " + _line(count, each.windows[count]))
        for outage in each.windows[DAYS].outages[-5:]:
            words = _("  down {since} for {time}: {reason}")
            since = local(outage.first, zone)
            show(words.format(since=since, time=say_duration(outage.length), reason=outage.reason))
    say(_("█ up   ▂ down   ? could not be told   - maintenance   · nobody looked"))


def _line(count: int, window: Summary) -> str:
    parts = [_("{count:>2} days").format(count=count) if count > 1 else _(" 1 day ")]
    parts.append(_("up {part}").format(part=_percent(window.uptime)))
    if window.outages:
        words = _("{count} outages, {total} in all, the longest {longest}")
        longest = max(outage.length for outage in window.outages)
        line = words.format(
            count=len(window.outages), total=say_duration(window.down), longest=say_duration(longest)
        )
        parts.append(line)
    else:
        parts.append(_("no outage"))
    if window.median is not None and window.p95 is not None:
        words = _("latency median {median:.0f} ms, p95 {most:.0f} ms")
        parts.append(words.format(median=window.median * 1000, most=window.p95 * 1000))
    parts.append(_("nobody looked: {time}").format(time=say_duration(window.unobserved)))
    return " · ".join(parts)


def _percent(part: float | None) -> str:
    return _("unknown") if part is None else f"{part:.3%}"


def history_as_data(each: CheckHistory) -> dict[str, Any]:
    """The history of a check for programs; lengths of time are seconds."""
    return {"check": each.check.check, "windows": [_window(*window) for window in each.windows.items()]}


def _window(count: int, window: Summary) -> dict[str, Any]:
    return {
        "days": count,
        "uptime": window.uptime,
        "outages": [
            {"since": each.first, "seconds": each.length, "reason": each.reason} for each in window.outages
        ],
        "down_seconds": window.down,
        "inconclusive_seconds": window.inconclusive,
        "unobserved_seconds": window.unobserved,
        "maintenance_seconds": window.maintenance,
        "latency_median": window.median,
        "latency_p95": window.p95,
    }
