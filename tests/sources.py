"""What the tests of `bcp.yaml.source` share: both parsers, one bad file, and a model with examples."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated, Literal

import pytest
import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
)

from bcp.errors import Mistake, SourceError
from bcp.yaml.source import Reader, parse, read

LOADERS = [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)]


def mistake_of(source: str | bytes | Path, folder: Path) -> Mistake:
    """The only mistake of a file with this content, or of the file at this path."""
    path = source if isinstance(source, Path) else folder / "bad.yaml"
    if isinstance(source, str):
        path.write_text(source, encoding="utf-8", newline="")
    elif isinstance(source, bytes):
        path.write_bytes(source)
    with pytest.raises(SourceError) as caught:
        read(path, "runbooks/bad.yaml")
    (mistake,) = caught.value.mistakes
    assert mistake.file == "runbooks/bad.yaml"
    return mistake


class Kind(Enum):
    """Two kinds."""

    MAN = "manual"
    ASK = "ask"


class Step(BaseModel):
    """A step with words and examples in its fields."""

    model_config = ConfigDict(extra="forbid")

    step: Annotated[str, Field(pattern=r"^[a-z-]+$", max_length=10)] = Field(
        description="a short name", examples=["call-provider"]
    )
    need: int = Field(default=1, ge=1, le=9, alias="at_least")
    only: Literal["up", "down"] | None = None
    kind: Kind | None = None
    auto: bool = False
    by_hand: str = Field(default="", examples=["Dial 801 802 803"])
    windows: list[str] = Field(default_factory=list, min_length=1, max_length=2, examples=[["a", "b"]])
    ok: int | list[int] = 200


class Book(BaseModel):
    """A runbook with its steps."""

    model_config = ConfigDict(extra="forbid")

    title: str
    steps: list[Step] = Field(min_length=1)
    by_name: dict[str, Step] = {}
    undo: Step | None = None


def told(cls: type[BaseModel], text: str) -> list[tuple[int, int, str, str]]:
    """Line, column, sentence and hint of each mistake that a model finds in a text."""
    reader = Reader()
    document = parse(text, "x.yaml")
    assert reader.model(document, cls) is None
    return [(one.line, one.column, one.message, one.hint) for one in sorted(reader.mistakes)]


def said(cls: type[BaseModel], text: str) -> tuple[str, str]:
    """The sentence and the hint of the only mistake that a model finds in a text."""
    ((_line, _column, message, hint),) = told(cls, text)
    return message, hint
