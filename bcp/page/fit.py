"""What paper cannot hold: letters that the font lacks, words wider than their column, steps taller than a page.

Everything is found before the page is set, each with its place in the file. The numbers are those of
`sheet.typ`: A4 holds 52 lines of by-hand text between head and foot, US Letter 48; large text is 1.2 times as large.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from math import ceil
from typing import Any

from bcp.action.base import Loc
from bcp.errors import Mistake
from bcp.fact_template import fill
from bcp.office.model import Office
from bcp.page.pdf import SIZES
from bcp.page.typeset import FONTS
from bcp.runbook.load import LoadedRunbook
from bcp.runbook.model import Acting, Step
from bcp.yaml.source import YamlDocument

LONGEST_WORD = 25
LONGEST_NAME = 20
MOST_WHEN = 400
MOST_ROLES = 8
_LINES = {"a4": 52, "letter": 48}
_LETTERS = 67
_JOINTS = re.compile(r"[\s/.@_?&=:,;–-]+")


@cache
def known_letters() -> frozenset[str]:
    """Every letter that both faces of the font have."""
    ranges = (line.split("-") for line in (FONTS / "letters.txt").read_text(encoding="ascii").split())
    return frozenset(chr(code) for first, last in ranges for code in range(int(first, 16), int(last, 16) + 1))


def runbook_mistakes(loaded: LoadedRunbook, paper: str, text: str) -> list[Mistake]:
    """What of a runbook does not fit on `paper` in the `text` size."""
    found: list[Mistake] = []
    runbook = loaded.model
    for loc, words in _texts(loaded):
        found += _of_text(loaded.document, loc, words, LONGEST_WORD)
    for key, words in (("when", runbook.when), ("not_when", runbook.not_when or "")):
        if len(words) > MOST_WHEN:
            said = f'"{key}" is too long for the first page: {len(words)} letters, at most {MOST_WHEN}'
            found.append(loaded.document.mistake((key,), said, "say it in two sentences"))
    for loc, act, pause in _acts(loaded):
        lines, room = _height(act, pause, SIZES[text]), int(_LINES[paper] / SIZES[text])
        if lines > room:
            said = f"this step is too tall for one page of paper: about {lines} lines, at most {room}"
            hint = "make two steps of it, or shorten by_hand: a step is never split"
            found.append(loaded.document.mistake((*loc, "by_hand"), said, hint))
    return found


def office_mistakes(document: YamlDocument, office: Office) -> list[Mistake]:
    """What of `bcp.yaml` does not fit on paper."""
    found = _of_text(document, ("name",), office.name, LONGEST_NAME)
    for key, entries, fields in (
        ("people", office.people, ("name",)),
        ("roles", office.roles, ("title",)),
        ("lines", office.lines, ("title", "provider", "contract", "line_id")),
        ("numbers", office.numbers, ("note",)),
    ):
        for index, entry in enumerate(entries):
            for name in fields:
                found += _of_text(document, (key, index, name), getattr(entry, name) or "", LONGEST_NAME)
    if len(office.roles) > MOST_ROLES:
        said = f"{len(office.roles)} roles are too many for the first page, at most {MOST_ROLES}"
        found.append(
            document.mistake(("roles", MOST_ROLES), said, "let one person play what belongs together")
        )
    return found


def strange(text: str) -> list[str]:
    """The letters of `text` that paper cannot show, each once: the font lacks them, or they are invisible."""
    return [letter for letter in dict.fromkeys(text) if not _shows(letter)]


def named(letter: str) -> str:
    """`"🦄" (U+1F984, UNICORN FACE)`; an invisible one without its picture."""
    name = unicodedata.name(letter, "a control character")
    picture = f'"{letter}" ' if letter.isprintable() else ""
    return f"{picture}(U+{ord(letter):04X}, {name})"


def shown(text: str) -> str:
    """`text` with each letter that paper cannot show as its number, `[U+1F984]`: for what people typed in a hurry."""
    return "".join(letter if _shows(letter) else f"[U+{ord(letter):04X}]" for letter in text)


def _shows(letter: str) -> bool:
    if letter in "\n\t":
        return True
    return letter in known_letters() and unicodedata.category(letter) not in ("Cc", "Cf", "Co", "Cn")


def _texts(loaded: LoadedRunbook) -> Iterator[tuple[Loc, str]]:
    runbook = loaded.model
    whole: Mapping[str, Any] = {"title": runbook.title, "when": runbook.when, "not_when": runbook.not_when}
    yield from (((key,), words) for key, words in whole.items() if words)
    for index, phase in enumerate(runbook.phases):
        yield ("phases", index, "phase"), phase.phase
        yield ("phases", index, "pause"), phase.pause or ""
    for loc, act in loaded.model.acts():
        for key in ("title", "by_hand", "result", "warning"):
            yield (*loc, key), getattr(act, key) or ""
        for number, fact in enumerate(act.action.facts()):
            yield (*loc, act.kind, "questions", number), " ".join([fact.ask, *fact.choices])
    for index, decision in enumerate(runbook.decisions):
        yield ("decisions", index, "question"), decision.question


def _of_text(document: YamlDocument, loc: Loc, text: str, longest: int) -> list[Mistake]:
    found = []
    for letter in strange(text):
        said = f"paper cannot show {named(letter)}"
        found.append(document.mistake(loc, said, "write it in letters, or leave it out"))
    for word in _JOINTS.split(fill(text, {}, "")):
        if len(word) > longest:
            said = (
                f'the word "{word[:longest]}…" is too wide for paper: {len(word)} letters, at most {longest}'
            )
            found.append(document.mistake(loc, said, "put a blank or a hyphen into it"))
    return found


def _acts(loaded: LoadedRunbook) -> Iterator[tuple[Loc, Acting, str]]:
    """Every step and undo, with the pause point that must stand on the same page."""
    last: dict[Loc, str] = {
        ("phases", index, "steps", len(phase.steps) - 1): phase.pause or "a" * 75
        for index, phase in enumerate(loaded.model.phases)
    }
    for loc, act in loaded.model.acts():
        yield loc, act, last.get(loc, "")


def _height(act: Acting, pause: str, scale: float) -> int:
    """About how many lines of by-hand text a step is as tall as."""
    wide = int(_LETTERS / scale)
    head = 1.5 * ceil(len(act.title) / (wide * 0.6)) + ceil(len(act.result or "") / (wide * 0.75))
    head += 1.5 + ceil(len(act.warning) / (wide * 0.75)) if act.warning else 0
    head += 1.5 if isinstance(act, Step) and act.only_if else 0
    parts = [part for part in act.by_hand.split("\n") if part]
    body = sum(ceil(len(part) / wide) + 0.4 for part in parts)
    body += sum(0.6 + ceil(_width(fact.ask, fact.choices) / wide) for fact in act.action.facts())
    body += 1.4 if isinstance(act, Step) and act.line else 0
    foot = 5 + ceil(len(pause) / wide) if pause else 0
    return ceil(max(head, 6) + body + foot)


def _width(ask: str, choices: Iterable[str]) -> int:
    return len(ask) + sum(len(choice) + 5 for choice in choices)
