"""`bcp place mirror`: the sites that are shown to clients, kept readable on this computer."""

from typing import Annotated

import typer

from bcp.cli.options import JsonOption

app = typer.Typer(
    help="Copies of the sites that we show to clients.",
    no_args_is_help=True,
)

_NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The copy, as the list shows it.")]
_SomeName = Annotated[
    str | None, typer.Argument(metavar="[NAME]", help="Without a name: all, or the only one.")
]


@app.callback()
def _noun() -> None:
    """The sites that we show to clients, kept on this computer for a day without internet."""


@app.command()
def add(
    context: typer.Context,
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
        str, typer.Option("--within", metavar="AGE", help="How old it may be before its check fails.")
    ] = "8d",
) -> int:
    """Copy a site now, and write a check that fails when it is old."""
    from bcp.cli.place import mirror_copies
    from bcp.mirror.crawl import Limits

    limits = Limits(pages, depth, megabytes * 1_000_000)
    return mirror_copies.add(context.obj, url, name, limits, within)


@app.command()
def refresh(
    context: typer.Context,
    name: _SomeName = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say only what went wrong: made for cron.")] = False,
) -> int:
    """Fetch the copies anew; what cannot be fetched stays as it was. Exit 4 if one could not."""
    from bcp.cli.place import mirror_copies

    return mirror_copies.refresh(context.obj, name, quiet)


@app.command("open")
def open_(
    context: typer.Context,
    name: _SomeName = None,
    only_say: Annotated[bool, typer.Option("--only-say", help="Print the file; open nothing.")] = False,
) -> int:
    """Open a copy in the browser; it needs no internet."""
    from bcp.cli.place import mirror_copies

    return mirror_copies.open_(context.obj, name, only_say)


@app.command("list")
def list_(context: typer.Context, as_json: JsonOption = False) -> int:
    """Every copy with its age, and what is missing in it."""
    from bcp.cli.place import mirror_copies

    return mirror_copies.list_(context.obj, as_json)


@app.command()
def remove(context: typer.Context, name: _NameArgument) -> int:
    """Delete a copy and its check."""
    from bcp.cli.place import mirror_copies

    return mirror_copies.remove(context.obj, name)
