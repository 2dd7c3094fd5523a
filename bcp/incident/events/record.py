"""What the record knows of the files beside it: the hashes of all that a stranger reads in an export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from bcp.event import Event
from bcp.frozen import EMPTY, stored
from bcp.i18n import _
from bcp.incident.events.base import Payload, Speaker
from bcp.incident.state import Incident


class RecordCovered(Payload):
    """The SHA-256 of files by their names, as an export would hold them, and of journal.txt up to the event before.

    In a file that names the hash of this very event, 64 zeros stand in its place when it is hashed. What could not be
    read is `missing`, each with why.
    """

    KIND: ClassVar[str] = "record.covered"

    files: Mapping[str, str]
    journal_txt: str
    missing: Mapping[str, str] = stored(default=EMPTY)

    def apply(self, incident: Incident, event: Event) -> None:
        """Nothing happened in the incident."""

    def sentence(self, words: Speaker) -> str:
        """`the hashes of 9 files of the record were written down`."""
        text = _("files of the record whose hashes were written down: {count}").format(count=len(self.files))
        missing = ", ".join(self.missing)
        return text + (_(" | could not be read: {files}").format(files=missing) if missing else "")
