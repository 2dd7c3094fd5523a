"""`check run` beside somebody else who looks: it shows what he saw, and is not silent about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bcp.app.check.history import CheckState, CheckStates
from bcp.app.check.watch_mark import WatchMarkFile
from bcp.app.session import Session
from bcp.cli.check.history import show_state
from bcp.cli.terminal.output import say, show_json
from bcp.i18n import _
from bcp.times import say_duration


def show_held(session: Session, found: CheckStates, verbose: bool, as_json: bool) -> None:
    """The states that are held, with who looks and when last.

    What is up is shown with `verbose` only; that another pass is under way is no news.
    """
    mark = WatchMarkFile(session.stores.folder).read()
    is_watched = mark is not None and mark.runs
    if as_json:
        show_json({"checks": list(map(_as_data, found.checks)), "verdict": None, "runbook": None})
        return
    now = session.clock.now()
    for each in found.checks:
        if verbose or (is_watched and each.is_bad):
            show_state(each, found.office, now)
    if not is_watched:
        if verbose:
            say(_("Another pass is under way; this one was left out."))
    elif found.looked is None:
        say(_("The watch looks at these checks; it has not seen one yet."))
    else:
        words = _("The watch looks at these checks; last look {ago} ago.")
        say(words.format(ago=say_duration(max(now - found.looked, timedelta(0)))))


def _as_data(each: CheckState) -> dict[str, Any]:
    """As a pass is told to programs; nothing in it is news, and each check has its last look."""
    span = each.span
    return {
        "check": each.check.check,
        "state": "unobserved" if each.is_stale or span is None else span.state,
        "before": span.state if span is not None else None,
        "reason": span.reason if span is not None else "",
        "since": span.first if span is not None else None,
        "news": False,
        "last_look": each.looked,
    }
