"""file: letters as files in the incident's folder, to be opened, carried and sent from another computer."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from bcp.contact.model import Contact, Medium
from bcp.errors import StoreError
from bcp.notice.campaign.outbox import Key
from bcp.notice.channel.base import Channel, Envelope, Handed
from bcp.notice.channel.letter import as_mail, dated
from bcp.notice.text.merge import LetterText
from bcp.outside import World

_LONGEST = 80
_NOBODY = "office@localhost.localdomain"


class Files(Channel):
    """An .eml file for each contact with a mail address, a .txt file for each other."""

    medium: ClassVar[Medium] = "file"

    def describe(self) -> str:
        """Where they lie."""
        return "files in the folder of the incident"

    def content(self, key: Key, contact: Contact, text: LetterText, office: tuple[str, str]) -> bytes:
        """The mail, or the text with the number to call."""
        name, address = office
        if contact.email:
            return as_mail(contact, text, (name, address or _NOBODY))
        reach = contact.rings or "no number known"
        return f"{contact.called}\n{reach}\n\n{text.subject}\n\n{text.body}\n".encode()

    def send(self, envelope: Envelope, world: World, claim: Callable[[], None]) -> Handed:
        """Write the file; that somebody got it is said by the person who carried it."""
        claim()
        try:
            path = self.write(envelope)
        except StoreError as error:
            return Handed("account", error.message, stage="file")
        return Handed("written", f"lies in {path.parent.name}/{path.name}", stage="file")

    def write(self, envelope: Envelope) -> Path:
        """Write the file, and nothing else of a sending; where it lies. Raises StoreError."""
        content = envelope.content
        sent = dated(content, envelope.at, envelope.zone) if _is_mail(content) else content
        return envelope.files.write(_name(envelope), sent)


def _is_mail(content: bytes) -> bool:
    return content.startswith(b"From: ")


def _name(envelope: Envelope) -> str:
    # Two notices to one contact are two files: the first may still lie there when the second is written.
    sending = "-".join(envelope.key.campaign.split("/")[1:])
    name = _file_name(f"{sending}-{envelope.key.contact}")
    return f"{name}.{'eml' if _is_mail(envelope.content) else 'txt'}"


def _file_name(said: str) -> str:
    """The words as a file's name; long ones stay apart by their end."""
    name = re.sub(r"[^\w-]+", "-", said)
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}-{sha256(said.encode()).hexdigest()[:8]}"


Kind = Files
