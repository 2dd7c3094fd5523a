"""From YAML text to mappings, lists and scalars as written, each with its place, within bounds.

Built from the parser's events with a stack of its own, so depth costs no recursion. An alias stands for
the very object its anchor named; what it would be if it were written out is counted, not built.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from bcp.yaml.syntax import in_plain_words
from bcp.yaml.text import Place, Unreadable
from bcp.yaml.trouble import cannot_begin_so, short

DEEPEST = 40
MOST_NODES = 100_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = frozenset({"", "~", "null", "Null", "NULL"})


class Scalar(str):
    """A scalar as written; `plain` says that it stood without quotes."""

    __slots__ = ("plain",)
    plain: bool

    def __new__(cls, text: str, plain: bool = True) -> Scalar:
        """The text of a scalar, and whether it was plain."""
        made = super().__new__(cls, text)
        made.plain = plain
        return made


# The places of the entries of one mapping or list: by key or index, that of the key and of the value.
Marks = dict[str | int, tuple[Place, Place]]


@dataclass(slots=True)
class Tree:
    """What one text holds: its data, where it begins, and the places in each container, by its id."""

    data: Any = None
    start: Place = (1, 1)
    marks: dict[int, Marks] = field(default_factory=dict)


@dataclass(slots=True)
class _Node:
    """A finished value: with the nodes and the depth it has when its aliases are written out."""

    value: Any
    place: Place
    size: int = 1
    depth: int = 0


@dataclass(slots=True)
class _Open:
    """A mapping or list that is still being read."""

    value: dict[str, Any] | list[Any]
    place: Place
    anchor: str | None
    marks: Marks = field(default_factory=dict)
    key: str | None = None
    key_place: Place = (1, 1)
    size: int = 1
    depth: int = 1

    @property
    def wants_key(self) -> bool:
        return isinstance(self.value, dict) and self.key is None


def build(text: str, lines: list[str], loader: Any = _LOADER) -> Tree:
    """The tree of the only document in `text`. Raises Unreadable for what is no such thing."""
    builder = _Builder(lines)
    last: Any = None
    try:
        for event in yaml.parse(text, Loader=loader):
            _DEEDS[type(event)](builder, event)
            if type(event) is not yaml.DocumentEndEvent:
                last = event
    except yaml.MarkedYAMLError as error:
        inside = builder.open[-1].place if builder.open else (1, 1)
        raise in_plain_words(error, last, inside, lines) from None
    if builder.tree.data is None:
        comments = any(line.lstrip().startswith("#") for line in lines)
        what = "holds nothing but comments" if comments else "is empty"
        raise Unreadable((1, 1), f"this file {what}", "write its content, or delete the file")
    return builder.tree


class _Builder:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.tree = Tree()
        self.open: list[_Open] = []
        self.anchors: dict[str, _Node | None] = {}
        self.documents = 0
        self.size = 0

    def nothing(self, event: Any) -> None:
        """The ends of documents and of the stream say nothing new."""

    def document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            raise Unreadable(
                _place(event),
                "a second document begins here",
                'one file holds one document: delete the line "---", or make two files of it',
            )

    def mapping(self, event: Any) -> None:
        self._begin(event, {})

    def sequence(self, event: Any) -> None:
        self._begin(event, [])

    def _begin(self, event: Any, value: dict[str, Any] | list[Any]) -> None:
        self._no_tag(event)
        if self.open and self.open[-1].wants_key:
            raise Unreadable(
                _place(event),
                "a key must be a word, not a list or a mapping",
                'put a text that begins with "[" or "{" in quotes',
            )
        if event.anchor:
            self.anchors[event.anchor] = None
        self.open.append(_Open(value, _place(event), event.anchor))
        self._bound_depth(event, 0)

    def end(self, event: Any) -> None:
        done = self.open.pop()
        self.tree.marks[id(done.value)] = done.marks
        self._count(event, 1)
        node = _Node(done.value, done.place, done.size, done.depth)
        if done.anchor:
            self.anchors[done.anchor] = node
        self._put(node)

    def scalar(self, event: Any) -> None:
        self._no_tag(event)
        plain = not event.style
        node = _Node(None if plain and event.value in _NULL else Scalar(event.value, plain), _place(event))
        if event.anchor and plain and not event.value:
            raise cannot_begin_so(_place(event), self.lines)
        if event.anchor:
            self.anchors[event.anchor] = node
        if self.open and self.open[-1].wants_key:
            self._key(event, plain)
            return
        self._count(event, 1)
        self._put(node)

    def alias(self, event: Any) -> None:
        place = _place(event)
        name = event.anchor
        if self.open and self.open[-1].wants_key:
            raise cannot_begin_so(place, self.lines)
        if name not in self.anchors:
            raise Unreadable(
                place,
                f'"*{name}" points to nothing: there is no "&{name}" before it',
                f'put a text that begins with "*" in quotes: "*{name}"',
            )
        meant = self.anchors[name]
        if meant is None:
            raise Unreadable(
                place,
                f'"*{name}" refers to the very part in which it stands',
                "write out what is meant here",
            )
        self._count(event, meant.size)
        self._bound_depth(event, meant.depth)
        self._put(_Node(meant.value, place, meant.size, meant.depth))

    def _no_tag(self, event: Any) -> None:
        if event.tag is not None:
            raise cannot_begin_so(_place(event), self.lines)

    def _key(self, event: Any, plain: bool) -> None:
        holder, key, place = self.open[-1], str(event.value), _place(event)
        if plain and key == "<<":
            raise Unreadable(place, 'merge keys ("<<") are not read here', "write the keys out")
        if plain and not key:
            raise Unreadable(place, "the key before the colon is missing", "for example: title: The office")
        if key in holder.marks:
            line = holder.marks[key][0][0]
            raise Unreadable(
                place,
                f'the key "{short(key)}" stands here twice: it is already in line {line}',
                f'write a space after the dash: "- {short(key[1:])}: …"'
                if key[0:1] == "-"
                else "keep one of the two",
            )
        holder.key, holder.key_place = key, place

    def _put(self, node: _Node) -> None:
        if not self.open:
            self.tree.data, self.tree.start = node.value, node.place
            return
        holder = self.open[-1]
        holder.size += node.size
        holder.depth = max(holder.depth, node.depth + 1)
        if isinstance(holder.value, list):
            holder.marks[len(holder.value)] = (node.place, node.place)
            holder.value.append(node.value)
        elif holder.key is not None:
            holder.marks[holder.key] = (holder.key_place, node.place)
            holder.value[holder.key] = node.value
            holder.key = None

    def _count(self, event: Any, nodes: int) -> None:
        self.size += nodes
        if self.size > MOST_NODES:
            raise Unreadable(
                _place(event),
                f"this file holds more than {MOST_NODES:,} entries",
                'split it into several files; a part that "*" refers to counts each time',
            )

    def _bound_depth(self, event: Any, more: int) -> None:
        if len(self.open) + more > DEEPEST:
            raise Unreadable(
                _place(event),
                f"lists and mappings stand more than {DEEPEST} deep in each other here",
                "a bracket too many, or a part that belongs into a file of its own",
            )


_DEEDS: dict[type[Any], Any] = {
    yaml.StreamStartEvent: _Builder.nothing,
    yaml.StreamEndEvent: _Builder.nothing,
    yaml.DocumentStartEvent: _Builder.document,
    yaml.DocumentEndEvent: _Builder.nothing,
    yaml.MappingStartEvent: _Builder.mapping,
    yaml.MappingEndEvent: _Builder.end,
    yaml.SequenceStartEvent: _Builder.sequence,
    yaml.SequenceEndEvent: _Builder.end,
    yaml.ScalarEvent: _Builder.scalar,
    yaml.AliasEvent: _Builder.alias,
}


def _place(event: Any) -> Place:
    mark = event.start_mark
    return mark.line + 1, mark.column + 1
