"""Prints how checks are and were."""

from __future__ import annotations

from datetime import datetime
from math import floor
from typing import Any

from bcp.app.check.histories import Histories
from bcp.app.check.history import CheckState, CheckStates
from bcp.check.history import Summary
from bcp.check.overview import WINDOWS, CheckOverview
from bcp.check.span import SpanState
from bcp.cli.terminal.output import say, show
from bcp.event import stamp
from bcp.i18n import _, ngettext
from bcp.office.model import Office
from bcp.times import local, say_duration

_LETTERS: dict[SpanState, str] = {
    "up": "█",
    "warning": "!",
    "down": "▂",
    "inconclusive": "?",
    "maintenance": "-",
    "unobserved": "·",
}
_STYLES = {"up": None, "warning": "bold yellow"}


def show_states(found: CheckStates, now: datetime) -> None:
    """One line a check, and why it is not up."""
    for each in found.checks:
        show_state(each, found.office, now)


def show_state(state: CheckState, office: Office, now: datetime) -> None:
    """How a check was when it was last looked at; that nobody knows, where that is long ago."""
    check, span = state.check, state.span
    if span is None or state.looked is None:
        show(f"{check.check}  {check.title}: " + _("nobody has looked yet"))
        return
    words = _("{name}  {title}: {state} since {since}, last looked at {ago} ago")
    if state.is_left_alone:
        words = _("{name}  {title}: maintenance, nobody looks now; {state} since {since} before that")
    elif state.is_stale:
        words = _("{name}  {title}: UNKNOWN: nobody has looked since {last} ({ago} ago); it was {state} then")
    line = words.format(
        name=check.check,
        title=check.title,
        state=span.state.upper(),
        since=local(span.first, office.zone),
        last=local(state.looked, office.zone),
        ago=say_duration(now - state.looked),
    )
    show(line, "bold red" if state.is_bad else _STYLES.get(span.state))
    if span.reason and span.state != "up":
        show(f"    {span.reason}")


def state_as_data(each: CheckState) -> dict[str, Any]:
    """A check for programs: `{check, state, was, since, last_look, looks, reason}`; no state where nobody looked.

    Where nobody looked lately `state` is `unobserved`, in its maintenance `maintenance`, and `was` how it was then.
    """
    name, span = each.check.check, each.span
    if span is None:
        return {"check": name, "state": None}
    state = "unobserved" if each.is_stale else span.state
    return {
        "check": name,
        "state": "maintenance" if each.is_left_alone else state,
        "was": span.state,
        "since": span.first,
        "last_look": each.looked,
        "looks": span.looks,
        "reason": span.reason,
    }


def show_histories(found: Histories) -> None:
    """A small picture of each check, its windows in numbers, and its last outages."""
    zone = found.office.zone
    for each in found.checks:
        show(f"{each.check.check}  {each.check.title}", "bold")
        show(f"  {''.join(_LETTERS[day.worst] for day in each.days)}  " + _("90 days, today last"))
        for count in WINDOWS:
            show("  " + _line(count, each.windows[count]))
        for outage in each.whole.outages[-5:]:
            words = _("  down {since} for {time}: {reason}")
            since = local(outage.first, zone)
            show(words.format(since=since, time=say_duration(outage.length), reason=outage.reason))
    say(_("█ up   ! warning   ▂ down   ? could not be told   - maintenance   · nobody looked"))


def _line(count: int, window: Summary) -> str:
    parts = [_("{count:>2} days").format(count=count) if count > 1 else _(" 1 day ")]
    up = _("up {part}").format(part=_percent(window.uptime))
    parts.append(", ".join(filter(None, (up, _blips(window.blips)))))
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


def _blips(count: int) -> str:
    return ngettext("{count} blip", "{count} blips", count).format(count=count) if count else ""


def _percent(part: float | None) -> str:
    """Rounded down: what failed once never reads 100 %."""
    return _("unknown") if part is None else f"{floor(part * 1e5 + 1e-6) / 1e5:.3%}"


def history_as_data(each: CheckOverview) -> dict[str, Any]:
    """The history of a check for programs: `{check, windows: [{days, uptime, outages: [{since, …}], …}]}`.

    Lengths of time are seconds, also of the latency; `uptime` is a part of 1.
    """
    return {"check": each.check.check, "windows": [_window(*window) for window in each.windows.items()]}


def _window(count: int, window: Summary) -> dict[str, Any]:
    return {
        "days": count,
        "uptime": window.uptime,
        "blips": window.blips,
        "outages": [
            {"since": stamp(each.first), "seconds": each.length.total_seconds(), "reason": each.reason}
            for each in window.outages
        ],
        "down_seconds": window.down,
        "inconclusive_seconds": window.inconclusive,
        "unobserved_seconds": window.unobserved,
        "maintenance_seconds": window.maintenance,
        "warning_seconds": window.warning,
        "latency_median": window.median,
        "latency_p95": window.p95,
    }
