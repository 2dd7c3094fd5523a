"""Writes docs/commands.md from the commands themselves; `tests/test_docs.py` sees that it is current."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer import Context
from typer.main import get_command

from bcp.cli.main import app

PAGE = Path(__file__).parent.parent / "docs" / "commands.md"
HEAD = """\
# Every command

This page is made by `make docs` from the commands themselves. `bcp COMMAND --help` prints the same on your screen.
What to do when is told in [office-admin.md](office-admin.md); the data behind `--json` in [json.md](json.md).

Every command finds the office by `--office DIR`, else by the setting `BCP_OFFICE`, else in the nearest folder upwards
that holds a `bcp.yaml`. `-v` shows on standard error what is done. Both may stand anywhere on the line. Data goes to
standard output, talk to standard error. Each answer ends with the next command.
"""
SETTINGS = """\
## Settings in the environment

| name | what it says |
|---|---|
| `BCP_OFFICE` | the office folder, where `--office` is not given |
| `BCP_PERSON` | who acts, where `--by` is not given |
| `BCP_STATE` | the folder of the journal, where it must not lie in the office folder |
| `NO_COLOR` | no colours |
"""
EXITS = """\
## Exit statuses

| status | meaning |
|---|---|
| 0 | fine |
| 1 | a mistake of ours; what went wrong is kept in a file in `incidents/crash/` |
| 2 | what was typed, or a file of the office, is wrong |
| 3 | the journal: changed, locked, or the disk is full |
| 4 | a step failed |
| 5 | a letter could not be delivered |
| 7 | a check is down, or could not tell |
| 8 | something is due: a decision, a promise, a measure still in force |
| 9 | waiting for a person, and nobody is there |
| 130 | interrupted; the state is safe |
"""


def walk() -> Iterator[tuple[str, Context]]:
    """Every command, `bcp` itself first, each with its context."""
    root = get_command(app)
    yield from _below("bcp", Context(root, info_name="bcp"))


def _below(line: str, context: Context) -> Iterator[tuple[str, Context]]:
    yield line, context
    group: Any = context.command
    if hasattr(group, "list_commands"):
        for name in group.list_commands(context):
            child = group.get_command(context, name)
            yield from _below(f"{line} {name}", Context(child, info_name=name, parent=context))


def records(context: Context) -> list[tuple[str, str]]:
    """The arguments and options of one command, each with its help; `--help` itself is left out."""
    found = [param.get_help_record(context) for param in context.command.params]
    return [record for record in found if record is not None]


def _section(line: str, context: Context) -> str:
    pieces = [piece.strip("{}") for piece in context.command.collect_usage_pieces(context)]
    rows = [
        f"| `{name.strip()}` | {words.replace('  [required]', '').replace('|', '/')} |"
        for name, words in records(context)
    ]
    parts = [
        f"{'##' if line.count(' ') < 2 else '###'} {line}",
        f"`{' '.join([line, *pieces])}`",
        (context.command.help or "").strip(),
        "\n".join(["| | |", "|---|---|", *rows]) if rows else "",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(_section(*each) for each in walk()), SETTINGS, EXITS])


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
