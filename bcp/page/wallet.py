"""The wallet card: ten numbers and the first five steps, in the size of a credit card, folded twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bcp.fact_template import fill
from bcp.normalize import say_phone
from bcp.page import content as said
from bcp.page.blocks import Card, Document, EndBlock, Face, Heading
from bcp.page.labels import Labels
from bcp.page.phone import LINE
from bcp.page.proof import proof

_NUMBERS = 10
_STEPS = 5
_ON_FIRST = 3
_KEPT = ("id", "office", "title", "when", "version", "reviewed", "valid_for")
_NAME = 24


def wallet_content(sheet: Mapping[str, Any]) -> dict[str, Any]:
    """What the card of one runbook says."""
    numbers = [*said.phones(sheet), *((who, "") for who in said.without_phone(sheet))]
    return {
        **{key: sheet[key] for key in _KEPT},
        "document": "wallet",
        "numbers": [{"name": who, "phone": phone} for who, phone in numbers[:_NUMBERS]],
        "steps": [
            {"id": step["id"], "title": fill(step["title"], {})} for step in said.steps(sheet)[:_STEPS]
        ],
    }


def wallet_card(content: Mapping[str, Any], words: Labels) -> Document:
    """The card: what it is for, the numbers, the first steps."""
    shown = proof(content, words)
    rows = tuple((_short(each["name"]), say_phone(each["phone"]) or LINE) for each in content["numbers"])
    steps = [f"{number}. {step['title']}" for number, step in enumerate(content["steps"], 1)]
    first = f"{words('card_when')} {_short(content['when'], 130)}\n{words('card_full_sheet')} ______________"
    faces = (
        Face(
            content["title"],
            text=f"{content['office']['name']}\n{first}\n{shown.right}\nSHA-256 {shown.hash}",
        ),
        Face(words("card_numbers"), rows=rows),
        Face(words("card_steps"), steps=tuple(steps[:_ON_FIRST])),
        Face(words("card_steps"), steps=tuple(steps[_ON_FIRST:])),
    )
    title = words("card_title", title=content["title"])
    blocks = (Heading(title, level=1), Card(faces, words("card_fold")), EndBlock(words("end")))
    return Document(f"wallet-{content['id']}", title, words.language, shown, blocks)


def _short(text: str, most: int = _NAME) -> str:
    """`text` cut at a word, with an ellipsis: the card has room for a few letters only."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0] + "…"
