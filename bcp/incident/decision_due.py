"""Which decisions are due, and how one stands; nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bcp.command_words import as_typed
from bcp.cost.model import spent
from bcp.event import stamp
from bcp.incident.decision import DecisionState, Why
from bcp.incident.state import Incident
from bcp.promise.model import broken_count

_MOMENT = timedelta(seconds=1)


def why_due(incident: Incident, decision: DecisionState, now: datetime) -> Why | None:
    """Why a decision is due now; None while it is not, and once the incident is being closed."""
    if incident.closing or incident.closed_at is not None:
        return None
    # With a start that is not known no deadline is; what else makes it due is seen a moment before.
    seen = now if incident.counts(now) else min(now, decision.due - _MOMENT)
    return decision.why_due(seen, broken_count(incident.promises.values()), spent_so_far(incident))


def due(incident: Incident, now: datetime) -> list[DecisionState]:
    """The decisions that are due, the oldest deadline first."""
    found = [each for each in incident.decisions.values() if why_due(incident, each, now)]
    return sorted(found, key=lambda each: each.due)


def answering(decision: DecisionState, incident: Incident) -> tuple[str, ...]:
    """The commands that answer it, one for each answer."""
    words = ("bcp", "decision", "answer", decision.id)
    return tuple(as_typed((*words, answer, "--incident", incident.id)) for answer in decision.answers)


def spent_so_far(incident: Incident) -> Mapping[str, Decimal]:
    """What was spent in each currency, losses left out."""
    return spent(incident.costs.values())


def as_data(incident: Incident, decision: DecisionState, now: datetime) -> Mapping[str, Any]:
    """A decision as `decision list --json` and `status --json` have it."""
    why = why_due(incident, decision, now)
    return {
        "decision": decision.id,
        "question": decision.question,
        "who": decision.who,
        "due": stamp(decision.due),
        "state": "answered" if decision.answer else "due" if why else "open",
        "why": why,
        "answers": [{"answer": name, "runbook": runbook} for name, runbook in decision.answers.items()],
        "default": decision.default,
        "answer": decision.answer,
        "by_default": decision.by_default,
        "overridden_by": decision.overridden_by,
    }
