"""The command `bcp`: its nouns, and the one place where failures become sentences and exit statuses."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bcp.cli.console import fail, say
from bcp.cli.nouns import Nouns
from bcp.cli.plain import print_anything
from bcp.errors import BcpError, Exit, InputError
from bcp.tongue import _

app = typer.Typer(
    name="bcp",
    cls=Nouns,
    help="Keeps a small office working and reachable when its internet, its phone or its website dies.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"bcp {version('bcp-office')}")
        except PackageNotFoundError:
            raise InputError(
                "this is the source of bcp, which has a version once it is installed", "pip install ."
            ) from None
        raise typer.Exit


@app.callback()
def _office(
    context: typer.Context,
    folder: Annotated[
        str | None,
        typer.Option("--office", metavar="DIR", help="The office folder; else BCP_OFFICE, else the nearest."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    from bcp.cli.wiring import Session

    context.obj = Session(folder)


def run() -> None:
    """The entry point of the command."""
    print_anything()
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Carry out a command line; its exit status."""
    try:
        status = app(args=_office_first(arguments), prog_name="bcp", standalone_mode=False)
    except BcpError as error:
        return fail(error)
    except (KeyboardInterrupt, typer.Abort):
        say()
        say(_("Interrupted. What was shown as written is safe."), "bold")
        say("  → " + _("give the command again, or see where it stands: bcp incident status"))
        return Exit.INTERRUPTED
    except BrokenPipeError:
        _read_by_nobody()
        return Exit.OK
    except OSError as error:
        from bcp.atomic import FULL, REFUSED, not_written

        # Every other failure of a file is told where it is written; this is what is the same everywhere.
        if error.errno not in (*FULL, *REFUSED):
            return _bug_or_usage(error)
        return fail(not_written(error.filename or "a file", error))
    except Exception as error:  # noqa: BLE001 - the last line of defence: a bug of ours, kept in a file
        return _bug_or_usage(error)
    return int(status or Exit.OK)


def _read_by_nobody() -> None:
    """Who read the output has gone: what is still on its way there goes nowhere, and that is no failure."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def _office_first(arguments: Sequence[str]) -> list[str]:
    """`--office DIR` may stand anywhere on the line: it is moved to the front, where the parser wants it."""
    front: list[str] = []
    rest = list(arguments)
    end = rest.index("--") if "--" in rest else len(rest)
    for index in range(end):
        if rest[index] == "--office" and index + 1 < len(rest):
            front = rest[index : index + 2]
            return [*front, *rest[:index], *rest[index + 2 :]]
        if rest[index].startswith("--office="):
            return [rest[index], *rest[:index], *rest[index + 1 :]]
    return rest


def _bug_or_usage(error: Exception) -> int:
    """Usage errors of the parser have `show` and an exit status; anything else is a bug of ours."""
    show = getattr(error, "show", None)
    if show is not None:
        show()
        return int(getattr(error, "exit_code", Exit.INPUT))
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="bcp-bug-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        traceback.print_exception(error, file=file)
    path = Path(file.name)
    say("This is a bug of ours, not a mistake of yours. What was shown as written is safe.", "bold red")
    say(
        f"  → what went wrong was kept in {path}; go on by hand from the printed sheet, or try: bcp incident resume"
    )
    return Exit.BUG
