"""`bcp contact`: whom we may have to tell, and whether we could."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from bcp.app.session import Session
from bcp.cli.options import ByOption, JsonOption
from bcp.cli.terminal.output import (
    is_attended,
    mistakes_as_json,
    say,
    show,
    show_json,
    show_mistakes,
    show_next,
)
from bcp.errors import Exit, InputError, PersonNeeded, SourceError

app = typer.Typer(help="Whom we may have to tell: clients, suppliers, authorities.", no_args_is_help=True)


@app.command("list")
def list_(
    context: typer.Context,
    audience: Annotated[
        str, typer.Argument(metavar="[AUDIENCE]", help="A file, a group, staff, all.")
    ] = "all",
    as_json: JsonOption = False,
) -> int:
    """List the contacts of an audience with how each is reached."""
    from bcp.app.notice.office import contacts_of, office_of
    from bcp.contact import audience as audiences
    from bcp.contact.bring import as_row

    session: Session = context.obj
    office = office_of(session)
    contacts = contacts_of(session, office)
    found = audiences.members(audience, contacts.all, office, set)
    if as_json:
        show_json([as_row(contact) for contact in found])
        return Exit.OK
    for contact in found:
        reach = "  ".join(filter(None, (contact.email, contact.phone, contact.mobile)))
        marks = " (opted out)" if contact.opted_out else ""
        show(f"{contact.called}{marks}", "bold")
        show(f"    {contact.language or '??'}  {reach or 'cannot be reached'}")
    show_next(("bcp contact check",))
    return Exit.OK


@app.command()
def check(context: typer.Context, as_json: JsonOption = False) -> int:
    """Read every contact: addresses, numbers, doubles, languages, who cannot be reached, who is out of date."""
    from bcp.app.notice.office import contacts_of, office_of
    from bcp.contact import freshness

    session: Session = context.obj
    office = office_of(session)
    contacts = contacts_of(session, office)
    today = session.clock.now().astimezone(office.zone).date()
    stale = freshness.stale(contacts.all, freshness.load(session.folder), today)
    if as_json:
        show_json(
            {
                "contacts": len(contacts.all),
                "mistakes": mistakes_as_json(SourceError(contacts.mistakes)),
                "remarks": mistakes_as_json(SourceError(contacts.remarks)),
                "not_confirmed": [contact.id for contact, _why in stale],
            }
        )
        return Exit.INPUT if contacts.mistakes else Exit.OK
    show_mistakes(SourceError([*contacts.mistakes, *contacts.remarks]))
    for contact, why in stale[:10]:
        say(f"not confirmed: {contact.called} ({why})")
    if len(stale) > 10:
        say(f"… and {len(stale) - 10} more that are not confirmed")
    say(
        f"{len(contacts.all)} contacts, {len(contacts.mistakes)} mistakes, {len(contacts.remarks)} gaps.",
        "bold",
    )
    show_next(("bcp contact verify NAME   (after asking whether it is still true)",))
    return Exit.INPUT if contacts.mistakes else Exit.OK


@app.command()
def verify(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whom you asked: a name or a part of it.")],
    by: ByOption = None,
) -> int:
    """Keep that a contact is still true today."""
    from bcp.app.notice.office import contacts_of, office_of
    from bcp.contact import audience, freshness

    session: Session = context.obj
    office = office_of(session)
    contact = audience.one(name, contacts_of(session, office).all)
    today = session.clock.now().astimezone(office.zone).date()
    people = {person.person: {"name": person.name} for person in office.people}
    freshness.confirm(session.folder, contact, today, session.person(by, people))
    say(f"{contact.called} is confirmed as of {today.isoformat()}.", "green")
    show_next(("bcp contact check",))
    return Exit.OK


@app.command("import")
def import_(
    context: typer.Context,
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
) -> int:
    """Bring a foreign spreadsheet in: guess its columns, show the guess, ask, write contacts/NAME.csv."""
    from bcp.contact import bring
    from bcp.contact.load import FOLDER, reserved
    from bcp.table import read

    session: Session = context.obj
    refused = reserved(into)
    if refused is not None:
        raise InputError(*refused)
    if not into.replace("-", "").replace("_", "").isalnum():
        raise InputError(f'"{into}" is no name for a contact file', "one word, such as: --into suppliers")
    try:
        table = read(file, file.name)
    except SourceError as error:
        # It is no file of the office, which `validate` reads: what is wrong in it is put right where it comes from.
        error.told_as(
            "nothing was brought in",
            f"save {file.name} anew where it comes from, then give this command again",
        )
        raise
    columns = bring.guess(table) | _mapping(mapping or [], [one.text.strip() for one in table.header])
    say(f"{file.name}: {len(table.rows)} rows, {table.encoding}, separated by {table.delimiter!r}")
    for header, column in columns.items():
        say(f"  {header or '(no name)':<30} → {column or '(left out)'}")
    rows = bring.mapped(table, columns)
    if not is_attended() and not mapping:
        hint = "name at least one column: --map HEADER=name"
        raise PersonNeeded("a person must say whether these columns are right", hint)
    if is_attended() and not mapping and not typer.confirm("Is this right?", err=True):
        raise InputError("nothing was written", _how_to_map(columns))
    path = session.folder / FOLDER / f"{into}.csv"
    bring.save_new(path, bring.written(rows))
    say(f"{len(rows)} contacts were written to {FOLDER}/{path.name}.", "green")
    show_next(("bcp contact check",))
    return Exit.OK


def _how_to_map(columns: Mapping[str, str | None]) -> str:
    from bcp.contact.model import COLUMNS

    header = next((header for header, column in columns.items() if column is None), next(iter(columns)))
    free = [column for column in COLUMNS if column not in columns.values()]
    return f'say which column is which: --map "{header}={(free or COLUMNS)[0]}"   (columns: {", ".join(COLUMNS)})'


@app.command()
def export(
    context: typer.Context,
    audience: Annotated[
        str, typer.Argument(metavar="[AUDIENCE]", help="A file, a group, staff, all.")
    ] = "all",
) -> int:
    """Print contacts as CSV, safe to open in a spreadsheet and to read back."""
    from bcp.app.notice.office import contacts_of, office_of
    from bcp.contact import audience as audiences
    from bcp.contact.bring import exported

    session: Session = context.obj
    office = office_of(session)
    found = audiences.members(audience, contacts_of(session, office).all, office, set)
    typer.echo(exported(found), nl=False)
    return Exit.OK


def _mapping(texts: list[str], headers: list[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for text in texts:
        header, equals, column = text.rpartition("=")
        if not equals or header not in headers:
            known = ", ".join(f'"{name}"' for name in headers)
            raise InputError(f'the file has no column "{header or text}"', f"it has: {known}")
        found[header] = column or None
    return found


@app.command()
def forget(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whom to forget: a name or a part of it.")],
    confirm: Annotated[
        str,
        typer.Option("--confirm", metavar="ID", help="The id of the contact, typed by whoever decides it."),
    ] = "",
) -> int:
    """Take a contact out of its file and out of every letter; the journals stay whole."""
    from bcp.cli.contact import forget

    session: Session = context.obj
    return forget.forget(session, name, confirm)
