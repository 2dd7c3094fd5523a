"""Lines of YAML as an author would write them: each value safe, long texts folded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from textwrap import wrap
from typing import Any

from bcp.yaml.yaml_text import as_yaml

_WIDTH = 110


def pair(key: str, value: Any) -> list[str]:
    """`key: value`, whatever is in the value; what is below the key is moved in."""
    if isinstance(value, Mapping) and value:
        return [f"{key}:", *moved(pairs(value), 2)]
    if isinstance(value, list) and value:
        return [f"{key}:", *moved((line for each in value for line in item(_entry(each))), 2)]
    return [as_yaml({key: value}).rstrip("\n")]


def _entry(value: Any) -> list[str]:
    """An entry of a list: a mapping, or a single value."""
    return pairs(value) if isinstance(value, Mapping) else [pair("x", value)[0].removeprefix("x: ")]


def pairs(values: Mapping[str, Any]) -> list[str]:
    """The lines of each key whose value is not None."""
    return [line for key, value in values.items() if value is not None for line in pair(key, value)]


def folded(key: str, text: str) -> list[str]:
    """A longer text below its key, in lines that fit on a screen."""
    return [f"{key}: >-", *moved(wrap(text, _WIDTH - 8, break_long_words=False, break_on_hyphens=False), 2)]


def moved(lines: Iterable[str], by: int) -> list[str]:
    """The lines moved in by so many blanks."""
    return [" " * by + line if line else line for line in lines]


def item(lines: Iterable[str]) -> list[str]:
    """The lines as an item of a list."""
    first, *others = lines
    return [f"- {first}", *moved(others, 2)]


def head(schema: str, *remarks: str) -> list[str]:
    """The first lines of a file: its schema for editors, and what it is."""
    told = [f"# {line}" for remark in remarks for line in wrap(remark, _WIDTH, break_on_hyphens=False)]
    return [*([f"# yaml-language-server: $schema=../.schema/{schema}.json", "#"] if schema else []), *told]
