"""How a long deed shows itself on a terminal: its row, its quiet, its end."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from bcp.cli.terminal.ascii import print_anything
from bcp.cli.terminal.progress_row import Watched, row, sentence
from bcp.revealed import REVEALED
from tests.silence import Heard, heard

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


def test_a_countdown_says_what_is_left_and_needs_no_guess() -> None:
    waiting = Watched("Waiting until 14:00", None, began=0.0, length=100.0)
    assert row([waiting], 25.0, 77, "utf-8") == "Waiting until 14:00  █████░░░░░░░░░░░░░░░  1 min 15 s left"
    assert row([Watched("The step", None, 0.0), waiting], 200.0, 77, "utf-8").endswith("████  0 s left")


def test_a_loop_whose_length_is_known_goes_before_the_deed_that_it_is_part_of() -> None:
    net = Watched("Working", None, 0.0, is_net=True)
    deed, sending = Watched("Tell the clients", None, 0.0), Watched("Sending", 7, 2.0, count=5, name="Jan")
    assert row([net, deed, sending], 3.0, 77, "utf-8") == "Sending  ██████████████░░░░░░  5/7  1 s  Jan"
    assert row([net, deed], 3.0, 77, "utf-8") == "Tell the clients  3 s"
    assert row([net], 3.0, 77, "utf-8") == "Working  3 s"


LONG = """
import sys, time
from bcp.cli.terminal.ascii import print_anything
print_anything()
from bcp.cli.terminal.keyboard import read_line
from bcp.cli.terminal.output import remark, say, show, show_json
from bcp.cli.terminal.progress import at_terminal
with at_terminal().task("Zapis listów", 4) as task:
    for number in range(4):
        task.advance(0, f"list {number}")
        time.sleep(0.4)
        if number == 2:
            remark("Somebody has no address: Łukasz Żak.")
        if number == 3:
            show("data of a deed")
            typed = read_line("What now?")
            time.sleep(0.3)
            say(f"so: {typed}")
        task.advance()
show_json({"done": True})
"""


ASKS = """
import time
from bcp.cli.terminal.ascii import print_anything
print_anything()
from bcp.cli.terminal.keyboard import read_line
from bcp.cli.terminal.progress import at_terminal
with at_terminal().task("Zapis"):
    time.sleep(0.9)
    read_line("What now?")
"""


LEFT_ALONE = """
import os, time
from bcp.cli.terminal.progress import at_terminal
if not (child := os.fork()):
    with at_terminal().task("Zapis"):
        time.sleep(1.0)
        os.setpgid(0, 0)
        time.sleep(1.0)
    os._exit(0)
time.sleep(1.5)
os.write(2, b"\\nshell> ")
os.waitpid(child, 0)
os.write(2, b"typed\\n")
"""


def shown(folder: Path, **settings: str) -> Heard:
    columns = int(settings.pop("columns", "80"))
    return heard(folder, ["-c", LONG], {"> ": "go on"}, environ=settings, columns=columns)


def test_what_is_printed_while_a_bar_stands_is_not_torn_and_nothing_of_the_bar_is_left(
    tmp_path: Path,
) -> None:
    seen = shown(tmp_path)
    assert "Zapis listów" in seen.text.partition("Somebody")[0] and "█" in seen.text
    assert [line for line in seen.rows() if line] == [
        "\x1b[33mSomebody has no address: Łukasz Żak.\x1b[0m",
        "data of a deed",
        "What now?",
        "> go on",
        "so: go on",
        "{",
        '  "done": true',
        "}",
    ]


def test_no_bar_is_drawn_behind_a_question_that_waits_for_its_answer(tmp_path: Path) -> None:
    seen = heard(tmp_path, ["-c", ASKS], {"> ": "x"}, answers_after=1.2)
    before, behind = seen.text.split("> ")
    assert "Zapis" in before and "Zapis" not in behind


def test_the_time_that_a_person_took_for_an_answer_is_none_of_the_work(tmp_path: Path) -> None:
    code = ASKS + "    time.sleep(1.4)\n"
    seen = heard(tmp_path, ["-c", code], {"> ": "x"}, answers_after=2.5)
    seconds = [int(each) for each in re.findall(r"Zapis  (\d+) s", seen.text.split("> ")[1])]
    assert seconds and max(seconds) < 3


def test_what_is_typed_behind_a_bar_is_gone_with_it(tmp_path: Path) -> None:
    code = (
        "from bcp.cli.terminal.progress import at_terminal\nimport time\nwith at_terminal().task('Zapis'):\n"
    )
    seen = heard(tmp_path, ["-c", code + "  time.sleep(1.5)\nprint('so')"], keys={"Zapis": "abcdefgh"})
    assert "abcdefgh" in seen.text
    assert [line.rstrip() for line in seen.rows() if line.strip()] == ["so"]


def test_whoever_went_on_to_something_else_keeps_the_row_that_is_typed_on(tmp_path: Path) -> None:
    seen = heard(tmp_path, ["-c", LEFT_ALONE])
    assert "Zapis" in seen.text
    assert "shell> typed" in seen.rows()


def test_a_terminal_of_forty_columns_gets_rows_that_do_not_wrap(tmp_path: Path) -> None:
    seen = shown(tmp_path, columns="40")
    rows = [row for row in seen.text.replace("\n", "\r").split("\r") if "Zapis" in row]
    assert rows and all(cell_len(row.replace("\b", "")) < 40 for row in rows)


def test_a_terminal_that_cannot_go_back_in_its_row_gets_lines(tmp_path: Path) -> None:
    slower = LONG.replace("sleep(0.4)", "sleep(0.7)")
    seen = heard(tmp_path, ["-c", slower], {"> ": "go on"}, environ={"TERM": "dumb"})
    assert "\b" not in seen.text and "\r" not in seen.text.replace("\r\n", "")
    assert any(line.startswith("Zapis listów: 1/4, ") for line in seen.rows())


def test_without_colours_and_without_such_letters_the_bar_is_the_same(tmp_path: Path) -> None:
    seen = shown(tmp_path, PYTHONIOENCODING="ascii", NO_COLOR="1")
    assert "\x1b" not in seen.text
    assert seen.text.isascii() and "####" in seen.text and "Zapis listow" in seen.text


def test_what_is_quick_shows_nothing(tmp_path: Path) -> None:
    code = "from bcp.cli.terminal.progress import at_terminal\nimport time\n"
    code += "with at_terminal().task('Zapis', 3) as task:\n  time.sleep(0.2)\n  task.advance()\nprint('done')"
    assert heard(tmp_path, ["-c", code]).text == "done\r\n"


def test_a_deed_is_done_unseen_where_the_computer_gives_no_thread_to_show_it(tmp_path: Path) -> None:
    code = (
        "import threading\nthreading.stack_size(1 << 46)\nfrom bcp.cli.terminal.progress import at_terminal\n"
    )
    code += "with at_terminal().task('Zapis', 3) as task:\n  task.advance()\n  print('done')"
    assert heard(tmp_path, ["-c", code]).text == "done\r\n"
