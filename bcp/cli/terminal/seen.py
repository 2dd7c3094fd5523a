"""How a lever was last seen, in the lines of every `status`: with its age, and what to do where it is not well."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bcp.app.stood import Stood
from bcp.cli.terminal.output import show
from bcp.i18n import _
from bcp.times import local_clock, say_duration


def stood_lines(seen: Stood, zone: ZoneInfo, now: datetime) -> list[str]:
    """What a view says below what is set."""
    lines = []
    age = say_duration(now - seen.at)
    if seen.is_red:
        words = _("NOT AS IT SHOULD BE since {since}, looked at {age} ago: {seen}")
        since = local_clock(seen.since, zone, now)
        lines.append(words.format(since=since, age=age, seen=seen.words))
        lines += [f"→ {seen.todo}"] if seen.todo else []
    elif seen.state != "unknown":
        lines.append(_("looked at {age} ago: {seen}").format(age=age, seen=seen.words))
    if seen.unseen:
        lines.append(_("not looked at: {why}").format(why=seen.unseen))
    return lines


def show_levers(every: Iterable[Stood], kind: str, zone: ZoneInfo, now: datetime) -> None:
    """The levers of a kind at which something is set, or something is not well."""
    for seen in every:
        if seen.kind == kind and (seen.incident or seen.is_red):
            for number, line in enumerate(stood_lines(seen, zone, now)):
                head = seen.lever if number == 0 else " " * len(seen.lever)
                show(f"{head}  {line}", "bold red" if seen.is_red else None)
