"""Puts a contact's name, the facts and the times into a notice; a template can say things and do nothing.

Templates are Jinja2 in its sandbox with StrictUndefined, and of the language only what a letter needs is
let through: names, `a.b`, `if`, a few filters. No loops, no calls, no arithmetic: nothing to hang or to
reach out with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.sandbox import SandboxedEnvironment

from bcp.contact.model import Contact
from bcp.errors import InputError, Mistake
from bcp.normalize import say_phone
from bcp.notice.text.language import LANGUAGES
from bcp.notice.text.model import Notice, Version
from bcp.notice.text.quoted import Doubted
from bcp.yaml.near import did_you_mean
from bcp.yaml.text import Place

NAMES = ("greeting", "name", "person", "office", "sender", "reach", "next_update", "since", "facts", "line")
_FIELDS = {
    "office": ("name", "address"),
    "sender": ("name", "phone"),
    "reach": ("phone", "email"),
    "line": ("provider", "title", "contract", "line_id", "number"),
}
_FILTERS = frozenset({"upper", "lower", "trim", "default", "day"})
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Filter, nodes.If,
    nodes.CondExpr, nodes.Const, nodes.Compare, nodes.Operand, nodes.Not, nodes.And, nodes.Or, nodes.Test,
)  # fmt: skip
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:\d\d|Z)")
_PHONE = re.compile(r"\+[1-9]\d{6,14}")
_LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class LetterText:
    """A notice for one contact, in words."""

    language: str
    subject: str
    body: str
    sms: str = ""
    paste: str = ""

    @property
    def parts(self) -> Mapping[str, str]:
        """Every text that there is: subject, body, and sms and paste where there are any."""
        texts = {"subject": self.subject, "body": self.body, "sms": self.sms, "paste": self.paste}
        return {name: text for name, text in texts.items() if text}


@dataclass(frozen=True)
class Setting:
    """What all letters of a campaign share: the office, who signs, how we are reached, the times, the facts.

    `doubted` are dates of providers that must not be told on, `dead` numbers on which nobody answers now.
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


def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False
    )
    environment.filters["day"] = _day
    return environment


_ENVIRONMENT = _environment()


def examine(version: Version) -> list[Mistake]:
    """What is wrong with the placeholders of a notice: each with its place in the file."""
    return [mistake for part, text in version.parts.items() for mistake in _examined(version, part, text)]


def facts_of(version: Version) -> dict[str, Place]:
    """The facts that a notice uses, each with its first place in the file."""
    found: dict[str, Place] = {}
    for part, text in version.parts.items():
        for node in _ENVIRONMENT.parse(text).find_all(nodes.Getattr):
            if isinstance(node.node, nodes.Name) and node.node.name == "facts":
                found.setdefault(node.attr, place_of(version, part, node.lineno, f"facts.{node.attr}"))
    return found


def uses(version: Version, part: str, name: str) -> bool:
    """Whether a part of the notice uses the placeholder `greeting`, `reach`, `next_update`, …"""
    text = version.parts.get(part, "")
    return any(node.name == name for node in _ENVIRONMENT.parse(text).find_all(nodes.Name))


def place_of(version: Version, part: str, line: int, words: str) -> Place:
    """The place in the file of `words` in line `line` of a part."""
    if part != "body":
        return version.document.place((part,))
    at = version.body_line + line - 1
    lines = version.document.lines
    found = lines[at - 1].find(words) if at <= len(lines) else -1
    return at, max(found, 0) + 1


def _examined(version: Version, part: str, text: str) -> Iterator[Mistake]:
    def mistake(line: int, words: str, message: str, hint: str = "") -> Mistake:
        return version.document.mistake_at(place_of(version, part, line, words), message, hint)

    try:
        tree = _ENVIRONMENT.parse(text)
    except TemplateSyntaxError as error:
        yield mistake(error.lineno, "{", f"this placeholder cannot be read: {error.message}", _EXAMPLE)
        return
    except ValueError as error:
        # A number with more digits than Python reads.
        yield mistake(1, "{", f"this placeholder cannot be read: {str(error).partition(':')[0]}", _EXAMPLE)
        return
    except RecursionError:
        tree = None
    if tree is None or _is_deep(tree):
        yield mistake(1, "{", "the placeholders are nested too deeply", _EXAMPLE)
        return
    for node in tree.find_all(nodes.Node):
        if isinstance(node, nodes.EvalContextModifier | nodes.Keyword | nodes.Helper):
            continue
        if not isinstance(node, _ALLOWED):
            what = type(node).__name__.lower()
            yield mistake(node.lineno, "{", f"a notice has no use for this ({what})", _EXAMPLE)
            return
        message, hint = _judged(node)
        if message:
            said = getattr(node, "attr", "") or getattr(node, "name", "") or "{"
            yield mistake(node.lineno, said, message, hint)


