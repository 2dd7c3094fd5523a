"""chat: the chat of the staff, through Apprise, as a chat channel of the office or a room of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pydantic import Field

from bcp.alert.base import AlertContext, AlertTry
from bcp.alert.by_channel import ByChannel
from bcp.alert.message import AlertMessage
from bcp.i18n import _
from bcp.outside import ChatPost, World
from bcp.yaml.types import Secret


class Chat(ByChannel):
    """In a room of a chat: the short form as the title, the whole below it."""

    medium: ClassVar[str] = "chat"
    thing: ClassVar[str] = "chat message"
    room: Secret | None = Field(
        default=None, description="the secret with the Apprise URL of the room", examples=["keyring:chat"]
    )

    def describe(self) -> str:
        """That it is a chat."""
        return _("the staff's chat")

    def slips(self, context: AlertContext) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
        """A channel that there is not, where no room is named."""
        if self.room is None:
            yield from super().slips(context)

    def send(self, message: AlertMessage, recipient: str, context: AlertContext, world: World) -> AlertTry:
        """Say it in the room."""
        if self.room is None:
            return super().send(message, recipient, context, world)
        said = world.chat(ChatPost(self.room, message.short, message.body or message.short))
        if said.accepted:
            return AlertTry("taken", said.reply)
        return AlertTry("not-now", said.reply, no_line=said.accepted is False)

    def _contact(self, recipient: str, context: AlertContext) -> Any:
        return super()._contact("room", context)


Kind = Chat
