"""Lines of a notice's source become lines of a letter: what was wrapped is joined, what was meant stays."""

from __future__ import annotations

import pytest

from bcp.notice.text.paragraph import tidy, unwrapped

WRAPPED = (
    "This is a line of prose that its author wrapped at some column of the\neditor, in the middle of it."
)


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        (WRAPPED, [WRAPPED.replace("\n", " ")]),
        ("One sentence a line.\nAs some write.", ["One sentence a line. As some write."]),
        ("{{ sender.name }}\n{{ office.name }}", ["{{ sender.name }}", "{{ office.name }}"]),
        ("Agencja Kropka sp. z o.o.\nul. Wiejska 1\n00-001 Warszawa", None),
        ("Kropka Ltd.\n1 High Street\nLondon", None),
        (f"{WRAPPED}\nBest regards\nAnna", [WRAPPED.replace("\n", " "), "Best regards", "Anna"]),
        (f"{WRAPPED[:-1]}:\nPhone: 1\nMail: 2", [WRAPPED[:-1].replace("\n", " ") + ":", "Phone: 1", "Mail: 2"]),
        (f"- {WRAPPED}\n- two\n1. three", [f"- {WRAPPED}".replace("\n", " "), "- two", "1. three"]),
        ("A long line of prose that ends with two blanks and so was meant to end  \nhere, and not behind it.",
         ["A long line of prose that ends with two blanks and so was meant to end", "here, and not behind it."]),
        ("{{ greeting }},\n" + WRAPPED, ["{{ greeting }},", WRAPPED.replace("\n", " ")]),
        ("{% if a %}One is so.\n{% elif b %}Two\n{% else %}Three.{% endif %}\nThe end.",
         ["{% if a %}One is so. {% elif b %}Two {% else %}Three.{% endif %} The end."]),
        ("A sentence.\n{# says: act #}\n{% if a %}\nAnother.\n{% endif %}\nA third.",
         ["A sentence. {# says: act #}{% if a %}Another. {% endif %}A third."]),
        ("{% if sender.phone %}\nTel. {{ sender.phone }}\n{% endif %}\n{{ office.name }}",
         ["{% if sender.phone %}Tel. {{ sender.phone }}", "{% endif %}{{ office.name }}"]),
    ],
)  # fmt: skip
def test_what_was_wrapped_is_joined_and_what_was_meant_stays(source: str, lines: list[str] | None) -> None:
    assert unwrapped(source).split("\n") == (lines or source.split("\n"))


def test_a_paragraph_under_a_condition_leaves_no_empty_lines() -> None:
    assert unwrapped("A.\n{% if a %}\n\nB.\n{% endif %}\n\nC.") == "A.\n{% if a %}\nB.\n{% endif %}\nC."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a  b , c.. d... e!. f,. g", "a b, c. d... e! f. g"),
        (" a\n\n\n\n b \n- c", "a\n\nb\n- c"),
        ("What is broken: A cable is cut..", "What is broken: A cable is cut."),
        ("at 16:00 … 3.5 or ,5 :-)", "at 16:00 … 3.5 or ,5 :-)"),
    ],
)
def test_what_an_empty_clause_leaves_is_taken_away(text: str, said: str) -> None:
    assert tidy(text) == said
