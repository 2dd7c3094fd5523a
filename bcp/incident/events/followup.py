"""After the incident: follow-ups, whether clients are to be asked, and what people say when they look back."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from bcp.event import Event
from bcp.frozen import stored
from bcp.i18n import _
from bcp.incident.events.base import Payload, Speaker, Spoken, joined
from bcp.incident.ledger import FollowUp, Review
from bcp.incident.state import Incident
from bcp.times import local_day

QUESTIONS: dict[str, Spoken] = {
    "happened": lambda: _("What happened?"),
    "expected": lambda: _("What did we expect?"),
    "decided": lambda: _("What did we decide?"),
    "solved": lambda: _("What solved it?"),
    "well": lambda: _("What went well?"),
    "badly": lambda: _("What went badly?"),
    "improve": lambda: _("What to improve?"),
}
"""What is asked when it is over; nobody is asked who is to blame."""


class FollowUpAdded(Payload):
    """Something to be mended: who does it, and by which day."""

    KIND: ClassVar[str] = "followup.added"

    followup: str
    what: str
    owner: str
    due: date = stored(read=date.fromisoformat, write=date.isoformat)

    def apply(self, incident: Incident, event: Event) -> None:
        """There is one more."""
        incident.follow_ups[self.followup] = FollowUp(self.followup, self.what, self.owner, self.due)

    def sentence(self, words: Speaker) -> str:
        """`follow-up f1: buy a second SIM | Piotr Lis, by Sun 29 Nov 2026`."""
        said = _("follow-up {id}: {what} | {who}, by {day}")
        day, who = local_day(self.due), words.name(self.owner)
        return said.format(id=self.followup, what=self.what, who=who, day=day)


class FollowUpDone(Payload):
    """It is done."""

    KIND: ClassVar[str] = "followup.done"

    followup: str
    what: str
    note: str = ""

    def apply(self, incident: Incident, event: Event) -> None:
        """It is done since then."""
        follow_up = incident.follow_ups[self.followup]
        follow_up.done_at, follow_up.note = event.at, self.note

    def sentence(self, words: Speaker) -> str:
        """`follow-up f1 done: buy a second SIM`."""
        said = _("follow-up {id} done: {what}").format(id=self.followup, what=self.what)
        return joined((said, self.note))


class ClientsToBeAsked(Payload):
    """Clients are to be asked whether they are satisfied, with a notice."""

    KIND: ClassVar[str] = "followup.due"

    notice: str

    def apply(self, incident: Incident, event: Event) -> None:
        """That is said once."""
        incident.clients_to_be_asked = True

    def sentence(self, words: Speaker) -> str:
        """`clients are to be asked whether they are satisfied`."""
        return _("clients are to be asked whether they are satisfied")


class ReviewWritten(Payload):
    """What somebody says of the incident afterwards; `about` names the question."""

    KIND: ClassVar[str] = "review.written"

    about: str
    text: str

    def apply(self, incident: Incident, event: Event) -> None:
        """It stands among the reviews."""
        incident.reviews.append(Review(self.about, self.text, event.by))

    def sentence(self, words: Speaker) -> str:
        """`looking back: What went well? the SIM lay where the sheet says`."""
        question = QUESTIONS[self.about]() if self.about in QUESTIONS else self.about
        return _("looking back: {question} {text}").format(question=question, text=self.text)
