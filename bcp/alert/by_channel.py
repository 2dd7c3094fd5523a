"""What mail, text messages and chats have in common: a channel of the office carries them to people of the staff."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field, model_validator

from bcp.alert.base import AlertContext, AlertTry, AlertWay
from bcp.alert.message import AlertMessage
from bcp.alert.short import plain
from bcp.errors import InputError
from bcp.outside import World
from bcp.yaml.keyed import OneKey, fail, told
from bcp.yaml.types import ONE_OR_MORE, Id, Line, Model

_CHANNELS = OneKey("bcp.notice.channel.kinds", "channel", "{sms-modem: {}}")


class ByChannel(AlertWay):
    """A way through a channel: one of channels.yaml, by its name or the first of its kind, or one of its own."""

    medium: ClassVar[str]
    thing: ClassVar[str]
    """What the medium is called in a sentence."""
    is_far: ClassVar[bool] = True

    channel: Id | None = Field(
        default=None, description="one of channels.yaml; without it the first that fits"
    )
    by: Annotated[Model, _CHANNELS] | None = Field(
        default=None, description="a channel of its own, as in channels.yaml", examples=["{sms-modem: {}}"]
    )

    @model_validator(mode="after")
    def _has_one_channel(self) -> ByChannel:
        if self.channel is not None and self.by is not None:
            fail("Way", [told(("by",), "either channel: or by:, not both", "take one of them away")])
        if self.by is not None and getattr(self.by, "medium", "") != self.medium:
            fail("Way", [told(("by",), f"this channel carries no {self.thing}", "name another one")])
        return self

    def slips(self, context: AlertContext) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
        """A channel that there is not."""
        try:
            self._channel(context)
        except InputError as error:
            yield (("channel",) if self.channel else ()), error.message, error.hint

    def send(self, message: AlertMessage, recipient: str, context: AlertContext, world: World) -> AlertTry:
        """As a letter to one of the staff."""
        from bcp.files import MemoryFiles
        from bcp.notice.campaign.outbox import Key
        from bcp.notice.channel.base import Envelope

        try:
            channel, contact = self._channel(context), self._contact(recipient, context)
            address = channel.reaches(contact)
            if not address:
                return AlertTry("refused", f"bcp.yaml names no {self.thing} of {recipient}")
            key = Key(f"alert/{message.key}", contact.id, self.medium)
            content = channel.content(key, contact, _letter(message, context), (context.office.name, ""))
        except InputError as error:
            return AlertTry("refused", f"{error.message}: {error.hint}")
        files = MemoryFiles(Path(), {})
        envelope = Envelope(key, address, content, context.at, str(context.office.zone), files)
        return _judged(channel.send(envelope, world, lambda: None))

    def _channel(self, context: AlertContext) -> Any:
        """Raises InputError where there is none."""
        if self.by is not None:
            return self.by
        known = {name: way for name, way in context.channels().items() if way.medium == self.medium}
        if self.channel is not None and self.channel not in known:
            hint = (
                f"those that do: {', '.join(known)}"
                if known
                else f"add a channel for a {self.thing} there, or by: here"
            )
            words = f'channels.yaml has no channel "{self.channel}" that carries a {self.thing}'
            raise InputError(words, hint)
        if not known:
            raise InputError(
                f"channels.yaml has no channel that carries a {self.thing}", "add one there, or here as by:"
            )
        return known[self.channel or next(iter(known))]

    def _contact(self, recipient: str, context: AlertContext) -> Any:
        """The person of the staff, or somebody of whom only the address is known."""
        from bcp.contact.model import STAFF, Contact

        person = next((each for each in context.office.people if each.person == recipient), None)
        if person is not None:
            return Contact(person.person, person.name, email=person.email, mobile=person.phone, file=STAFF)
        email = recipient if "@" in recipient else None
        mobile = recipient if recipient.startswith("+") else None
        return Contact(recipient or "room", recipient, email=email, mobile=mobile, file=STAFF)


class ToPeople(ByChannel):
    """A way that writes to each by himself."""

    to: Annotated[list[Line], ONE_OR_MORE] = Field(
        min_length=1, description="people of bcp.yaml, or their addresses or numbers", examples=["[anna]"]
    )

    def recipients(self) -> tuple[str, ...]:
        """Each once."""
        return tuple(dict.fromkeys(self.to))

    def slips(self, context: AlertContext) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
        """A person whom nobody knows, or who cannot be reached so."""
        yield from super().slips(context)
        people = {each.person: each for each in context.office.people}
        for index, who in enumerate(self.to):
            if "@" in who or who.startswith("+"):
                continue
            person, field = people.get(who), "email" if self.medium == "email" else "phone"
            if person is None:
                hint = f"people: {', '.join(people)}"
                yield ("to", index), f'"{who}" is nobody in people', hint
            elif getattr(person, field) is None:
                yield ("to", index), f"{who} has no {field} in bcp.yaml", f"add {field}: to this person"


def _letter(message: AlertMessage, context: AlertContext) -> Any:
    from bcp.notice.text.merge import LetterText

    return LetterText(
        context.office.language, message.short, message.body or message.short, plain(message.short)
    )


def _judged(handed: Any) -> AlertTry:
    """What the channel says of it, as it concerns an alert."""
    if handed.fate in ("sent", "written"):
        return AlertTry("taken", handed.reply)
    is_line = handed.code is None and handed.fate != "unknown"
    refused = handed.fate in ("failed", "account") and not is_line
    return AlertTry("refused" if refused else "not-now", handed.reply, is_line)
