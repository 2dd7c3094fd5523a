"""Shows what is known of the lines."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bcp.app.line.status import LinesStatus, LineStatus
from bcp.cli.terminal.listing import trial_words
from bcp.cli.terminal.output import picked, show, show_json, show_next
from bcp.i18n import _


def show_status(found: LinesStatus) -> None:
    """Each line; what was switched in an incident and not put back comes first."""
    for each in found.switched:
        words = _("SWITCHED to {line} in {incident}, and not put back")
        show(words.format(line=each.line, incident=each.incident) + each.elsewhere, "bold magenta")
    show(_("the way out now: {interface}").format(interface=found.way_out or _("not known")))
    for line in found.lines:
        show(f"{line.line}  {line.title}".rstrip(), "bold")
        for words in _words(line, found.zone):
            show(f"    {words}")
    show_next([f"bcp line test {line.line}" for line in found.lines if line.can_be_tested])


def show_status_json(found: LinesStatus) -> None:
    """The same as data: `[{line, way, leads_out, tested: {at, state, reason}, switched_in: [incident]}]`."""
    keys = ("line", "way", "leads_out", "tested", "switched_in")
    show_json([picked(line, *keys) for line in found.lines])


def _words(line: LineStatus, zone: ZoneInfo) -> list[str]:
    if line.way is None:
        return [_("no way: the office works over it, or nobody said how to switch to it")]
    leads = [_("it leads out now")] if line.leads_out else []
    return [line.way, *leads, *line.stock, trial_words(line.tested, zone)]
