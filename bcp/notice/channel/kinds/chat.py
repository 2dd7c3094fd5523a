"""chat: the staff's chat (Signal, Slack, Teams, Matrix, ntfy and others, through Apprise), for the staff alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from pydantic import Field, model_validator

from bcp.contact.model import STAFF, Contact, Medium
from bcp.notice.campaign.outbox import Key
from bcp.notice.channel.base import Channel, Envelope, Handed, Reference
from bcp.notice.text.merge import LetterText
from bcp.outside import ChatPost, World
from bcp.yaml.keyed import fail, told
from bcp.yaml.types import Id


class Chat(Channel):
    """A room that all of the staff read, or an address of each person's own."""

    medium: ClassVar[Medium] = "chat"
    room: Reference | None = Field(
        default=None, description="the secret with the Apprise URL of the room", examples=["keyring:chat"]
    )
    people: dict[Id, Reference] = Field(
        default_factory=dict, description="the same for one person each", examples=[{"anna": "keyring:anna"}]
    )

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Chat:
        if not (self.room or self.people):
            hint = "add room: keyring:chat, or people: {anna: keyring:chat-anna}"
            fail("Chat", [told((), "this chat names nobody", hint)])
        return self

    def describe(self) -> str:
        """Whether it is one room or several."""
        return "the staff's chat"

    def reaches(self, contact: Contact) -> str | None:
        """The reference to the person's own address, else to the room; nobody but the staff is in it."""
        return self.people.get(contact.id, self.room) if contact.file == STAFF else None

    def is_room(self, address: str) -> bool:
        """Whether everybody reads what is sent there."""
        return address == self.room

    def content(self, key: Key, contact: Contact, text: LetterText, office: tuple[str, str]) -> bytes:
        """The subject, and the text below it."""
        return f"{text.subject}\n{text.body}".encode()

    def send(self, envelope: Envelope, world: World, claim: Callable[[], None]) -> Handed:
        """Say it. A chat that cannot take it fails at once, so that each person's next way is taken."""
        title, _newline, body = envelope.content.decode().partition("\n")
        claim()
        said = world.chat(ChatPost(envelope.address, title, body))
        if said.accepted:
            return Handed(
                "sent", "rehearsed, not sent" if said.rehearsed else "the chat took it", stage="chat"
            )
        return Handed("unknown" if said.accepted is None else "failed", said.reply, stage="chat")


Kind = Chat
