"""`runbook lint`: how the plans of this office read to somebody in a hurry."""

from __future__ import annotations

from dataclasses import dataclass

from bcp.app.session import Session
from bcp.errors import Mistake, SourceError
from bcp.i18n import _
from bcp.runbook.load import load
from bcp.runbook.style import StyleFinding, style_of
from bcp.runbook.unknown import no_such
from bcp.yaml.source import Reader


@dataclass(frozen=True, slots=True)
class StyleReview:
    """How many plans were read, and what each could say better."""

    count: int
    findings: list[StyleFinding]


def read_style(session: Session, runbook: str | None) -> StyleReview:
    """Read one plan, or all, for its style.

    Raises InputError for one that there is not, SourceError where one that is asked for cannot be read.
    """
    reader = Reader(session.progress)
    runbooks = load(session.folder, reader)
    if runbook is not None and runbook not in runbooks:
        raise _unreadable(runbook, reader) or no_such(runbook, runbooks, runbooks.values())
    if runbook is None and reader.mistakes:
        raise SourceError(reader.mistakes)
    chosen = list(runbooks.values()) if runbook is None else [runbooks[runbook]]
    findings: list[StyleFinding] = []
    with session.progress.task(_("Reading the plans"), len(chosen)) as task:
        for loaded in chosen:
            findings.extend(style_of(loaded))
            task.advance(name=loaded.model.title)
    return StyleReview(len(chosen), sorted(findings, key=lambda each: each.mistake))


def _unreadable(runbook: str, reader: Reader) -> SourceError | None:
    """The mistakes in the file of a plan that is there."""
    file = reader.unusable.get(("runbook", runbook))
    own: list[Mistake] = [each for each in reader.mistakes if each.file == file]
    return SourceError(own) if own else None
