"""Contact: a person or firm that we may have to tell, and the words in which its file says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from bcp.bald import bald
from bcp.errors import Mistake

Medium = Literal["email", "sms", "call", "chat", "file"]
MEDIA: tuple[str, ...] = get_args(Medium)
STAFF = "staff"
"""The file of those who stand in no file: the people of `bcp.yaml`."""
PREFERABLE = ("email", "sms", "call", "whatsapp", "viber")
HAND_WAYS = {"whatsapp": "WhatsApp", "viber": "Viber"}
"""What a contact may prefer and no machine sends: a person writes there. Each with its name."""

COLUMNS = (
    "name",
    "person",
    "salutation",
    "email",
    "phone",
    "mobile",
    "language",
    "groups",
    "running_project",
    "preferred_channel",
    "opted_out",
)
"""The columns of a contact file; `id` may stand beside them where two contacts have one name."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody we may have to tell.

    `salutation` is how the person is addressed: a form (`Ms`, `Herr`, `Pani`) or the whole vocative
    (`Pani Anno`, `pane Nováku`). `email` is normalised, `phone` and `mobile` are E.164; one that was
    written wrongly is None here and a mistake of its file. `file` is the file's name without its ending.
    `unread_wish` is the cell of `opted_out` that nobody can read, with its place: it counts as opted out.
    """

    id: str
    name: str
    person: str = ""
    salutation: str = ""
    email: str | None = None
    phone: str | None = None
    mobile: str | None = None
    language: str | None = None
    groups: tuple[str, ...] = ()
    running_project: bool = False
    preferred_channel: str | None = None
    opted_out: bool = False
    file: str = ""
    line: int = 0
    unread_wish: str = ""

    @property
    def called(self) -> str:
        """The name by which a list shows this contact: the firm and the person."""
        return f"{self.name} ({self.person})" if self.person and self.person != self.name else self.name

    @property
    def rings(self) -> str | None:
        """The number that is dialled to speak with this contact."""
        return self.phone or self.mobile

    def address(self, medium: str) -> str | None:
        """Where a letter of this medium goes, or None where the contact cannot be reached by it."""
        return {"email": self.email, "sms": self.mobile, "call": self.rings, "file": self.id}.get(medium)


@dataclass(frozen=True, slots=True)
class Contacts:
    """The contacts of an office, and what is wrong with their files.

    `mistakes` are cells that could not be read: the contact is there without them. `remarks` are no
    mistakes but gaps: nobody to reach, no language, the same mailbox twice. `changed` are cells that were read
    otherwise than they are written: an address was taken out of more words, what nobody sees was left out.
    """

    all: tuple[Contact, ...]
    mistakes: tuple[Mistake, ...] = ()
    remarks: tuple[Mistake, ...] = ()
    changed: tuple[Mistake, ...] = ()


def contact_id(name: str, person: str) -> str:
    """The id of a contact whose file gives it none: `kropka-anna-nowak`, letters of any alphabet kept.

    It is made of what a person reads in the row, so that sorting the spreadsheet changes nothing.
    """
    return re.sub(r"\W+", "-", bald(f"{name} {person}")).strip("-_") or "contact"
