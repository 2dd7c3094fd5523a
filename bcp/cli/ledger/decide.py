"""How decisions are printed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bcp.errors import Exit
from bcp.i18n import _
from bcp.incident import deciding
from bcp.incident.decision import DecisionState
from bcp.incident.due import if_then
from bcp.incident.state import Incident
from bcp.times import local_clock


def lines(incident: Incident, decision: DecisionState, now: datetime) -> list[str]:
    """A decision in a few lines, the question first."""
    head = f"{decision.id}  {decision.question}"
    if decision.answer is not None:
        assert decision.answered_at is not None
        by = _("by default") if decision.by_default else incident.name_of(decision.answered_by)
        at = local_clock(decision.answered_at, incident.zone, now)
        said = _("decided {time} by {who}: {answer}").format(time=at, who=by, answer=decision.answer)
        return [head, "    " + " · ".join(filter(None, [said, decision.reason]))]
    state = _("DUE NOW") if deciding.why_due(incident, decision, now) else _("open")
    told = [head, f"    {state} · {if_then(incident, decision, now)}"]
    told.append("    " + _("answers: {answers}").format(answers=", ".join(decision.answers)))
    if decision.who:
        told.append("    " + _("who decides: {who}").format(who=decision.who))
    if decision.overridden_by:
        words = _("put off by {who}: {reason}")
        told.append(
            "    "
            + words.format(who=incident.name_of(decision.overridden_by), reason=decision.override_reason)
        )
    return told


def commands(incident: Incident, now: datetime) -> Sequence[str]:
    """The commands that lead on: the answer to what is due."""
    due = deciding.due(incident, now)
    if due:
        return (f"bcp decision answer {due[0].id} {' | '.join(due[0].answers)}",)
    return (f"bcp {'drill' if incident.drill else 'incident'} status --incident {incident.id}",)


def exit_of(incident: Incident, now: datetime) -> int:
    """8 while a decision is due."""
    return Exit.DUE if deciding.due(incident, now) else Exit.OK
