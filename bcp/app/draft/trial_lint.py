"""Reads a notice that is not in the office yet, as the lint would read it there."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bcp.draft.notice import notice_text
from bcp.notice.lint.lint import lint
from bcp.notice.text.load import load_file
from bcp.yaml.source import Reader


def refuse_sentence(kind: str, language: str, sentence: str) -> None:
    """Raises ValueError, with what the lint says, for a sentence that no notice of this kind can go out with."""
    with tempfile.TemporaryDirectory() as folder:
        name = f"draft.{language}.md"
        (Path(folder) / name).write_text(notice_text(kind, language, sentence), encoding="utf-8")
        reader = Reader()
        version = load_file(Path(folder) / name, name, reader)
    found = [*reader.mistakes]
    if version is not None:
        found += [finding.mistake for finding in lint(version) if not finding.advice]
    if found:
        raise ValueError(": ".join(filter(None, (found[0].message, found[0].hint))))
