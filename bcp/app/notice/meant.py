"""Whom somebody means who types a name, or a code of the call list, in the commands of one incident."""

from __future__ import annotations

from bcp.contact.audience import staff
from bcp.contact.model import Contact
from bcp.errors import InputError
from bcp.i18n import _
from bcp.notice.campaign.codes import as_code
from bcp.notice.campaign.letters import IncidentLetters
from bcp.notice.campaign.post import find


class Meant:
    """Whom a code or a name means, in one incident."""

    def __init__(self, letters: IncidentLetters) -> None:
        """The codes are read once."""
        self._post = letters.post
        self._by_code = {code: name for name, code in letters.by_hand.codes().items()}

    def contact(self, said: str) -> Contact:
        """Raises InputError where it is nobody, or could be two."""
        code = as_code(said)
        name = self._by_code.get(code)
        people = {one.id: one for one in (*self._post.contacts.all, *staff(self._post.office))}
        plain = said.strip().casefold()
        is_name = any(plain in (one.name.casefold(), one.id) for one in people.values() if one.id != name)
        if name is None and code and not is_name:
            words = _('"{code}" is no code of this incident').format(code=said)
            raise InputError(words, _("see the codes: bcp notice calls"))
        if name is None:
            return find(self._post.contacts, self._post.office, said)
        if is_name:
            raise InputError(f'"{said}" is a code of the list and a name', "write the id of the contact")
        if name not in people:
            raise InputError(f"{code} is in no contact file any more", "see: bcp notice status")
        return people[name]
