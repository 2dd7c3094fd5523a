"""The texts that a person reads in an incident, and their translations."""

from __future__ import annotations

import ast
import gettext
import os
import re
import string
import subprocess
from functools import cache
from pathlib import Path

import pytest

from bcp import i18n
from tests import quick
from tools import messages

ROOT = Path(__file__).parent.parent
TRANSLATIONS = [pytest.param(path, id=path.parent.parent.name) for path in messages.translations()]
RUN = "run: make messages"
MARKS = ("_", "ngettext")


def texts(catalog: messages.Catalog) -> dict[str, str]:
    """Each text with its translation, of one with a plural the first form; what is a guess counts as none."""
    found = {}
    for each in catalog:
        (meant, *_many), forms = (one if isinstance(one, tuple) else (one,) for one in (each.id, each.string))
        if meant:
            found[str(meant)] = "" if each.fuzzy or not all(forms) else str(forms[0])
    return found


@cache
def of_the_source() -> frozenset[str]:
    """Each text that the gatherer finds; it reads all modules."""
    return frozenset(texts(messages.template()))


def fields(text: str) -> list[str]:
    """What is filled in: `{time}`, with how it is written."""
    return sorted(
        f"{name}:{how}" for _text, name, how, _as in string.Formatter().parse(text) if name is not None
    )


@pytest.mark.lint
def test_the_template_holds_the_texts_of_the_source() -> None:
    with messages.TEMPLATE.open("rb") as file:
        kept = texts(messages.read_po(file))
    assert kept.keys() == of_the_source(), RUN


@pytest.mark.lint
def test_each_text_that_is_translated_stands_where_the_gatherer_finds_it() -> None:
    known = of_the_source()
    for path in sorted(messages.HOUSE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
                text = node.args[0]
                assert isinstance(text, ast.Constant), f"{path.name}:{node.lineno}: not a text but a name"
                assert text.value in known, f"{path.name}:{node.lineno}: take it out of the f-string"


@pytest.mark.lint
@pytest.mark.parametrize("path", TRANSLATIONS)
def test_a_translation_has_every_text_and_no_other(path: Path) -> None:
    said = texts(messages.read(path))
    assert said.keys() == of_the_source(), RUN
    untranslated = [meant for meant, told in said.items() if not told]
    assert not untranslated, f"translate in {path.relative_to(ROOT)}, then {RUN}"


@pytest.mark.lint
@pytest.mark.parametrize("path", TRANSLATIONS)
def test_a_translation_fills_in_what_the_text_fills_in(path: Path) -> None:
    for meant, said in texts(messages.read(path)).items():
        assert fields(said) == fields(meant), meant


@pytest.mark.lint
@pytest.mark.parametrize("path", TRANSLATIONS)
def test_a_translation_keeps_commands_spaces_at_the_ends_and_line_ends(path: Path) -> None:
    for meant, said in texts(messages.read(path)).items():
        assert said.count("\n") == meant.count("\n"), meant
        assert (said[:1] == " ", said[-1:] == " ") == (meant[:1] == " ", meant[-1:] == " "), meant
        for command in re.findall(r"\bbcp [a-z]+(?: [a-z]+)?", meant):
            assert command in said, meant


@pytest.mark.lint
@pytest.mark.parametrize("path", TRANSLATIONS)
def test_what_the_tool_reads_is_the_translation_as_it_is_written(path: Path) -> None:
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for meant, said in texts(messages.read(path)).items():
        assert compiled.gettext(meant) == said, RUN


@pytest.mark.core
def test_an_office_speaks_its_language_and_english_where_nobody_translated() -> None:
    try:
        i18n.speak("pl")
        assert i18n._("Written down.") == "Zapisano."
        assert i18n._("a text that nobody has translated") == "a text that nobody has translated"
        i18n.speak("xx")
        assert i18n._("Written down.") == "Written down."
    finally:
        i18n.speak("en")


@pytest.mark.core
def test_a_polish_office_reads_polish_from_the_first_line_to_the_record(tmp_path: Path) -> None:
    def bcp(*arguments: str) -> str:
        told = ["--office", str(tmp_path / "biuro"), *arguments]
        done = quick.run(told, ROOT, os.environ, subprocess.DEVNULL, timeout=60)
        return done.stdout + done.stderr

    made = quick.run(
        ["init", "--sample", str(tmp_path / "biuro")], ROOT, os.environ, subprocess.DEVNULL, timeout=60
    )
    assert made.returncode == 0, made.stderr
    file = tmp_path / "biuro" / "bcp.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("\nlanguage: en", "\nlanguage: pl"), encoding="utf-8"
    )
    assert "Rozpoczęto: " in bcp("incident", "start", "phone-outage")
    assert "otwarte" in bcp("incident", "status")
    shown = bcp("runbook", "show", "phone-outage")
    assert "Wyślij powiadomienie „" in shown and "Send the notice" not in shown
    assert "początek incydentu: " in bcp("incident", "log")
    assert "NIE udowodniono" in bcp("incident", "verify")
