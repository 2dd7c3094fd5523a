"""`bcp notice`: the approved texts, and telling everyone with them."""

from typing import Annotated

import typer

from bcp.cli.notice import calls, export, greetings, new, skip, spots
from bcp.cli.notice.options import (
    AudienceArgument,
    ChannelsOption,
    DrillOption,
    NoticeArgument,
    SendOptions,
)
from bcp.cli.options import ByOption, IncidentOption, JsonOption, OfficeContext, grouped
from bcp.cli.terminal.output import say, show, show_json, show_next
from bcp.command_words import as_typed
from bcp.errors import Exit
from bcp.i18n import _

app = typer.Typer(help="The approved texts, and telling everyone with them.", no_args_is_help=True)


@app.command("list")
def list_(context: OfficeContext, as_json: JsonOption = False) -> int:
    """List the notices with their kinds and languages."""
    from bcp.app.notice.lint import notices_of
    from bcp.cli.notice.show import show_notices

    notices = notices_of(context.obj)
    if as_json:
        every = [one.notice for one in notices]
        show_json([{"id": n.id, "kind": n.kind, "languages": sorted(n.versions)} for n in every])
    else:
        show_notices(notices)
    return Exit.OK


@app.command()
def lint(
    context: OfficeContext,
    notice: Annotated[
        str | None, typer.Argument(metavar="[NOTICE]", help="One notice; without it all.")
    ] = None,
) -> int:
    """Read the notices against the rules; each finding has its place and its reason."""
    from bcp.app.notice.kept_review import clean_count

    count = clean_count(context.obj, notice)
    if count is not None:
        from bcp.cli.notice.review import show_count

        show_count(count, 0)
        return Exit.OK
    from bcp.app.notice.lint import read_notices
    from bcp.cli.notice.show import show_review

    found = read_notices(context.obj, notice)
    show_review(found)
    return Exit.INPUT if found.is_bad else Exit.OK


@app.command()
def preview(
    context: OfficeContext,
    notice: NoticeArgument,
    audience: AudienceArgument = "all",
    incident: IncidentOption = None,
    drill: DrillOption = False,
    by: ByOption = None,
) -> int:
    """Show the longest name and the ugliest address in each language, and write these letters as files that open."""
    from bcp.app.notice.preview import preview_notice

    for one in preview_notice(context.obj, notice, audience, incident=incident, drill=drill, by=by):
        for line in one.lines:
            show(line)
        show(f"────── {one.file}")
    show_next(
        (as_typed(("bcp", "notice", "test", notice)), as_typed(("bcp", "notice", "plan", notice, audience)))
    )
    return Exit.OK


