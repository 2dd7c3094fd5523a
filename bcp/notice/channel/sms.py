"""What all ways of text messages have in common: the text, its letters, and what an answer of a gateway means."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from pydantic import Field

from bcp.contact.model import Contact, Medium
from bcp.errors import InputError
from bcp.notice.campaign.outbox import Key
from bcp.notice.channel.base import Channel, DeliveryReport, Envelope, Handed, Pace
from bcp.notice.text.gsm import thrifty, without_accents
from bcp.notice.text.merge import LetterText
from bcp.outside import HttpResponse, Request, World


class Sms(Channel):
    """A way on which text messages go out."""

    medium: ClassVar[Medium] = "sms"
    ascii: bool = Field(
        default=False, description="write Polish and Czech without accents: half as many messages"
    )
    a_minute: float = Field(
        default=60, ge=0, description="how many messages a minute the provider allows; 0: as many as wanted"
    )

    def pace(self) -> Pace:
        """As set."""
        return Pace(self.a_minute)

    def content(self, key: Key, contact: Contact, text: LetterText, office: tuple[str, str]) -> bytes:
        """The short text of the notice. Raises InputError where it has none."""
        if not text.sms:
            raise InputError("this notice has no text message", 'add sms: "…" to its front matter')
        plain = self.ascii and text.language in ("pl", "cs")
        return (without_accents(text.sms) if plain else thrifty(text.sms)).encode()


class Gateway(Sms):
    """A gateway on the web, reached by one HTTP request a message."""

    def send(self, envelope: Envelope, world: World, claim: Callable[[], None]) -> Handed:
        """One request; claimed before it, because a gateway may act on a request that it never answers."""
        claim()
        answer = world.request(self.request(envelope))
        if answer.rehearsed:
            return rehearsed(answer.trouble)
        if answer.status is None:
            fate = "unknown" if answer.sent else "again"
            return Handed(fate, answer.trouble, stage="sms")  # type: ignore[arg-type]
        return self.read(answer)

    def request(self, envelope: Envelope) -> Request:
        """The request that sends one message."""
        raise TypeError(f"{type(self).__name__} asks for nothing")

    def read(self, answer: HttpResponse) -> Handed:
        """What the gateway's answer means."""
        raise TypeError(f"{type(self).__name__} reads nothing")

    def report(self, provider_id: str, world: World) -> DeliveryReport:
        """One request; a gateway that is busy or does not know us is `unheard`, and nothing is concluded from it."""
        answer = world.request(self.report_request(provider_id))
        if answer.rehearsed or answer.status is None:
            return DeliveryReport("unheard", answer.trouble)
        if answer.status == 404:
            return DeliveryReport("on its way", "the gateway has no report of it", 404)
        if answer.status >= 400:
            return DeliveryReport("unheard", f"{answer.status} {answer.text[:100]}".strip(), answer.status)
        return self.read_report(answer)

    def report_request(self, provider_id: str) -> Request:
        """The request that asks what became of a message."""
        raise TypeError(f"{type(self).__name__} has no reports")

    def read_report(self, answer: HttpResponse) -> DeliveryReport:
        """What the gateway says of a message; what nobody described means that it is on its way still."""
        raise TypeError(f"{type(self).__name__} has no reports")


def rehearsed(trouble: str) -> Handed:
    """What becomes of a message in a rehearsal: nothing is sent, and `trouble` is what would stand in its way."""
    return Handed("account" if trouble else "sent", trouble or "rehearsed, not sent", stage="sms")
