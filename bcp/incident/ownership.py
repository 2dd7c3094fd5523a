"""The ownership of an incident: which installation may write it. It is ended here, and taken there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from bcp.errors import InputError
from bcp.event import Entry
from bcp.incident.events.ownership import OwnershipEnded, OwnershipTaken
from bcp.incident.journal import IncidentJournal
from bcp.incident.state import Incident


def end(book: IncidentJournal, by: str, to: str) -> None:
    """Write that it was handed over in the file `to`; nothing where it was before: the file can be made again."""
    book.write(lambda incident: [] if incident.handed_over else [OwnershipEnded(to).entry(by)])


def take(book: IncidentJournal, by: str, *, lost: bool = False, reason: str = "") -> None:
    """Write that it goes on here. Raises InputError where it was not handed over and is not `lost` either."""

    def entries(incident: Incident) -> Sequence[Entry]:
        if incident.handed_over:
            return [OwnershipTaken().entry(by)]
        if not lost:
            refuse(incident.id)
        return [OwnershipTaken(lost=True, reason=reason.strip(), after=incident.head.seq).entry(by)]

    book.write(entries)


def refuse(stream: str) -> NoReturn:
    """Raises InputError: the ownership is still elsewhere."""
    raise InputError(
        f"the pen of {stream} was not handed over in this file",
        "hand it over there: bcp incident hand-over FILE   or, if that computer is lost: "
        "bcp incident take-over FILE --lost --reason WHY",
    )
