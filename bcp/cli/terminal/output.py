"""What the command line prints: data to stdout, talk to stderr, failures as sentences."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console

from bcp.app.data import data_of
from bcp.app.logs import learn_ids
from bcp.errors import BcpError, SourceError, StepFailed
from bcp.i18n import _
from bcp.mask import KNOWN


class _Pipe(Console):
    """Leaves it to `main` what becomes of a pipe whose reader has gone."""

    def on_broken_pipe(self) -> None:
        """Raises BrokenPipeError without its number, by which typer would know it and end with a failure."""
        raise BrokenPipeError from None


_MOST_PLACES = 5
out = _Pipe(highlight=False, markup=False, emoji=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=not sys.stderr.isatty())


def is_attended() -> bool:
    """Whether a person sits at this terminal: one that is read from, and one that is written to."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stderr.isatty())


def say(text: str = "", style: str | None = None) -> None:
    """A line of talk."""
    err.print(text, style=style)


def remark(text: str) -> None:
    """What is worth knowing on the way."""
    say(text, "yellow")


def show(text: str = "", style: str | None = None) -> None:
    """A line of data."""
    out.print(text, style=style)


def show_json(data: Any) -> None:
    """Data for programs: results and whatever they are made of."""
    every_letter = (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(data_of(data), ensure_ascii=not every_letter, indent=2)
    try:
        print(text, flush=True)
    except BrokenPipeError:
        out.on_broken_pipe()


def picked(record: object, *names: str) -> dict[str, Any]:
    """These fields of a record by their names, for `show_json`."""
    return {name: getattr(record, name) for name in names}


def show_next(commands: Iterable[str]) -> None:
    """The commands that lead on: the last lines of every answer."""
    for line in next_lines(commands):
        say(line, "bold")


def next_lines(commands: Iterable[str]) -> list[str]:
    """The same as text."""
    head = _("Next:")
    return [f"{' ' * len(head) if number else head} {command}" for number, command in enumerate(commands)]


def fail(error: BcpError) -> int:
    """Tell a failure and what to do next; its exit status."""
    message, hint = error.message, error.hint
    note_told(error)
    if isinstance(error, SourceError):
        show_mistakes(error)
        message, hint = (error.message, error.hint) if error.own_words else _of_all(error)
    say(_sentence(message), "bold red")
    if hint:
        say(f"  → {hint}")
    return int(error.exit)


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
    """Every mistake with its line and a caret below the place."""
    from bcp.yaml.source import caret

    for mistake in error.mistakes:
        err.print(f"{mistake.file}:{mistake.line}:{mistake.column}: ", style="bold", end="")
        say(mistake.message)
        if mistake.text.strip():
            line, column = _as_wide_as_fits(mistake.text, caret(mistake))
            say(f"    {line}")
            say(" " * (3 + column) + "^", "bold red")
        if mistake.hint:
            say(f"    → {mistake.hint}")


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
