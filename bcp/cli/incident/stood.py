"""How what was set was last seen, in the lines of `status`: with its age, and what to do where it stands no more."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bcp.app.check.stood import Stood
from bcp.cli.terminal.output import show
from bcp.i18n import _
from bcp.times import local_clock, say_duration


def show_stood(stood: Stood | None, zone: ZoneInfo, now: datetime) -> None:
    """Lines below that of the measure; none where nobody looked since it was set."""
    if stood is None:
        return
    indent = " " * 10
    age = say_duration(now - stood.at)
    if stood.is_red:
        words = _("NOT AS IT WAS SET since {since}, looked at {age} ago: {seen}")
        since = local_clock(stood.since, zone, now)
        show(indent + words.format(since=since, age=age, seen=stood.words), "bold red")
        show(f"{indent}→ {stood.todo}", "bold red")
    elif stood.state == "stands":
        show(indent + _("looked at {age} ago: {seen}").format(age=age, seen=stood.words))
    if stood.unseen:
        show(indent + _("not looked at: {why}").format(why=stood.unseen))
