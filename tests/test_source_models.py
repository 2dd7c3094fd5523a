"""What is said about every mistake that a model finds, and the reader that gathers them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, get_args

import pytest
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails
from pydantic_core.core_schema import ErrorType

from bcp.errors import SourceError
from bcp.yaml.keyed import fail
from bcp.yaml.keyed import told as mistake
from bcp.yaml.schema import schema
from bcp.yaml.source import KEY, MOST_MISTAKES, Reader, Scalar, did_you_mean, explain, parse
from tests.sources import Book, Step, said, told


def in_step(line: str) -> tuple[str, str]:
    """What is said about a step with one bad line."""
    return said(Book, f"title: x\nsteps:\n  - step: a\n    {line}\n")


def test_an_unknown_key_is_told_at_the_key_with_the_word_that_was_meant() -> None:
    assert told(Book, "title: x\nsteps:\n  - step: a\n    by_hnad: b\n") == [
        (4, 5, 'unknown key "by_hnad"', 'did you mean "by_hand"?')
    ]


def test_an_unknown_key_without_a_likeness_lists_the_known_keys_of_that_place() -> None:
    assert in_step("zzz: 1") == (
        'unknown key "zzz"',
        "known keys: step, at_least, only, kind, auto, by_hand, windows, ok",
    )


@pytest.mark.parametrize("key", ["undo", "by_name: {x"])
def test_the_known_keys_are_found_behind_optional_models_and_mappings(key: str) -> None:
    end = "}" if "{" in key else ""
    assert said(Book, f"title: x\nsteps: [{{step: a}}]\n{key}: {{step: a, sttep: b}}{end}\n") == (
        'unknown key "sttep"',
        'did you mean "step"?',
    )


def test_a_dash_without_its_space_is_told_as_such() -> None:
    assert said(Book, "title: x\nsteps: [{step: a}]\nundo:\n  step: a\n  -auto: yes\n") == (
        'unknown key "-auto"',
        'write a space after the dash: "- auto: …"',
    )


def test_a_missing_key_is_told_at_the_first_key_with_what_it_is_for() -> None:
    assert told(Book, "steps:\n  - auto: yes\n    by_hand: x\n") == [
        (1, 1, '"title" is missing', 'add a line "title: …"'),
        (2, 5, '"step" is missing', "a short name; for example: step: call-provider"),
    ]


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("at_least: two", 'expected a whole number for "at_least", not "two"', ""),
        ("at_least: 1.5", 'expected a whole number for "at_least", not "1.5"', ""),
        ("at_least: [1]", 'expected a whole number for "at_least", not a list', ""),
        ("at_least: 0", 'expected at least 1 for "at_least", not "0"', ""),
        ("at_least: 10", 'expected at most 9 for "at_least", not "10"', ""),
        ("at_least:", '"at_least" is empty', ""),
        ("only: dwn", 'expected one of: up, down for "only", not "dwn"', 'did you mean "down"?'),
        ("kind: aks", 'expected one of: manual, ask for "kind", not "aks"', 'did you mean "ask"?'),
        ("auto: maybe", 'expected yes or no for "auto", not "maybe"', ""),
        (
            "by_hand: [a]",
            'expected text for "by_hand", not a list',
            "put the text in quotes; for example: by_hand: Dial 801 802 803",
        ),
        (
            "by_hand: {a: b}",
            'expected text for "by_hand", not "key: value" lines',
            "put the text in quotes; for example: by_hand: Dial 801 802 803",
        ),
        (
            "windows: dir",
            'expected a list for "windows", not "dir"',
            'begin each entry on a line of its own with "- ", or write [one, two]; '
            'for example: windows: ["a", "b"]',
        ),
        ("windows: []", 'expected at least 1 entry for "windows", not 0', 'for example: windows: ["a", "b"]'),
        ("windows: [a,b,c]", 'expected at most 2 entries for "windows", not 3', None),
        ("windows: [{a: b}]", 'expected text for "windows", not "key: value" lines', None),
        ("windows: [a, ~]", 'an entry of "windows" is empty', 'for example: windows: ["a", "b"]'),
        ("ok: {a: b}", 'expected a whole number or a list for "ok", not "key: value" lines', ""),
        ("ok: never", 'expected a whole number or a list for "ok", not "never"', ""),
        ("ok: [200, x]", 'expected a whole number for "ok", not "x"', ""),
        ("ok:", '"ok" is empty', ""),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_with_what_was_expected(line: str, message: str, hint: str | None) -> None:
    found = in_step(line)
    assert found[0] == message
    assert hint is None or found[1] == hint


def test_a_name_of_the_wrong_form_or_length_is_told_with_an_example() -> None:
    assert said(Book, "title: x\nsteps: [{step: Call Them}]\n") == (
        '"Call Them" has not the form of "step"',
        "a short name; for example: step: call-provider",
    )
    assert said(Book, "title: x\nsteps: [{step: aaaaaaaaaaaaaaa}]\n")[0] == (
        'expected at most 10 characters for "step", not 15'
    )


def test_a_list_where_a_model_belongs_and_the_other_way_round() -> None:
    assert said(Book, "- a\n- b\n") == ('expected "key: value" lines, not a list', 'take the "- " away')
    assert said(Book, "just text\n")[0] == 'expected "key: value" lines, not "just text"'
    assert said(Book, "title: x\nsteps: {step: a}\n") == (
        'expected a list for "steps", not "key: value" lines',
        'begin each entry on a line of its own with "- ", or write [one, two]',
    )
    assert said(Book, "title: x\nsteps: [a]\n") == (
        'expected "key: value" lines for "steps", not "a"',
        'write "key: value" on lines of their own, indented',
    )


class Target(BaseModel):
    """One of two shapes of a target."""

    model_config = ConfigDict(extra="forbid")
    host: str
    port: int


class Page(BaseModel):
    """The other shape."""

    model_config = ConfigDict(extra="forbid")
    url: str


class Looks(BaseModel):
    """A field with unions of models."""

    at: Target | Page
    many: list[str | Target] = []


def test_of_a_union_the_member_that_was_meant_is_told_at_its_own_place() -> None:
    assert told(Looks, "at:\n  host: a\n  port: x\n") == [
        (3, 9, 'expected a whole number for "port", not "x"', "")
    ]
    assert told(Looks, "at: {url: a}\nmany:\n  - a\n  - {host: a, port: x}\n") == [
        (4, 21, 'expected a whole number for "port", not "x"', "")
    ]


class Ticket(BaseModel):
    """Validators that speak for themselves."""

    number: str = Field(default="", examples=["T-17"])
    clock: (
        Annotated[str, BeforeValidator(lambda value: _only("a clock", value))]
        | Annotated[str, BeforeValidator(lambda value: _only("a duration", value))]
    ) = "a clock"
    inner: Any = None
    sure: bool = True

    @field_validator("number", mode="before")
    @classmethod
    def _number(cls, value: Any) -> Any:
        if value != "T-1":
            raise ValueError("a ticket begins with T-")
        return value

    @model_validator(mode="after")
    def _sure(self) -> Ticket:
        if not self.sure:
            raise AssertionError("be sure")
        return self

    @field_validator("inner", mode="before")
    @classmethod
    def _inner(cls, value: Any) -> Any:
        mistakes = [
            mistake(("a",), 'no "a" today', "tomorrow"),
            mistake(("b", 0, "c"), "the key is wrong", at_key=True),
            mistake((), "all of it", "write it anew"),
        ]
        return fail("Inner", mistakes)


def _only(wanted: str, value: Any) -> Any:
    if value != wanted:
        raise ValueError(f"expected {wanted}")
    return value


def test_the_sentence_of_a_validator_is_told_as_it_is() -> None:
    assert said(Ticket, "number: 17\n") == ("a ticket begins with T-", "for example: number: T-17")
    assert said(Ticket, "number:\n") == ('"number" is empty', "for example: number: T-17")
    assert said(Ticket, "sure: no\n") == ("be sure", "")


def test_two_validators_of_a_union_are_told_in_one_sentence() -> None:
    assert said(Ticket, "clock: soon\n")[0] == 'expected a clock or a duration for "clock", not "soon"'


def test_a_validator_can_tell_many_mistakes_each_at_its_place() -> None:
    assert told(Ticket, "inner:\n  a: 1\n  b:\n    - c: 2\n") == [
        (2, 3, "all of it", "write it anew"),
        (2, 6, 'no "a" today', "tomorrow"),
        (4, 7, "the key is wrong", ""),
    ]


class Names(RootModel[dict[Annotated[str, Field(pattern="^[a-z]+$")], Step]]):
    """A mapping of free names, below no field at all."""


def test_a_bad_name_in_a_mapping_of_free_names_is_told_at_the_key() -> None:
    assert told(Names, "ok: {step: a}\nBAD: {step: a}\n") == [(2, 1, '"BAD" has not the form of "BAD"', "")]
    assert said(Names, "ok: {step: a, auot: yes}\n") == ('unknown key "auot"', 'did you mean "auto"?')


def test_mistakes_are_explained_for_a_part_that_is_validated_on_its_own() -> None:
    data = parse("step: a\nauot: yes\n", "x").data
    with pytest.raises(ValidationError) as caught:
        Step.model_validate(data)
    assert explain(caught.value, Step, data) == [
        (("auot", KEY), 'unknown key "auot"', 'did you mean "auto"?')
    ]


# Contexts that are enough for pydantic to word each of its errors.
CONTEXT: dict[str, Any] = {
    "expected": "'a', 'b' or 'c'", "expected_tags": "'a', 'b'", "tag": "x", "discriminator": "'kind'",
    "gt": 1, "ge": 1, "lt": 1, "le": 1, "multiple_of": 2, "min_length": 1, "max_length": 1,
    "actual_length": 5, "field_type": "List", "pattern": "a", "class": "A", "class_name": "A",
    "max_digits": 1, "decimal_places": 1, "whole_digits": 1, "expected_version": 1,
    "expected_schemes": "http", "tz_expected": 1, "tz_actual": 1, "encoding": "utf-8",
    "encoding_error": "x", "method_name": "m", "attribute": "a",
}  # fmt: skip


@pytest.mark.parametrize("kind", get_args(ErrorType))
def test_no_error_of_pydantic_is_told_in_the_words_of_a_programmer(kind: ErrorType) -> None:
    raised = ValueError("no") if kind in ("value_error", "assertion_error") else "no"
    context = CONTEXT | {"error": raised}
    error = ValidationError.from_exception_data(
        "Book", [InitErrorDetails(type=kind, loc=("title",), input="abc", ctx=context)]
    )
    ((loc, message, hint),) = explain(error, Book, {"title": Scalar("abc")})
    assert loc[0] == "title"
    for word in ("Input should", "pydantic", "valid", "instance", "string", "dictionary", "None", "{"):
        assert word not in message + hint
    assert "title" in message or message == "no" or '"kind" is missing' in message


def test_the_mistakes_of_all_files_come_in_one_report(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("titel: x\nsteps: [{step: a, auto: 2}]\n")
    (tmp_path / "a.yaml").write_text("title: @x\n")
    (tmp_path / "c.yaml").write_text("title: x\nsteps: [{step: a}]\n")
    reader = Reader()
    for name in ("b.yaml", "a.yaml", "c.yaml"):
        document = reader.document(tmp_path / name, f"runbooks/{name}")
        made = reader.model(document, Book) if document else None
        assert (made is not None) == (name == "c.yaml")
    with pytest.raises(SourceError) as caught:
        reader.finish()
    assert [str(one) for one in caught.value.mistakes] == [
        'runbooks/a.yaml:1:8: a text cannot begin with "@"',
        'runbooks/b.yaml:1:1: "title" is missing',
        'runbooks/b.yaml:1:1: unknown key "titel"',
        'runbooks/b.yaml:2:25: expected yes or no for "auto", not "2"',
    ]


def test_a_reader_without_mistakes_finishes_in_silence() -> None:
    reader = Reader()
    assert reader.model(parse("title: x\nsteps: [{step: a}]\n", "x"), Book)
    reader.finish()


def test_a_part_of_a_document_is_made_a_model_with_its_places() -> None:
    document = parse("steps:\n  - {step: a}\n  - {step: b, auto: x}\n", "x")
    reader = Reader()
    assert reader.model(document, Step, ("steps", 0)) == Step(step="a")
    assert reader.model(document, Step, ("steps", 1)) is None
    assert [(one.line, one.column) for one in reader.mistakes] == [(3, 21)]


def test_a_part_that_is_not_there_is_told_as_missing() -> None:
    document = parse("title: x\nsteps: [{step: a}]\n", "x")
    reader = Reader()
    assert reader.model(document, Step, ("undo",)) is None
    assert reader.model(document, Step, ("steps", 4, "undo")) is None
    assert [(one.line, one.message) for one in reader.mistakes] == [
        (1, '"undo" is missing'),
        (2, '"undo" is missing'),
    ]


def test_a_file_with_thousands_of_mistakes_is_told_in_a_hundred() -> None:
    reader = Reader()
    assert reader.model(parse("".join(f"titel{n}: x\n" for n in range(3000)), "x"), Book) is None
    assert len(reader.mistakes) == MOST_MISTAKES + 1
    assert reader.mistakes[-1].message == "this file holds 2,902 mistakes more"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("phasess", "phases"),
        ("Title", "title"),
        ("by-hand", "by_hand"),
        ("  title ", "title"),
        ("xyz", ""),
        ("", ""),
    ],
)
def test_the_nearest_known_word_is_offered_and_a_far_one_is_not(word: str, meant: str) -> None:
    wanted = f'did you mean "{meant}"?' if meant else ""
    assert did_you_mean(word, ["phases", "title", "by_hand"]) == wanted


def test_the_schema_of_a_model_names_itself_and_its_fields() -> None:
    found = schema(Book, "https://example.org/runbook.json")
    assert found["$id"] == "https://example.org/runbook.json"
    assert found["$schema"].startswith("https://json-schema.org/")
    assert set(found["properties"]) == {"title", "steps", "by_name", "undo"}
    assert found["additionalProperties"] is False
