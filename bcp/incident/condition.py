"""What becomes known changes what follows: the facts, and the steps that apply by them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from bcp.i18n import _
from bcp.incident.ledger import FactSaid
from bcp.incident.state import Incident, StepState


def learn(
    incident: Incident,
    facts: Mapping[str, str],
    at: datetime,
    unknown: Collection[str] = (),
    *,
    of_step: StepState | None = None,
    corrects: bool = False,
    by_computer: bool = False,
) -> None:
    """Take note of `facts`, known since `at` where they are new or other ones; the `unknown` ones are so no more.

    Where this `corrects` what was said at a step, that was never so, and these were since then. What a computer found
    stays apart from what people decided. What was settled because its `only_if` did not hold is open again where that
    is so no longer.
    """
    if by_computer:
        incident.seen.update(facts)
    incident.decided = incident.decided - set(facts) if by_computer else incident.decided | set(facts)
    changed = {name for name, value in facts.items() if incident.facts.get(name) != value}
    incident.known_at.update(dict.fromkeys(changed, at))
    incident.facts.update(facts)
    name_of_step = of_step.id if of_step is not None else ""
    _forget(incident, facts, unknown, name_of_step if corrects else None)
    since = of_step.at if corrects and of_step is not None and of_step.at is not None else at
    incident.answered += [FactSaid(since, name_of_step, name, value) for name, value in facts.items()]
    for name in unknown:
        incident.facts.pop(name, None)
        incident.known_at.pop(name, None)
    for step in incident.steps.values() if changed or unknown else ():
        if step.by_condition and step.outcome == "not-applicable" and applies(incident, step) is not False:
            step.reopen()
            step.at = None


def _forget(incident: Incident, names: Collection[str], unknown: Collection[str], step: str | None) -> None:
    """Leave out what nobody knows any more, and the facts of these names that were said at a step by mistake."""
    incident.answered = [
        each
        for each in incident.answered
        if each.name not in unknown and not (each.step == step and each.name in names)
    ]


def applies(incident: Incident, step: StepState) -> bool | None:
    """Whether the `only_if` of a step holds by the facts; None where they do not say, and where a check is asked."""
    condition = step.plan.only_if
    if condition is None:
        return True
    value = incident.known.get(condition.fact or "")
    return None if value is None else value in condition.values


def condition_words(incident: Incident, step: StepState) -> str:
    """`only if verdict is isp-down or dns-down; it is ok`; nothing for a step that always applies."""
    condition = step.plan.only_if
    if condition is None:
        return ""
    wanted = _(" or ").join(condition.values)
    if condition.fact is not None:
        known = incident.known.get(condition.fact, _("not known"))
        words = _("only if {fact} is {wanted}; it is {known}")
        return words.format(fact=condition.fact, wanted=wanted, known=known)
    return _("only if the check {check} is {wanted}").format(check=condition.check, wanted=wanted)
