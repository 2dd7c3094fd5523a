"""`bcp decision`: the questions with a deadline, their answers, and putting one off."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer

from bcp.app.ledger.decision import Decisions
from bcp.cli.options import ByOption, IncidentOption, JsonOption, OfficeContext
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.errors import Exit
from bcp.i18n import _
from bcp.incident import decision_due
from bcp.incident.decision import DecisionState
from bcp.incident.due import if_then
from bcp.incident.state import Incident
from bcp.times import local_clock

app = typer.Typer(help="The questions with a deadline, and what was decided.", no_args_is_help=True)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The decision, as the list shows it.")]


@app.command("list")
def list_(context: OfficeContext, incident: IncidentOption = None, as_json: JsonOption = False) -> int:
    """List the decisions of an incident: what is due, what comes, what was decided."""
    from bcp.app.ledger.decision import decisions

    found = decisions(context.obj, incident)
    opened, now, due = found
    if as_json:
        show_json([decision_due.as_data(opened, each, now) for each in opened.decisions.values()])
        return Exit.DUE if due else Exit.OK
    for each in opened.decisions.values():
        for number, line in enumerate(_lines(opened, each, now)):
            show(line, "bold" if number == 0 else None)
    if not opened.decisions:
        say(_("Its runbooks ask for no decision."))
    show_next(_commands(found))
    return Exit.DUE if due else Exit.OK


@app.command()
def answer(
    context: OfficeContext,
    decision: IdArgument,
    chosen: Annotated[str, typer.Argument(metavar="ANSWER", help="One of its answers.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it stays in the record.")] = "",
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Decide; an answer that names a runbook enters it in this incident."""
    from bcp.app.ledger import decision as deeds

    opened, enters = deeds.answer(context.obj, incident, decision, chosen, reason=reason, by=by)
    say(_("Decided: {answer}").format(answer=chosen), "green")
    if enters:
        say(_("Its steps come first now."))
    show_next((f"bcp {opened.kind} {'resume' if enters else 'status'} --incident {opened.id}",))
    return Exit.OK


@app.command()
def override(
    context: OfficeContext,
    decision: IdArgument,
    until: Annotated[str, typer.Option("--until", metavar="TIME", help='The new hard time: "15:00"')],
    reason: Annotated[str, typer.Option("--reason", help="Why it can wait; it stays in the record.")] = "",
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Put a decision off, once, with a reason and a new hard time."""
    from bcp.app.ledger import decision as deeds
    from bcp.cli.terminal.time_input import agrees_on

    deeds.override(context.obj, incident, decision, until, reason=reason, by=by, agree=agrees_on)
    say(_("Put off. It cannot be put off a second time."), "green")
    show_next(("bcp decision list",))
    return Exit.OK


def _lines(incident: Incident, decision: DecisionState, now: datetime) -> list[str]:
    """A decision in a few lines, the question first."""
    head = f"{decision.id}  {decision.question}"
    if decision.answer is not None:
        assert decision.answered_at is not None
        by = _("by default") if decision.by_default else incident.name_of(decision.answered_by)
        at = local_clock(decision.answered_at, incident.zone, now)
        said = _("decided {time} by {who}: {answer}").format(time=at, who=by, answer=decision.answer)
        return [head, "    " + " · ".join(filter(None, [said, decision.reason]))]
    state = _("DUE NOW") if decision_due.why_due(incident, decision, now) else _("open")
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


def _commands(found: Decisions) -> Sequence[str]:
    """The commands that lead on: the answer to what is due."""
    if found.due:
        return decision_due.answering(found.due[0], found.incident)
    return (f"bcp {found.incident.kind} status --incident {found.incident.id}",)
