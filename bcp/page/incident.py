"""The incident copy: the sheet of a running incident, with clock times, what was done, and the facts filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bcp.event import stamp
from bcp.incident.state import Incident, PhaseState, StepState
from bcp.page import content as said
from bcp.page.blocks import Document, MarkBlock, Proof
from bcp.page.labels import Labels
from bcp.page.progress import Filled
from bcp.page.sheet import Sheet
from bcp.runbook.compiled import PlanPhase, PlanStep
from bcp.visible import visible


def incident_content(incident: Incident) -> dict[str, Any]:
    """What its sheet says: the plan that it began with, with the runbooks entered and the steps put in since."""
    made = said.sheet(incident.plan, incident.runbook, [_phase(incident, phase) for phase in incident.phases])
    return {**made, "document": "incident", "incident": incident.id}


def incident_copy(incident: Incident, words: Labels) -> Document:
    """The sheet of `incident` as it stands at the head of its journal."""
    content = incident_content(incident)
    title = f"{words('drill')}: {incident.title}" if incident.drill else incident.title
    filled = Filled(
        start=incident.opened_at.astimezone(incident.zone),
        facts={name: visible(_fact(value, incident, words)) for name, value in incident.known.items()},
        found={name: visible(value) for name, value in incident.seen.items()},
        finders=frozenset(step.id for step in incident.every_step() if step.plan.finds),
        marks={step.id: _mark(step, incident, words) for step in incident.every_step() if step.outcome},
        measures=_measures(incident, words),
        log=tuple(_log(incident, words)),
        promises=tuple(_promises(incident, words)),
        answers=dict(_answers(incident, words)),
        improvements=tuple(visible(each.text) for each in incident.reviews if each.about == "improve"),
        lead=incident.name_of(incident.opened_by),
        title=title,
        head=incident.head.hash[: said.DIGITS],  # enough to find the page by, and typed in a hurry
    )
    blocks = Sheet(content, words, filled).whole()
    return Document(content["id"], title, words.language, _proof(incident, content, words), blocks)


def _proof(incident: Incident, content: Mapping[str, Any], words: Labels) -> Proof:
    """The journal's head stands where a blank sheet tells when it was reviewed."""
    name = words("drill_copy" if incident.drill else "incident_copy", id=incident.id)
    head = words("journal_head", seq=incident.head.seq)
    right = f"{name} · {head} · {said.in_groups(incident.head.hash)}"
    return Proof(content["office"]["name"], right, said.version_hash(content))


def _phase(incident: Incident, phase: PhaseState) -> PlanPhase:
    return PlanPhase(
        title=phase.title,
        within=(phase.due - incident.opened_at).total_seconds() if phase.due else None,
        any_order=phase.any_order,
        pause=phase.pause,
        steps=[_addressed(step) for step in phase.steps],
    )


def _addressed(step: StepState) -> PlanStep:
    """The compiled step under its address in the incident; so is its undo."""
    undo = step.plan.undo
    return step.plan.replaced(id=step.id, undo=undo.replaced(id=f"{step.id}.undo") if undo else None)


def _mark(step: StepState, incident: Incident, words: Labels) -> MarkBlock:
    assert step.at is not None
    time = words.clock(step.at.astimezone(incident.zone))
    by = visible(incident.name_of(step.by))
    return MarkBlock(words(f"outcome_{step.outcome}"), time, by, step.outcome == "done")


def _answers(incident: Incident, words: Labels) -> Iterator[tuple[str, MarkBlock]]:
    for name, each in incident.decisions.items():
        if each.answer:
            by = visible(incident.name_of(each.answered_by))
            yield name, MarkBlock(each.answer, _clock(each.answered_at, incident, words), by, ticked=True)


def _measures(incident: Incident, words: Labels) -> dict[str, tuple[str, str]]:
    told = {}
    for measure in incident.measures():
        off = "" if measure.on else _clock(measure.undo.at, incident, words)
        told[measure.step.id] = (_clock(measure.since, incident, words), off)
    return told


def _log(incident: Incident, words: Labels) -> Iterator[tuple[str, str, str]]:
    for note in incident.notes:
        yield _clock(note.at, incident, words), visible(note.text), visible(incident.name_of(note.by))


def _promises(incident: Incident, words: Labels) -> Iterator[tuple[str, ...]]:
    """When it was said, by whom, what, by when, and whether it was kept."""
    for each in incident.promises.values():
        who = f"{each.provider}, {each.said_by}" if each.said_by else each.provider
        due = _fact(stamp(each.due), incident, words)
        kept = words("promise_yes" if each.kept else "promise_no") if each.settled else ""
        yield _clock(each.made_at, incident, words), visible(who), visible(each.what), due, kept


def _clock(moment: datetime | None, incident: Incident, words: Labels) -> str:
    return words.clock(moment.astimezone(incident.zone)) if moment else ""


def _fact(value: str, incident: Incident, words: Labels) -> str:
    """A date and time is said in the language's form; anything else stays as it was answered."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    if moment.tzinfo is None:
        return value
    return words.moment(moment, incident.zone)
