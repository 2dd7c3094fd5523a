"""Shows contacts, what is wrong with them, and what became of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bcp.app.contact.forget import Forgotten
from bcp.app.contact.freshness import ContactCheck
from bcp.app.contact.import_ import Columns
from bcp.cli.terminal.output import mistakes_as_json, say, show, show_json, show_mistakes, show_next
from bcp.contact.model import COLUMNS, Contact
from bcp.errors import SourceError
from bcp.i18n import _

_MOST = 10


def show_contacts(contacts: Sequence[Contact]) -> None:
    """Each contact with how it is reached."""
    for contact in contacts:
        reach = "  ".join(filter(None, (contact.email, contact.phone, contact.mobile)))
        marks = " (opted out)" if contact.opted_out else ""
        show(f"{contact.called}{marks}", "bold")
        show(f"    {contact.language or '??'}  {reach or 'cannot be reached'}")
    show_next(("bcp contact check",))


def show_check(found: ContactCheck) -> None:
    """Every mistake with its place, what was read otherwise than written, who was not confirmed, and the sums."""
    contacts = found.contacts
    show_mistakes(SourceError([*contacts.mistakes, *contacts.remarks, *contacts.changed]))
    for contact, why in found.not_confirmed[:_MOST]:
        say(f"not confirmed: {contact.called} ({why})")
    if len(found.not_confirmed) > _MOST:
        say(f"… and {len(found.not_confirmed) - _MOST} more that are not confirmed")
    sums = f"{len(contacts.all)} contacts, {len(contacts.mistakes)} mistakes, {len(contacts.remarks)} gaps"
    changed = f", {len(contacts.changed)} cells read otherwise than written" if contacts.changed else ""
    say(f"{sums}{changed}.", "bold")
    if found.unusual_greetings:
        words = _("Unusual greetings: {count}. Look at them: bcp notice greetings all")
        say(words.format(count=found.unusual_greetings), "yellow")
    verify = "bcp contact verify NAME   (after asking whether it is still true)"
    show_next((verify if contacts.all else "bcp contact import FILE",))


def show_check_json(found: ContactCheck) -> None:
    """The same as data: `{contacts, mistakes, remarks, changed, not_confirmed: [id], unusual_greetings}`."""
    show_json(
        {
            "contacts": len(found.contacts.all),
            "mistakes": mistakes_as_json(SourceError(found.contacts.mistakes)),
            "remarks": mistakes_as_json(SourceError(found.contacts.remarks)),
            "changed": mistakes_as_json(SourceError(found.contacts.changed)),
            "not_confirmed": [contact.id for contact, _why in found.not_confirmed],
            "unusual_greetings": found.unusual_greetings,
        }
    )


def show_columns(columns: Columns) -> None:
    """The table, and what its columns become."""
    table = columns.table
    separated = f", separated by {table.delimiter!r}" if table.delimiter else ""
    say(f"{table.shown}: {len(table.rows)} rows, {table.encoding}{separated}")
    for header, column in columns.ours.items():
        say(f"  {header:<30} → {column or '(left out)'}")
    notes = [*columns.notes, *columns.brought().notes]
    for note in notes[:_MOST]:
        say(str(note), "yellow")
    if len(notes) > _MOST:
        say(_("… and {count} more such lines").format(count=len(notes) - _MOST), "yellow")
    say(_("Some of the names: {names}").format(names=", ".join(columns.examples())))


def how_to_map(columns: Mapping[str, str | None]) -> str:
    """How to say which column is which."""
    header = next((header for header, column in columns.items() if column is None), next(iter(columns)))
    free = [column for column in COLUMNS if column not in columns.values()]
    return f'say which column is which: --map "{header}={(free or COLUMNS)[0]}"   (columns: {", ".join(COLUMNS)})'


def show_forgotten(forgotten: Forgotten) -> None:
    """What somebody is out of, what is to be tried again, and where a name may still be."""
    name = forgotten.contact.called
    if forgotten.not_yet:
        say(_("Not yet: {name} is still in some places.").format(name=name), "bold")
        for why in forgotten.not_yet:
            say(f"  {why}")
        say(
            _(
                "It is tried again with your next command, and by `bcp watch`. To try now, give this command again."
            )
        )
        return
    if forgotten.file is not None:
        none, one = _("{name} is out of {file}."), _("{name} is out of {file}, and out of 1 letter.")
        many = _("{name} is out of {file}, and out of {count} letters.")
        words = {0: none, 1: one}.get(forgotten.letters, many)
        say(words.format(name=name, file=forgotten.file.name, count=forgotten.letters), "green")
    else:
        say(
            _("Letters to {name} that are emptied: {count}").format(name=name, count=forgotten.letters),
            "green",
        )
    if forgotten.files:
        say(_("Files changed or deleted: {count}").format(count=forgotten.files))
    _show_not_reached(forgotten)
    show_next(("bcp contact list",))


def _show_not_reached(forgotten: Forgotten) -> None:
    by_stream: dict[str, list[str]] = {}
    for at in forgotten.events:
        by_stream.setdefault(at.stream, []).append(str(at.seq))
    for stream, numbers in by_stream.items():
        one = _("The record keeps what people typed, as evidence: {incident}, entry {numbers}")
        many = _("The record keeps what people typed, as evidence: {incident}, entries {numbers}")
        words = one if len(numbers) == 1 else many
        say(words.format(incident=stream, numbers=", ".join(numbers)))
    if forgotten.in_other_letters:
        words = _("Letters to others that name this contact: {count}")
        say(words.format(count=forgotten.in_other_letters))
    _show_files(_("These files still name this contact:"), forgotten.naming)
    _show_files(_("These files cannot be searched. Delete those that you do not need:"), forgotten.unseen)
    say(
        _(
            "Not reached: backups, copies that you gave away, mail servers, and paper. Delete them there yourself."
        )
    )


def _show_files(words: str, files: Sequence[str]) -> None:
    if files:
        say(words)
    for file in files:
        say(f"  {file}")
