"""The small changes that can be made to a source: those of Cosmic Ray, and a few of ours that drop something."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.plugins import get_operator, operator_names
from parso.python.tree import Keyword

_ANNOTATIONS = ("annassign", "tfpdef")


class Drop(Operator):  # type: ignore[misc]
    """Drops a statement that is a call, `reversed` around something, or a method without arguments behind it."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Where something can be dropped."""
        if self._shape(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Drop it."""
        shape, prefix = self._shape(node), node.get_first_leaf().prefix
        if shape == "statement":
            node.children[0] = Keyword("pass", node.start_pos, prefix)
            return node
        node.children = node.children[1:] if shape == "reversed" else node.children[:-2]
        node.get_first_leaf().prefix = prefix
        return node

    @staticmethod
    def _shape(node: Any) -> str:
        code = [child.get_code().strip() for child in getattr(node, "children", ())]
        if node.type == "simple_stmt" and node.children[0].type == "atom_expr" and code[0].endswith(")"):
            return "statement"
        if node.type != "atom_expr":
            return ""
        if code[0] == "reversed" and len(code) == 2:
            return "reversed"
        return "method" if len(code) > 2 and code[-1] == "()" and code[-2].startswith(".") else ""

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """What it makes of what."""
        return (
            Example("if x:\n    os.fsync(2)\n", "if x:\n    pass\n"),
            Example("y = reversed(x)", "y = (x)"),
            Example("y = x.casefold() == z", "y = x == z"),
        )


@dataclass(frozen=True)
class Mutant:
    """One change that can be made: which operator, at which of its places in the file, on which line."""

    operator: str
    occurrence: int
    line: int
    column: int


def mutants(source: str, lines: Iterable[int] | None, chance: random.Random) -> list[Mutant]:
    """The changes to try on these lines (all: None), the lines in turn; at one spot one of each kind of change."""
    wanted, tree = None if lines is None else set(lines), get_ast(source)
    kinds: dict[tuple[int, int, str], list[Mutant]] = {}
    for name, operator in operators().items():
        places = (
            (node, start) for node in ast_nodes(tree) for start, _end in operator.mutation_positions(node)
        )
        for occurrence, (node, (line, column)) in enumerate(places):
            if (wanted is None or line in wanted) and not _is_annotation(node):
                spot = line, column, re.sub(r"_\w+$", "", name.rpartition("/")[2])
                kinds.setdefault(spot, []).append(Mutant(name, occurrence, line, column))
    by_line: dict[int, list[Mutant]] = {}
    for each in kinds.values():
        one = chance.choice(each)
        by_line.setdefault(one.line, []).append(one)
    for each in by_line.values():
        chance.shuffle(each)
    order = [(turn, line) for line, each in by_line.items() for turn in range(len(each))]
    chance.shuffle(order)
    return [by_line[line][turn] for turn, line in sorted(order, key=lambda found: found[0])]


def operators() -> dict[str, Any]:
    """Every kind of change that needs no further word."""
    found = {name: get_operator(name) for name in operator_names()}
    return {"ours/Drop": Drop(), **{name: kind() for name, kind in found.items() if not kind.arguments()}}


def _is_annotation(node: Any) -> bool:
    """Types are not evaluated, so a change in them changes nothing."""
    while node.parent is not None:
        is_result = node.parent.type == "funcdef" and node.get_previous_sibling() == "->"
        if is_result or (node.parent.type in _ANNOTATIONS and node.get_previous_sibling() == ":"):
            return True
        node = node.parent
    return False
