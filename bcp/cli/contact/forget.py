"""`contact forget`: a person is taken out of contacts and letters, after somebody said so by name."""

from __future__ import annotations

import sys

from bcp.app.notice.office import contacts_of, office_of
from bcp.app.session import Session
from bcp.cli.terminal.output import is_attended, say, show_next
from bcp.contact import audience, freshness
from bcp.contact.forget import take_out
from bcp.errors import Exit, PersonNeeded
from bcp.i18n import _
from bcp.store.forget import forget as forget_letters


def forget(session: Session, name: str, confirm: str) -> int:
    """Forget the contact that is meant. Raises PersonNeeded where nobody confirms it by its id."""
    contact = audience.one(name, contacts_of(session, office_of(session)).all)
    typed = confirm
    if not confirm and is_attended():
        say(
            _("This cannot be undone. To forget {name}, type its id: {id}").format(
                name=contact.called, id=contact.id
            )
        )
        typed = sys.stdin.readline().strip()
    if typed != contact.id:
        raise PersonNeeded("nobody was forgotten", f"say it with its id: --confirm {contact.id}")
    path = take_out(session.folder, contact)
    freshness.forget(session.folder, contact)
    count = forget_letters(session.stores.database(), contact.id)
    words = _("{name} is out of {file}, and out of {count} letters.")
    say(words.format(name=contact.called, file=path.name, count=count), "green")
    say(
        _(
            "What people typed into notes, facts and promises stays in the record, and so do backups and exports."
        )
    )
    show_next(("bcp contact list",))
    return Exit.OK
