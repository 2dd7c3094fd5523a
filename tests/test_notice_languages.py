"""The shipped notices in five languages: the same conditions, marks and facts, and no turn that was found wrong."""

from __future__ import annotations

import re

import pytest

from tests.posts import ROOT

NOTICES = sorted(path.name.partition(".")[0] for path in (ROOT / "notices").glob("*.en.md"))
_TAG = re.compile(r"\{[%#].*?[%#]\}|\{\{.*?\}\}|^[a-z]+:", re.DOTALL | re.MULTILINE)

NEVER = {
    "cs": [
        r"\bsám se\b",
        r"\bvaš\w+ věc\w*",
        r"\bjste\s+(\w+\s+)?\w+(al|il|el)[iy]?\b(?! nám)",
        r"\bspokojen",
        r"\bpoškozen\w* jste",
        r"\b(Omlouvám|Omlouváme|Mrzí)[^.]*\bpokud\b",
        r"\bdnes\b",
    ],
    "de": [
        r"\bIhre Sache\b",
        r"\bfalls Sie\b",
        r"\bTicket",
        r"\bheute\b",
        r"\bgetan\b",
        r"\b(notiert|gebt)\b",
    ],
    "el": [
        r"ικανοποιημέν",
        r"\bυπόθεσ[ηή]",
        r"\bσήμερα\b",
        r"συγγνώμη αν\b",
        r"συμβόλαι",
        r"'",
        r"\bπρόσωπο\b",
    ],
}
"""What people of each language found wrong: a participle about one reader, a case at the police, today, "if"."""
_OURS = re.compile(r"\bjste nám\b[^.]*|Termín jste neuvedli")
"""To a provider it is said in the plural: that is a firm."""


def text(name: str, language: str) -> str:
    return (ROOT / "notices" / f"{name}.{language}.md").read_text(encoding="utf-8")


def tags(name: str, language: str) -> list[str]:
    return [" ".join(found[0].split()) for found in _TAG.finditer(text(name, language))]


@pytest.mark.parametrize("language", ["pl", "cs", "de", "el"])
def test_a_notice_has_the_conditions_marks_and_facts_of_the_english_one_in_each_language(
    language: str,
) -> None:
    other = {name: language for name in NOTICES if sorted(tags(name, language)) != sorted(tags(name, "en"))}
    assert len(NOTICES) == 13 and not other


@pytest.mark.parametrize("language", sorted(NEVER))
def test_no_notice_says_what_people_of_its_language_found_wrong(language: str) -> None:
    found = []
    for name in NOTICES:
        said = _OURS.sub("", _TAG.sub("", text(name, language)))
        found += [(name, hit[0]) for pattern in NEVER[language] for hit in re.finditer(pattern, said)]
    assert not found
