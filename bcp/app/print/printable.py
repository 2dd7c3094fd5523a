"""Which sheets an office can print now, and the mistakes in plans that keep theirs back: one stops no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bcp.app.load_office import office_for
from bcp.app.session import Session
from bcp.errors import Mistake
from bcp.i18n import speak
from bcp.page.catalog import Catalog
from bcp.runbook.load import FOLDER
from bcp.runbook.plan import reach
from bcp.validate import OfficeConfig


@dataclass(frozen=True, slots=True)
class PrintableSheets:
    """What can be printed, the plans that were asked for of it, and the mistakes of those that cannot be."""

    catalog: Catalog
    names: Sequence[str]
    mistakes: Sequence[Mistake] = ()


def printable_sheets(session: Session, runbooks: Sequence[str]) -> PrintableSheets:
    """The sheets of `runbooks`, of all where none is named; nothing may be left of them.

    Raises SourceError for mistakes in bcp.yaml, InputError for a plan that there is not.
    """
    whole = office_for(session, runbooks[0] if len(runbooks) == 1 else None, keeps=True)
    speak(whole.office.language)
    unread = _unread(whole)
    files = [mistake.file for mistake in unread]
    asked = [name for name in runbooks or whole.runbooks if not _is_of(name, files) or name in whole.runbooks]
    for name in asked:
        Catalog(whole).loaded(name)
    broken = {name: own for name in whole.runbooks if (own := _mistakes(name, whole))}
    found = [each for name in asked for each in broken.get(name, ())]
    found += [each for each in unread if not runbooks or any(_is_of(name, [each.file]) for name in runbooks)]
    good = [name for name in asked if name not in broken]
    runs = {name: loaded for name, loaded in whole.runbooks.items() if name not in broken}
    return PrintableSheets(Catalog(replace(whole, runbooks=runs)), good, sorted(set(found)))


def _mistakes(name: str, whole: OfficeConfig) -> list[Mistake]:
    """Those of a plan and of all that it leads to."""
    files = {whole.runbooks[each].document.shown for each in reach(name, whole.runbooks)}
    return [mistake for mistake in whole.slips if mistake.file in files]


def _unread(whole: OfficeConfig) -> list[Mistake]:
    """The mistakes in files of plans of which nothing could be read."""
    read = {loaded.document.shown for loaded in whole.runbooks.values()}
    return [each for each in whole.slips if each.file.startswith(f"{FOLDER}/") and each.file not in read]


def _is_of(name: str, files: Sequence[str]) -> bool:
    """Whether one of these files is called as the plan is."""
    return name in {file.rpartition("/")[2].partition(".")[0] for file in files}
