"""YAML in, models out; every mistake of every file at once, with file:line:column.

Scalars reach a model as the text that was written and are read by the type its field declares, so a
phone number `0041…` stays text and `12:30` stays a time; an empty value is None.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from bcp.errors import Mistake, SourceError
from bcp.i18n import _
from bcp.progress import UNWATCHED, Progress, counted
from bcp.yaml.fault import KEY, explain
from bcp.yaml.field import Loc
from bcp.yaml.files import ENDINGS, files_in
from bcp.yaml.near import did_you_mean
from bcp.yaml.text import CARET, Place, Unreadable, check, decode, excerpt, load, split
from bcp.yaml.tree import Scalar, Tree, build
from bcp.yaml.unread import ANY, meant

__all__ = [
    "KEY",
    "LoadedModel",
    "Reader",
    "Scalar",
    "YamlDocument",
    "caret",
    "did_you_mean",
    "explain",
    "json_value",
    "parse",
    "read",
]

M = TypeVar("M", bound=BaseModel)

MOST_MISTAKES = 100

_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INT = re.compile(r"-?(?:0|[1-9][0-9]*)")
_OCTAL_OR_HEX = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


@dataclass
class YamlDocument:
    """One file: its text, and its data as mappings, lists, `Scalar` and None.

    `shown` is its path relative to the office folder, as messages name it.
    """

    path: Path
    shown: str
    text: str
    data: Any
    tree: Tree = field(default_factory=Tree, repr=False)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, without their ends."""
        return split(self.text)

    def place(self, loc: Loc, key: bool = False) -> Place:
        """Line and column (from 1) of the value at `loc`, or of its key.

        Where `loc` leads to nothing it is the place of the nearest part that exists. A location that
        ends in `KEY` means the key.
        """
        if loc and loc[-1] == KEY:
            loc, key = loc[:-1], True
        here, place, data = self.tree.start, self.tree.start, self.data
        for part in loc:
            marks = self.tree.marks.get(id(data), {})
            if part not in marks:
                return here
            place, here = marks[part]
            data = data[part]
        return place if key else here

    def at(self, loc: Loc) -> Any:
        """The data at `loc`. Raises LookupError where there is none."""
        data = self.data
        for part in loc:
            if part not in self.tree.marks.get(id(data), {}):
                raise LookupError(part)
            data = data[part]
        return data

    def mistake(self, loc: Loc, message: str, hint: str = "", key: bool = False) -> Mistake:
        """A mistake at `loc` with its place and the text of the line."""
        return self.mistake_at(self.place(loc, key), message, hint)

    def mistake_at(self, place: Place, message: str, hint: str = "") -> Mistake:
        """A mistake at a line and column."""
        return _mistake(self.shown, self.lines, place, message, hint)


def caret(mistake: Mistake) -> int:
    """The column (from 1) of `mistake.text` under which a caret belongs; long lines are cut on both sides."""
    return min(mistake.column, CARET)


def read(path: Path, shown: str) -> YamlDocument:
    """The one YAML document in a file. Raises SourceError with one mistake for what cannot be read."""
    return _document(path, shown, read_text(path, shown))


def read_text(path: Path, shown: str) -> str:
    """The text of a file. Raises SourceError with one mistake where it cannot be read as text."""
    raw = b""
    try:
        raw = load(path)
        return decode(raw)
    except Unreadable as error:
        raise _source_error(shown, split(raw.decode("utf-8", "replace")), error) from None


def parse(text: str, shown: str) -> YamlDocument:
    """The one YAML document in a text. Raises SourceError with one mistake for what cannot be read."""
    text = text.removeprefix("\ufeff")
    lines = split(text)
    try:
        check(text)
        tree = build(text, lines)
    except Unreadable as error:
        raise _source_error(shown, lines, error) from None
    return YamlDocument(Path(shown), shown, text, tree.data, tree)


def _document(path: Path, shown: str, text: str) -> YamlDocument:
    document = parse(text, shown)
    document.path = path
    return document


def _mistake(shown: str, lines: list[str], place: Place, message: str, hint: str) -> Mistake:
    line = min(place[0], len(lines))
    column = min(place[1], len(lines[line - 1]) + 1)
    return Mistake(shown, line, column, message, hint, excerpt(lines[line - 1], column))


def _source_error(shown: str, lines: list[str], error: Unreadable) -> SourceError:
    return SourceError([_mistake(shown, lines, error.place, error.message, error.hint)])


def yaml_files(folder: Path) -> list[Path]:
    """The YAML files of a folder, sorted by name."""
    # A watch asks every two seconds, of an office with a thousand files, too: no Path is made for a comparison.
    try:
        with os.scandir(folder) as entries:
            names = sorted(each.name for each in entries if each.name.endswith(ENDINGS))
    except OSError:
        return []
    return [folder / name for name in names if name not in ENDINGS]


