"""`bcp check`: the things that are looked at, how they are, and how they were."""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bcp.app.session import Session
from bcp.cli.options import JsonOption, OfficeContext, RefreshOption
from bcp.cli.terminal.output import picked, say, show_json, show_json_list, show_next, show_text
from bcp.cli.terminal.output import show as print_line
from bcp.errors import Exit, StoreError
from bcp.i18n import _

app = typer.Typer(help="The things that are looked at, and how they are.", no_args_is_help=True)

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME]...", help="Some checks; without a name all.", show_default=False),
]


@app.command()
def run(
    context: OfficeContext,
    names: Names = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Tell all states, not only what changed.")
    ] = False,
    as_json: JsonOption = False,
) -> int:
    """Look at checks, the clock, and what was set; silent unless something changed or fell due. Made for cron.

    While `bcp watch` looks, its states are shown, and nothing is looked at twice.
    """
    from bcp.app.check.history import CheckStates
    from bcp.app.check.run import PassResult, run_checks
    from bcp.app.who import NobodyToAsk
    from bcp.cli.check import show, unattended

    session = context.obj
    session.who = NobodyToAsk()
    alerts = unattended.alerts_of(session)
    context.call_on_close(alerts.end)

    def tell(result: PassResult) -> None:
        data = show.pass_as_data(result.found)
        show_json(data) if as_json else show.show_pass(session, result, verbose)
        sys.stdout.flush()

    result = run_checks(session, names or [], tell, alerts)
    if isinstance(result, CheckStates):
        from bcp.cli.check.beside import show_held

        show_held(session, result, verbose, as_json)
    elif result.not_kept is not None:
        return show.tell_not_kept(result.not_kept, result.is_bad)
    try:
        is_due = _go_on(session, result, None if as_json else alerts.news)
    except StoreError as error:
        return show.tell_not_kept(error, result.is_bad)
    wrong = Exit.DUE if is_due else Exit.INPUT if getattr(result, "is_of_last", False) else Exit.OK
    return Exit.CHECK_DOWN if result.is_bad else wrong


def _go_on(session: Session, result: object, tell: Callable[[Sequence[str]], None] | None) -> bool:
    """Begin what may begin by itself, and tell what fell due: whether there is such a thing; only where it is told."""
    from bcp.app.check.run import PassResult
    from bcp.app.incident.autostart import begin_auto
    from bcp.cli.check import unattended

    if isinstance(result, PassResult):
        begin_auto(session, result.office, result.checks, partial(unattended.begin, session))
    return tell is not None and _tell_due(session, tell)


def _tell_due(session: Session, tell: Callable[[Sequence[str]], None]) -> bool:
    """Tell what fell due, and what changed of what was set; whether there is such a thing, or one that is not well."""
    from bcp.app.check import standing
    from bcp.cli.check import unattended

    due: list[str] = []
    unattended.strike(session, due.append)
    looks = standing.look(session)
    if news := [*due, *looks.news]:
        tell(news)
    for line in (line for each in news for line in each.splitlines()):
        print_line(line, "bold")
    return bool(due) or looks.is_red


@app.command()
def status(context: OfficeContext, names: Names = None, as_json: JsonOption = False) -> int:
    """How each check was when it was last looked at. Nothing is looked at now."""
    from bcp.app.check.history import states_of
    from bcp.app.stood import STREAMS, stood
    from bcp.cli.check import history
    from bcp.cli.terminal.seen import show_levers

    found = states_of(context.obj, names or [])
    if as_json:
        show_json([history.state_as_data(each) for each in found.checks])
    else:
        history.show_states(found, context.obj.clock.now())
        levers = stood(context.obj)
        for kind in STREAMS:
            show_levers(levers, kind, found.office.zone, context.obj.clock.now())
        show_next(("bcp check run --verbose", "bcp check history"))
    return Exit.CHECK_DOWN if found.is_bad else Exit.OK


@app.command()
def history(context: OfficeContext, names: Names = None, as_json: JsonOption = False) -> int:
    """Uptime, outages and latency of a day, 30 and 90 days; time in which nobody looked apart."""
    from bcp.app.check.histories import histories_of
    from bcp.cli.check import history

    found = histories_of(context.obj, names or [], by_days=not as_json)
    if as_json:
        show_json_list(map(history.history_as_data, found.checks))
    else:
        history.show_histories(found)
        show_next(("bcp check status",))
    return Exit.OK


@app.command()
def page(
    context: OfficeContext,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="Where to: checks.html.")],
    refresh: RefreshOption = False,
) -> int:
    """Write all checks on one page for a browser: now, 90 days, outages, response times. Nothing is looked at now."""
    from bcp.app.check.page import write_page

    found = write_page(context.obj, output, refresh)
    say(_("Written: {path}. Checks on it: {count}").format(path=output, count=found.checks), "green")
    if found.is_stale:
        say(
            _("Nobody looks at the checks any more, and the page says so. Start again: bcp watch"), "bold red"
        )
    show_next(("bcp watch --page FILE", "bcp check status"))
    return Exit.OK


@app.command()
def diagnose(context: OfficeContext, as_json: JsonOption = False) -> int:
    """Look at every layer from this computer to our website, and say in one word what is wrong."""
    from bcp.app.check import probing
    from bcp.app.check.go_on import how_to_go_on
    from bcp.check.diagnose import diagnose_now
    from bcp.cli.check import show

    session = context.obj
    office, checks = probing.office_and_checks(session)
    say(_("Looking at everything at once; this takes up to twelve seconds …"))
    found = diagnose_now(checks, probing.shared_for(session, office), probing.references_of(office))
    if as_json:
        show_json(show.diagnosis_as_data(found))
    else:
        show.show_diagnosis(found)
        show_next([how_to_go_on(session, found.runbook)] if found.runbook else [])
    return Exit.OK if found.verdict == "ok" else Exit.CHECK_DOWN


@app.command()
def metrics(context: OfficeContext) -> int:
    """Print the checks as OpenMetrics text, for Prometheus."""
    from bcp.app.check.history import metrics_text

    show_text(metrics_text(context.obj))
    return Exit.OK


@app.command("list")
def list_(context: OfficeContext, as_json: JsonOption = False) -> int:
    """The checks of this office, and how each looks."""
    from bcp.app.check import probing
    from bcp.cli.check import show

    _office, checks = probing.office_and_checks(context.obj)
    if as_json:
        show_json([picked(each, "check", "title", "runbook") for each in checks.values()])
        return Exit.OK
    show.show_checks(checks.values())
    if not checks:
        say(_("This office has no checks yet."))
    show_next(("bcp check run --verbose", "bcp check status"))
    return Exit.OK


@app.command()
def schema() -> int:
    """Print the JSON Schema of a check, for editors."""
    from bcp.check.model import Check
    from bcp.yaml.schema import schema as schema_of

    show_json(schema_of(Check, "check.json"))
    return Exit.OK
