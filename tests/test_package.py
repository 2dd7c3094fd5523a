"""What the package carries besides its code, as somebody finds it who installed it."""

from __future__ import annotations

from importlib.metadata import metadata
from importlib.resources import files


def test_type_checkers_are_told_that_the_package_is_typed() -> None:
    assert (files("bcp") / "py.typed").is_file()
    assert "Typing :: Typed" in (metadata("bcp-office").get_all("Classifier") or [])
