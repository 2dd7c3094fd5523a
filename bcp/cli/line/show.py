"""Shows what is known of the lines."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bcp.app.line.status import LinesStatus, LineStatus
from bcp.app.line.trial import LineTrial
from bcp.cli.terminal.keyboard import agrees
from bcp.cli.terminal.listing import trial_words
from bcp.cli.terminal.output import picked, say, show, show_json, show_next
from bcp.i18n import _
from bcp.times import local


def show_status(found: LinesStatus) -> None:
    """Each line; what was switched in an incident and not put back comes first."""
    for each in found.switched:
        words = _("SWITCHED to {line} in {incident}, and not put back")
        show(words.format(line=each.line, incident=each.incident) + each.elsewhere, "bold magenta")
    for trial in found.cut_short:
        words = _("SWITCHED to {line} for a trial at {time}, and not put back: bcp line test {line} --switch")
        show(words.format(line=trial.line, time=local(trial.at, found.zone)), "bold magenta")
    show(_("the way out now: {interface}").format(interface=found.way_out or _("not known")))
    for line in found.lines:
        show(f"{line.line}  {line.title}".rstrip(), "bold")
        for words in _words(line, found.zone):
            show(f"    {words}")
    show_next([f"bcp line test {line.line}" for line in found.lines if line.can_be_tested])


def show_status_json(found: LinesStatus) -> None:
    """The same as data: `[{line, way, leads_out, tested: {at, state, reason}, untried, switched_in: [incident]}]`."""
    keys = ("line", "way", "leads_out", "tested", "untried", "switched_in")
    show_json([picked(line, *keys) for line in found.lines])


def _words(line: LineStatus, zone: ZoneInfo) -> list[str]:
    if line.way is None:
        return [_("no way: the office works over it, or nobody said how to switch to it")]
    leads = [_("it leads out now")] if line.leads_out else []
    return [line.way, *leads, *line.stock, trial_words(line.tested, zone), *_not_tried(line.untried)]


def show_line_trial(trial: LineTrial) -> None:
    """How a trial went just now, and what it did not try."""
    words = _("{line}: {state}: {reason}")
    text = words.format(line=trial.line, state=trial.state.upper(), reason=trial.reason)
    show(text, "bold" if trial.carries else "bold red")
    for not_tried in _not_tried(trial.untried):
        show(not_tried)
    say(_("Written down with the date."))


def _not_tried(untried: Sequence[str]) -> list[str]:
    return [_("not tried: {things}").format(things="; ".join(untried))] if untried else []


class TerminalWitness:
    """The person at this terminal, who agrees before the office is really switched."""

    def hear(self, text: str) -> None:
        """Read it."""
        say(text)

    def agrees(self, question: str) -> bool:
        """Whether yes was typed."""
        return agrees(question, on_enter=False)
