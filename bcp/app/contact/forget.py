"""`contact forget`: a person is taken out of contacts and letters, after somebody said so by its id."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bcp.app.notice.office import contacts_of
from bcp.app.office import office_of
from bcp.app.session import Session
from bcp.app.support_parts import crashes_of, logs_of
from bcp.contact import audience, freshness
from bcp.contact.forget import take_out
from bcp.contact.model import Contact
from bcp.errors import PersonNeeded
from bcp.mask import Mask
from bcp.store.forget import forget as forget_letters
from bcp.store.logfile import overwrite


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Who is forgotten, the contact file that he stood in, and how many letters he had."""

    contact: Contact
    file: Path
    letters: int


def forget_contact(session: Session, name: str, confirm: Callable[[Contact], str]) -> Forgotten:
    """Forget the contact that is meant. `confirm` gives the id that was typed for it.

    Raises PersonNeeded where that is another one, InputError for a name that fits nobody, or several.
    """
    contact = audience.one(name, contacts_of(session, office_of(session)).all)
    if confirm(contact) != contact.id:
        raise PersonNeeded("nobody was forgotten", f"say it with its id: --confirm {contact.id}")
    path = take_out(session.folder, contact)
    freshness.forget(session.folder, contact)
    letters = forget_letters(session.stores.database(), contact.id)
    _out_of_logs(session, contact)
    return Forgotten(contact, path, letters)


def _out_of_logs(session: Session, contact: Contact) -> None:
    """Nobody should stand there; a library, or a version that knew less, may have named somebody all the same."""
    mask = Mask()
    mask.names((contact.name, contact.person, contact.email))
    mask.typed((contact.id,))
    mask.phones((contact.phone, contact.mobile))
    state = session.stores.folder
    for file in (*logs_of(state), *crashes_of(state, session.folder)):
        with suppress(OSError):
            overwrite(file, mask)
