"""`bcp line`: the office's lines, which one leads out, and a test of one that stands by."""

from typing import Annotated

import typer

from bcp.cli.options import ByOption, JsonOption, OfficeContext
from bcp.cli.terminal.output import is_attended, say, show_next
from bcp.errors import Exit
from bcp.i18n import _

app = typer.Typer(help="The lines that the office works over, and their providers.", no_args_is_help=True)


@app.command("list")
def list_(context: OfficeContext, as_json: JsonOption = False) -> int:
    """Print them as bcp.yaml has them."""
    from bcp.cli.terminal.listing import tell_list

    return tell_list(context.obj, "lines", as_json)


@app.command()
def status(context: OfficeContext, as_json: JsonOption = False) -> int:
    """Which line leads out, how each is switched to, what its data will do for, when it was tested."""
    from bcp.app.line.status import line_status
    from bcp.app.stood import stood
    from bcp.cli.line.show import show_status, show_status_json
    from bcp.cli.terminal.seen import show_levers

    found = line_status(context.obj)
    if not as_json:
        show_levers(stood(context.obj), "line", found.zone, context.obj.clock.now())
    show_status_json(found) if as_json else show_status(found)
    return Exit.OK


@app.command()
def test(
    context: OfficeContext,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A line that stands by.", show_default=False)],
    check: Annotated[
        str | None,
        typer.Option(
            "--check",
            metavar="CHECK",
            help="What to look at through it; else the line's check, else internet.",
        ),
    ] = None,
    switch: Annotated[
        bool,
        typer.Option("--switch", help="Switch the office over for the look, and back; asks first."),
    ] = False,
    by: ByOption = None,
) -> int:
    """Look through a stand-by line while the other stays in use, and write down the date. Made for once a month.

    Only with --switch is it tried that the office leads out over the line: do that once, on a quiet evening.
    """
    from bcp.app.line.trial import needs_person, try_line
    from bcp.cli.line.show import TerminalWitness, show_line_trial

    def looking(at: str) -> None:
        words = _("Looking at {check} through {line}; the other line stays in use …")
        if switch:
            words = _("Looking at {check} over {line} …")
        say(words.format(check=at, line=name))

    if switch and not is_attended():
        raise needs_person(name)
    trial = try_line(context.obj, name, check, by, looking, switch=TerminalWitness() if switch else None)
    if trial is None:
        say(_("Nothing was switched."))
        return Exit.OK
    show_line_trial(trial)
    show_next(("bcp line status",))
    return Exit.OK if trial.carries else Exit.CHECK_DOWN