def _is_deep(tree: nodes.Template) -> bool:
    """Whether it is deeper than any letter: what walks and compiles it afterwards calls itself for each level."""
    level: list[nodes.Node] = [tree]
    for _ in range(_DEEPEST):
        level = [child for node in level for child in node.iter_child_nodes()]
    return bool(level)


_DEEPEST = 40
_EXAMPLE = "placeholders are such as {{ greeting }}, {{ facts.answer_number }}, {% if person %}…{% endif %}"


def _judged(node: nodes.Node) -> tuple[str, str]:
    if isinstance(node, nodes.Name) and node.name not in NAMES:
        return f'there is no placeholder "{node.name}"', did_you_mean(
            node.name, NAMES
        ) or "known: " + ", ".join(NAMES)
    if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
        known = ", ".join(sorted(_FILTERS))
        return f'there is no filter "{node.name}" for notices', f"known: {known}"
    if not isinstance(node, nodes.Getattr):
        return "", ""
    owner = node.node.name if isinstance(node.node, nodes.Name) else ""
    fields = _FIELDS.get(owner, ())
    if node.attr.startswith("_") or not owner or (owner != "facts" and node.attr not in fields):
        words = f'"{owner or "this"}" has no "{node.attr}"'
        return words, did_you_mean(node.attr, fields) or (
            "known: " + ", ".join(fields) if fields else _EXAMPLE
        )
    return "", ""


_MISSING = {
    "'phone'": "write phone: at a person, or at a number that works when the line is dead, in bcp.yaml",
    "'email'": "write email: at the person who leads, in bcp.yaml",
}


def mergers(notice: Notice, setting: Setting) -> dict[str, Merger]:
    """The notice in each of its languages, ready to be filled in."""
    return {language: Merger(version, setting) for language, version in notice.versions.items()}


class Merger:
    """One notice in one language, ready to be filled in for any number of contacts."""

    def __init__(self, version: Version, setting: Setting) -> None:
        """The templates are read once."""
        self._version = version
        self._setting = setting
        self._language = LANGUAGES[version.language]
        self._templates = {part: _ENVIRONMENT.from_string(text) for part, text in version.parts.items()}

    def text(self, contact: Contact) -> LetterText:
        """The notice for one contact. Raises InputError for a fact that is not known or a text without end."""
        values = {
            **self._shared,
            "greeting": self._language.greet(contact),
            "name": contact.name,
            "person": contact.person,
        }
        parts = {part: self._filled(part, template, values) for part, template in self._templates.items()}
        parts["subject"] = " ".join(parts["subject"].split())
        return LetterText(self._version.language, **parts)

    @cached_property
    def _shared(self) -> Mapping[str, Any]:
        setting = self._setting
        shared: dict[str, Any] = {
            "office": setting.office,
            "sender": {key: self._said(value) for key, value in setting.sender.items()},
            "reach": {key: self._said(value) for key, value in setting.reach.items()},
            "facts": {name: self._said(value) for name, value in setting.facts.items()},
            "line": {key: self._said(value) for key, value in setting.line.items()},
        }
        moments = {"next_update": setting.next_update, "since": setting.since}
        return shared | {name: self._moment(value) for name, value in moments.items() if value}

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
            text = str(template.render(values)).strip()
        except UndefinedError as error:
            words = str(error.message).removeprefix("'dict object' has no attribute ")
            hint = _MISSING.get(
                words, "answer the step that asks for it, or set it: bcp incident amend --fact NAME=VALUE"
            )
            raise InputError(f"{shown} needs what is not known yet: {words}", hint) from None
        except TemplateError as error:
            raise InputError(f"{shown} cannot be filled in: {error.message}", _EXAMPLE) from None
        if len(text) > _LONGEST:
            raise InputError(
                f"{shown} becomes a text of {len(text)} letters", "shorten it, or the facts in it"
            )
        return text
