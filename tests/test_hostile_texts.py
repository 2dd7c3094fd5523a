"""Texts of a megabyte that are made to be slow: each reader goes through them once, and says what it says of any."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bcp.app.office_new import read_person
from bcp.event import NOTHING, seal
from bcp.incident.evidence.masking import KnownPrivate, Masker
from bcp.lever.place import marks
from bcp.mask import Mask
from bcp.normalize import normal_money
from bcp.notice.lint.lint import _sentences
from tests.frozen import START
from tests.offices import STREAM, first_entry, office_in, runbook

MANY = 1_000_000


@pytest.mark.parametrize(
    "page", ["<!--", "<script>", "<style>", "<", "<script <", "<script></script ", "<!-- --", "</script"]
)
def test_what_a_page_never_ends_is_left_out_as_a_tag_or_not_at_all(page: str) -> None:
    text = page * (MANY // len(page))
    assert marks.plain("seen " + text).startswith("seen")


def test_what_a_reader_of_a_page_sees_is_as_before() -> None:
    page = "<p>One <!-- no > no --> two<script src=a>no < no</SCRIPT > three<style>no</style><br>four<!-- five > six"
    assert marks.plain(page) == "onetwothreefoursix"
    assert marks.plain("<script>never ended") == "neverended"
    assert marks.plain("a <scripted> b </p c") == "abpc"


def test_a_page_full_of_marks_without_their_ends_has_no_part_and_stays_as_it_is() -> None:
    page = b"<!-- bcp:notice -->" * (MANY // 19)
    assert marks.read(page, "notice") == []
    assert marks.write(page, "notice", []) == page
    one = page + b"in<!-- /bcp:notice -->out<!-- /bcp:notice --><!-- bcp:notice -->2<!--/BCP:notice-->"
    assert [part[-2:] for part in marks.read(one, "notice")] == [b"in", b"2"]
    assert marks.write(one, "notice", [b"A", b"B"]).startswith(b"<!-- bcp:notice -->A<!-- /bcp:notice -->out")


@pytest.mark.parametrize(
    "typed", ["1" + " " * MANY + "!", "1 " * MANY, "9" * MANY + " PLN", "1," * MANY + "PLN"]
)
def test_what_is_no_amount_of_money_is_refused_whatever_its_length(typed: str) -> None:
    with pytest.raises(ValueError, match="expected an amount"):
        normal_money(typed)


@pytest.mark.parametrize("typed", ["a" + " " * MANY + "b", "a" + "1 " * MANY + "b", "a" + ",;" * MANY + "b"])
def test_an_endless_person_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="at most 200 letters"):
        read_person(typed, "PL")


@pytest.mark.parametrize(
    "word",
    [
        *[
            "a",
            "a.",
            "a@a-",
            "a@",
            "+1(",
            "a@a",
            "1 ",
            "ul. ",
            "Pan A",
            "ID ",
            "PL12 ",
            "0f",
            "a-",
            "klient-",
            "00-123 ",
        ],
        *["contract ", "contract  no ", " ", "1 A ", "Mr ", "12 3456 ", "weg", "ring-"],
    ],
)
def test_what_a_stranger_need_not_know_is_looked_for_in_one_go(word: str, tmp_path: Path) -> None:
    text = word * (
        MANY // 3 // len(word)
    )  # so long that what is gone through twice takes longer than a test may
    office = office_in(
        tmp_path, outage=runbook("  - {phase: A, steps: [{step: a, title: A, by_hand: B, manual: {}}]}")
    )
    begun = seal(STREAM, NOTHING, first_entry(office), START)
    masked = Masker([begun], KnownPrivate()).text(f"{text} jan.b+c@example.com!")
    assert "jan.b" not in masked and masked.endswith("[mail address]")


def test_the_sentences_of_an_endless_notice_know_their_lines() -> None:
    found = list(_sentences("\n\n".join(["a. b"] * (MANY // 10))))
    assert found[0] == (1, "a.") and found[-1][0] == 2 * (MANY // 10) - 1


@pytest.mark.parametrize(
    "word", ["a", "-api-key", '"a', "'a", " 'a'a", "“", "„a", "token ", "/home/", "1 ", "http://"]
)
def test_a_mask_goes_through_a_text_in_one_go(word: str) -> None:
    text = word * (MANY // 10 // len(word))
    mask = Mask()
    assert "jan@" not in mask(f"{text} jan@example.com") and "jan@" not in mask.told(
        f"{text}\njan@example.com\n“"
    )


def test_a_quote_that_is_never_closed_hides_what_follows_on_its_line() -> None:
    mask: Callable[[str], str] = Mask().told
    assert mask("no “Zofia and more\nkept") == "no “…\nkept"
    assert mask("„Zofia” and “x”, “Jan Nowak”") == "„…” and “x”, “…”"
