"""Any text at all is either read or told in one sentence with a place that lies in it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bcp.errors import SourceError
from bcp.yaml.source import Reader, YamlDocument, parse, read
from bcp.yaml.text import Unreadable, check, split
from bcp.yaml.tree import build
from tests.sources import LOADERS, Book

YAMLISH = st.lists(
    st.sampled_from(
        ["a", "b: ", ": ", "- ", "\n", "  ", "\t", "'", '"', "[", "]", "{", "}", ",", "&a ", "*a", "!", "|",
         ">", "#", "%", "@", "`", "?", "\\", "---\n", "...\n", "<<", "~", "\r\n", "é", "😀", "\u00a0",
         "key: value\n", "- x\n"]
    ),
    max_size=120,
).map("".join)  # fmt: skip


@settings(max_examples=400)
@given(st.one_of(YAMLISH, st.text(max_size=400)))
@example("a: \ud800")
@example("\ufeff\ufeff")
@example("? ")
@example("a: &b\n? ")
def test_any_text_is_read_or_told_with_a_place_that_lies_in_it(text: str) -> None:
    for loader in LOADERS:
        try:
            check(text)
            build(text, split(text), loader)
        except Unreadable as error:
            assert error.message and error.hint
    try:
        document = parse(text, "x")
    except SourceError as error:
        (mistake,) = error.mistakes
        lines = split(text.removeprefix("\ufeff"))
        assert 1 <= mistake.line <= len(lines)
        assert 1 <= mistake.column <= len(lines[mistake.line - 1]) + 1
    else:
        _all_places_lie_inside(document)


def _all_places_lie_inside(document: YamlDocument) -> None:
    for loc in _locs(document.data):
        for key in (True, False):
            mistake = document.mistake(loc, "here", key=key)
            line, column = document.place(loc, key)
            assert (line, column) == (mistake.line, mistake.column)
            assert column <= len(document.lines[line - 1]) + 1


def _locs(data: Any) -> list[tuple[str | int, ...]]:
    inner: list[tuple[Any, Any]] = []
    if isinstance(data, dict):
        inner = list(data.items())
    elif isinstance(data, list):
        inner = list(enumerate(data))
    return [(), *((part, *loc) for part, value in inner for loc in _locs(value))]


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_told(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "any.yaml"
        file.write_bytes(raw)
        try:
            read(file, "x")
        except SourceError as error:
            assert len(error.mistakes) == 1


TREES = st.recursive(
    st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=200)
@given(TREES, st.booleans(), st.sampled_from([20, 80, 500]))
def test_what_yaml_writes_for_texts_lists_and_mappings_is_read_back_equal(
    tree: Any, flow: bool, width: int
) -> None:
    text = yaml.safe_dump(tree, default_flow_style=flow, width=width)
    for loader in LOADERS:
        assert build(text, split(text), loader).data == tree
    assert parse(text, "x").data == tree


@settings(max_examples=200)
@given(YAMLISH.map(lambda text: "title: x\nsteps:\n  - step: a\n    by_hand: " + text))
def test_any_mistake_of_a_model_lies_in_the_text_and_has_words(text: str) -> None:
    try:
        document = parse(text, "x")
    except SourceError:
        return
    reader = Reader()
    reader.model(document, Book)
    for mistake in reader.mistakes:
        assert mistake.message
        assert 1 <= mistake.line <= len(document.lines)
        assert mistake.column <= len(document.lines[mistake.line - 1]) + 1
