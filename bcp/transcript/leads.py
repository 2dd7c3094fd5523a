"""The sheets that a sheet leads on to: a decision, or a step that says "take the sheet", enters another runbook."""

from __future__ import annotations

from bcp.incident.state import Incident, StepState


def sheet_of(step: StepState) -> str:
    """The runbook that a step leads on to and that was not entered yet, or nothing."""
    leads = step.section == "main" and step.plan.kind == "runbook" and not step.entered
    return str(step.plan.params["runbook"]) if leads else ""


def runbook_below(incident: Incident, below: str) -> str:
    """The runbook that the step or decision `below` entered; that of the incident for the sheet of all."""
    if not below:
        return incident.runbook
    return next(step.runbook for step in incident.every_step() if step.id.startswith(f"{below}/"))


def title_of_runbook(incident: Incident, runbook: str) -> str:
    """The title of a runbook of the plan."""
    return incident.plan.runbooks[runbook].title


def title_below(incident: Incident, below: str) -> str:
    """The title of the sheet that the step or decision `below` led on to."""
    return title_of_runbook(incident, runbook_below(incident, below))


def all_leads(incident: Incident) -> list[str]:
    """Every decision and step that entered a runbook whose steps are still open."""
    return [name for name in (*incident.steps, *incident.decisions) if is_open(incident, name)]


def is_open(incident: Incident, name: str) -> bool:
    """Whether `name` entered a runbook that has open steps."""
    below = [step for step in incident.every_step() if step.id.startswith(f"{name}/")]
    return any(step.section != "undo" and not step.answered for step in below)
