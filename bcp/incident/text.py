"""Texts of the runbook as they are said now: with the facts that are known, in the office's own time."""

from __future__ import annotations

from bcp.event import moment
from bcp.fact_template import fill
from bcp.i18n import _
from bcp.incident.state import Incident, StepState
from bcp.times import local


def title_of(incident: Incident, step: StepState) -> str:
    """The title of a step, its mentions of facts filled in."""
    return fill(step.title, said_facts(incident))


def said_facts(incident: Incident) -> dict[str, str]:
    """The facts as they are said: a date and time in the office's own clock."""
    moments = {
        fact.name for step in incident.steps.values() for fact in step.plan.facts if fact.type == "datetime"
    }
    said = {}
    for name, value in incident.facts.items():
        try:
            said[name] = local(moment(value), incident.zone) if name in moments else value
        except ValueError:
            said[name] = value
    return said


def said_outcome(outcome: str) -> str:
    """How a step stands, in a word of the office's language; `in-doubt` and `open` are states, too."""
    words = {
        "done": _("done"),
        "failed": _("failed"),
        "skipped": _("skipped"),
        "not-applicable": _("not-applicable"),
        "deferred": _("deferred"),
        "running": _("running"),
        "in-doubt": _("in-doubt"),
        "waiting": _("waiting"),
    }
    return words.get(outcome, outcome)


def noun(incident: Incident) -> str:
    """The noun of the command line that this is found under."""
    return "drill" if incident.drill else "incident"