class LoadedModel(NamedTuple, Generic[M]):
    """A model, and the file that it was read from."""

    model: M
    document: YamlDocument


class Reader:
    """Gathers the mistakes of many files, so that all are told at once.

    `texts` are the files that were read, by their names in the office folder, as they were at that moment. `unusable`
    are the things that are there and have a mistake of their own, by kind and name (or `ANY`): the file of each.
    `progress` shows how far it is in a folder.
    """

    def __init__(self, progress: Progress = UNWATCHED) -> None:
        self._progress = progress
        self.mistakes: list[Mistake] = []
        self.texts: dict[str, str] = {}
        self.unusable: dict[tuple[str, str], str] = {}

    def files(self, office: Path, folder: str, *endings: str) -> list[Path]:
        """The files of a folder of the office that have one of these endings, sorted by name."""
        return files_in(office / folder, *endings)

    def peek(self, path: Path, shown: str) -> str:
        """The text of a file that is only looked at. Raises SourceError with one mistake."""
        return read_text(path, shown)

    def is_there(self, path: Path, shown: str) -> bool:
        """Whether there is such a file."""
        return path.exists()

    def text(self, path: Path, shown: str) -> str:
        """The text of a file, which is kept in `texts`. Raises SourceError with one mistake."""
        self.texts[shown] = self.peek(path, shown)
        return self.texts[shown]

    def document(self, path: Path, shown: str) -> YamlDocument | None:
        """The document in a file, or None and a mistake more."""
        try:
            return _document(path, shown, self.text(path, shown))
        except SourceError as error:
            self.mistakes += error.mistakes
            return None

    def model(self, document: YamlDocument, cls: type[M], loc: Loc = ()) -> M | None:
        """The data at `loc` as a model, or None and one mistake more for each that the model found."""
        try:
            data = document.at(loc)
        except LookupError:
            self.add(document.mistake(loc, f'"{loc[-1]}" is missing', f'add a line "{loc[-1]}: …"'))
            return None
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            told = explain(error, cls, data)
        for one in told[:MOST_MISTAKES]:
            self.add(document.mistake(loc + one.loc, one.message, one.hint))
        if len(told) > MOST_MISTAKES:
            rest = f"this file holds {len(told) - MOST_MISTAKES:,} mistakes more"
            self.add(document.mistake(loc + told[MOST_MISTAKES].loc, rest, "correct those above first"))
        return None

    def folder(
        self, office: Path, folder: str, kind: str, cls: type[M], paths: Iterable[Path] | None = None
    ) -> dict[str, LoadedModel[M]]:
        """What the files in a folder of the office, or `paths` of it, hold by the name under `kind`; a name once."""
        found: dict[str, LoadedModel[M]] = {}
        every = self.files(office, folder, *ENDINGS) if paths is None else [*paths]
        words = _("Reading {file}").format(file=f"{folder}/")
        for path in counted(self._progress, words, every, len(every), name=lambda one: one.name):
            shown = f"{folder}/{path.name}"
            document = self.document(path, shown)
            model = self.model(document, cls) if document is not None else None
            if document is None or model is None:
                names = meant(kind, path, self.texts.get(shown))
                self.unusable.update(((kind, name), shown) for name in names)
                continue
            name = getattr(model, kind)
            if name in found:
                words = f'the {kind} "{name}" is already in {found[name].document.shown}'
                self.add(document.mistake((kind,), words, f"give each {kind} its own name"))
                continue
            found[name] = LoadedModel(model, document)
        return found

    def may_hold(self, kind: str, name: str) -> bool:
        """Whether a file with a mistake of its own holds, or may hold, the thing of that kind and name."""
        return (kind, name) in self.unusable or (kind, ANY) in self.unusable

    def add(self, mistake: Mistake) -> None:
        """One mistake more."""
        self.mistakes.append(mistake)

    def finish(self) -> None:
        """Raises SourceError if there was any mistake."""
        if self.mistakes:
            raise SourceError(self.mistakes)


def json_value(value: Any) -> Any:
    """A tree of scalars as plain Python, for bodies in JSON: plain `5`, `true`, `null` get their types.

    By the core schema of YAML 1.2, but a number that JSON could not write so (`0041…`, `+48…`) stays text:
    it is a phone number. Raises ValueError for a number too large to be one.
    """
    if isinstance(value, dict):
        return {str(key): json_value(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [json_value(inner) for inner in value]
    if not isinstance(value, Scalar) or not value.plain:
        return str(value) if isinstance(value, str) else value
    return _resolved(str(value))


def _resolved(text: str) -> str | int | float | bool | None:
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > 300:
        return text
    if _INT.fullmatch(text):
        return int(text)
    if _OCTAL_OR_HEX.fullmatch(text):
        return int(text, 0)
    if not _FLOAT.fullmatch(text):
        return text
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"{text} is too large for a number: put it in quotes if it is a text")
    return number
