"""What the command line prints: data to stdout, talk to stderr, failures as sentences."""

from __future__ import annotations

import json
import logging
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from bcp.app.data import data_of
from bcp.app.lead import fitting
from bcp.app.logs import learn_ids
from bcp.cli.terminal.streams import lost
from bcp.command_words import lines_of
from bcp.errors import BcpError, SourceError, StepFailed
from bcp.i18n import _
from bcp.mask import KNOWN
from bcp.revealed import REVEALED
from bcp.visible import in_one_line, is_harmless, visible


class _Visible(Console):
    """Its colours and lines reach the terminal; of what it is given nothing that would steer it, hides or is secret.

    A string is one line: a line feed in it becomes a mark, so that nothing a stranger wrote looks like a line of ours.
    """

    rows_filled = 0
    """Rows of a terminal that `show` has filled so far."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """As its parent, each piece of text made visible."""
        if isinstance(renderable, Text) and (plain := REVEALED.net(renderable.plain)) != renderable.plain:
            # Before it is wrapped; its colours end where the mark begins.
            renderable = Text(plain, renderable.style, end=renderable.end)
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else visible(REVEALED.net(text)), style, control)

    def render_str(self, text: str, **settings: Any) -> Text:
        """As its parent; made visible before it is measured and wrapped, and before rich drops a part of it."""
        return super().render_str(in_one_line(REVEALED.net(text)), **settings)


_MOST_PLACES = 5
_MOST_OF_A_FILE = 200
"""Mistakes of one file that are shown; a file of a megabyte can hold so many that nobody reads to their end."""
_PLAIN: Mapping[str, Any] = {"highlight": False, "markup": False, "emoji": False}
out = _Visible(**_PLAIN, soft_wrap=True)
err = _Visible(**_PLAIN, stderr=True, soft_wrap=not (sys.stderr and sys.stderr.isatty()))


def is_attended() -> bool:
    """Whether a person sits at this terminal: one that is read from, and one that is written to."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty())


def say(text: str = "", style: str | None = None) -> None:
    """A line of talk; one line, whatever is in it. One with a command is not broken: it can be copied as it is."""
    err.print(text, style=style, soft_wrap=True if "bcp " in text else None)


def remark(text: str) -> None:
    """What is worth knowing on the way."""
    say(text, "yellow")


def show(text: str = "", style: str | None = None) -> None:
    """A line of data; one line, whatever is in it."""
    out.rows_filled += rows_of(text)
    out.print(text, style=style)


