"""Formulas of compensation rules: plain arithmetic over named amounts, exact, and nothing else.

`max(5, monthly_fee * 10/100)`: numbers, the names that the rule may use, `+ - * /`, brackets, `min` and `max`.
Values are fractions, so that a thirtieth of a fee over thirty days is the fee to the cent.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction

NAMES = ("monthly_fee", "last_bills", "numbers")
LONGEST = 200

_OPERATORS: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_FUNCTIONS: Mapping[str, Callable[..., Fraction]] = {"min": min, "max": max}


class BadFormula(ValueError):
    """A formula that cannot be used; the sentence says where and why."""


def check(text: str) -> str:
    """`text` if it is a formula. Raises BadFormula with the column (from 1) and what is wrong there."""
    _walk(_parse(text), dict.fromkeys(NAMES, Fraction(7, 3)))
    return text


def names_in(text: str) -> set[str]:
    """The names whose values the formula needs."""
    return {node.id for node in ast.walk(_parse(text)) if isinstance(node, ast.Name)} - set(_FUNCTIONS)


def value(text: str, names: Mapping[str, Fraction]) -> Fraction:
    """What the formula comes to. Raises KeyError for a name that `names` lacks."""
    return _walk(_parse(text), names)


def _parse(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise BadFormula(f"a formula has at most {LONGEST} characters; this one has {len(text)}")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise BadFormula(f"at character {error.offset or 1}: it cannot be read here") from None
    except (RecursionError, MemoryError, ValueError):
        raise BadFormula("it cannot be read") from None


def _walk(node: ast.expr, names: Mapping[str, Fraction]) -> Fraction:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return Fraction(str(number))
        case ast.Name(id=name) if name in NAMES:
            return names[name]
        case ast.Name(id=name):
            raise _bad(node, f'"{name}" is not known; a formula may use {", ".join(NAMES)}')
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _reckon(node, _OPERATORS[type(op)], _walk(left, names), _walk(right, names))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_walk(operand, names)
        case ast.Call(func=ast.Name(id=name), args=[_, _, *_] as given, keywords=[]) if name in _FUNCTIONS:
            return _FUNCTIONS[name](*(_walk(each, names) for each in given))
    raise _bad(node, "only numbers, names, + - * /, brackets, min(a, b) and max(a, b) can stand here")


def _reckon(
    node: ast.expr, op: Callable[[Fraction, Fraction], Fraction], left: Fraction, right: Fraction
) -> Fraction:
    try:
        return op(left, right)
    except ZeroDivisionError:
        raise _bad(node, "it divides by nothing") from None


def _bad(node: ast.expr, words: str) -> BadFormula:
    return BadFormula(f"at character {node.col_offset + 1}: {words}")
