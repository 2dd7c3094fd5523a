"""`bcp runbook`: list, show, new, validate, lint, schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from bcp.cli.options import JsonOption, OfficeContext, grouped
from bcp.cli.terminal.output import (
    is_attended,
    mistakes_as_json,
    moved_in,
    picked,
    say,
    show,
    show_json,
    show_mistakes,
    show_next,
)
from bcp.errors import Exit, SourceError
from bcp.fact_template import fill
from bcp.i18n import _
from bcp.runbook.compiled import Plan, PlanRunbook, PlanStep

app = typer.Typer(help="The plans: what there is, what they say, whether they hold.", no_args_is_help=True)


@app.command("list")
def list_(context: OfficeContext, as_json: JsonOption = False) -> int:
    """List the runbooks of this office, each with when it is used."""
    from bcp.app.plan_list import usable_plans

    runbooks = usable_plans(context.obj)
    if as_json:
        show_json([picked(each, "runbook", "title", "when") for each in runbooks])
        return Exit.OK
    for each in runbooks:
        show(f"{each.runbook}  {each.title}", "bold")
        show("    " + _("when: {when}").format(when=each.when))
    if not runbooks:
        from bcp.cli.terminal.listing import copy_shipped

        say(_("this office has no runbook yet"))
        say("  → " + copy_shipped(context.obj.folder))
        return Exit.OK
    show_next(("bcp runbook show RUNBOOK", "bcp incident start RUNBOOK"))
    return Exit.OK


@app.command("show")
def show_(
    context: OfficeContext,
    runbook: Annotated[
        str, typer.Argument(metavar="RUNBOOK", help="Its name, as `bcp runbook list` prints it.")
    ],
    as_json: JsonOption = False,
) -> int:
    """Show one runbook whole: its phases, its steps, who, how by hand."""
    from bcp.app.load_office import office_for_one
    from bcp.runbook.plan import compile_plan

    whole = office_for_one(context.obj, runbook)
    plan = compile_plan(runbook, whole.runbooks, whole.office)
    if as_json:
        show_json(plan.as_json())
        return Exit.OK
    _show_plan(plan, plan.runbooks[runbook])
    show_next((f"bcp drill start {runbook}", f"bcp incident start {runbook}"))
    return Exit.OK


@dataclass(frozen=True, slots=True)
class NewPlanOptions:
    """An option for each question of the dialogue."""

    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="What has happened, as people would say it.")
    ] = None
    when: Annotated[
        str | None, typer.Option("--when", metavar="TEXT", help="What must be true to begin the plan.")
    ] = None
    name: Annotated[
        str | None, typer.Option("--id", metavar="NAME", help="Its short name; without it made of the title.")
    ] = None
    lead: Annotated[str | None, typer.Option("--lead", metavar="ROLE", help="Who leads: a role.")] = None
    about: Annotated[
        str | None,
        typer.Option("--activity", metavar="NAME", help="The activity or line of bcp.yaml that it is about."),
    ] = None
    within: Annotated[
        str | None, typer.Option("--within", metavar="TIME", help="By when it must be over: 4h, 2d.")
    ] = None
    tells: Annotated[
        bool | None, typer.Option("--tell-clients/--no-tell-clients", help="Whether clients hear of it.")
    ] = None
    sentence: Annotated[
        str | None,
        typer.Option("--clients-read", metavar="TEXT", help="What they read first, one sentence."),
    ] = None
    look_at: Annotated[
        str | None,
        typer.Option(
            "--look-at", metavar="ADDRESS", help="A web address or a device for a check to look at."
        ),
    ] = None


@app.command()
@grouped(NewPlanOptions)
def new(context: OfficeContext, asked: NewPlanOptions) -> int:
    """Write the first draft of a plan, its check, its notices and answers for a drill; then play it dry.

    At a terminal you are asked for what you did not say. All files are written, or none, and none is overwritten.
    """
    from bcp.app.draft.office import author_office
    from bcp.app.draft.runbook import given, new_plan, write_plan
    from bcp.cli import runbook_new
    from bcp.cli.incident.at_terminal import AtTerminal

    session = context.obj
    office = author_office(session)
    answers = given(office, **{name: getattr(asked, name) for name in NewPlanOptions.__slots__})
    if not is_attended():
        plan = new_plan(office, answers)
    else:
        plan = new_plan(office, runbook_new.asked(office, answers))
        runbook_new.agreed(plan)
    return runbook_new.show_written(write_plan(session, office, plan, AtTerminal()))


@app.command()
def validate(
    context: OfficeContext,
    runbook: Annotated[
        str | None, typer.Argument(metavar="[RUNBOOK]", help="One runbook; without it all.")
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Read the runbooks and report every mistake with its place."""
    from bcp.app.validate import read_runbooks

    found = read_runbooks(context.obj, runbook)
    advice = SourceError(found.advice)
    if as_json:
        mistakes = mistakes_as_json(SourceError(found.mistakes))
        show_json({"mistakes": mistakes, "remarks": mistakes_as_json(advice)})
    elif found.mistakes:
        show_mistakes(SourceError(found.mistakes))
    else:
        say(_("No mistakes."), "green")
        if found.advice:
            say(_("This works, and deserves a second look:"), "yellow")
            show_mistakes(advice)
    return Exit.INPUT if found.mistakes else Exit.OK


