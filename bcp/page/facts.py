"""The facts on a sheet: which step asks for each, and how its value is said; unknown ones are lines to write on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bcp.fact import FOUND
from bcp.fact_template import fill
from bcp.frozen import EMPTY
from bcp.page.blocks import Blank
from bcp.page.content import numbers, steps
from bcp.page.labels import Labels
from bcp.page.progress import Filled

_YES_NO = ["yes", "no"]


class Facts:
    """The facts of one sheet, blank or with those that are known."""

    def __init__(self, content: Mapping[str, Any], words: Labels, filled: Filled) -> None:
        """`content` as `bcp.page.content.sheet` makes it."""
        self._words = words
        self._known = filled.facts
        self._filled = filled
        self._yes_no: set[str] = set()
        self.asked: dict[str, list[int]] = {}
        given = self._numbers = numbers(content)
        for step in steps(content):
            for question in step["questions"]:
                self.asked.setdefault(question["fact"], []).append(given[step["id"]])
                if question["choices"] == _YES_NO:
                    self._yes_no.add(question["fact"])

    def said(self, act: Mapping[str, Any], key: str) -> str:
        """A text of a step: `title` or `by_hand`.

        One that asks for what the computer found shows what was found, not its own answer in that place.
        """
        asked = [question["fact"] for question in act["questions"]]
        own = {name: told for name, told in self._filled.found.items() if name in asked}
        return self.fill(act[key], self._numbers[act["id"]], own)

    def fill(self, text: str, number: int, own: Mapping[str, str] = EMPTY) -> str:
        """`text` at the step with that number, with the known facts; others become a line that names their step.

        `own` stand in place of the known ones.
        """
        blanks = {
            name: f"________ ({self._words('from_step', number=self.asker(name, number))})"
            for name in self.asked
        }
        blanks |= {name + FOUND: blank for name, blank in blanks.items()}
        known = {name: self.value(name, told) for name, told in {**self._known, **own}.items()}
        return fill(text, {**blanks, **known})

    def asker(self, fact: str, number: int) -> int:
        """The last step before the one with that number that asks for the fact; where none does, the first of all."""
        before = [each for each in self.asked[fact] if each < number]
        return before[-1] if before else self.asked[fact][0]

    def value(self, fact: str, value: str) -> str:
        """A value as the sheet says it: yes and no in its language, all others as they are."""
        return self._words(value) if fact in self._yes_no and value in _YES_NO else value

    def blank(self, question: Mapping[str, Any], step: str) -> Blank:
        """What a step asks for: the answer where it is known, else choices or a line.

        What the computer found stands at the step in which it looked, what a person said at the one that asks.
        """
        name, found = question["fact"], self._filled.found
        choices = tuple(self.value(name, each) for each in question["choices"])
        answer = self._known.get(name, "")
        if name in found and step in self._filled.finders:
            answer = found[name]
        elif answer == found.get(name) and step not in self._filled.marks:
            answer = ""
        return Blank(question["ask"], choices, self.value(name, answer))
