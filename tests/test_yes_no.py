"""Yes and no, as people of five languages type them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcp.yes_no import read_yes_no

YES = (
    "y",
    "yes",
    "Yes",
    "YES ",
    "tak",
    "TAK",
    "t",
    "ja",
    "Ja",
    "j",
    "ano",
    "Ano",
    "ναι",
    "ΝΑΙ",
    "Ναί",
    "true",
    "1",
)
NO = ("n", "no", "NO", " nie", "Nie", "nein", "NEIN", "ne", "Ne", "όχι", "Όχι", "οχι", "ΟΧΙ", "false", "0")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_each_language_has_its_yes_and_its_no_with_or_without_accents(form: str) -> None:
    read = {said: read_yes_no(unicodedata.normalize(form, said)) for said in (*YES, *NO)}
    assert [said for said, answer in read.items() if answer is not (said in YES)] == []


def test_a_cross_a_tick_and_a_dash_say_something_in_a_table_only() -> None:
    assert [read_yes_no(mark, ticks=True) for mark in "x✓✔-–"] == [True, True, True, False, False]
    assert {read_yes_no(mark) for mark in "x✓✔-–"} == {None}


@given(st.text())
def test_what_is_neither_is_nothing(text: str) -> None:
    known = {*(said.strip().casefold() for said in (*YES, *NO)), "a", "ν", "ο"}
    if read_yes_no(text) is not None:
        folded = unicodedata.normalize("NFKD", text.strip().casefold())
        bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
        assert bare in known
    assert read_yes_no(f"{text} and") is None
