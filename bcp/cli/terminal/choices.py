"""The answers that can be chosen, each with its number, as a question shows them."""

from __future__ import annotations

from bcp.fact import Fact
from bcp.i18n import _
from bcp.verdict import meanings


def numbered(fact: Fact) -> list[str]:
    """`  1=all-stay, 2=some-go-home`, behind the question.

    Words of the trade stand each in a line of its own below it, with its meaning: then the first line is empty.
    """
    if fact.type == "yes-no":
        return ["  " + _("1=yes, 2=no")]
    explained = meanings()
    each = enumerate(fact.values, 1)
    if fact.values and explained.keys() >= set(fact.values):
        return ["", *(f"  {number:>2}  {value}: {explained[value]}" for number, value in each)]
    return ["  " + ", ".join(f"{number}={value}" for number, value in each) if fact.values else ""]
