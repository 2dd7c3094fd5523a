"""What the tool stands on: listed with licence and reason, and within ranges that are tried at both ends."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata

import pytest
from packaging.requirements import Requirement

from tests.test_docs import ROOT, section

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _asked_for() -> list[Requirement]:
    extras = PROJECT["project"]["optional-dependencies"].values()
    lists = [PROJECT["project"]["dependencies"], *extras, PROJECT["dependency-groups"]["dev"]]
    return [Requirement(each) for one in [*lists, PROJECT["build-system"]["requires"]] for each in one]


def _listed() -> Iterator[tuple[str, str, str]]:
    part = section("CONTRIBUTING.md", "What it stands on")
    yield from re.findall(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", part, re.MULTILINE)


@pytest.mark.lint
def test_each_library_is_listed_with_its_licence_and_why() -> None:
    assert {name for name, _licence, why in _listed() if why.strip()} == {each.name for each in _asked_for()}


@pytest.mark.lint
def test_the_listed_licences_are_those_that_the_libraries_name() -> None:
    wrong = [(name, licence) for name, licence, _why in _listed() if not _is_named(name, licence)]
    assert not wrong


def _is_named(library: str, licence: str) -> bool:
    """Whether what is installed names this family of licences; what is not installed here has none to compare."""
    try:
        found = metadata(library)
    except PackageNotFoundError:
        return True
    told = " ".join(
        [
            *(found.get_all("License-Expression") or []),
            *(line for text in found.get_all("License") or [] for line in text.splitlines()[:1]),
            *(each for each in found.get_all("Classifier") or [] if each.startswith("License ::")),
        ]
    )
    return all(each.partition("-")[0] in told for each in licence.split(" OR "))


@pytest.mark.lint
def test_each_library_of_the_wheel_has_a_range_with_both_ends() -> None:
    """So that `pipx` installs nothing newer than what could be tried, and nothing older than what was."""
    ranges = {each.name: {one.operator for one in each.specifier} for each in _of_the_wheel()}
    # The time zones are data, numbered by year.
    open_ = {name: found for name, found in ranges.items() if found != {">=", "<"} and name != "tzdata"}
    assert not open_


@pytest.mark.lint
def test_the_lock_lies_inside_of_the_ranges() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([\w.-]+)==([^ ;]+)", lock, re.MULTILINE))
    asked = [Requirement(each) for each in PROJECT["project"]["dependencies"]]
    wrong = [each.name for each in asked if locked.get(each.name, "0") not in each.specifier]
    assert not wrong


def _of_the_wheel() -> list[Requirement]:
    extras = PROJECT["project"]["optional-dependencies"].values()
    return [Requirement(each) for one in [PROJECT["project"]["dependencies"], *extras] for each in one]
