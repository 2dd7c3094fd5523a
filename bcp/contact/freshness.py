"""Who confirmed when that a contact is still true; kept beside the contact files, for `contact verify`.

What was confirmed is kept as a digest: a row that was edited since is not confirmed any more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from bcp.contact.load import FOLDER
from bcp.contact.model import Contact
from bcp.errors import InputError
from bcp.files import write_whole

FILE = "verified.json"
STALE_AFTER = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class ContactConfirmed:
    """That somebody confirmed a contact: the day, who, and the digest of what was true then."""

    day: date
    by: str
    digest: str


class NotConfirmed(NamedTuple):
    """A contact that nobody confirmed lately, and the reason in words."""

    contact: Contact
    reason: str


def digest(contact: Contact) -> str:
    """What a confirmation covers: how the contact is called and reached."""
    told = (contact.name, contact.person, contact.email, contact.phone, contact.mobile, contact.language)
    return sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]


def load(office: Path) -> dict[str, ContactConfirmed]:
    """The confirmations by contact id. Raises InputError for a file that was damaged by hand."""
    path = office / FOLDER / FILE
    if not path.exists():
        return {}
    try:
        told = json.loads(path.read_text("utf-8"))
        return {
            name: ContactConfirmed(date.fromisoformat(one["day"]), one["by"], one["digest"])
            for name, one in told.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        hint = "delete it: only the days of the confirmations are lost"
        raise InputError(f"{FOLDER}/{FILE} cannot be read ({type(error).__name__})", hint) from None


def confirm(office: Path, contact: Contact, day: date, by: str) -> None:
    """Keep that `contact` is true as it stands; the file is replaced whole, so a crash cannot cut it."""
    _keep(office, load(office) | {contact.id: ContactConfirmed(day, by, digest(contact))})


def forget(office: Path, contact: Contact) -> None:
    """Keep no confirmation of this contact."""
    known = load(office)
    if known.pop(contact.id, None) is not None:
        _keep(office, known)


def _keep(office: Path, known: Mapping[str, ContactConfirmed]) -> None:
    path = office / FOLDER / FILE
    told = {
        name: {"day": one.day.isoformat(), "by": one.by, "digest": one.digest} for name, one in known.items()
    }
    write_whole(path, json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def stale(
    contacts: Iterable[Contact], known: Mapping[str, ContactConfirmed], today: date
) -> list[NotConfirmed]:
    """The contacts that nobody confirmed within half a year; `today` is the office's day."""
    found = []
    for contact in contacts:
        one = known.get(contact.id)
        if one is None:
            found.append(NotConfirmed(contact, "never confirmed"))
        elif one.digest != digest(contact):
            found.append(NotConfirmed(contact, f"changed since {one.day.isoformat()}"))
        elif today - one.day > STALE_AFTER:
            found.append(NotConfirmed(contact, f"last confirmed {one.day.isoformat()}"))
    return found
