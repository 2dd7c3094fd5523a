"""`bcp promise`: what providers said would happen and by when, and whether it was kept."""

from datetime import datetime
from typing import Annotated

import typer

from bcp.app.session import Session
from bcp.cli.options import AtOption, ByOption, IncidentOption, JsonOption, OfficeContext
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.errors import Exit
from bcp.i18n import _
from bcp.incident.due import own_estimate
from bcp.incident.state import Incident
from bcp.promise.model import Promise, settling
from bcp.times import local_clock, say_duration

app = typer.Typer(help="What providers promised, by when, and whether they kept it.", no_args_is_help=True)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The promise, as the list shows it: p1")]
NoteOption = Annotated[str, typer.Option("--note", help="What there is to say about it.")]


@app.command()
def add(
    context: OfficeContext,
    what: Annotated[str, typer.Argument(metavar="WHAT", help="What is to happen. Names stay in the record.")],
    provider: Annotated[str, typer.Option("--from", metavar="PROVIDER", help="Who promised it.")],
    by: Annotated[str, typer.Option("--by", metavar="TIME", help='By when, as it was said: "tomorrow noon"')],
    said_by: Annotated[str, typer.Option("--said-by", help="The name of the person who said it.")] = "",
    ticket: Annotated[str, typer.Option("--ticket", help="The ticket number.")] = "",
    channel: Annotated[str, typer.Option("--channel", help="How it was said: phone, mail, chat.")] = "",
    at: AtOption = None,
    person: Annotated[
        str | None, typer.Option("--person", help="Who heard it; else BCP_PERSON, else the login name.")
    ] = None,
    incident: IncidentOption = None,
) -> int:
    """Write down what a provider promised; its time is echoed as a date first."""
    from bcp.app.ledger import promise as deeds
    from bcp.cli.terminal.time_input import agrees_on

    wanted = deeds.PromiseRequest(what, provider, by, said_by, ticket, channel, at, person)
    name = deeds.add(context.obj, incident, wanted, agrees_on)
    say(_("Written down as {id}.").format(id=name), "green")
    show_next(settling(name))
    return Exit.OK


@app.command("broken", help="Say that it was not kept.")
@app.command("kept", help="Say that it came true; also, late, of one that was broken.")
def settle(
    context: OfficeContext,
    promise: IdArgument,
    at: AtOption = None,
    note: NoteOption = "",
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Say how a promise ended, by the name under which this was called."""
    from bcp.app.ledger import promise as deeds

    is_kept = context.info_name == "kept"
    deeds.settle(context.obj, incident, promise, is_kept, by=by, at=at, note=note)
    say(_("Written down."), "green")
    show_next(("bcp promise list", "bcp incident status"))
    return Exit.OK


@app.command("list")
def list_(
    context: OfficeContext,
    everywhere: Annotated[
        bool, typer.Option("--providers", help="How each provider kept its promises, over all incidents.")
    ] = False,
    incident: IncidentOption = None,
    as_json: JsonOption = False,
) -> int:
    """List the promises of an incident; or how each provider kept its own."""
    from bcp.app.book import book_of
    from bcp.cli.incident.show import estimate_words
    from bcp.promise.model import as_data

    session = context.obj
    if everywhere:
        return _providers(session, as_json)
    found, now = book_of(session, incident, closed_too=True).incident, session.clock.now()
    due = [each for each in found.promises.values() if each.state(now) == "due" and not found.closed_at]
    status = Exit.DUE if due else Exit.OK
    if as_json:
        show_json([as_data(each, now) for each in found.promises.values()])
        return status
    for each in found.promises.values():
        show(_line(found, each, now))
    own = own_estimate(found, now)
    if own is not None:
        show(estimate_words(found, own))
    if not found.promises:
        say(_("Nobody promised anything yet."))
    answers = [f"bcp promise {answer} {each.id}" for each in due[:1] for answer in ("kept", "broken")]
    show_next(answers or ('bcp promise add "WHAT" --from PROVIDER --by TIME',))
    return status


def _line(incident: Incident, promise: Promise, now: datetime) -> str:
    state = {"open": _("open"), "due": _("DUE: was it kept?"), "kept": _("kept"), "broken": _("BROKEN")}
    parts = [
        f"{promise.id}  {promise.provider}: {promise.what}",
        _("by {time}").format(time=local_clock(promise.due, incident.zone, now)),
        state[promise.state(now)],
    ]
    if promise.broken and promise.came_true_at is not None:
        late = promise.came_true_at - promise.due
        parts.append(_("came true {time} late").format(time=say_duration(late)))
    return " · ".join([*parts, *filter(None, [promise.note])])


def _providers(session: Session, as_json: bool) -> int:
    """Print how each provider kept its promises, over all incidents."""
    from bcp.app.ledger import promise as deeds

    found = deeds.providers(session)
    if as_json:
        show_json(found)
        return Exit.OK
    for each in found:
        words = _("{provider}: {made} promises, {kept} kept, {broken} broken, {open} open{slip}")
        slip = (
            _("; usually {time} late").format(time=say_duration(each.median_slip)) if each.median_slip else ""
        )
        show(
            words.format(
                provider=each.provider,
                made=each.made,
                kept=each.kept,
                broken=each.broken,
                open=each.open,
                slip=slip,
            )
        )
    if not found:
        say(_("Nobody promised anything yet."))
    show_next(("bcp promise list",))
    return Exit.OK
