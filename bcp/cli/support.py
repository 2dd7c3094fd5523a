"""`bcp support`: one archive for whoever helps, shown before it is written."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bcp.cli.options import JsonOption, OfficeContext
from bcp.cli.terminal.keyboard import agrees
from bcp.cli.terminal.output import is_attended, say, show, show_json, show_next
from bcp.errors import Exit, PersonNeeded
from bcp.i18n import _

app = typer.Typer()


@app.command()
def support(
    context: OfficeContext,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="The archive; else bcp-support-DATE.zip in this folder.",
            show_default=False,
        ),
    ] = None,
    only_list: Annotated[bool, typer.Option("--list", help="Only show what would be in it.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write it without asking.")] = False,
    as_json: JsonOption = False,
) -> int:
    """Pack what a helper needs: no contacts, letters or secrets that the tool knows of. Shown first."""
    from bcp.app.support import default_name, gather, left_out, places_of, write

    parts = gather(*places_of(context.obj), progress=context.obj.progress)
    day = context.obj.clock.now().astimezone().date().isoformat()
    path = file.expanduser() if file else default_name(Path.cwd(), day)
    if as_json:
        members = [{"name": each.name, "bytes": len(each.content), "what": each.words} for each in parts]
        show_json({"file": path, "members": members, "left_out": left_out()})
    else:
        show(_("In it:"), "bold")
        for each in parts:
            show(f"  {each.name}  ({_size(len(each.content))})  {each.words}")
        show(_("Not in it:"), "bold")
        for words in left_out():
            show(f"  {words}")
    if only_list:
        return Exit.OK
    if not yes and not _is_wanted(path):
        say(_("Nothing was written."))
        return Exit.OK
    write(path, parts)
    say(_("{path} was written. Look into it before you send it to anybody.").format(path=path), "green")
    show_next((f"unzip -l {path}",) if sys.platform != "win32" else ())
    return Exit.OK


def _is_wanted(path: Path) -> bool:
    """Ask once. Raises PersonNeeded where nobody is there to be asked."""
    if not is_attended():
        raise PersonNeeded(
            _("nothing was written: nobody is here who has read the list"), _("write it: bcp support --yes")
        )
    return agrees(_("Write this to {path}? [Enter] yes, n no").format(path=path), on_enter=True)


def _size(count: int) -> str:
    return f"{count} B" if count < 1000 else f"{count / 1000:.0f} kB"
