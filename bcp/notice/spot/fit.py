"""The text of a notice as a place takes it: the part that fits it, by whole sentences, within its length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bcp.i18n import _
from bcp.notice.spot.base import TextSpot
from bcp.notice.spot.sentences import sentences
from bcp.notice.text.merge import LetterText


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sentence, or a whole language, that does not stand at a place, and why."""

    language: str
    text: str
    why: str


@dataclass(frozen=True)
class FittedText:
    """What stands at a place: the text by language, what was left out of it, what is to be known of it."""

    spot: TextSpot
    texts: Mapping[str, str]
    left_out: tuple[LeftOut, ...] = ()
    hints: tuple[str, ...] = field(default=())

    def blocks(self) -> Mapping[str, str]:
        """What is copied, by its language; under no language all in one, where the place holds one text."""
        return {"": _joined(self.texts)} if self.spot.TOGETHER and self.texts else self.texts


def fit(texts: Mapping[str, LetterText], spot: TextSpot) -> FittedText:
    """The texts of a notice, by language in the order of their weight, as `spot` takes them."""
    found: dict[str, str] = {}
    left: list[LeftOut] = []
    hints: dict[str, None] = {}
    for language, text in texts.items():
        part = next((part for part in spot.PARTS if text.parts.get(part)), "")
        if not part:
            left.append(LeftOut(language, "", _("this notice has no text for it")))
            continue
        kept = list(_kept(language, spot.shaped(text.parts[part], part), spot, left))
        fitted = _shortened(language, kept, spot, found, left)
        if fitted:
            found[language] = fitted
            hints.update({hint: None for hint in (spot.hint(part),) if hint})
    return FittedText(spot, found, tuple(left), tuple(hints))


def _kept(language: str, text: str, spot: TextSpot, left: list[LeftOut]) -> Iterator[str]:
    """The paragraphs of a text, without the sentences that cannot stand there."""
    for paragraph in text.splitlines():
        good = []
        for sentence in sentences(paragraph):
            why = spot.refuses(sentence)
            if why:
                left.append(LeftOut(language, sentence, why))
            else:
                good.append(sentence)
        if good or not paragraph:
            yield " ".join(good)


def _shortened(
    language: str, paragraphs: list[str], spot: TextSpot, others: Mapping[str, str], left: list[LeftOut]
) -> str:
    """As many sentences as there is room for; in one text with `others` the whole text or nothing."""
    text = "\n".join(paragraphs).strip()
    if spot.LIMIT is None or len(_with(others, text, spot)) <= spot.LIMIT:
        return text
    why = _("too long: {place} takes {limit} letters").format(place=spot.title(), limit=spot.LIMIT)
    if others and spot.TOGETHER:
        left.append(LeftOut(language, text, why))
        return ""
    while paragraphs and len("\n".join(paragraphs).strip()) > spot.LIMIT:
        *before, last = sentences(paragraphs[-1]) or [""]
        paragraphs = [*paragraphs[:-1], *([" ".join(before)] if before else [])]
        if last:
            left.append(LeftOut(language, last, why))
    return "\n".join(paragraphs).strip()


def _with(others: Mapping[str, str], text: str, spot: TextSpot) -> str:
    return _joined({**others, "": text}) if spot.TOGETHER else text


def _joined(texts: Mapping[str, str]) -> str:
    return "\n\n".join(texts.values())
