"""The steps of an incident in `status`: all of them, or on a low screen those that matter now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from bcp.cli.terminal.output import out, rows_of, show
from bcp.i18n import _
from bcp.incident.state import Incident, PhaseState, StepState
from bcp.incident.text import listed_facts, said_outcome, title_of
from bcp.incident.view import Running, shown, time_left, who_said_short

_MARKS = {
    "done": "✔",
    "failed": "✘",
    "skipped": "–",
    "not-applicable": "–",
    "deferred": "…",
    "running": "▶",
    "in-doubt": "?",
    "waiting": "▷",
    "open": " ",
}
_LAST = 4
"""How many steps that were answered last stand there at most."""
_AHEAD = 4
"""How many steps that are to come stand on a low screen below the first of them."""


class _Line(NamedTuple):
    text: str
    style: str | None = None


def show_steps(incident: Incident, now: datetime, running: Running, rows: int) -> bool:
    """The steps and the facts; whether they fit into the `rows` that the screen has for them.

    Where that is too little they are gathered, with as many of the last answers and next steps as there is room for.
    """
    lines = _whole(incident, now, running)
    fewer = [
        *((last, _AHEAD) for last in range(_LAST, -1, -1)),
        *((0, ahead) for ahead in range(_AHEAD - 1, -1, -1)),
    ]
    for last, ahead in fewer if out.is_terminal else ():
        if _height(lines) > rows:
            lines = _short(incident, now, running, last, ahead)
    for line in lines:
        show(line.text, line.style)
    return _height(lines) <= rows or not out.is_terminal


def _height(lines: Sequence[_Line]) -> int:
    return sum(rows_of(line.text) for line in lines)


def _whole(incident: Incident, now: datetime, running: Running) -> list[_Line]:
    lines = []
    for phase in incident.phases:
        lines += [_Line(""), _head(incident, phase, now)]
        lines += [_Line(_step(incident, step, now, running)) for step in phase.steps]
    if incident.closing or incident.closed_at:
        lines += [_Line(""), _Line(_("Stand-down"), "bold")]
        lines += [_Line(_step(incident, step, now, running)) for step in incident.closing_steps()]
    if facts := listed_facts(incident):
        lines += [_Line(""), _Line(_("Facts"), "bold")]
        lines += [_Line(f"  {name} = {value}") for name, value in facts.items()]
    return lines


def _short(incident: Incident, now: datetime, running: Running, last: int, ahead: int) -> list[_Line]:
    """Each phase in one line, and of those worked on the next steps, `ahead` at most, and the `last` answered ones.

    With nothing `ahead`, only the phases that are worked on.
    """
    lines = [_Line("")]
    worked_on = {id(incident.phase_of(step)) for step in incident.next_steps()}
    for phase in incident.phases:
        if not ahead and id(phase) not in worked_on:
            continue
        settled = sum(step.settled for step in phase.steps)
        words = _("{phase}: {settled} of {count} steps").format(
            phase=_head(incident, phase, now).text, settled=settled, count=len(phase.steps)
        )
        lines.append(_Line(_cut(words), "bold" if id(phase) in worked_on else "dim"))
        if id(phase) in worked_on:
            answered = [step for step in phase.steps if step.settled]
            waiting = [step for step in phase.steps if not step.settled]
            some = [*answered[max(0, len(answered) - last) :], *waiting[:ahead]]
            lines += [_Line(_cut(_step(incident, step, now, running))) for step in some]
    if incident.closing:
        waiting = [step for step in incident.closing_steps() if not step.settled]
        lines += [_Line(_("Stand-down"), "bold")]
        lines += [_Line(_cut(_step(incident, step, now, running))) for step in waiting[:ahead]]
    lines.append(
        _Line(_("All steps and facts: {command}").format(command=f"bcp {incident.kind} status | more"))
    )
    return lines


def _cut(text: str) -> str:
    return text if len(text) <= out.width else text[: out.width - 1] + "…"


def _head(incident: Incident, phase: PhaseState, now: datetime) -> _Line:
    is_over = all(step.settled for step in phase.steps) or incident.closed_at is not None
    left = time_left(incident, phase.due, now) if phase.due is not None and not is_over else ""
    return _Line(" · ".join(filter(None, [phase.title, left])), "bold")


def _step(incident: Incident, step: StepState, now: datetime, running: Running) -> str:
    outcome = shown(step, running)
    said = who_said_short(incident, step, now)
    note = step.note or step.waits
    tail = " · ".join(part for part in (said, note if outcome != "open" else "") if part)
    word = "" if outcome in ("open", "done") else f" [{said_outcome(outcome)}]"
    title = title_of(incident, step)
    return f"  {_MARKS[outcome]} {step.id}: {title}{word}" + (f"  ({tail})" if tail else "")
