"""The report in Czech, German and Greek: every text of it, filled in alike, with dates in the language's form."""

from __future__ import annotations

import ast
import json
import string
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bcp import i18n
from bcp.event import unseal
from bcp.incident import followup, promising
from bcp.incident.report.picture import Outage, Sending
from bcp.incident.report.report import Sources, report
from bcp.times import local
from tests.frozen import START
from tests.incident.test_decisions import PHASES, decision
from tests.offices import STREAM, Script, Stage, bcp, runbook, stage

HOUSE = Path(i18n.__file__).parent
CATALOGUES = sorted((HOUSE / "locale" / "report").glob("*.json"))


@pytest.fixture
def english() -> Iterator[None]:
    yield
    i18n.speak("en")


def texts_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "_":
            assert isinstance(node.args[0], ast.Constant)
            yield str(node.args[0].value)


def wanted() -> set[str]:
    """Every text that a report can hold."""
    incident = HOUSE / "incident"
    kinds = [path for path in (incident / "events").glob("*.py") if path.stem not in ("base", "registry")]
    standing = HOUSE / "notice" / "campaign" / "standing.py"
    shared = [HOUSE / "times.py", standing, incident / "journal_text.py"]
    paths = [*shared, *kinds, *(incident / "report").glob("*.py")]
    return {text for path in paths for text in texts_of(path)}


def fields(text: str) -> list[str]:
    return sorted(name for _text, name, _how, _as in string.Formatter().parse(text) if name is not None)


def read(path: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_there_are_the_languages_of_the_notices() -> None:
    assert [path.stem for path in CATALOGUES] == ["cs", "de", "el"]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_every_text_of_the_report_is_translated_and_no_other(path: Path) -> None:
    said = read(path)
    assert wanted() - said.keys() == set(), f"a text of the report is new: translate it in {path.name}"
    assert said.keys() - wanted() == set(), f"take it out of {path.name}"
    assert all(said.values())


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_translation_fills_in_what_the_text_fills_in_and_keeps_commands_and_spaces(path: Path) -> None:
    for meant, said in read(path).items():
        assert fields(said) == fields(meant), meant
        assert (said[:1] == " ", said[-1:] == " ") == (meant[:1] == " ", meant[-1:] == " "), meant
        assert ("bcp incident verify" in said) == ("bcp incident verify" in meant), meant


@pytest.mark.parametrize(
    ("language", "moment"),
    [
        ("cs", "čt 26. listopadu 2026 07:50 CET"),
        ("de", "Do, 26. Nov. 2026 07:50 CET"),
        ("el", "Πέμ 26 Νοε 2026 07:50 CET"),
        ("pl", "czw. 26 lis 2026 07:50 CET"),
        ("en", "Thu 26 Nov 2026 07:50 CET"),
    ],
)
@pytest.mark.usefixtures("english")
def test_a_moment_has_the_form_of_the_language(language: str, moment: str) -> None:
    from zoneinfo import ZoneInfo

    i18n.speak_in_report(language)
    assert local(START, ZoneInfo("Europe/Warsaw")) == moment


@pytest.fixture
def staged(tmp_path: Path) -> Stage:
    """A day with a bit of everything."""
    staged = stage(tmp_path, PHASES, decision(), home=runbook(PHASES, "home"))
    staged.run(Script())
    told = promising.PromiseHeard("Netia", "a technician", START + timedelta(hours=2), "by ten")
    promising.make(staged.book(), told, "anna", "anna", START)
    staged.clock.go_on(timedelta(hours=3))
    now = staged.clock.now()
    promising.settle(staged.book(), "p1", False, "anna", recorded_by="anna", now=now)
    followup.look_back(staged.book(), {"well": "SIM"}, "anna")
    followup.add(staged.book(), "SIM 2", "piotr", START.date(), "anna")
    return staged


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
@pytest.mark.usefixtures("english")
def test_a_report_has_no_english_label_left(staged: Stage, path: Path) -> None:
    i18n.speak_in_report(path.stem)
    seen = Sources(
        [Outage("internet", "X", "down", START, START + timedelta(hours=1))],
        [Sending("line-down", START, "anna", (("told", 38), ("unreachable", 2)), ())],
        looked=True,
    )
    events = [unseal(row) for row in staged.log.rows(STREAM)]
    found = report(staged.incident(), events, seen, staged.clock.now())
    said = set(read(path).values())
    for section in found.sections:
        assert section.title in said, section.title
        assert set(section.columns) <= said, section.columns
        assert not section.note or section.note in said
    whole = str([found.legend, [[s.texts, s.rows] for s in found.sections]])
    for english in (
        "looking back",
        "promised",
        "follow-up",
        "begun",
        "told",
        "unreachable",
        "OVERDUE",
        " days",
    ):
        assert english not in whole, english


@pytest.mark.core
def test_the_command_writes_it_in_the_language_that_was_asked_for(staged: Stage) -> None:
    german = bcp(staged.office, "incident", "report", "--lang", "de", "--incident", STREAM)
    assert german.returncode == 0, german.stderr
    assert german.stdout.startswith("# Bericht: The line is dead") and "## Zeitverlauf" in german.stdout
    refused = bcp(staged.office, "incident", "report", "--lang", "xx", "--incident", STREAM)
    assert refused.returncode == 2 and "choose one with --lang" in refused.stderr
