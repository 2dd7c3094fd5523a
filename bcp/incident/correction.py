"""What a correction of a step takes back: facts that nobody knows any more, and what was known before."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from bcp.fact import not_known_words
from bcp.i18n import _
from bcp.incident.condition import applies
from bcp.incident.state import Incident, StepState
from bcp.incident.text import title_of


def unknown_by(
    incident: Incident, step: StepState, outcome: str, facts: Mapping[str, str], unknown: Collection[str]
) -> list[str]:
    """The facts that a correction of `step` takes back, with nothing in their place.

    Those are the `unknown` ones; and where it is not done after all, what it had answered and set, unless somebody
    said otherwise since.
    """
    taken_back = list(unknown)
    if outcome != "done" and step.outcome == "done":
        taken_back += [name for name, value in step.facts.items() if incident.facts.get(name) == value]
    return [name for name in dict.fromkeys(taken_back) if name in incident.facts and name not in facts]


def before_of(incident: Incident, facts: Mapping[str, str], unknown: Collection[str]) -> dict[str, str]:
    """What was known, of those `facts` that become other ones, and of the `unknown` ones."""
    changed = [*(name for name, value in facts.items() if incident.facts.get(name) != value), *unknown]
    return {name: incident.facts[name] for name in changed if name in incident.facts}


def kept_note(incident: Incident, step: StepState, outcome: str) -> str:
    """The note of a step that a correction without one leaves; not that something was not known, as it then was."""
    lacking = [fact.name for fact in step.plan.facts if fact.required and fact.name not in incident.facts]
    is_kept = outcome == step.outcome and step.note != not_known_words(lacking)
    return step.note if is_kept else ""


def last_answers(incident: Incident, step: StepState) -> dict[str, str]:
    """What is known of what the step asks for: the answers that stand there when it is asked again."""
    names = [fact.name for fact in step.plan.facts]
    return {name: incident.facts[name] for name in names if name in incident.facts}


def is_by_hand(step: StepState) -> bool:
    """Whether a step that a person now says is done was done by hand; other answers alone change nothing in that."""
    return not step.plan.by_person and (step.plan.finds or step.by_hand or step.outcome != "done")


class Plainly:
    """Which steps are to be done by the facts at a moment; later, what a correction changed in that."""

    def __init__(self, incident: Incident) -> None:
        """As it stands now."""
        self._incident = incident
        self._wanted = self._now()

    def come_back(self) -> list[StepState]:
        """The steps that are to be done now, and were not before."""
        return [step for step in self._now() if step not in self._wanted]

    def fall_away(self) -> list[StepState]:
        """The steps that were still to be done, and do not apply any more."""
        return [step for step in self._wanted if not step.answered and applies(self._incident, step) is False]

    def _now(self) -> list[StepState]:
        return [step for step in self._incident.open_steps() if applies(self._incident, step) is not False]


def follows(incident: Incident, plan: Plainly) -> Iterator[str]:
    """What a correction changed in what is to be done, in lines."""
    for step in plan.come_back():
        yield _("To be done now: {title}").format(title=title_of(incident, step))
    for step in plan.fall_away():
        yield _("Not needed any more: {title}").format(title=title_of(incident, step))
