"""Reads a notice that is not in the office yet, as the lint would read it there."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from pathlib import Path

from bcp.app.notice.lint import read_notices
from bcp.app.session import Session
from bcp.draft.notice import notice_text
from bcp.errors import SourceError
from bcp.notice.lint.lint import lint
from bcp.notice.lint.rule import LintFinding
from bcp.notice.text.load import load_file
from bcp.yaml.source import Reader

_LEFT_TO_AUTHOR = "sms-length"
"""How long a text message gets hangs on the name of the office, which a draft cannot shorten."""


def findings_of(session: Session, notice: str, files: Collection[str]) -> list[LintFinding]:
    """What the lint says of these files of a notice, once they are there: advice, and what is left to the author.

    Raises SourceError for anything else that would stop a sending.
    """
    own = [one for one in read_notices(session, notice).findings if one.mistake.file in files]
    bad = [one.mistake for one in own if not one.advice and one.rule != _LEFT_TO_AUTHOR]
    if bad:
        raise SourceError(bad)
    return own


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
