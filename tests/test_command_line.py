"""The command line as the log keeps it: nothing that a person said, and a table that fits the commands."""

from __future__ import annotations

from typing import Any

import pytest

from bcp.cli.command_line import FLAGS, ID_OPTIONS, IDS, OTHERS, VERBS, masked
from bcp.cli.main import common_first
from tools import docs

COMMANDS = [(line.removeprefix("bcp").strip(), context.command) for line, context in docs.walk()]
HARMLESS = {
    *("RUNBOOK", "OUTCOME", "STEP", "MEASURE", "NAME", "NOTICE", "PLACE", "ID", "ANSWER"),
}
"""What an argument may be called whose value is kept: ids of the office's files, and one of a few words."""


def options() -> set[tuple[str, bool]]:
    """The name of each option, and whether it is a flag."""
    return {
        (name, bool(param.is_flag))
        for _line, command in COMMANDS
        for param in command.params
        if param.param_type_name == "option"
        for name in (*param.opts, *param.secondary_opts)
    }


def arguments(command: Any) -> list[str]:
    return [
        (param.metavar or param.name).strip("[]….").upper()
        for param in command.params
        if param.param_type_name == "argument"
    ]


def shown(typed: list[str]) -> str:
    """The line with all its ids."""
    return " ".join(word + each for word, each in masked(typed).words)


def test_the_table_knows_every_verb_and_no_other() -> None:
    real = {
        line: set(command.list_commands(None))
        for line, command in COMMANDS[1:]
        if hasattr(command, "list_commands")
    }
    assert {path: set(verbs.split()) for path, verbs in VERBS.items()} == real


def test_the_table_knows_every_option_and_whether_it_has_a_value() -> None:
    own = {("--help", True), ("-h", True)}
    # One that is a flag at one command and takes a value at another is treated as one that takes a value.
    with_value = {name for name, is_flag in options() if not is_flag}
    assert with_value == ID_OPTIONS | OTHERS
    assert {name for name, is_flag in options() | own if is_flag} - with_value == FLAGS


def test_only_ids_are_kept_of_what_stands_behind_a_verb() -> None:
    by_path = dict(COMMANDS)
    for path, count in IDS.items():
        kept = arguments(by_path[path])[:count]
        assert kept and set(kept) <= HARMLESS, (path, kept)


def test_no_command_has_an_option_that_is_called_v_and_only_one_has_its_own_verbose() -> None:
    own = [(line, name) for line, command in COMMANDS[1:] for param in command.params for name in param.opts]
    assert [each for each in own if each[1] in ("-v", "--verbose")] == [("check run", "--verbose")]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (
            ["incident", "start", "internet-outage", "--dry-run"],
            "bcp incident start internet-outage --dry-run",
        ),
        (["incident", "note", "Ms Novak called"], "bcp incident note …"),
        (["incident", "note", "novak"], "bcp incident note …"),
        (
            ["incident", "step", "done", "first/mobile.undo", "--by", "anna"],
            "bcp incident step done first/mobile.undo --by …",
        ),
        (["drill", "step", "done", "ask", "--fact=ticket=INC-4711"], "bcp drill step done ask --fact=…"),
        (
            ["incident", "status", "--incident", "2026-11-26-internet-outage"],
            "bcp incident status --incident 2026-11-26-internet-outage",
        ),
        (
            ["incident", "status", "--incident=2026-11-26-outage"],
            "bcp incident status --incident=2026-11-26-outage",
        ),
        (["incident", "status", "--incident", "Jan Novak"], "bcp incident status --incident …"),
        (["--office", "/srv/Kowalski", "status"], "bcp --office … …"),
        (["contact", "novak"], "bcp contact …"),
        (["novak", "contact", "list"], "bcp … … …"),
        (["contact", "forget", "jan-novak", "--confirm", "jan-novak"], "bcp contact forget … --confirm …"),
        (["notice", "send", "update", "clients"], "bcp notice send update …"),
        (["line", "test", "600123456"], "bcp line test …"),
        (["print", "sheet", "a", "b", "-o", "Jan.pdf"], "bcp print sheet a b -o …"),
        (["--novak", "x"], "bcp … …"),
        (["incident", "start", "--novak=1"], "bcp incident start …"),
        (["incident", "note", "--", "--by", "anna"], "bcp incident note -- … …"),
        (["incident", "step", "done", "+48600123456"], "bcp incident step done …"),
        (["check", "run", "--paper", "internet"], "bcp check run --paper …"),
        ([], "bcp"),
        (["incident", "start", "a" * 500], "bcp incident start …"),
        ([""], "bcp …"),
        (["-"], "bcp …"),
    ],
)
def test_what_is_not_known_to_be_harmless_is_hidden(typed: list[str], kept: str) -> None:
    assert shown(typed) == kept


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        (["incident", "start", "outage", "--dry-run"], "bcp incident start … --dry-run"),
        (["incident", "status", "--incident=2026-11-26-outage"], "bcp incident status --incident=…"),
        (["incident", "step", "done", "first/mobile.undo"], "bcp incident step done …"),
        (["check", "run"], "bcp check run"),
        (["incident", "report", "--format", "pdf"], "bcp incident report --format pdf"),
    ],
)
def test_an_id_is_told_apart_from_the_words_of_the_tool(typed: list[str], known: str) -> None:
    assert " ".join(word + ("…" if each else "") for word, each in masked(typed).words) == known


def test_what_was_hidden_is_handed_over_so_that_it_is_hidden_elsewhere_too() -> None:
    line = masked(["incident", "step", "done", "ask", "--by", "Jan", "--fact=a=Novak", "--", "x y"])
    assert line.hidden == ["Jan", "a=Novak", "Novak", "x y"]


@pytest.mark.parametrize(
    ("typed", "parsed"),
    [
        (["incident", "status", "-v"], ["-v", "incident", "status"]),
        (
            ["incident", "--verbose", "status", "--office", "x"],
            ["--verbose", "--office", "x", "incident", "status"],
        ),
        (["incident", "status", "--office=x"], ["--office=x", "incident", "status"]),
        (["check", "run", "--verbose"], ["check", "run", "--verbose"]),
        (["check", "run", "--verbose", "-v"], ["-v", "check", "run", "--verbose"]),
        (
            ["incident", "note", "--", "-v", "--office", "x"],
            ["incident", "note", "--", "-v", "--office", "x"],
        ),
        (["incident", "status", "--office"], ["incident", "status", "--office"]),
    ],
)
def test_the_common_options_may_stand_anywhere(typed: list[str], parsed: list[str]) -> None:
    assert common_first(typed) == parsed
