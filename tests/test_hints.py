"""Hints are true: each command that a text names exists, with its options and as many words as it takes."""

from __future__ import annotations

import pytest

from bcp.app.lead import NAMING
from tests.hints import Text, hints, texts, wrong
from tools import docs

pytestmark = pytest.mark.lint


def test_each_command_that_any_text_names_is_one_that_can_be_given() -> None:
    found = [f"{hint}: {why}" for text in texts() for hint in hints(text) if (why := wrong(hint))]
    assert not found, "\n".join(found)


def test_a_command_that_would_be_refused_is_found() -> None:
    refused = [
        "see: bcp incident stauts",
        "type: bcp incident status --all-of-it",
        "add it: bcp promise add 'a modem'",
        "plan one: bcp notice plan update",
        "see: bcp incident list now",
        "write it: bcp incident step done",
        "decide: bcp decision answer long stay | go",
    ]
    found = [words for words in refused if all(wrong(hint) is None for hint in hints(Text("", words)))]
    assert not found


def test_the_table_of_what_takes_an_incident_is_that_of_the_commands() -> None:
    takes: dict[str, set[str]] = {}
    for line, context in docs.walk():
        noun, _blank, verb = line.removeprefix("bcp ").partition(" ")
        if any("--incident" in param.opts for param in context.command.params):
            takes.setdefault(noun, set()).add(verb)
    told = {noun: set(verbs.split()) for noun, verbs in NAMING.items()}
    for noun in ("incident", "drill"):  # it also begins one
        told[noun].add("record")
    assert told == takes
