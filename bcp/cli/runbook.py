"""`bcp runbook`: list, show, validate, lint, schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from bcp.cli.options import JsonOption, OfficeContext
from bcp.cli.terminal.listing import copy_shipped
from bcp.cli.terminal.output import (
    mistakes_as_json,
    moved_in,
    picked,
    say,
    show,
    show_json,
    show_mistakes,
    show_next,
)
from bcp.cli.terminal.progress import at_terminal
from bcp.errors import Exit, SourceError
from bcp.fact_template import fill
from bcp.i18n import _

app = typer.Typer(help="The plans: what there is, what they say, whether they hold.", no_args_is_help=True)


@app.command("list")
def list_(context: OfficeContext, as_json: JsonOption = False) -> int:
    """List the runbooks of this office, each with when it is used."""
    from bcp.app.load_office import office_for

    whole = office_for(context.obj, None)
    runbooks = [loaded.model for loaded in whole.runbooks.values()]
    if as_json:
        show_json([picked(each, "runbook", "title", "when") for each in runbooks])
        return Exit.OK
    for each in runbooks:
        show(f"{each.runbook}  {each.title}", "bold")
        show("    " + _("when: {when}").format(when=each.when))
    if not runbooks:
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
    from bcp.app.load_office import office_for
    from bcp.runbook.plan import compile_plan

    whole = office_for(context.obj, runbook)
    plan = compile_plan(runbook, whole.runbooks, whole.office).as_json()
    if as_json:
        show_json(plan)
        return Exit.OK
    _show_plan(plan, plan["runbooks"][runbook])
    show_next((f"bcp drill start {runbook}", f"bcp incident start {runbook}"))
    return Exit.OK


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

    found = read_runbooks(context.obj, runbook, progress=at_terminal())
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

    found = read_style(context.obj, runbook, progress=at_terminal())
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
    from bcp.yaml.source import schema as schema_of

    show_json(schema_of(Runbook, "runbook.json"))
    return Exit.OK


def _show_plan(plan: Mapping[str, Any], runbook: Mapping[str, Any]) -> None:
    show(runbook["title"], "bold")
    show(_("when: {when}").format(when=runbook["when"]))
    number = 0
    for phase in runbook["phases"]:
        show()
        order = _("  (in any order)") if phase["any_order"] else ""
        show(f"{phase['phase']}{order}", "bold")
        for step in phase["steps"]:
            number += 1
            _show_step(plan, step, f"{number:>3}")
    if runbook["stand_down"]:
        show()
        show(_("Stand-down"), "bold")
        for step in runbook["stand_down"]:
            _show_step(plan, step, "   ")
    for decision in runbook["decisions"]:
        show()
        show(_("Decision: {question}").format(question=decision["question"]), "bold")
        for choice in decision["answers"]:
            leads = f" → {choice['runbook']}" if choice.get("runbook") else ""
            standard = _("  (default)") if choice["answer"] == decision["default"] else ""
            show(f"    {choice['answer']}{leads}{standard}")


def _show_step(plan: Mapping[str, Any], step: Mapping[str, Any], number: str) -> None:
    show(f"{number}  {fill(step['title'], {})}   ({step['id']})", "bold")
    role = plan["roles"].get(step["who"] or "")
    people = ", ".join(plan["people"][who]["name"] for who in role["people"]) if role else ""
    for label, text in (
        (_("only if"), _condition(step["only_if"])),
        (_("who"), f"{step['who']}: {people}" if role else ""),
        (_("warning"), step["warning"]),
        (_("by itself"), "" if step["by_person"] else step["words"]),
        (_("by hand"), fill(step["by_hand"], {})),
        (_("result"), step["result"]),
        (_("afterwards up"), step["expect"]),
        (_("undo"), step["undo"]["title"] if step.get("undo") else ""),
    ):
        if text:
            for line in moved_in("       ", f"{label}: {text}", 11):
                show(line)


def _condition(condition: Mapping[str, Any] | None) -> str:
    if not condition:
        return ""
    named = condition.get("fact") or _("the check {check}").format(check=condition["check"])
    return f"{named} = {_(' or ').join(condition['is'])}"
