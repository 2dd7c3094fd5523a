"""What paper shows in another way than it was meant: signs that the fonts lack, steps taller than a page.

Nothing of it stops a page. Everything is found before the page is set, each with its place in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bcp.action.base import Loc
from bcp.errors import Mistake
from bcp.office.model import Office
from bcp.page.height import StepTexts, asked, height, room
from bcp.page.letters import said_of, strange
from bcp.page.pdf import PAPERS, SIZES
from bcp.runbook.load import LoadedRunbook
from bcp.runbook.model import Acting, Step
from bcp.yaml.source import YamlDocument

SPELL_IT = "write it in letters where it matters on paper"
MOST_WHEN = 400
MOST_ROLES = 8


def runbook_mistakes(loaded: LoadedRunbook, paper: str, text: str) -> list[Mistake]:
    """What of a runbook looks otherwise on `paper` in the `text` size."""
    found: list[Mistake] = []
    runbook = loaded.model
    for loc, words in _texts(loaded):
        found += _of_text(loaded.document, loc, words)
    for key, words in (("when", runbook.when), ("not_when", runbook.not_when or "")):
        if len(words) > MOST_WHEN:
            said = f'"{key}" is too long for the first page: {len(words)} letters, at most {MOST_WHEN}'
            found.append(loaded.document.mistake((key,), said, "say it in two sentences"))
    for loc, act, pause in _acts(loaded):
        lines, most = height(_texts_of(act), pause, SIZES[text]), room(PAPERS[paper], SIZES[text])
        if lines > most:
            said = f"this step is too tall for one page of paper: about {lines} lines, at most {most}"
            hint = "it goes on on the next page; make two steps of it, or shorten by_hand"
            found.append(loaded.document.mistake((*loc, "by_hand"), said, hint))
    return found


def office_mistakes(document: YamlDocument, office: Office) -> list[Mistake]:
    """What of `bcp.yaml` looks otherwise on paper."""
    found = _of_text(document, ("name",), office.name)
    for key, entries, fields in (
        ("people", office.people, ("name",)),
        ("roles", office.roles, ("title",)),
        ("lines", office.lines, ("title", "provider", "contract", "line_id")),
        ("numbers", office.numbers, ("note",)),
    ):
        for index, entry in enumerate(entries):
            for name in fields:
                found += _of_text(document, (key, index, name), getattr(entry, name) or "")
    if len(office.roles) > MOST_ROLES:
        said = f"{len(office.roles)} roles are too many for the first page, at most {MOST_ROLES}"
        found.append(
            document.mistake(("roles", MOST_ROLES), said, "let one person play what belongs together")
        )
    return found


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


def _of_text(document: YamlDocument, loc: Loc, text: str) -> list[Mistake]:
    """One for a place, however many signs are strange there."""
    signs = strange(text)
    return [document.mistake(loc, said_of(signs), SPELL_IT)] if signs else []


def _acts(loaded: LoadedRunbook) -> Iterator[tuple[Loc, Acting, str]]:
    """Every step and undo, with the pause point that must stand on the same page."""
    last: dict[Loc, str] = {
        ("phases", index, "steps", len(phase.steps) - 1): phase.pause or "a" * 75
        for index, phase in enumerate(loaded.model.phases)
    }
    for loc, act in loaded.model.acts():
        yield loc, act, last.get(loc, "")


def _texts_of(act: Acting) -> StepTexts:
    return StepTexts(
        act.title,
        act.by_hand,
        act.result or "",
        act.warning or "",
        tuple(asked(fact.ask, fact.choices) for fact in act.action.facts()),
        has_condition=isinstance(act, Step) and bool(act.only_if),
        has_line=isinstance(act, Step) and bool(act.line),
    )