@app.command()
@grouped(SendOptions)
def plan(
    context: OfficeContext,
    asked: SendOptions,
    notice: NoticeArgument,
    audience: AudienceArgument,
    incident: IncidentOption = None,
    drill: DrillOption = False,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> int:
    """Say what a sending would do: how many, how long, who cannot be reached; and where a text goes by hand."""
    from bcp.app.notice.plan import plan_notice
    from bcp.cli.notice.show import show_plan, show_plan_json

    request = asked.request(notice, audience)
    found = plan_notice(context.obj, request, incident=incident, drill=drill, by=by)
    if as_json:
        show_plan_json(found)
        return Exit.INPUT if found.prepared.open_findings else Exit.OK
    show_plan(context.obj, found)
    return Exit.OK


@app.command()
def test(
    context: OfficeContext,
    notice: NoticeArgument,
    channel: ChannelsOption = None,
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """Send the notice to yourself, through exactly the same code and settings."""
    from bcp.app.notice.selftest import send_to_oneself
    from bcp.cli.notice.show import show_handed

    show_handed(send_to_oneself(context.obj, notice, channel or (), incident, by))
    show_next((f"bcp notice plan {as_typed((notice,))} AUDIENCE",))
    return Exit.OK


@app.command()
@grouped(SendOptions)
def send(
    context: OfficeContext,
    asked: SendOptions,
    notice: NoticeArgument,
    audience: AudienceArgument,
    incident: IncidentOption = None,
    drill: DrillOption = False,
    by: ByOption = None,
) -> int:
    """Freeze every letter, ask for the count, send. Giving the command again goes on and sends nothing twice."""
    from bcp.app.book import book_of, doer_of
    from bcp.app.notice.send import send_notice
    from bcp.cli.incident.show import texts_up
    from bcp.cli.notice.sender import TerminalSender
    from bcp.cli.notice.show import show_sent

    session = context.obj
    book = book_of(session, incident, drill=drill)
    doer, request = doer_of(session, book, by), asked.request(notice, audience)
    sent = send_notice(session, book, doer, request, TerminalSender(), renew=asked.renew)
    texts_up(book.incident, session.clock.now())
    return show_sent(sent)


@app.command()
def status(
    context: OfficeContext,
    contact: Annotated[
        str | None, typer.Argument(metavar="[CONTACT]", help="One contact: all that was tried.")
    ] = None,
    incident: IncidentOption = None,
    drill: DrillOption = False,
    as_json: JsonOption = False,
) -> int:
    """Show who is told, not told, unreachable or unknown, by name; or all that was tried with one contact."""
    from bcp.app.book import book_of
    from bcp.app.notice.history import history_of
    from bcp.app.notice.reports import deliveries
    from bcp.app.notice.status import notice_status
    from bcp.cli.notice.history import show_history, show_history_json
    from bcp.cli.notice.reports import show_deliveries
    from bcp.cli.notice.show import show_status, show_status_json

    session = context.obj
    book = book_of(session, incident, drill=drill, closed_too=True)
    if contact is not None:
        one = history_of(session, book.incident, contact)
        show_history_json(one) if as_json else show_history(one, book.incident.zone)
        return Exit.OK
    found = notice_status(session, book.incident)
    if as_json:
        show_status_json(found)
        return Exit.OK
    show_deliveries(deliveries(session, book.incident))
    show_status(session, book, found)
    return Exit.OK


@app.command()
def unknown(
    context: OfficeContext,
    look_up: Annotated[
        bool, typer.Option("--look-up", help="Look for them in the folder of sent mail.")
    ] = False,
    other_way: Annotated[
        str | None, typer.Option("--other-way", metavar="NAME", help="Use the next way.")
    ] = None,
    send_again: Annotated[
        str | None, typer.Option("--send-again", metavar="NAME", help="Send once more; it may arrive twice.")
    ] = None,
    delivered: Annotated[
        str | None,
        typer.Option("--delivered", metavar="NAME", help="You know that it arrived; all: every one."),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is written down.")] = "",
    incident: IncidentOption = None,
    by: ByOption = None,
) -> int:
    """List the letters of which nobody knows whether they arrived, and decide about them one by one."""
    from bcp.app.book import book_of, doer_of
    from bcp.app.notice.doubt import DoubtRequest, decide_doubts
    from bcp.cli.notice.show import show_doubts

    session = context.obj
    book = book_of(session, incident)
    request = DoubtRequest(look_up, other_way, send_again, delivered, reason)
    show_doubts(decide_doubts(session, book, doer_of(session, book, by), request))
    return Exit.OK


@app.command()
def stop(
    context: OfficeContext,
    notice: NoticeArgument,
    incident: IncidentOption = None,
    drill: DrillOption = False,
    by: ByOption = None,
) -> int:
    """Cancel what is still to go out of a notice; what is out is out."""
    from bcp.app.book import book_of, doer_of
    from bcp.app.notice.send import stop_notice

    session = context.obj
    book = book_of(session, incident, drill=drill)
    count = stop_notice(session, book, doer_of(session, book, by), notice)
    say(_("{count} letters will not go out.").format(count=count), "bold")
    show_next(("bcp notice status",))
    return Exit.OK


calls.add_to(app)
spots.add_to(app)
export.add_to(app)
greetings.add_to(app)
skip.add_to(app)
new.add_to(app)
