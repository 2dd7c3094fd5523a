"""A promise of a provider: it is made, falls due and is asked about, comes true, is broken."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from bcp.event import Event, moment, stamp
from bcp.frozen import stored
from bcp.i18n import _
from bcp.incident.events.base import Payload, Speaker, joined
from bcp.incident.state import Incident
from bcp.promise.model import Promise
from bcp.times import local


class _OfPromise(Payload):
    """An event of one promise: its id, who made it, what was promised."""

    promise: str
    provider: str = stored(key="from")
    what: str

    def _said(self, text: str, note: str = "") -> str:
        return joined((text.format(provider=self.provider, what=self.what, id=self.promise), note))


class PromiseMade(_OfPromise):
    """By when it is promised; `said` is that time in the provider's own words.

    With `made_at` it was promised then, and what was written down of it before was wrong.
    """

    KIND: ClassVar[str] = "promise.made"

    due: datetime = stored(read=moment, write=stamp)
    said: str = ""
    said_by: str = ""
    ticket: str = ""
    channel: str = ""
    made_at: datetime | None = stored(default=None, read=moment, write=stamp)

    def apply(self, incident: Incident, event: Event) -> None:
        """There is one more promise, or another one in the place of what was written down; nobody settled that yet."""
        incident.withdrawn.pop(self.promise, None)
        incident.promises[self.promise] = Promise(
            id=self.promise,
            provider=self.provider,
            what=self.what,
            made_at=self.made_at or event.at,
            due=self.due,
            said=self.said,
            said_by=self.said_by,
            ticket=self.ticket,
            channel=self.channel,
        )

    def sentence(self, words: Speaker) -> str:
        """`Netia promised (p1): a technician comes, by Thu 26 Nov 2026 12:00 CET | said by Mr Kowal`."""
        said = _("{provider} promised ({id}): {what}, by {time}")
        due = local(self.due, words.zone)
        return joined(
            (
                said.format(provider=self.provider, id=self.promise, what=self.what, time=due),
                _('in its words "{value}"').format(value=self.said) if self.said else "",
                _("said by {value}").format(value=self.said_by) if self.said_by else "",
                _("ticket {value}").format(value=self.ticket) if self.ticket else "",
                _("by {value}").format(value=self.channel) if self.channel else "",
                _("corrects what was written down before") if self.made_at else "",
            )
        )


class PromiseAsked(_OfPromise):
    """It fell due, and people were asked whether it was kept."""

    KIND: ClassVar[str] = "promise.asked"

    due: datetime = stored(read=moment, write=stamp)

    def apply(self, incident: Incident, event: Event) -> None:
        """It is not asked about again."""
        incident.promises[self.promise].asked = True

    def sentence(self, words: Speaker) -> str:
        """`promise due, was it kept? Netia: a technician comes (p1)`."""
        return self._said(_("promise due, was it kept? {provider}: {what} ({id})"))


class PromiseKept(_OfPromise):
    """It came true, in time or late; with `corrects` it was not broken, as was written down before."""

    KIND: ClassVar[str] = "promise.kept"

    note: str = ""
    corrects: bool = False

    def apply(self, incident: Incident, event: Event) -> None:
        """A broken promise that came true after all stays broken; its slip ends here."""
        promise = incident.promises[self.promise]
        if self.corrects:
            promise.broken, promise.came_true_at = False, promise.settled_at
        else:
            promise.came_true_at = promise.settled_at = event.at
        promise.kept = not promise.broken
        promise.note = self.note or promise.note

    def sentence(self, words: Speaker) -> str:
        """`promise came true: Netia: a technician comes (p1)`."""
        said = self._said(_("promise came true: {provider}: {what} ({id})"), self.note)
        return joined((said, _("corrects what was written down before") if self.corrects else ""))


class PromiseBroken(_OfPromise):
    """It did not come true in time, or was called off; with `corrects` it was not kept, as was written down before."""

    KIND: ClassVar[str] = "promise.broken"

    note: str = ""
    corrects: bool = False

    def apply(self, incident: Incident, event: Event) -> None:
        """It is broken, and has not come true."""
        promise = incident.promises[self.promise]
        promise.kept, promise.broken, promise.came_true_at = False, True, None
        promise.settled_at = promise.settled_at if self.corrects else event.at
        promise.note = self.note or promise.note

    def sentence(self, words: Speaker) -> str:
        """`promise BROKEN: Netia: a technician comes (p1)`."""
        said = self._said(_("promise BROKEN: {provider}: {what} ({id})"), self.note)
        return joined((said, _("corrects what was written down before") if self.corrects else ""))


class PromiseWithdrawn(_OfPromise):
    """It was written down by mistake: nobody made it."""

    KIND: ClassVar[str] = "promise.withdrawn"

    def apply(self, incident: Incident, event: Event) -> None:
        """It counts no more; its name is not given again."""
        incident.withdrawn[self.promise] = incident.promises.pop(self.promise)

    def sentence(self, words: Speaker) -> str:
        """`never promised, as was written down by mistake: Netia: a technician comes (p1)`."""
        return self._said(_("never promised, as was written down by mistake: {provider}: {what} ({id})"))
