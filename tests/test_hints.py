"""Hints are true: each command that a text names exists, with its options and as many words as it takes."""

from __future__ import annotations

import re

import pytest

from bcp.app.lead import NAMING
from bcp.command_words import PLACEHOLDERS
from tests.hints import FILLED, Hint, Text, hints, tails, texts, wrong
from tools import docs

pytestmark = pytest.mark.lint


def test_each_command_that_any_text_names_is_one_that_can_be_given() -> None:
    found = [f"{hint}: {why}" for text in texts() for hint in hints(text) if (why := wrong(hint))]
    assert not found, "\n".join(found)


def is_shown(text: Text) -> bool:
    """Whether somebody may copy it from a screen; of documents each command is marked as code."""
    return text.place.startswith("bcp/") and not text.place.startswith("bcp/app/logs.py")


def test_a_command_ends_with_its_line_or_three_blanks_before_what_is_said_of_it() -> None:
    found = [f"{text.place}: {tail}" for text in texts() if is_shown(text) for tail in tails(text)]
    assert not found, "\n".join(found)
    assert list(tails(Text("", "see: bcp notice status, or: bcp incident close")))
    assert list(tails(Text("", "when they can (bcp incident status)")))
    assert not list(tails(Text("", "see: bcp notice status   or leave them: bcp incident close")))


def test_what_is_to_be_filled_in_is_a_word_that_the_command_line_knows_as_such() -> None:
    """So nothing is done with a word that a person forgot to replace, and none means something to a shell."""
    parts = [
        (hint, part)
        for text in texts()
        if is_shown(text)
        for hint in hints(text)
        for word in hint.words
        for part in {word, word.rpartition("=")[2]}
    ]
    capitals = [
        f"{hint}: {part}"
        for hint, part in parts
        if part.isupper() and part.isalpha() and part != FILLED and part not in PLACEHOLDERS
    ]
    assert not [each for each in capitals if "NAMENAME" not in each], "\n".join(capitals)
    assert not [str(hint) for hint, part in parts if re.search(r"[…<>;&|]", part) and not _is_docstring(hint)]


def _is_docstring(hint: Hint) -> bool:
    """Whether it is told to engineers: all commands of a noun, in a sentence."""
    return hint.words[-1] in ("…", "note…") and hint.place.startswith(
        ("bcp/cli/command_line", "bcp/cli/print")
    )


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
