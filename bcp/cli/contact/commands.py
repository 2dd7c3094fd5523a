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
from bcp.errors import Exit
from bcp.i18n import _

app = typer.Typer(help="Whom we may have to tell: clients, suppliers, authorities.", no_args_is_help=True)

AudienceArgument = Annotated[str, typer.Argument(metavar="[AUDIENCE]", help="A file, a group, staff, all.")]
EncodingOption = Annotated[
    str, typer.Option("--encoding", metavar="NAME", help="How the letters are saved, such as cp1250.")
]


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
    drop_gone: Annotated[
        bool, typer.Option("--drop-gone", help="Delete who came by an import before and is not in FILE.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write it without asking.")] = False,
    encoding: EncodingOption = "",
) -> int:
    """Bring a foreign spreadsheet or cards in: show what they become and what changes, ask, write contacts/NAME.csv."""
    from bcp.app.contact.import_ import columns_of
    from bcp.app.contact.reimport import plan_import, write_import
    from bcp.cli.contact.asking import let_a_person_agree, with_consents
    from bcp.cli.contact.reading import as_it_reads
    from bcp.cli.contact.show import show_columns
    from bcp.cli.contact.show_import import show_plan, show_written

    columns = with_consents(as_it_reads(columns_of(context.obj, file, into, mapping or [], encoding)))
    with context.obj.progress.task(_("Reading {file}").format(file=file.name)):
        show_columns(columns)
        # What cannot be is said before anybody is asked.
        plan = plan_import(context.obj, columns.brought().rows, columns.columns(), into, drops=drop_gone)
    show_plan(plan)
    if plan.is_new or plan.merged.changes:
        let_a_person_agree(columns, plan, yes, bool(mapping))
    write_import(context.obj, plan, columns.person_said())
    show_written(plan)
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
