"""`bcp place mirror`: the sites that are shown to clients, kept readable on this computer."""

from threading import Thread
from typing import Annotated

import typer

from bcp.cli.options import JsonOption, OfficeContext
from bcp.cli.terminal.output import say, show_json, show_next
from bcp.errors import Exit
from bcp.i18n import _

app = typer.Typer(help="Copies of the sites that we show to clients.", no_args_is_help=True)

_NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The copy, as the list shows it.")]
_SomeName = Annotated[
    str | None, typer.Argument(metavar="[NAME]", help="Without a name: all, or the only one.")
]


@app.command()
def add(
    context: OfficeContext,
    url: Annotated[str, typer.Argument(metavar="URL", help="The first page that is shown.")],
    name: Annotated[
        str | None, typer.Option("--name", help="How it is called here; else after the site.")
    ] = None,
    pages: Annotated[int, typer.Option("--pages", min=1, max=500, help="How many pages at most.")] = 30,
    depth: Annotated[
        int, typer.Option("--depth", min=0, max=10, help="How many clicks away from the first.")
    ] = 2,
    megabytes: Annotated[int, typer.Option("--megabytes", min=1, max=2000, help="How much at most.")] = 50,
    within: Annotated[
        str, typer.Option("--within", metavar="AGE", help="How old it may be before its check warns.")
    ] = "8d",
) -> int:
    """Copy a site now, and write a check that warns when it is old."""
    from bcp.app.mirror import add_copy
    from bcp.cli.place.show_mirror import show_added
    from bcp.mirror.crawl import Limits

    def copying(address: str) -> None:
        say(_("Copying {url} …").format(url=address))

    limits = Limits(pages, depth, megabytes * 1_000_000)
    added = add_copy(context.obj, url, name, limits=limits, within=within, copying=copying)
    show_added(added, within)
    return Exit.OK


@app.command()
def refresh(
    context: OfficeContext,
    name: _SomeName = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say only what went wrong: made for cron.")] = False,
) -> int:
    """Fetch the copies anew; what cannot be fetched stays as it was. Exit 4 if one could not."""
    from bcp.app.mirror import refresh_copies
    from bcp.cli.place.show_mirror import show_copied, show_not_fetched

    status, is_some = Exit.OK, False
    for fetched in refresh_copies(context.obj, name):
        is_some = True
        if fetched.copied is None:
            status = Exit.STEP_FAILED
            show_not_fetched(fetched)
        elif not quiet:
            show_copied(fetched.mirror, fetched.copied)
    if not quiet:
        if not is_some:
            say(_("There are no copies yet."))
        show_next(("bcp place mirror list" if is_some else "bcp place mirror add ADDRESS",))
    return status


@app.command("open")
def open_(
    context: OfficeContext,
    name: _SomeName = None,
    only_say: Annotated[
        bool, typer.Option("--only-say", help="Print the file of its first page; show nothing.")
    ] = False,
) -> int:
    """Show a copy in the browser, without internet; Ctrl-C ends it."""
    from bcp.app.mirror import copy_to_open
    from bcp.cli.place.show_mirror import show_to_open

    found = copy_to_open(context.obj, name)
    if only_say:
        show_to_open(found, str(found.page))
        return Exit.OK
    from bcp.app.show_copy import server_of

    try:
        server = server_of(context.obj, found)
    except OSError:
        # Better with a few drawings missing than not at all.
        show_to_open(found, str(found.page))
        _open_in_browser(found.page.as_uri())
        return Exit.OK

    def begins() -> None:
        show_to_open(found, server.address)
        say(_("It is shown there until you press Ctrl-C here. No internet is needed."))
        # A browser of the terminal comes back only when it is closed.
        Thread(target=_open_in_browser, args=(server.address,), daemon=True).start()

    with server, context.obj.progress.aside():
        server.show(begins)
    say(_("The copy is not shown any more."))
    return Exit.OK


def _open_in_browser(address: str) -> None:
    import webbrowser

    if not webbrowser.open(address):
        say(_("No browser could be started: open that address in one yourself."), "yellow")


@app.command("list")
def list_(context: OfficeContext, as_json: JsonOption = False) -> int:
    """Every copy with its age, and what is missing in it."""
    from bcp.app.mirror import copies
    from bcp.cli.place.show_mirror import show_copies

    found = copies(context.obj)
    show_json(found.mirrors) if as_json else show_copies(found)
    return Exit.OK


@app.command()
def remove(context: OfficeContext, name: _NameArgument) -> int:
    """Delete a copy and its check."""
    from bcp.app.mirror import remove_copy

    mirror = remove_copy(context.obj, name)
    say(_("The copy {name} is gone, and its check.").format(name=mirror.name))
    show_next(("bcp place mirror list",))
    return Exit.OK
