"""What is to be told at a place: a text in each language, and the number to call; and who knows the words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Protocol

BOX = "bcp-notice"
"""The class of the element that our texts stand in."""


@dataclass(frozen=True, slots=True)
class LanguageText:
    """A text in one language."""

    language: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """A phone number, as it is dialled and as it is read."""

    dial: str
    shown: str


@dataclass(frozen=True, slots=True)
class PlaceNotice:
    """What a place is to say. `kind` is that of the notice (down, update, all-clear …)."""

    notice: str
    kind: str
    said: tuple[LanguageText, ...]
    number: ShownNumber | None = None

    @property
    def notice_html(self) -> str:
        """The texts as a box, escaped; a language each."""
        texts = "".join(
            f'<div lang="{one.language}"><strong>{escape(one.title)}</strong>{paragraphs(one.text)}</div>'
            for one in self.said
        )
        style = "border:2px solid currentColor;padding:1em;margin:1em 0"
        return f'<div class="{BOX}" role="status" style="{style}">{texts}</div>'

    @property
    def number_html(self) -> str:
        """The number as a link that a phone dials."""
        if self.number is None:
            return ""
        return f'<a href="tel:{escape(self.number.dial)}">{escape(self.number.shown)}</a>'

    def lines(self) -> list[str]:
        """The texts and the number, to be read before they go out."""
        said = [
            line
            for one in self.said
            for line in (f"[{one.language}] {one.title}", *(f"    {each}" for each in one.text.splitlines()))
        ]
        return [*said, *([f"+ {self.number.shown}"] if self.number else [])]

    def parts(self) -> dict[str, str]:
        """The HTML of each of our parts."""
        return {"notice": self.notice_html, **({"number": self.number_html} if self.number else {})}


class Wording(Protocol):
    """Who knows the office's texts."""

    def notice(self, name: str, languages: Sequence[str], number: str) -> PlaceNotice:
        """The notice in these languages (all that it has, if none), facts filled in. Raises InputError.

        Where a number is given, it is the one that the text tells people to call.
        """
        ...

    def readable(self, number: str) -> ShownNumber:
        """A number as it is read."""
        ...

    def published(self) -> Sequence[str]:
        """The other places where the office can be read of, each with how it is corrected."""
        ...


def paragraphs(text: str) -> str:
    """Text as paragraphs, escaped: whatever a fact holds, it is no HTML."""
    return "".join(f"<p>{escape(line)}</p>" for line in text.split("\n") if line.strip())


def from_data(data: Mapping[str, Any]) -> PlaceNotice:
    """The notice of which `dataclasses.asdict` made this JSON."""
    number = data.get("number")
    said = tuple(LanguageText(**one) for one in data["said"])
    return PlaceNotice(data["notice"], data["kind"], said, ShownNumber(**number) if number else None)
