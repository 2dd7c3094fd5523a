"""Notice: an approved text in one or more languages, as its files say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from pydantic import Field

from bcp.yaml.source import YamlDocument
from bcp.yaml.types import Id, Line, Model, SomeDuration, Text

Kind = Literal["down", "update", "number", "all-clear", "follow-up", "read-back"]
KINDS: tuple[str, ...] = get_args(Kind)
LANGUAGE_NAMES: Mapping[str, str] = {
    "en": "English",
    "pl": "Polish",
    "cs": "Czech",
    "el": "Greek",
    "de": "German",
}


SHORT = ("sms", "paste", "say", "voicemail")
"""The texts that say the same as the letter in fewer words; a notice may lack any of them."""


class Front(Model):
    """What stands between the two lines `---` at the head of a notice."""

    subject: Line = Field(max_length=150, examples=["Our line is out of order, and this is how you reach us"])
    sms: Text | None = Field(default=None, description="the same in one or two text messages")
    paste: Text | None = Field(default=None, description="for the website, Facebook and other places")
    say: Text | None = Field(default=None, description="read to a client on the phone; without it: sms")
    voicemail: Text | None = Field(default=None, description="the announcement, to be read aloud")
    kind: Kind
    expires: SomeDuration | None = Field(default=None, description="after which it is not sent any more")
    overrule: dict[Id, Line] = Field(
        default_factory=dict, description="rules of the lint that do not hold here, each with a reason"
    )


@dataclass(frozen=True, slots=True)
class Version:
    """A notice in one language; `body_line` is the line of its file where the text begins."""

    notice: str
    language: str
    front: Front
    body: str
    body_line: int
    document: YamlDocument

    @property
    def parts(self) -> Mapping[str, str]:
        """Every text with placeholders: subject and body, and sms, paste, say and voicemail where there are any."""
        texts = {"body": self.body, **{name: getattr(self.front, name) for name in ("subject", *SHORT)}}
        return {name: text for name, text in texts.items() if text}


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice in all its languages; they are of one kind."""

    id: str
    versions: Mapping[str, Version]

    @property
    def kind(self) -> str:
        """What it says: that something is down, or an all-clear, …"""
        return next(iter(self.versions.values())).front.kind

    def otherwise(self, ours: str) -> str:
        """The language for whoever reads none that it is written in: `ours`, else English, else its first one."""
        return next(language for language in (ours, "en", *self.versions) if language in self.versions)
