"""What stands in the text of a notice beside its words: placeholders, what is wrong with them, the facts they need.

Of Jinja's language only what a letter needs is let through: names, `a.b`, `if`, a few filters. No loops, no calls, no
arithmetic: nothing to hang or to reach out with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, nodes
from jinja2.sandbox import SandboxedEnvironment

from bcp.errors import Mistake
from bcp.notice.text.circumstance import CONDITIONS, SINCE
from bcp.notice.text.model import Version
from bcp.notice.text.needed import needed_in
from bcp.yaml.near import did_you_mean
from bcp.yaml.text import Place

NAMES = (
    "greeting", "name", "person", "office", "sender", "reach", "next_update", "facts", "line", *SINCE, *CONDITIONS
)  # fmt: skip
_FIELDS = {
    "office": ("name", "address"),
    "sender": ("name", "phone"),
    "reach": ("phone", "email"),
    "line": ("provider", "title", "contract", "line_id", "number"),
}
_FILTERS = frozenset({"upper", "lower", "trim", "default", "day"})
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Filter, nodes.If,
    nodes.CondExpr, nodes.Const, nodes.Compare, nodes.Operand, nodes.Not, nodes.And, nodes.Or, nodes.Test,
)  # fmt: skip


class _Unknown(Undefined):
    """What is not known: it is false in a condition and equals nothing, and cannot be written into a text."""

    __slots__ = ()
    __iter__ = __str__ = __len__ = __contains__ = StrictUndefined.__str__  # type: ignore[assignment]


ENVIRONMENT = SandboxedEnvironment(undefined=_Unknown, autoescape=False, keep_trailing_newline=False)
"""It reads the texts, and fills them in."""


def examine(version: Version) -> list[Mistake]:
    """What is wrong with the placeholders of a notice: each with its place in the file."""
    return [mistake for part, text in version.parts.items() for mistake in _examined(version, part, text)]


def facts_of(version: Version) -> dict[str, Place]:
    """The facts that a notice cannot be written without, each with its first place in the file."""
    needed = needed_by(version).items()
    return {name.removeprefix("facts."): place for name, place in needed if name.startswith("facts.")}


def needed_by(version: Version) -> dict[str, Place]:
    """What must be known before it can be written (`facts.x`, `since`, `reach.phone`), each with its first place.

    What stands below an `if` that asks for it, or with a default, is not among it.
    """
    found: dict[str, Place] = {}
    for part, text in version.parts.items():
        for name, line in _reading(text).needed:
            if name not in found:
                found[name] = _place_of_use(version, part, line, name)
    return found


def _place_of_use(version: Version, part: str, line: int, name: str) -> Place:
    """Where a name is written, and not the same word beside it."""
    opened = "{{ "
    at, column = place_of(version, part, line, opened + name)
    if version.document.lines[at - 1].startswith(opened + name, column - 1):
        return at, column + len(opened)
    return place_of(version, part, line, name)


def facts_asked(version: Version) -> dict[str, Place]:
    """The facts that only conditions ask for, each with its first place in the file; nobody has to know them."""
    found: dict[str, Place] = {}
    for part, text in version.parts.items():
        for name, line in _reading(text).facts:
            if name not in found:
                found[name] = place_of(version, part, line, f"facts.{name}")
    return {name: place for name, place in found.items() if name not in facts_of(version)}


def uses(version: Version, part: str, name: str) -> bool:
    """Whether a part of the notice uses the placeholder `greeting`, `reach`, `next_update`, …"""
    return name in _reading(version.parts.get(part, "")).names


def place_of(version: Version, part: str, line: int, words: str) -> Place:
    """The place in the file of `words` in line `line` of a part."""
    if part != "body":
        return version.document.place((part,))
    at = version.body_line + line - 1
    lines = version.document.lines
    found = lines[at - 1].find(words) if at <= len(lines) else -1
    return at, max(found, 0) + 1


def _examined(version: Version, part: str, text: str) -> Iterator[Mistake]:
    for wrong in _reading(text).wrong:
        place = place_of(version, part, wrong.line, wrong.words)
        yield version.document.mistake_at(place, wrong.message, wrong.hint)


class _Wrong(NamedTuple):
    """A mistake in a text: its line there, words to find it by, and what to say."""

    line: int
    words: str
    message: str
    hint: str


class _Reading(NamedTuple):
    """What is in a text: mistakes, the facts with their lines as often as they are used, the names, what it needs."""

    wrong: tuple[_Wrong, ...]
    facts: tuple[tuple[str, int], ...] = ()
    names: frozenset[str] = frozenset()
    needed: tuple[tuple[str, int], ...] = ()


_good: dict[str, _Reading] = {}
"""What is in texts without a mistake, by the hash of each."""


def recall(known: Mapping[str, Any]) -> None:
    """Believe what `good_texts` said in an earlier command: most of them are as they were."""
    for mark, told in known.items():
        with suppress(KeyError, TypeError, ValueError):
            facts, needed = (
                tuple((str(name), int(line)) for name, line in told[key]) for key in ("facts", "needed")
            )
            _good[mark] = _Reading((), facts, frozenset(map(str, told["names"])), needed)


def good_texts() -> dict[str, Any]:
    """What is known of texts without a mistake, by the hash of each, as JSON may hold it."""
    return {
        mark: {"facts": [*read.facts], "names": sorted(read.names), "needed": [*read.needed]}
        for mark, read in _good.items()
    }


@lru_cache(maxsize=2048)
def _reading(text: str) -> _Reading:
    """Read a text once, although several ask about it: an office has hundreds of them."""
    mark = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    known = _good.get(mark) or _read(text)
    if not known.wrong:
        _good[mark] = known
    return known


def _read(text: str) -> _Reading:
    try:
        tree = ENVIRONMENT.parse(text)
    except TemplateSyntaxError as error:
        words = f"this placeholder cannot be read: {error.message}"
        return _Reading((_Wrong(error.lineno, "{", words, EXAMPLE),))
    except ValueError as error:
        # A number with more digits than Python reads.
        words = f"this placeholder cannot be read: {str(error).partition(':')[0]}"
        return _Reading((_Wrong(1, "{", words, EXAMPLE),))
    except RecursionError:
        tree = None
    if tree is None or _is_deep(tree):
        return _Reading((_Wrong(1, "{", "the placeholders are nested too deeply", EXAMPLE),))
    facts = (
        (node.attr, node.lineno)
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == "facts"
    )
    names = (node.name for node in tree.find_all(nodes.Name))
    return _Reading(tuple(_wrong_in(tree)), tuple(facts), frozenset(names), tuple(needed_in(tree)))


def _wrong_in(tree: nodes.Template) -> Iterator[_Wrong]:
    asked = _asked(tree)
    for node in tree.find_all(nodes.Node):
        if isinstance(node, nodes.EvalContextModifier | nodes.Keyword | nodes.Helper):
            continue
        if not isinstance(node, _ALLOWED):
            what = type(node).__name__.lower()
            yield _Wrong(node.lineno, "{", f"a notice has no use for this ({what})", EXAMPLE)
            return
        message, hint = _judged(node)
        if isinstance(node, nodes.Name) and node.name in CONDITIONS and id(node) not in asked:
            message = f'"{node.name}" is a condition, not words'
            hint = f"ask with it: {{% if {node.name} %}}…{{% endif %}}"
        if message:
            said = getattr(node, "attr", "") or getattr(node, "name", "") or "{"
            yield _Wrong(node.lineno, said, message, hint)


def _asked(tree: nodes.Template) -> set[int]:
    """The names that stand in the question of an `if`, by their id."""
    tests: list[nodes.Expr] = [node.test for node in tree.find_all(nodes.CondExpr)]
    tests += [node.test for node in tree.find_all(nodes.If) if isinstance(node.test, nodes.Expr)]
    names = [test for test in tests if isinstance(test, nodes.Name)]
    return {id(name) for name in (*names, *(name for test in tests for name in test.find_all(nodes.Name)))}


def _is_deep(tree: nodes.Template) -> bool:
    """Whether it is deeper than any letter: what walks and compiles it afterwards calls itself for each level."""
    level: list[nodes.Node] = [tree]
    for _ in range(_DEEPEST):
        level = [child for node in level for child in node.iter_child_nodes()]
    return bool(level)


_DEEPEST = 40
EXAMPLE = "placeholders are such as {{ greeting }}, {{ facts.answer_number }}, {% if person %}…{% endif %}"


def _judged(node: nodes.Node) -> tuple[str, str]:
    if isinstance(node, nodes.Name) and node.name not in NAMES:
        return f'there is no placeholder "{node.name}"', did_you_mean(
            node.name, NAMES
        ) or "known: " + ", ".join(NAMES)
    if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
        known = ", ".join(sorted(_FILTERS))
        return f'there is no filter "{node.name}" for notices', f"known: {known}"
    if not isinstance(node, nodes.Getattr):
        return "", ""
    owner = node.node.name if isinstance(node.node, nodes.Name) else ""
    fields = _FIELDS.get(owner, ())
    if node.attr.startswith("_") or not owner or (owner != "facts" and node.attr not in fields):
        words = f'"{owner or "this"}" has no "{node.attr}"'
        return words, did_you_mean(node.attr, fields) or (
            "known: " + ", ".join(fields) if fields else EXAMPLE
        )
    return "", ""
