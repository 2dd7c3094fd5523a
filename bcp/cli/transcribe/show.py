"""What was typed from paper, as it is shown to whoever types it."""

from __future__ import annotations

from collections.abc import Mapping

from bcp.cli.terminal.output import say, show
from bcp.cli.transcribe.transcript import Paper
from bcp.errors import InputError
from bcp.i18n import _
from bcp.incident.state import StepState
from bcp.times import local, local_clock
from bcp.transcript.line import Line
from bcp.transcript.tables import words_of


def explain() -> None:
    """How a line is typed."""
    say(
        _(
            "time outcome initials result   such as: 9:12 x AN   or: +15 skip PL no cable   or: 27.11. 9:12 x AN"
        )
    )
    say(
        _(
            "  outcomes: x done, f failed, s skipped, n not-applicable, p deferred (all but done with the reason)"
        )
    )
    say(_("  Enter: nothing on paper.  <: one step back.  NUMBER: to that step.  end: no more steps."))
    say(
        _(
            "  Left empty on paper, a time or an answer: ?   Ctrl-C: stop here; what you typed is kept, to go on later."
        )
    )


def so_far(paper: Paper, step: StepState) -> str:
    """What the journal, or a line typed before, says of the step."""
    line = paper.lines.get(step.id)
    if line is None and step.id in paper.pending:
        return _("   [typed before: {line}   Enter: take it]").format(line=paper.pending[step.id].text)
    if line is not None:
        return f"   [{_said(paper, line)}]"
    if step.answered and step.at is not None:
        at = local_clock(step.at, paper.incident.zone, paper.now)
        return _("   [written already: {outcome} {at}]").format(outcome=step.outcome, at=at)
    return ""


def show_whole(paper: Paper, wrong: Mapping[str, InputError]) -> None:
    """All of it in its order; `wrong` says by step what does not fit."""
    show(local(paper.incident.opened_at, paper.incident.zone) + "  T0")
    for line in paper.in_order():
        show(f"{paper.numbers[line.step]:>3}  {paper.incident[line.step].title}")
        show(f"     {_said(paper, line)}", "red" if line.step in wrong else None)
        if line.step in wrong:
            show(f"     → {wrong[line.step].message}", "bold")
    for number, row in enumerate(paper.rows, 1):
        show(f"{f'r{number}':>3}  {words_of(row, paper.incident, paper.now)}")


def _said(paper: Paper, line: Line) -> str:
    answer = line.answer
    assert answer.at is not None
    at = local_clock(answer.at, paper.incident.zone, paper.now)
    facts = ", ".join(f"{name} = {value}" for name, value in answer.facts.items())
    parts = (at, answer.outcome, paper.incident.name_of(answer.by), answer.note, facts)
    return "  ".join(part for part in parts if part)
