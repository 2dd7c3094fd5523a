"""`bcp contact`: whom we may have to tell, and whether we could."""

from pathlib import Path
from typing import Annotated

import typer

from bcp.cli.options import ByOption, JsonOption, OfficeContext
from bcp.cli.terminal.output import (
    is_attended,
    say,
    show_json,
    show_next,
    show_text,
)
from bcp.contact.model import Contact
from bcp.errors import Exit, InputError, PersonNeeded
from bcp.i18n import _

app = typer.Typer(help="Whom we may have to tell: clients, suppliers, authorities.", no_args_is_help=True)

AudienceArgument = Annotated[str, typer.Argument(metavar="[AUDIENCE]", help="A file, a group, staff, all.")]


@app.command("list")
def list_(context: OfficeContext, audience: AudienceArgument = "all", as_json: JsonOption = False) -> int:
    """List the contacts of an audience with how each is reached."""
    from bcp.app.contact.freshness import members_of
    from bcp.cli.contact.show import show_contacts
    from bcp.contact.bring import as_row

    found = members_of(context.obj, audience)
    show_json(map(as_row, found)) if as_json else show_contacts(found)
    return Exit.OK


@app.command()
def check(context: OfficeContext, as_json: JsonOption = False) -> int:
    """Read every contact: addresses, numbers, doubles, languages, who cannot be reached, who is out of date."""
    from bcp.app.contact.freshness import check_contacts
    from bcp.cli.contact.show import show_check, show_check_json

    found = check_contacts(context.obj)
    show_check_json(found) if as_json else show_check(found)
    return Exit.INPUT if found.contacts.mistakes else Exit.OK


@app.command()
def verify(
    context: OfficeContext,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whom you asked: a name or a part of it.")],
    by: ByOption = None,
) -> int:
    """Keep that a contact is still true today."""
    from bcp.app.contact.freshness import confirm_contact

    found = confirm_contact(context.obj, name, by)
    say(f"{found.contact.called} is confirmed as of {found.day.isoformat()}.", "green")
    show_next(("bcp contact check",))
    return Exit.OK


@app.command("import")
def import_(
    context: OfficeContext,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A CSV file as a spreadsheet or CRM saves it.")
    ],
    into: Annotated[
        str, typer.Option("--into", metavar="NAME", help="The contact file to make.")
    ] = "clients",
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="HEADER=COLUMN", help="Which column is which; COLUMN may be empty."),
    ] = None,
    encoding: Annotated[
        str, typer.Option("--encoding", metavar="NAME", help="How the letters are saved, such as cp1250.")
    ] = "",
) -> int:
    """Bring a foreign spreadsheet in: guess its columns, show the guess, ask, write contacts/NAME.csv."""
    from bcp.app.contact.import_ import columns_of, import_contacts
    from bcp.cli.contact.reading import as_it_reads
    from bcp.cli.contact.show import how_to_map, show_columns, show_notes
    from bcp.cli.terminal.keyboard import agrees

    columns = as_it_reads(columns_of(context.obj, file, into, mapping or [], encoding))
    show_columns(columns)
    show_notes(columns.brought().notes)  # and what cannot be is said before anybody is asked
    if not is_attended() and not mapping:
        hint = "name at least one column: --map HEADER=name"
        raise PersonNeeded("a person must say whether these columns are right", hint)
    if not mapping and not agrees(_("Is that right? [y] yes   [Enter] no"), on_enter=False):
        raise InputError("nothing was written", how_to_map(columns.ours))
    imported = import_contacts(context.obj, columns, into)
    say(f"{imported.count} contacts were written to {imported.file}.", "green")
    show_next(("bcp contact check",))
    return Exit.OK


@app.command()
def export(context: OfficeContext, audience: AudienceArgument = "all") -> int:
    """Print contacts as CSV, safe to open in a spreadsheet and to read back."""
    from bcp.app.contact.freshness import members_of
    from bcp.contact.bring import exported

    show_text(exported(members_of(context.obj, audience)))
    return Exit.OK


@app.command()
def forget(
    context: OfficeContext,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whom to forget: a name or a part of it.")],
    confirm: Annotated[
        str,
        typer.Option("--confirm", metavar="ID", help="The id of the contact, typed by whoever decides it."),
    ] = "",
) -> int:
    """Take a contact out of its file, every letter, call list and log; the journals stay whole."""
    from bcp.app.contact.forget import forget_contact
    from bcp.cli.contact.show import show_forgotten
    from bcp.cli.terminal.keyboard import read_line

    def typed(contact: Contact) -> str:
        if confirm or not is_attended():
            return confirm
        words = _("This cannot be undone. To forget {name}, type its id: {id}")
        say(words.format(name=contact.called, id=contact.id))
        return read_line() or ""

    forgotten = forget_contact(context.obj, name, typed)
    show_forgotten(forgotten)
    return Exit.STORE if forgotten.not_yet else Exit.OK
