"""How a long deed shows itself on a terminal: its row, its quiet, its end."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from bcp.cli.terminal.ascii import print_anything
from bcp.cli.terminal.progress_row import Watched, row, sentence
from bcp.revealed import REVEALED

LETTERS = Watched("Writing the letters", 10_000, began=100.0, count=2_500, name="Jan Kowalski")
PAGES = Watched("Writing the pages", 20, began=100.0, count=4)


def test_a_row_says_what_is_done_how_much_of_it_for_how_long_and_what_is_at_hand() -> None:
    assert row([LETTERS], 110.0, 100, "utf-8") == (
        "Writing the letters  █████░░░░░░░░░░░░░░░   2,500/10,000  10 s  about 30 s left  Jan Kowalski"
    )


def test_a_row_whose_end_nobody_knows_counts_and_has_no_bar() -> None:
    assert row([Watched("Copying the site", None, 0.0, 7, "/team")], 3.0, 80, "utf-8") == (
        "Copying the site  7  3 s  /team"
    )


def test_the_time_that_is_left_is_said_only_when_this_run_has_shown_how_fast_it_goes() -> None:
    def seen(count: int, passed: float, total: int | None = 100) -> str:
        return row([Watched("Copying", total, 0.0, count)], passed, 80, "utf-8")

    assert "left" not in seen(0, 50.0)
    assert "left" not in seen(2, 50.0)
    assert "left" not in seen(50, 1.0)
    assert "left" not in seen(50, 50.0, None)
    assert "left" not in seen(100, 50.0)
    assert "about 50 s left" in seen(50, 50.0)
    assert "about 8 min left" in seen(10, 53.0)


def test_while_one_thing_takes_long_the_seconds_go_on() -> None:
    seen = {row([PAGES], 100.0 + second, 80, "utf-8") for second in (1, 2, 59, 60, 61, 3600, 3661)}
    assert len(seen) == 7
    assert "1 h 1 min 1 s" in row([PAGES], 3761.0, 80, "utf-8")


@pytest.mark.parametrize("width", [18, 25, 37, 40, 60, 77, 200])
@pytest.mark.parametrize(
    "name",
    ["", "Jan", "日本語の手紙を書く" * 9, "a" * 300, "e\u0301" * 90],
    ids=["none", "short", "wide", "long", "joined"],
)
def test_a_row_is_never_wider_than_the_terminal(width: int, name: str) -> None:
    tasks = [Watched("Writing the letters of all offices", 12_345, 0.0, 4_000, name), PAGES, PAGES]
    for count in range(1, 4):
        for encoding in ("utf-8", "cp1252", "ascii"):
            assert cell_len(row(tasks[:count], 4_000.0, width, encoding)) <= width


def test_on_a_narrow_terminal_what_is_done_and_how_much_of_it_stay() -> None:
    assert row([LETTERS], 110.0, 37, "utf-8") == "Writing the let…   2,500/10,000  10 s"


def test_a_loop_inside_another_is_shown_behind_the_one_at_hand() -> None:
    plans = Watched("Printing the plans", 3, began=100.0, count=1, name="internet-outage")
    assert row([plans, PAGES], 100.0, 100, "utf-8") == (
        "Printing the plans  ██████░░░░░░░░░░░░░░  1/3  internet-outage › Writing the pages 4/20"
    )
    assert row([plans, PAGES], 100.0, 77, "utf-8").endswith("1/3  Writing the pages 4/20")


def test_a_terminal_without_such_letters_gets_a_bar_of_others() -> None:
    print_anything()
    tasks = [Watched("Pisanie listów", 10, 0.0, 5, "Łódź"), PAGES]
    seen = row(tasks, 0.0, 77, "ascii")
    assert seen == "Pisanie listow  ##########----------   5/10  Lodz > Writing the pages 4/20"
    assert "█" in row(tasks, 0.0, 77, "cp437") and "#" in row(tasks, 0.0, 77, "cp1252")


def test_nothing_in_a_name_steers_the_terminal() -> None:
    hostile = Watched("Reading", 3, 0.0, 1, "a\x1b[2Jb\nc\rd\u202e")
    for seen in (row([hostile], 0.0, 200, "utf-8"), sentence([hostile], 0.0)):
        assert seen.isprintable() and "a<U+001B>[2Jb<U+000A>c<U+000D>d<U+202E>" in seen


def test_no_row_shows_a_secret() -> None:
    REVEALED.add("Zx9!kq-7731-tomorrow")
    try:
        told = Watched("Reading Zx9!kq-7731-tomorrow", 3, 0.0, 1, "https://h/?key=Zx9!kq-7731-tomorrow")
        for seen in (row([told], 0.0, 200, "utf-8"), sentence([told], 0.0)):
            assert "7731" not in seen and seen.count("•••") == 2
    finally:
        REVEALED.forget()


def test_a_line_for_a_terminal_that_cannot_go_back_says_the_same() -> None:
    assert sentence([LETTERS, PAGES], 110.0) == (
        "Writing the letters: 2,500/10,000, 10 s, about 30 s left, Jan Kowalski › Writing the pages 4/20"
    )