def rows_of(text: str) -> int:
    """How many rows of the terminal a line fills."""
    return max(1, -(-cell_len(text) // max(1, out.width)))


def moved_in(head: str, text: str, column: int) -> list[str]:
    """A text that may have several lines behind `head`, to be said one by one; the further ones begin at `column`.

    For what an author wrote as such, a `Text` of YAML. Facts are filled into it: so none of it begins at the left.
    """
    first, *others = text.strip().splitlines() or [""]
    return [head + first, *(" " * column + line for line in others)]


def show_text(text: str) -> None:
    """A document of many lines as it is: a letter, a report, a table for another program."""
    sys.stdout.write(text)


def prompt(text: str) -> None:
    """A question, behind which the answer is typed."""
    sys.stderr.write(text)
    sys.stderr.flush()


def show_json(data: Any) -> None:
    """Data for programs: results and whatever they are made of."""
    every_letter = (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(REVEALED.net(data_of(data)), ensure_ascii=not every_letter, indent=2)
    print(_escaped(text), flush=True)


def show_json_list(found: Iterable[Mapping[str, Any]]) -> None:
    """The same for a long list, written as it is found: no more than one of it, on a line, is held at once.

    Each is made of dicts and lists, down to values that have a form as data.
    """
    every_letter = (sys.stdout.encoding or "").lower().startswith("utf")
    mark = "["
    for each in found:
        text = json.dumps(REVEALED.net(each), ensure_ascii=not every_letter, default=data_of)
        sys.stdout.write(f"{mark}\n{_escaped(text)}")
        mark = ","
    print("[]" if mark == "[" else "\n]", flush=True)


def _escaped(text: str) -> str:
    """JSON in which nothing steers a terminal; it means the same."""
    if text.isascii() and "\x7f" not in text:
        return text
    letters = enumerate(text)
    return "".join(each if is_harmless(text, index) else json.dumps(each)[1:-1] for index, each in letters)


def picked(record: object, *names: str) -> dict[str, Any]:
    """These fields of a record by their names, for `show_json`."""
    return {name: getattr(record, name) for name in names}


def show_next(commands: Iterable[str]) -> None:
    """The commands that lead on: the last lines of every answer."""
    if lost(sys.stdout) is not None:
        return  # who reads the answer has gone
    for line in next_lines(commands):
        say(line, "bold")


def next_lines(commands: Iterable[str]) -> list[str]:
    """The same as text."""
    head = _("Next:")
    blank = " " * len(head)
    lines: list[str] = []
    for command in commands:
        line, *remarks = lines_of(fitting(command))
        lines += [f"{blank if lines else head} {line}", *(f"{blank}   {remark}" for remark in remarks)]
    return lines


def fail(error: BcpError) -> int:
    """Tell a failure and what to do next; its exit status."""
    message, hint = error.message, error.hint
    note_told(error)
    if isinstance(error, SourceError):
        show_mistakes(error)
        message, hint = (error.message, error.hint) if error.own_words else _of_all(error)
    say(_sentence(message), "bold red")
    for line in error.more:
        say(f"  {line}")
    if hint:
        say_hint("  → ", fitting(hint))
    return int(error.exit)


def say_hint(head: str, hint: str) -> None:
    """What to do next; each command in it ends with its line."""
    first, *others = lines_of(hint)
    say(head + first)
    for line in others:
        say(" " * len(head) + line)


def note_told(error: BcpError) -> None:
    """Let the log say what a person was told."""
    learn_ids()
    mistakes = error.mistakes if isinstance(error, SourceError) else ()
    places = dict.fromkeys(f"{each.file}:{each.line}:{each.column}" for each in mistakes)
    # A step that failed repeats arguments and what a program or a server said; the lines above name those.
    said = "…" if isinstance(error, StepFailed) else KNOWN.told(error.message)
    words = " ".join([said, *[*places][:_MOST_PLACES]]).strip()
    kind = f"told: {type(error).__name__}, status {error.exit:d}"
    logging.getLogger(__name__).warning("%s", f"{kind}: {words}" if words else kind)


def _of_all(error: SourceError) -> tuple[str, str]:
    count = len(error.mistakes)
    if error.given:
        words = _("1 mistake in the file") if count == 1 else _("{count} mistakes in the file")
        hint = _("correct the lines named above, then give the command again")
    else:
        one, many = (
            _("1 mistake in the files of this office"),
            _("{count} mistakes in the files of this office"),
        )
        words = one if count == 1 else many
        hint = _("correct the lines named above, then run: bcp validate")
    return words.format(count=count), hint


def _sentence(words: str) -> str:
    """With a capital letter and a full stop; a path at its beginning stays as it can be typed."""
    first = words.split(maxsplit=1)[0] if words.split() else ""
    is_path = "/" in first or "\\" in first or "." in first.rstrip(".")
    begun = words if is_path else words[:1].upper() + words[1:]
    return begun + ("" if words.endswith((".", "?")) else ".")


def show_mistakes(error: SourceError) -> None:
    """Mistakes with their lines and a caret below the place; of a file that is full of them the first ones."""
    from bcp.yaml.source import caret

    count = Counter[str]()
    for mistake in error.mistakes:
        count[mistake.file] += 1
        if count[mistake.file] > _MOST_OF_A_FILE:
            continue
        place = f"{mistake.file}:{mistake.line}:{mistake.column}: "
        err.print(place, style="bold", end="")
        say(mistake.message)
        if mistake.text.strip():
            # The caret stands below the place also where something before it became a mark.
            widened = len(in_one_line(mistake.text[: caret(mistake) - 1])) + 1
            line, column = _as_wide_as_fits(in_one_line(mistake.text), widened)
            say(f"    {line}")
            say(" " * (3 + column) + "^", "bold red")
        if mistake.hint:
            say_hint("    → ", mistake.hint)
    for file, found in count.items():
        if found > _MOST_OF_A_FILE:
            words = _("… and {count} more mistakes in {file}")
            say(words.format(count=found - _MOST_OF_A_FILE, file=file))


def _as_wide_as_fits(line: str, column: int) -> tuple[str, int]:
    """The part of a line around `column` that a terminal does not wrap, and the column in it; a file gets it whole."""
    room = err.width - 5
    if err.soft_wrap or len(line) <= room:
        return line, column
    start = min(max(0, column - room * 2 // 3), len(line) - room)
    shown = line[start : start + room]
    if start:
        shown = "…" + shown[1:]
    if start + room < len(line):
        shown = shown[:-1] + "…"
    return shown, column - start


def mistakes_as_json(error: SourceError) -> list[dict[str, Any]]:
    """The mistakes as data: `[{file, line, column, message, hint}]`."""
    return [{k: told for k, told in each._asdict().items() if k != "text"} for each in error.mistakes]
