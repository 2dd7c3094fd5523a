"""How tall a step or a decision is on paper, in lines of by-hand text: what is taller than a page must be split.

The numbers are those of `sheet.typ`: A4 holds 52 such lines between head and foot, US Letter 48; large text is 1.2
times as large.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any, NamedTuple

_LINES = {"a4": 52, "us-letter": 48}
_LETTERS = 67


class StepTexts(NamedTuple):
    """What of a step takes room; `questions` are its questions with their choices, each as one text."""

    title: str
    by_hand: str
    result: str = ""
    warning: str = ""
    questions: tuple[str, ...] = ()
    has_condition: bool = False
    has_line: bool = False


def room(paper: str, scale: float) -> int:
    """How many lines a page has; `paper` is typst's name of it."""
    return int(_LINES[paper] / scale)


def asked(question: str, choices: Iterable[str]) -> str:
    """A question as long as it is on paper, each choice behind its box."""
    return question + "".join(f"     {choice}" for choice in choices)


def height(step: StepTexts, pause: str, scale: float) -> int:
    """About how many lines a step is as tall as, with the pause point that must stand on its page."""
    wide = int(_LETTERS / scale)
    head = 1.5 * ceil(len(step.title) / (wide * 0.6)) + ceil(len(step.result) / (wide * 0.75))
    head += 1.5 + ceil(len(step.warning) / (wide * 0.75)) if step.warning else 0
    head += 1.5 if step.has_condition else 0
    parts = [part for part in step.by_hand.split("\n") if part]
    body = sum(ceil(len(part) / wide) + 0.4 for part in parts)
    body += sum(0.6 + ceil(len(question) / wide) for question in step.questions)
    body += 1.4 if step.has_line else 0
    foot = 5 + ceil(len(pause) / wide) if pause else 0
    return ceil(max(head, 6) + body + foot)


def is_tall(row: Mapping[str, Any], pause: str, paper: str, scale: float) -> bool:
    """Whether a row of steps, as the template is told it, is taller than a page."""
    if row["kind"] == "tick":
        questions = tuple(asked(blank["label"] + blank["value"], blank["choices"]) for blank in row["blanks"])
        texts = (row["title"], row["by_hand"], row["result"], row["warning"])
        step = StepTexts(*texts, questions, bool(row["condition"]), bool(row["about"]))
        return height(step, pause, scale) > room(paper, scale)
    wide = _LETTERS / scale * 0.5
    answers = (each["answer"] + each["text"] for each in row["answers"])
    lines = sum(2 + 1.5 * ceil(len(text) / wide) for text in (row["question"], row["default"], *answers))
    return lines + (5 if pause else 0) > room(paper, scale)
