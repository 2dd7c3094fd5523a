"""The command `bcp`: its nouns, and the one place where failures become sentences and exit statuses."""

import gc
import logging
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from bcp.app import lead, logs

# Loaded before it is needed: where no file can be opened any more it could not be.
from bcp.app.circumstances import not_shown, of_locale, of_memory, of_system
from bcp.cli.command_line import masked
from bcp.cli.lazy import Nouns
from bcp.cli.terminal.ascii import print_anything
from bcp.cli.terminal.output import (
    fail,
    remark,
    say,
    show,
)
from bcp.cli.terminal.progress import at_terminal, over_all
from bcp.command_words import placeholder_in
from bcp.errors import BcpError, Exit, InputError
from bcp.i18n import _

_RARELY = 20_000
"""New objects after which what nobody uses any more is looked for."""
_FORGET = "forget.json"
"""See `app/contact/forget_request.py`, which is loaded only where there is one."""

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
            show(f"bcp {version('bcp-office')}")
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
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show on standard error what is done, for whoever helps.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    from bcp.app.session import Session
    from bcp.cli.terminal.who import WhoAtTerminal

    if verbose:
        logs.show()
    context.obj = Session(folder, remark=remark, who=WhoAtTerminal(), progress=at_terminal())


def run() -> None:
    """The entry point of the command."""
    # Most commands end before there is anything to collect, and to look for it is a twentieth of their time.
    gc.set_threshold(_RARELY)
    print_anything()
    sys.exit(main([in_letters(word) for word in sys.argv[1:]]))


def in_letters(word: str) -> str:
    """A word of the command line in its letters, also where the setting of the language knows only some of them.

    Python keeps the other bytes then as halves of letters, which no journal should hold. The name of a file that is
    there stays so: only so it is found.
    """
    try:
        return word if word.isascii() or os.path.lexists(word) else os.fsencode(word).decode()
    except (UnicodeError, ValueError):
        return word


def main(arguments: Sequence[str]) -> int:
    """Carry out a command line; its exit status. Both go into the log."""
    logs.begin(*masked(arguments))
    try:
        with over_all():
            status = _carry_out(arguments)
        status = _shown(status)
    finally:
        lead.forget()
    logs.ended(status)
    return status


def _carry_out(arguments: Sequence[str]) -> int:
    try:
        _refuse_placeholder(arguments)
        status = app(args=common_first(arguments), prog_name="bcp", standalone_mode=False)
        if logs.state_holds(_FORGET) and "forget" not in arguments:
            _go_on_forgetting()
    except BcpError as error:
        return fail(error)
    except (KeyboardInterrupt, typer.Abort):
        say()
        say(_("Interrupted. What was shown as written is safe."), "bold")
        hint = _("give the command again")
        if lead.is_going_on():
            hint = lead.fitting(_("give the command again, or see where it stands: bcp incident status"))
        say(f"  → {hint}")
        return Exit.INTERRUPTED
    except OSError as error:
        # Every other failure of a file is told where it is written; this is what is the same everywhere.
        told = of_system(error)
        return fail(told) if told is not None else _bug_or_usage(error)
    except Exception as error:  # noqa: BLE001 - the last line of defence: a bug of ours, kept in a file
        return _bug_or_usage(error)
    return int(status or Exit.OK)


def _refuse_placeholder(arguments: Sequence[str]) -> None:
    """Raises InputError where a command was copied as it was printed, with a word in it that is to be filled in."""
    word = placeholder_in(arguments)
    if word and not os.path.lexists(word):
        raise InputError(
            _('"{word}" stands there for something that only you know').format(word=word),
            _("give the command again, with yours in its place"),
        )


def _go_on_forgetting() -> None:
    """Somebody is to be forgotten, which an earlier command could not do: it is tried once the answer is there."""
    from bcp.app.contact.forget import go_on_forgetting
    from bcp.app.session import Session
    from bcp.cli.contact.show import show_forgotten

    session = Session(str(logs.office_folder()), remark=remark, progress=at_terminal())
    for forgotten in go_on_forgetting(session):
        show_forgotten(forgotten)


def _shown(status: int) -> int:
    """The status to end with: an answer that could not be shown is a failure, unless its reader went on purpose.

    What was told on the way stands on standard error; where that fails there is nobody to be told so.
    """
    from bcp.cli.terminal.streams import lost

    lost(sys.stderr)
    why = lost(sys.stdout)
    if why is None or status != Exit.OK:
        return status
    failure = not_shown(why)
    return fail(failure) if failure is not None else status


def common_first(arguments: Sequence[str]) -> list[str]:
    """`--office DIR` and `--verbose` may stand anywhere on the line: they are moved to the front, for the parser."""
    words = list(arguments)
    end = words.index("--") if "--" in words else len(words)
    front: list[str] = []
    rest: list[str] = []
    index = 0
    while index < end:
        word = words[index]
        if word == "--office" and index + 1 < end and "--office" not in front:
            front += words[index : index + 2]
            index += 1
        elif word.startswith("--office=") or (word in ("-v", "--verbose") and not _is_own(word, rest)):
            front.append(word)
        else:
            rest.append(word)
        index += 1
    return [*front, *rest, *words[end:]]


def _is_own(word: str, before: Sequence[str]) -> bool:
    """`check run --verbose` says every state, and that is what is meant there; `-v` is the same everywhere."""
    return word == "--verbose" and list(before[:2]) == ["check", "run"]


def _bug_or_usage(error: Exception) -> int:
    """Usage errors of the parser have `show` and an exit status; anything else is a bug of ours."""
    show = getattr(error, "show", None)
    if show is not None:
        logging.getLogger(__name__).info("told: %s", type(error).__name__)
        show()
        return int(getattr(error, "exit_code", Exit.INPUT))
    told = of_memory(error) or of_locale(error)
    if told is not None:
        return fail(told)
    from bcp.cli.bug import tell_bug

    return tell_bug(error)
