"""Audiences: a word such as `clients` or `staff`, and the contacts whom it names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from bcp.contact.load import files
from bcp.contact.model import STAFF, Contact, contact_id
from bcp.errors import InputError
from bcp.i18n import _
from bcp.office.model import Office
from bcp.yaml.near import did_you_mean

ALL = "all"
RUNNING = "running-project"
TOLD = "told"


def staff(office: Office) -> tuple[Contact, ...]:
    """The people of `bcp.yaml` as contacts; they stand nowhere else."""
    return tuple(
        Contact(
            id=person.person,
            name=person.name,
            person=person.name,
            email=person.email,
            mobile=person.phone,
            language=person.language or office.language,
            file=STAFF,
        )
        for person in office.people
    )


def names(contacts: Iterable[Contact], office: Path) -> list[str]:
    """Every audience that can be told: the files, the groups in them, and the four that always exist."""
    stems = {path.stem for path in files(office)}
    groups = {group for contact in contacts for group in contact.groups}
    return sorted({STAFF, ALL, RUNNING, TOLD} | stems | groups)


def members(
    audience: str, contacts: Collection[Contact], office: Office, told: Callable[[], Collection[str]]
) -> list[Contact]:
    """The contacts of an audience, in the order of their files. `told` gives the ids of those told before.

    Raises InputError for a word that names nobody.
    """
    people = staff(office)
    if audience == STAFF:
        return list(people)
    if audience == TOLD:
        ids = told()
        return [contact for contact in (*contacts, *people) if contact.id in ids]
    found = [contact for contact in contacts if _is_in(contact, audience)]
    if not found and not contacts:
        raise _none_yet()
    if not found:
        known = sorted(
            {STAFF, ALL, RUNNING, TOLD, *(c.file for c in contacts), *(g for c in contacts for g in c.groups)}
        )
        near = did_you_mean(audience, [name for name in known if name != audience])
        hint = near or _("audiences: {names}").format(names=", ".join(known))
        raise InputError(_('nobody is in the audience "{audience}"').format(audience=audience), hint)
    return found


def _none_yet() -> InputError:
    return InputError(
        _("there are no contacts yet, so nobody can be told"),
        _("write them into contacts/clients.csv, one line each, or take them over: bcp contact import FILE"),
    )


def _is_in(contact: Contact, audience: str) -> bool:
    if audience == RUNNING:
        return contact.running_project
    return audience in (ALL, contact.file, *contact.groups)


def one(said: str, contacts: Collection[Contact]) -> Contact:
    """The contact that is meant by an id, a name or a part of it. Raises InputError with who it could be."""
    wanted, slug = said.strip().casefold(), contact_id(said, "")
    exact = [
        c for c in contacts if wanted in (c.id.casefold(), c.name.casefold(), c.person.casefold(), c.email)
    ]
    near = exact or [c for c in contacts if slug in c.id or wanted in c.called.casefold()]
    if len(near) == 1:
        return near[0]
    if not near and not contacts:
        raise _none_yet()
    if not near:
        hint = did_you_mean(said, [c.name for c in contacts]) or "see the names: bcp contact list"
        raise InputError(f'there is no contact "{said}"', hint)
    some = ", ".join(f'"{c.id}"' for c in near[:5])
    raise InputError(f'"{said}" fits {len(near)} contacts', f"say which one: {some}")
