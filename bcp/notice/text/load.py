"""Reads `notices/<id>.<language>.md`: front matter in YAML, then the text with its placeholders."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from bcp.errors import Mistake, SourceError
from bcp.notice.text.model import LANGUAGE_NAMES, Front, Notice, Version
from bcp.notice.text.placeholders import examine
from bcp.yaml.source import Reader, YamlDocument, parse
from bcp.yaml.text import Unreadable, check

FOLDER = "notices"
_NAME = re.compile(r"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\.([a-z]{2})")
_FRONT = re.compile(r"\A---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", re.S)


def load(office: Path, reader: Reader) -> dict[str, Notice]:
    """All notices of the office folder by id; mistakes go to `reader`."""
    return load_files(reader.files(office, FOLDER, ".md"), reader)


def files(office: Path) -> list[Path]:
    """The notice files of the office, sorted by name."""
    return sorted((office / FOLDER).glob("*.md"))


def load_files(paths: Iterable[Path], reader: Reader) -> dict[str, Notice]:
    """The notices in these files by id; mistakes go to `reader`."""
    found: dict[str, dict[str, Version]] = {}
    for path in paths:
        shown = f"{FOLDER}/{path.name}"
        version = load_file(path, shown, reader)
        if version is None:
            reader.unusable["notice", path.stem.partition(".")[0]] = shown
            continue
        found.setdefault(version.notice, {})[version.language] = version
    for versions in found.values():
        for mistake in _of_two_kinds(list(versions.values())):
            reader.add(mistake)
    return {name: Notice(name, versions) for name, versions in found.items()}


def _of_two_kinds(versions: Sequence[Version]) -> Iterator[Mistake]:
    """The languages of a notice that are of another kind than most: the slip is where one differs from all others."""
    (usual, _count), *_others = Counter(each.front.kind for each in versions).most_common()
    like = next(each for each in versions if each.front.kind == usual)
    for version in versions:
        if version.front.kind != usual:
            words = f"this is of the kind {version.front.kind}, but {like.document.shown} is {usual}"
            yield version.document.mistake(("kind",), words, "all languages of a notice say the same")


def load_file(path: Path, shown: str, reader: Reader) -> Version | None:
    """One notice in one language; None where it has mistakes."""
    named = _NAME.fullmatch(path.stem)
    if named is None or named[2] not in LANGUAGE_NAMES:
        known = ", ".join(LANGUAGE_NAMES)
        words = f"a notice is called NAME.LANGUAGE.md, such as line-down.pl.md (languages: {known})"
        reader.add(Mistake(shown, 1, 1, f"this name says no language: {path.name}", words))
        return None
    try:
        text = reader.text(path, shown).replace("\r\n", "\n")
        check(text)
    except SourceError as error:
        reader.mistakes += error.mistakes
        return None
    except Unreadable as error:
        reader.add(Mistake(shown, *error.place, error.message, error.hint))
        return None
    if _FRONT.match(text) is None:
        hint = "the file begins with a line ---, then subject:, kind: and sms:, then a line ---"
        reader.add(Mistake(shown, 1, 1, "this notice has no front matter", hint))
        return None
    found = _understood(text, shown, named[1], named[2])
    reader.mistakes.extend(found.mistakes)
    return found.version


class _Understood(NamedTuple):
    """What a text is as a notice, None where it has mistakes."""

    version: Version | None
    mistakes: tuple[Mistake, ...]


@lru_cache(maxsize=1024)
def _understood(text: str, shown: str, name: str, language: str) -> _Understood:
    """Understand a text once, although each step of an incident reads the files anew: they may have been corrected."""
    reader = Reader()
    front = _FRONT.match(text)
    assert front is not None
    version = _Source(text, shown, front).version(name, language, reader)
    return _Understood(version, tuple(reader.mistakes))


class _Source(NamedTuple):
    """The text of a notice's file, and where its front matter was found."""

    text: str
    shown: str
    front: re.Match[str]

    def version(self, name: str, language: str, reader: Reader) -> Version | None:
        """The notice; None where it has mistakes, which go to `reader`."""
        try:
            # The blank line stands for the first ---, so that every place is the one in the file.
            document = parse("\n" + self.front[1], self.shown)
        except SourceError as error:
            reader.mistakes.extend(error.mistakes)
            return None
        model = reader.model(document, Front)
        if model is None:
            return None
        whole = YamlDocument(Path(self.shown), self.shown, self.text, document.data, document.tree)
        first = self.text[: self.front.end()].count("\n") + 1
        body = self.text[self.front.end() :]
        blank = len(body) - len(body.lstrip("\n"))
        version = Version(name, language, model, body.strip("\n"), first + blank, whole)
        if not version.body:
            hint = "write it below the second ---"
            reader.add(whole.mistake_at((first, 1), "this notice has no text", hint))
            return None
        mistakes = examine(version)
        reader.mistakes.extend(mistakes)
        return None if mistakes else version
