"""What is read: each value as it was written, and the place where it stands."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import (
    BaseModel,
    ConfigDict,
)

from bcp.errors import Mistake
from bcp.yaml.source import KEY, Reader, Scalar, caret, json_value, parse
from bcp.yaml.text import CARET, WIDTH, split
from bcp.yaml.tree import build
from tests.sources import LOADERS, Kind, mistake_of


@pytest.mark.parametrize("loader", LOADERS)
def test_scalars_stay_as_written_and_nothing_is_none(loader: Any) -> None:
    text = "phone: 0041 22\nclock: 12:30\nno: no\nempty:\nnull: null\ntilde: ~\nn: 1_0\n"
    text += "quoted: ''\ntold: 'null'\n"
    data = build(text, split(text), loader).data
    assert data == {
        "phone": "0041 22",
        "clock": "12:30",
        "no": "no",
        "empty": None,
        "null": None,
        "tilde": None,
        "quoted": "",
        "told": "null",
        "n": "1_0",
    }
    assert data["phone"].plain and not data["told"].plain


def test_a_block_text_keeps_its_lines_and_is_not_plain() -> None:
    document = parse("a: |\n  one\n  two\nb: >\n  one\n  two\n", "x")
    assert document.data == {"a": "one\ntwo\n", "b": "one two\n"}
    assert not document.data["a"].plain


class Typed(BaseModel):
    """A field of each type that a file may hold."""

    model_config = ConfigDict(extra="forbid")

    text: str = ""
    number: int = 0
    share: float = 0
    yes: bool = False
    kind: Kind = Kind.MAN
    state: Literal["up", "down"] = "up"
    day: date | None = None
    clock: time | None = None
    money: Decimal | None = None
    names: list[str] = []
    count: dict[str, int] = {}


def test_a_value_is_read_by_the_type_of_its_field() -> None:
    text = (
        "text: 0041223344\nnumber: 7\nshare: 0.5\nyes: yes\nkind: ask\nstate: down\nday: 2026-11-26\n"
        "clock: 12:30\nmoney: 19.90\nnames: [1, yes, null]\ncount: {a: 1}\n"
    )
    reader = Reader()
    text = text.replace(", null", "")
    made = reader.model(parse(text, "x"), Typed)
    assert made is not None and not reader.mistakes
    assert made.model_dump() == {
        "text": "0041223344",
        "number": 7,
        "share": 0.5,
        "yes": True,
        "kind": Kind.ASK,
        "state": "down",
        "day": date(2026, 11, 26),
        "clock": time(12, 30),
        "money": Decimal("19.90"),
        "names": ["1", "yes"],
        "count": {"a": 1},
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5), ("-5", -5), ("0", 0), ("0x1F", 31), ("0o17", 15), ("1.5", 1.5), ("1e3", 1000.0),
        ("true", True), ("FALSE", False), ("null", None), ("~", None), ("", None),
        ("yes", "yes"), ("12:30", "12:30"), ("1_000", "1_000"), ("tru", "tru"), (".inf", ".inf"),
        ("0041223344", "0041223344"), ("+48226000001", "+48226000001"),
        ("'5'", "5"), ('"true"', "true"), ("'~'", "~"),
    ],
)  # fmt: skip
def test_a_json_value_is_resolved_by_the_core_schema_but_a_phone_number_stays_text(
    text: str, value: Any
) -> None:
    found = json_value(parse(f"body: [{{value: {text}}}]\n", "x").data)
    assert found == {"body": [{"value": value}]}
    assert type(found["body"][0]["value"]) is type(value)


def test_a_number_that_is_too_large_for_json_is_refused() -> None:
    with pytest.raises(ValueError, match="1e999 is too large for a number"):
        json_value(Scalar("1e999"))
    assert json_value(Scalar("9" * 5000)) == "9" * 5000


PLACED = """\
title: The office
phases:
  - phase: First
    steps: [one, {two: 2}]
  -
    phase: Second
empty:
usual: &usual
  who: lead
again: *usual
"""


@pytest.mark.parametrize(
    ("loc", "value", "key"),
    [
        ((), (1, 1), (1, 1)),
        (("title",), (1, 8), (1, 1)),
        (("phases",), (3, 3), (2, 1)),
        (("phases", 0), (3, 5), (3, 5)),
        (("phases", 0, "steps", 1, "two"), (4, 24), (4, 19)),
        (("phases", 1, "phase"), (6, 12), (6, 5)),
        (("empty",), (7, 7), (7, 1)),
        (("again",), (10, 8), (10, 1)),
        (("again", "who"), (9, 8), (9, 3)),
        (("title", KEY), (1, 1), (1, 1)),
    ],
)
def test_each_value_and_each_key_has_its_place(loc: Any, value: Any, key: Any) -> None:
    document = parse(PLACED, "x")
    assert document.place(loc) == value
    assert document.place(loc, key=True) == key


@pytest.mark.parametrize("key", [True, False])
def test_a_place_that_is_not_there_is_the_nearest_part_that_is(key: bool) -> None:
    document = parse(PLACED, "x")
    assert document.place(("nothing",), key) == (1, 1)
    assert document.place(("phases", 0, "title", "deeper"), key) == (3, 5)
    assert document.place(("phases", 7), key) == (3, 3)
    assert document.place(("title", 0), key) == (1, 8)
    assert document.place(("nothing", KEY), key) == (1, 1)


def test_a_mistake_carries_the_file_the_place_and_the_line() -> None:
    document = parse(PLACED, "runbooks/a.yaml")
    mistake = document.mistake(("phases", 1, "phase"), "too short", "write more")
    assert mistake == Mistake("runbooks/a.yaml", 6, 12, "too short", "write more", "    phase: Second")
    assert str(document.mistake(("phases",), "no", key=True)) == "runbooks/a.yaml:2:1: no"


@pytest.mark.parametrize("column", [1, 7, CARET, CARET + 1, 500, 2000])
def test_a_long_line_is_cut_so_that_the_caret_still_points_at_the_place(column: int) -> None:
    line = "a: '" + "".join(chr(0x100 + index % 1000) for index in range(1995)) + "'"
    document = parse(line, "x")
    mistake = document.mistake_at((1, column), "here")
    assert mistake.column == column
    assert len(mistake.text) <= WIDTH
    assert mistake.text[caret(mistake) - 1] == line[column - 1]


def test_a_line_is_shown_without_signs_that_a_terminal_would_obey(tmp_path: Path) -> None:
    mistake = mistake_of("a: \x1b[31mred\tx\n", tmp_path)
    assert mistake.text == "a: \ufffd[31mred x"
