"""What a sheet says, as plain data without a language: the part of the compiled plan that is shown, and nothing else.

The hash on paper is the hash of this. A change that no reader would see leaves it as it is, and so do another
language, another paper size and a new look of the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from bcp.event import canonical, digest
from bcp.runbook.compiled import Plan, PlanDecision, PlanLine, PlanPhase, PlanRunbook, PlanStep

DIGITS = 12
HEAD_DIGITS = 32
"""Of the hash of a journal: with fewer, somebody could make another journal whose hash begins alike."""
_GROUP = 4

_OF_RUNBOOK = ("title", "when", "not_when", "version", "reviewed", "valid_for", "owner")
_OF_ACT = ("id", "title", "who", "by_hand", "warning", "result")
_OF_LINE = ("title", "provider", "contract", "line_id", "support")


def in_groups(head: str) -> str:
    """As much of the hash of a journal as stands on paper, in groups that a person can read out and type."""
    digits = head[:HEAD_DIGITS]
    return " ".join(digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP))


def bare_digits(text: str) -> str:
    """A hash as it was typed, without what stands between its groups."""
    return "".join(letter for letter in text.lower() if letter not in "-.:_" and not letter.isspace())


def version_hash(content: Mapping[str, Any]) -> str:
    """The first 12 digits of the SHA-256 of the content's canonical JSON."""
    return digest(canonical(content))[:DIGITS]


def sheet(plan: Plan, runbook: str, phases: Sequence[PlanPhase] = ()) -> dict[str, Any]:
    """What the sheet of `runbook` says; `phases` stand for those of the runbook where an incident has more."""
    told = plan.runbooks[runbook]
    shown = [_phase(phase) for phase in phases or told.phases]
    stand_down = [_step(step) for step in told.stand_down]
    steps = [step for phase in shown for step in phase["steps"]] + stand_down
    roles = _roles_of(told, steps)
    return {
        "document": "runbook",
        "id": runbook,
        "office": {"name": plan.office.name, "country": plan.office.country},
        **{key: getattr(told, key) for key in _OF_RUNBOOK},
        "roles": [_role(plan, role) for role in roles],
        "lines": {
            name: {key: value for key, value in line.as_json().items() if key in _OF_LINE}
            for name, line in plan.lines.items()
            if name in {step["line"] for step in steps}
        },
        "phases": shown,
        "stand_down": stand_down,
        "decisions": [_decision(decision) for decision in told.decisions],
        "sheets": {
            name: plan.runbooks[name].title
            for name in sorted({*_entered(steps), *_answered(told)})
            if name in plan.runbooks
        },
    }


def steps(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The steps of all phases in their order; the sheet numbers them from 1."""
    return [step for phase in content["phases"] for step in phase["steps"]]


def numbers(content: Mapping[str, Any]) -> dict[str, int]:
    """The number on the sheet of every step, undo and stand-down step, by its id.

    The undos follow the steps in reverse order: what was switched on last is switched off first.
    """
    undos = [step["undo"] for step in reversed(steps(content)) if step["undo"]]
    rows = [*steps(content), *undos, *content["stand_down"]]
    return {row["id"]: number for number, row in enumerate(rows, 1)}


def lines(content: Mapping[str, Any]) -> dict[str, PlanLine]:
    """The lines that the steps are about, by their ids; what the office did not write about one is None."""
    return {name: PlanLine.from_json({"line": name, **line}) for name, line in content["lines"].items()}


class PhoneEntry(NamedTuple):
    """Whom to call, and at which number."""

    who: str
    number: str


def phones(content: Mapping[str, Any]) -> list[PhoneEntry]:
    """Whom to call, each number once: the firms behind the lines, then everybody with a role."""
    found: dict[str, str] = {}
    for line in lines(content).values():
        if line.support:
            found.setdefault(line.support, line.provider or line.title or "")
    for role in content["roles"]:
        for person in role["people"]:
            if person["phone"]:
                found.setdefault(person["phone"], person["name"])
    return [PhoneEntry(who, number) for number, who in found.items()]


def without_phone(content: Mapping[str, Any]) -> dict[str, str]:
    """Who has no number in bcp.yaml, and what they are here: the firms behind the lines, then those with a role.

    Paper has a line for each, to write the number on.
    """
    found = {
        line.provider: line.title or line.line or ""
        for line in lines(content).values()
        if line.provider and not line.support
    }
    for role in content["roles"]:
        for person in role["people"]:
            if not person["phone"]:
                found.setdefault(person["name"], role["title"] or role["id"])
    return found


def badges(content: Mapping[str, Any]) -> dict[str, str]:
    """A short mark for each role: its id in capitals, cut where it is long, and never the same twice."""
    given: dict[str, str] = {}
    for role in content["roles"]:
        bare = role["id"].replace("-", "").replace("_", "").upper()
        short = bare if len(bare) <= 6 else bare[:5]
        while short in given.values():
            short = f"{short[:4]}{len(given) + 1}"
        given[role["id"]] = short
    return given


def _phase(phase: PlanPhase) -> dict[str, Any]:
    return {
        "phase": phase.title,
        "within": phase.within,
        "any_order": phase.any_order,
        "pause": phase.pause,
        "steps": [_step(step) for step in phase.steps],
    }


def _step(step: PlanStep) -> dict[str, Any]:
    return {
        **_act(step),
        "line": step.line,
        "only_if": step.only_if.as_json() if step.only_if else None,
        "sets": dict(step.sets),
        "undo": _act(step.undo) if step.undo else None,
    }


def _act(act: PlanStep) -> dict[str, Any]:
    questions = [{"fact": fact.name, "ask": fact.ask, "choices": list(fact.values)} for fact in act.facts]
    enters = act.params["runbook"] if act.kind == "runbook" else None
    return {**{key: getattr(act, key) for key in _OF_ACT}, "questions": questions, "enters": enters}


def _decision(decision: PlanDecision) -> dict[str, Any]:
    return {
        "id": decision.id,
        "question": decision.question,
        "who": decision.who,
        "at": decision.at,
        "answers": [{"answer": each.answer, "runbook": each.runbook} for each in decision.answers],
        "default": decision.default,
    }


def _role(plan: Plan, role: str) -> dict[str, Any]:
    told = plan.roles[role]
    people = [plan.people[person] for person in told.people]
    return {
        "id": role,
        "title": told.title,
        "people": [{"name": who.name, "phone": who.phone} for who in people],
    }


def _roles_of(runbook: PlanRunbook, steps: Sequence[Mapping[str, Any]]) -> list[str]:
    """The owner's role first, then the others in the order in which they are met."""
    acts = [act for step in steps for act in (step, step["undo"]) if act]
    met = [
        runbook.owner,
        *(act["who"] for act in acts),
        *(each.who for each in runbook.decisions),
    ]
    return [role for role in dict.fromkeys(met) if role]


def _entered(steps: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for step in steps:
        for act in (step, step["undo"]):
            if act and act["enters"]:
                yield act["enters"]


def _answered(runbook: PlanRunbook) -> Iterator[str]:
    for decision in runbook.decisions:
        yield from (each.runbook for each in decision.answers if each.runbook)
