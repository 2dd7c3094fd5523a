"""Puts a contact's name, the facts and the times into a notice; a template can say things and do nothing.

Templates are Jinja2 in its sandbox with StrictUndefined; `placeholders.py` says how little of the language is let
through.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Template, TemplateError, UndefinedError

from bcp.contact.model import Contact
from bcp.errors import InputError
from bcp.normalize import say_phone
from bcp.notice.text.circumstance import conditions, moments
from bcp.notice.text.language import LANGUAGES
from bcp.notice.text.model import SHORT, Notice, Version
from bcp.notice.text.paragraph import tidy, unwrapped
from bcp.notice.text.placeholders import ENVIRONMENT, EXAMPLE, uses
from bcp.notice.text.quoted import Doubted

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:\d\d|Z)")
_PHONE = re.compile(r"\+[1-9]\d{6,14}")
_LONGEST = 100_000
_PERSONAL = ("greeting", "name", "person")
"""What differs from contact to contact."""


@dataclass(frozen=True, slots=True)
class LetterText:
    """A notice for one contact, in words."""

    language: str
    subject: str
    body: str
    sms: str = ""
    paste: str = ""
    say: str = ""
    voicemail: str = ""

    @property
    def parts(self) -> Mapping[str, str]:
        """Every text that there is: subject and body, and sms, paste, say and voicemail where there are any."""
        texts = {name: getattr(self, name) for name in ("subject", "body", *SHORT)}
        return {name: text for name, text in texts.items() if text}

    @property
    def spoken(self) -> str:
        """What is read to a client on the phone; nothing where the notice has nothing short."""
        return self.say or self.sms


@dataclass(frozen=True)
class Setting:
    """What all letters of a campaign share: the office, who signs, how we are reached, the times, the facts.

    `since` is when a check first saw the trouble; what the facts know goes before it. `doubted` are dates of providers
    that must not be told on, `dead` numbers on which nobody answers now.
    """

    office: Mapping[str, str]
    sender: Mapping[str, str]
    reach: Mapping[str, str]
    zone: ZoneInfo
    facts: Mapping[str, str] = field(default_factory=dict)
    next_update: datetime | None = None
    since: datetime | None = None
    line: Mapping[str, str] = field(default_factory=dict)
    doubted: tuple[Doubted, ...] = ()
    dead: frozenset[str] = frozenset()


class _Moment(str):
    """A moment in words that still knows when it is, for the filter `day`."""

    on_day: str

    def __new__(cls, words: str, on_day: str) -> _Moment:
        made = super().__new__(cls, words)
        made.on_day = on_day
        return made


def _day(value: object) -> str:
    if not isinstance(value, _Moment):
        raise TemplateError("the filter day is for moments, such as next_update")
    return value.on_day


ENVIRONMENT.filters["day"] = _day


@lru_cache(maxsize=512)
def _template(text: str) -> Template:
    """A text, read once although several fill it in."""
    return ENVIRONMENT.from_string(text)


class _Mute(str):
    """A way to reach us that does not work now: no condition finds it; a text that just writes it still has it."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


_MISSING = {
    "'phone'": "write phone: at a person, or at a number that works when the line is dead, in bcp.yaml",
    "'email'": "write email: at the person who leads, in bcp.yaml",
    "'since' is undefined": (
        "write it so that it may be missing: {% if since %}since {{ since }}{% endif %}"
        "   or say it: bcp incident amend --fact down_since=7:50"
    ),
}


def mergers(notice: Notice, setting: Setting) -> dict[str, Merger]:
    """The notice in each of its languages, ready to be filled in."""
    return {language: Merger(version, setting) for language, version in notice.versions.items()}


class Merger:
    """One notice in one language, ready to be filled in for any number of contacts."""

    def __init__(self, version: Version, setting: Setting) -> None:
        """The templates are read once, where somebody is written to in this language."""
        self._version = version
        self._setting = setting
        self._language = LANGUAGES[version.language]

    @cached_property
    def _templates(self) -> Mapping[str, Template]:
        texts = {**self._version.parts, "body": unwrapped(self._version.body)}
        return {part: _template(text) for part, text in texts.items()}

    def text(self, contact: Contact) -> LetterText:
        """The notice for one contact. Raises InputError for a fact that is not known or a text without end."""
        return self.filled(self.named(contact))

    def named(self, contact: Contact) -> dict[str, str]:
        """What differs from contact to contact: greeting, name, person."""
        greeting = self._language.greet(contact)
        return {"greeting": greeting, "name": contact.name, "person": contact.person}

    def filled(self, named: Mapping[str, str]) -> LetterText:
        """The notice with what `named` gives; raises as `text` does."""
        values = {**self._shared, **named}
        same = self._same_for_all
        parts = {
            part: same[part] if part in same else self._filled(part, template, values)
            for part, template in self._templates.items()
        }
        parts["subject"] = " ".join(parts["subject"].split())
        return LetterText(self._version.language, **parts)

    @cached_property
    def _same_for_all(self) -> Mapping[str, str]:
        """The texts that name nobody, which is most of the short ones: filled in once for a thousand letters."""
        return {
            part: self._filled(part, template, self._shared)
            for part, template in self._templates.items()
            if not any(uses(self._version, part, name) for name in _PERSONAL)
        }

    @cached_property
    def _shared(self) -> Mapping[str, Any]:
        setting = self._setting
        asked = conditions(setting.facts)
        shared: dict[str, Any] = {
            "office": setting.office,
            "sender": {key: self._said(value) for key, value in setting.sender.items()},
            "reach": {key: self._reached(key, value, asked) for key, value in setting.reach.items()},
            "facts": {name: self._said(value) for name, value in setting.facts.items()},
            "line": {key: self._said(value) for key, value in setting.line.items()},
        }
        times = {"next_update": setting.next_update, **moments(setting.facts, setting.since)}
        said = {name: self._moment(value) for name, value in times.items() if value}
        return shared | asked | said

    def _reached(self, key: str, value: str, asked: Mapping[str, bool]) -> str:
        """A way to reach us, in words; a mail address is none while our mail is out."""
        is_out = key == "email" and asked["mail_out"]
        return _Mute(value) if is_out else self._said(value)

    def _said(self, value: str) -> str:
        """A fact in the words of a letter: a moment with its weekday, a number as it is dialled."""
        if _MOMENT.fullmatch(value):
            return self._moment(datetime.fromisoformat(value))
        return say_phone(value) if _PHONE.fullmatch(value) else value

    def _moment(self, value: datetime) -> _Moment:
        zone = self._setting.zone
        return _Moment(self._language.when(value, zone), self._language.on_day(value, zone))

    def _filled(self, part: str, template: Any, values: Mapping[str, Any]) -> str:
        shown = self._version.document.shown
        try:
            text = tidy(str(template.render(values)))
        except UndefinedError as error:
            words = str(error.message).removeprefix("'dict object' has no attribute ")
            hint = _MISSING.get(
                words, "answer the step that asks for it, or set it: bcp incident amend --fact NAME=VALUE"
            )
            raise InputError(f"{shown} needs what is not known yet: {words}", hint) from None
        except TemplateError as error:
            raise InputError(f"{shown} cannot be filled in: {error.message}", EXAMPLE) from None
        if len(text) > _LONGEST:
            raise InputError(
                f"{shown} becomes a text of {len(text)} letters", "shorten it, or the facts in it"
            )
        return text
