"""The pure fold over the journal of one incident: what each event changes; it reads nothing but the plan inside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bcp.event import Event, Head, moment
from bcp.incident import ledger
from bcp.incident.decision import DecisionState, due_at
from bcp.incident.state import Flip, Incident, Note, PhaseState, Section, StepState


def fold(events: Iterable[Event]) -> Incident:
    """The incident that `events` tell of; the first of them must be `incident.started`."""
    incident: Incident | None = None
    for event in events:
        if incident is None:
            incident = _started(event)
        else:
            apply(incident, event)
    if incident is None:
        raise ValueError("there is no event to fold")
    return incident


def apply(incident: Incident, event: Event) -> None:
    """Take one more event into account. An unknown kind changes nothing: later versions write more."""
    deed = _ON.get(event.kind)
    if deed is not None:
        deed(incident, event)
    incident.head = Head(event.seq, event.hash)


def _started(event: Event) -> Incident:
    plan = event.data["plan"]
    incident = Incident(
        id=event.stream,
        kind=event.data["kind"],
        plan=plan,
        opened_at=event.at,
        opened_by=event.by,
        zone=ZoneInfo(plan["office"]["timezone"]),
        head=Head(event.seq, event.hash),
    )
    _lay_out(incident, plan["root"], "", event.at)
    return incident


def _lay_out(incident: Incident, runbook: str, address: str, at: datetime, below: bool = False) -> None:
    """Lay out the phases of `runbook`, its steps under `address`.

    With `below`, they belong to the step at that address and stand behind its phase; else (the first runbook, or
    one that was decided on) they are done before whatever is still open.
    """
    plan = incident.plan["runbooks"][runbook]
    prefix = f"{address}/" if address else ""
    phases = [
        PhaseState(
            title=told["phase"],
            runbook=runbook,
            parent=address if below else "",
            due=at + timedelta(seconds=told["within"]) if told["within"] else None,
            within=told["within"],
            any_order=told["any_order"],
            pause=told["pause"] or "",
            steps=[_add(incident, step, prefix, "main", runbook) for step in told["steps"]],
        )
        for told in plan["phases"]
    ]
    where = _behind(incident, incident[address]) if below else _before_open(incident)
    incident.phases[where:where] = phases
    incident.stand_down[0:0] = [
        _add(incident, step, prefix, "stand-down", runbook) for step in plan["stand_down"]
    ]
    for told in plan["decisions"]:
        due = due_at(told["at"], at, incident.zone)
        address = prefix + told["id"]
        incident.decisions.setdefault(address, DecisionState(address, told, runbook, at, due))


def _before_open(incident: Incident) -> int:
    """The index of the first phase that is still worked on."""
    for index, phase in enumerate(incident.phases):
        if not phase.parent and not all(step.settled for step in phase.steps):
            return index
    return len(incident.phases)


def _behind(incident: Incident, parent: StepState) -> int:
    """The index behind the phase of `parent` and behind all that was entered from that phase before."""
    home = incident.phase_of(parent)
    if home is None:
        return len(incident.phases)
    index = next(number for number, phase in enumerate(incident.phases) if phase is home) + 1
    while index < len(incident.phases) and incident.phases[index].parent:
        index += 1
    return index


def _add(
    incident: Incident, plan: Mapping[str, Any], prefix: str, section: Section, runbook: str
) -> StepState:
    step = StepState(prefix + plan["id"], plan, section, runbook)
    incident.steps[step.id] = step
    if plan["undo"]:
        incident.undos[f"{step.id}.undo"] = StepState(f"{step.id}.undo", plan["undo"], "undo", runbook)
    return step


def _begun(incident: Incident, event: Event) -> None:
    """It runs, so it is open again, if it was put off before."""
    step = incident[event.data["step"]]
    step.reopen()
    step.begun = event
    step.tries += 1


def _tried(incident: Incident, event: Event) -> None:
    step = incident[event.data["step"]]
    step.reopen()
    step.tries = max(step.tries, 1)
    step.waits = event.data["why"]
    step.unsure = event.data.get("unsure", False)
    step.evidence = event.data.get("evidence", {})


def _waiting(incident: Incident, event: Event) -> None:
    step = incident[event.data["step"]]
    if event.data.get("until"):
        step.reopen()
        step.until = moment(event.data["until"])
    else:
        step.gate = True


def _entered(incident: Incident, event: Event) -> None:
    """Entered a second time (after a crash, or tried again) it finds its steps as they are."""
    step = incident[event.data["step"]]
    step.reopen()
    if not step.entered:
        step.entered = True
        _lay_out(incident, event.data["runbook"], step.id, event.at, below=True)


def _settled(incident: Incident, event: Event) -> None:
    data = event.data
    step = incident[data["step"]]
    was_done = step.outcome == "done"
    step.reset()
    step.outcome = data["outcome"]
    step.at, step.by, step.recorded_by, step.how = event.at, event.by, event.recorded_by, event.how
    step.note = data.get("note", "")
    step.by_hand = data.get("by_hand", False)
    step.evidence = data.get("evidence", {})
    step.seq = event.seq
    _know(incident, data.get("facts", {}), event)
    undo = incident.undos.get(f"{step.id}.undo")
    if undo is not None and step.outcome == "done" and not was_done:
        undo.reopen()
        incident.left.pop(step.id, None)


def _taken(incident: Incident, event: Event) -> None:
    incident[event.data["step"]].taken_by = event.by


def _noted(incident: Incident, event: Event) -> None:
    incident.notes.append(Note(event.at, event.by, event.data["text"], event.data.get("step", "")))


def _amended_fact(incident: Incident, event: Event) -> None:
    _know(incident, event.data["facts"], event)


def _know(incident: Incident, facts: Mapping[str, str], event: Event) -> None:
    incident.facts.update(facts)
    incident.known_at.update(dict.fromkeys(facts, event.at))


def _amended_step(incident: Incident, event: Event) -> None:
    after = incident[event.data["after"]]
    prefix = after.id.rpartition("/")[0]
    plan = event.data["plan"]
    new = _add(incident, plan, f"{prefix}/" if prefix else "", after.section, after.runbook)
    new.amended = True
    phase = incident.phase_of(after)
    home = phase.steps if phase is not None else incident.stand_down
    home.insert(home.index(after) + 1, new)


def _announced(incident: Incident, event: Event) -> None:
    incident.decisions[event.data["decision"]].announced = True


def _fell_due(incident: Incident, event: Event) -> None:
    incident.decisions[event.data["decision"]].fired = True


def _overridden(incident: Incident, event: Event) -> None:
    """A new deadline is announced and falls due anew."""
    decision = incident.decisions[event.data["decision"]]
    decision.since, decision.due = event.at, moment(event.data["until"])
    decision.overridden_by, decision.override_reason = event.by, event.data["reason"]
    decision.announced = decision.fired = False


def _decided(incident: Incident, event: Event) -> None:
    data = event.data
    decision = incident.decisions[data["decision"]]
    decision.answer, decision.answered_at, decision.answered_by = data["answer"], event.at, event.by
    decision.reason, decision.by_default = data.get("reason", ""), data.get("by_default", False)
    if data.get("runbook"):
        _lay_out(incident, data["runbook"], decision.id, event.at)


def _left(incident: Incident, event: Event) -> None:
    incident.left[event.data["measure"]] = event.data["reason"]


def _found(incident: Incident, event: Event) -> None:
    incident.found.setdefault(event.data["measure"], event.at)


def _flipped(incident: Incident, event: Event) -> None:
    data = event.data
    incident.flips[data["check"]] = Flip(data["title"], data["state"], event.at, data["reason"])


def _closing(incident: Incident, event: Event) -> None:
    """Closing begins, or begins again: undos that did not end their measure are to be done again."""
    incident.closing = True
    for measure in incident.in_force():
        if measure.undo.outcome is not None:
            measure.undo.reopen()


def _pen_ended(incident: Incident, event: Event) -> None:
    incident.handed_over = True


def _pen_taken(incident: Incident, event: Event) -> None:
    incident.handed_over = False


def _closed(incident: Incident, event: Event) -> None:
    incident.closed_at = event.at


_ON: dict[str, Callable[[Incident, Event], None]] = {
    "step.begun": _begun,
    "step.tried": _tried,
    "step.waiting": _waiting,
    "step.entered": _entered,
    "step.settled": _settled,
    "step.taken": _taken,
    "note.written": _noted,
    "fact.amended": _amended_fact,
    "step.amended": _amended_step,
    "decision.announced": _announced,
    "decision.due": _fell_due,
    "decision.overridden": _overridden,
    "decision.answered": _decided,
    "measure.left": _left,
    "measure.found": _found,
    "check.flipped": _flipped,
    "closing.begun": _closing,
    "incident.closed": _closed,
    "pen.ended": _pen_ended,
    "pen.taken": _pen_taken,
    **ledger.ON,
}