@app.command()
def lint(
    context: OfficeContext,
    runbook: Annotated[
        str | None, typer.Argument(metavar="[RUNBOOK]", help="One runbook; without it all.")
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Read the runbooks for their style: what works, and would be easier to follow in another way."""
    from bcp.app.runbook_lint import read_style

    found = read_style(context.obj, runbook)
    if as_json:
        told = [
            {"rule": rule, **mistakes_as_json(SourceError([mistake]))[0]} for rule, mistake in found.findings
        ]
        show_json({"warnings": told})
        return Exit.OK
    show_mistakes(SourceError([each.mistake for each in found.findings]))
    words = _("Plans read: {plans}. What could be said better: {count}.")
    say(words.format(plans=found.count, count=len(found.findings)), "yellow" if found.findings else "green")
    show_next(("bcp runbook validate", "bcp drill start"))
    return Exit.OK


@app.command()
def schema() -> int:
    """Print the JSON Schema of a runbook, for editors."""
    from bcp.runbook.model import Runbook
    from bcp.yaml.schema import schema as schema_of

    show_json(schema_of(Runbook, "runbook.json"))
    return Exit.OK


def _show_plan(plan: Plan, runbook: PlanRunbook) -> None:
    show(runbook.title, "bold")
    show(_("when: {when}").format(when=runbook.when))
    number = 0
    for phase in runbook.phases:
        show()
        order = _("  (in any order)") if phase.any_order else ""
        show(f"{phase.title}{order}", "bold")
        for step in phase.steps:
            number += 1
            _show_step(plan, runbook, step, f"{number:>3}")
    if runbook.stand_down:
        show()
        show(_("When it is over"), "bold")
        for step in runbook.stand_down:
            _show_step(plan, runbook, step, "   ")
    for decision in runbook.decisions:
        show()
        show(_("Decision: {question}").format(question=decision.question), "bold")
        for choice in decision.answers:
            leads = f" → {choice.runbook}" if choice.runbook else ""
            standard = _("  (default)") if choice.answer == decision.default else ""
            show(f"    {choice.answer}{leads}{standard}")


def _show_step(plan: Plan, runbook: PlanRunbook, step: PlanStep, number: str) -> None:
    from bcp.incident.condition_said import condition_said

    show(f"{number}  {fill(step.title, {})}   ({step.id})", "bold")
    role = plan.roles.get(step.who or "")
    people = ", ".join(plan.people[who].name for who in role.people) if role else ""
    condition = condition_said(step.only_if, runbook.steps())
    if condition:
        show(f"       {condition}")
    for label, text in (
        (_("who"), f"{step.who}: {people}" if role else ""),
        (_("warning"), step.warning),
        (_("by itself"), "" if step.by_person else step.words),
        (_("by hand"), fill(step.by_hand, {})),
        (_("result"), step.result),
        (_("afterwards up"), step.expect),
        (_("switching back"), step.undo.title if step.undo else ""),
    ):
        if text:
            for line in moved_in("       ", f"{label}: {text}", 11):
                show(line)
