"""The sheets that a sheet led on to: a decision, or a step that says "take the sheet", enters another runbook."""

from __future__ import annotations

from collections.abc import Sequence

from bcp.cli.terminal.guide import agrees
from bcp.cli.terminal.output import say
from bcp.cli.transcribe.transcript import Paper
from bcp.i18n import _
from bcp.incident.state import Incident
from bcp.transcript.tables import Decided


def leads(incident: Incident, paper: Paper) -> list[str]:
    """The decisions and steps of `paper` that entered a runbook, as far as its steps are still open in `incident`."""
    decided = [row.decision for row in paper.rows if isinstance(row, Decided)]
    entered = [line.step for line in paper.in_order() if line.enters]
    return [name for name in dict.fromkeys([*entered, *decided]) if _is_open(incident, name)]


def all_leads(incident: Incident) -> list[str]:
    """Every decision and step that entered a runbook whose steps are still open."""
    names = [*incident.steps, *incident.decisions]
    return [name for name in names if _is_open(incident, name)]


def title_below(incident: Incident, name: str) -> str:
    """The title of the sheet that the decision or step `name` led on to."""
    runbook = next(step.runbook for step in incident.every_step() if step.id.startswith(f"{name}/"))
    return str(incident.plan["runbooks"][runbook]["title"])


def wants_to_go_on(incident: Incident, name: str, known: bool) -> bool:
    """Whether the person types that sheet now; `known` means that they said already that it was filled in."""
    say(_("This led on to the sheet: {title}").format(title=title_below(incident, name)), "bold")
    question = _("Was it filled in, too?   [Enter] type it now   [n] later, or not at all")
    try:
        return known or agrees(question, on_enter=True)
    except KeyboardInterrupt:
        say()
        return False


def show_leads(incident: Incident, names: Sequence[str]) -> None:
    """Say which sheets are not typed yet."""
    for name in names:
        words = _("Not typed yet: the sheet that this led on to: {title}")
        say(words.format(title=title_below(incident, name)), "bold yellow")


def _is_open(incident: Incident, name: str) -> bool:
    below = [
        step for step in incident.every_step() if step.id.startswith(f"{name}/") and step.section != "undo"
    ]
    return any(not step.answered for step in below)
