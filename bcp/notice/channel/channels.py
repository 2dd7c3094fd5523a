"""Reads `channels.yaml`: the ways on which letters go out, and the mailbox in which answers come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, GetJsonSchemaHandler, ValidationInfo, model_validator
from pydantic.json_schema import JsonSchemaValue

from bcp.errors import InputError
from bcp.i18n import _
from bcp.notice.channel.base import Channel
from bcp.notice.channel.kinds.file import Files
from bcp.notice.channel.kinds.smtp import Login
from bcp.outside import MailServer
from bcp.yaml.keyed import Chosen, choose, fail, told, with_kinds
from bcp.yaml.source import Reader
from bcp.yaml.types import Host, Id, Line, Model
from bcp.yaml.unread import ANY

FILE = "channels.yaml"
_PACKAGE = "bcp.notice.channel.kinds"


class NamedChannel(Model):
    """A channel with its name."""

    channel: Id = Field(examples=["mail"], description="a short name, which steps use")
    way: Channel

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema for editors: the key of a kind stands beside the name."""
        shown = handler.resolve_ref_schema(handler(core))
        named = {"properties": {"channel": shown["properties"]["channel"]}, "required": ["channel"]}
        return with_kinds({**shown, **named}, _PACKAGE, handler)

    @model_validator(mode="before")
    @classmethod
    def _choose(cls, data: Any, info: ValidationInfo) -> Any:
        if not isinstance(data, Mapping):
            return data
        chosen: Chosen = choose(_PACKAGE, data, "channel", ["channel"])
        fail("Channel", chosen.errors)
        return {"channel": data.get("channel"), "way": chosen.value}


class Inbox(Login):
    """The mailbox in which answers and bounces come in, over IMAP."""

    host: Host = Field(description="the server of the mailbox")
    user: Line = Field(description="who logs in")
    folder: Line = Field(default="INBOX", description="the folder of new mails")
    sent: Line | None = Field(default=None, description="the folder of sent mail, to look up what is unknown")

    @property
    def server(self) -> MailServer:
        """As set, else over TLS at the usual port."""
        security = self.security or "tls"
        return self.server_at(self.host, self.port or (993 if security == "tls" else 143), security)


class ChannelsFile(Model):
    """The whole of channels.yaml."""

    channels: list[NamedChannel] = Field(
        min_length=1, description="the ways on which letters go out, in the order in which they are tried"
    )
    inbox: Inbox | None = Field(default=None, description="the mailbox in which answers come in")

    @model_validator(mode="after")
    def _each_name_once(self) -> ChannelsFile:
        names = [one.channel for one in self.channels]
        errors = [
            told(("channels", index), f'the channel "{name}" is there twice', "give each its own name")
            for index, name in enumerate(names)
            if name in names[:index]
        ]
        fail("Channels", errors)
        return self


@dataclass(frozen=True, slots=True)
class Ways:
    """The channels by name, in the order in which they are tried, and the inbox."""

    channels: Mapping[str, Channel]
    inbox: Inbox | None = None
    is_written: bool = True
    """Whether the office has a `channels.yaml`; without one letters become files."""

    def lacks(self, what: str, example: str) -> InputError:
        """The failure where it does not name `what`; `example` is how it is written there."""
        if self.is_written:
            return InputError(
                _("{file} names no {what}").format(file=FILE, what=what),
                _("add it there: {example}").format(example=example),
            )
        return InputError(
            _("this office has no {file}, so it names no {what}").format(file=FILE, what=what),
            _("write that file into the office folder, with: {example}").format(example=example),
        )

    @property
    def reply_address(self) -> str:
        """The address under which the office can be answered, or nothing."""
        return next((found for way in self.channels.values() if (found := way.reply_address())), "")


def load(office: Path, reader: Reader) -> Ways:
    """The office's channels; without a `channels.yaml` letters become files. Mistakes go to `reader`."""
    path = office / FILE
    if not reader.is_there(path, FILE):
        return Ways({"file": Files()}, is_written=False)
    document = reader.document(path, FILE)
    found = reader.model(document, ChannelsFile) if document else None
    if found is None:
        reader.unusable["channel", ANY] = FILE
        return Ways({"file": Files()})
    return Ways({one.channel: one.way for one in found.channels}, found.inbox)
