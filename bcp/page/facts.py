"""The facts on a sheet: which step asks for each, and how its value is said; unknown ones are lines to write on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bcp.fact_template import fill
from bcp.page.blocks import Blank
from bcp.page.content import numbers, steps
from bcp.page.labels import Labels

_YES_NO = ["yes", "no"]


class Facts:
    """The facts of one sheet, blank or with those that are known."""

    def __init__(self, content: Mapping[str, Any], words: Labels, known: Mapping[str, str]) -> None:
        """`content` as `bcp.page.content.sheet` makes it."""
        self._words = words
        self._known = known
        self._yes_no: set[str] = set()
        self.asked: dict[str, list[int]] = {}
        given = numbers(content)
        for step in steps(content):
            for question in step["questions"]:
                self.asked.setdefault(question["fact"], []).append(given[step["id"]])
                if question["choices"] == _YES_NO:
                    self._yes_no.add(question["fact"])

    def fill(self, text: str, number: int) -> str:
        """`text` of the step with that number, with the known facts; others become a line that names their step."""
        blanks = {
            name: f"________ ({self._words('from_step', number=self.asker(name, number))})"
            for name in self.asked
        }
        return fill(text, {**blanks, **{name: self.value(name, told) for name, told in self._known.items()}})

    def asker(self, fact: str, number: int) -> int:
        """The last step before the one with that number that asks for the fact; where none does, the first of all."""
        before = [each for each in self.asked[fact] if each < number]
        return before[-1] if before else self.asked[fact][0]

    def value(self, fact: str, value: str) -> str:
        """A value as the sheet says it: yes and no in its language, all others as they are."""
        return self._words(value) if fact in self._yes_no and value in _YES_NO else value

    def blank(self, question: Mapping[str, Any]) -> Blank:
        """What a step asks for: the answer where it is known, else choices or a line."""
        name = question["fact"]
        choices = tuple(self.value(name, each) for each in question["choices"])
        return Blank(question["ask"], choices, self.value(name, self._known.get(name, "")))
