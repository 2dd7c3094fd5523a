"""Which plans an office has, each with what a list shows of it: read again only where a file is not as it was.

What a plan says of itself is kept beside the journal by the hash of its file (`derived.py`); so is whether bcp.yaml
holds. Files with a mistake are read each time, for their mistakes have places. Whether what a plan points to is there
is no matter of the list: `bcp validate` and the begin of the plan read that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from bcp.app.derived import find_derived, keep_derived, mark
from bcp.app.session import Session
from bcp.errors import Mistake, SourceError
from bcp.i18n import _, speak
from bcp.office.find import FILE as OFFICE
from bcp.progress import Progress
from bcp.yaml.files import ENDINGS, files_in
from bcp.yaml.text import Unreadable, load

FILE = "plans-listed.json"
FOLDER = "runbooks"
_BOM = b"\xef\xbb\xbf"


class ListedPlan(NamedTuple):
    """A plan as a list shows it."""

    runbook: str
    title: str
    when: str


@dataclass
class PlanList:
    """The plans that can be read, the mistakes in the files of the others, and the file of each of those by its name.

    With mistakes in bcp.yaml (`is_usable` false) these are told alone, and nothing can be begun by it.
    """

    plans: Sequence[ListedPlan] = ()
    mistakes: list[Mistake] = field(default_factory=list)
    unusable: Mapping[str, str] = field(default_factory=dict)
    is_usable: bool = True


def list_plans(session: Session, *, keeps: bool = True) -> PlanList:
    """The plans of the office; from now on its language is spoken. Mistakes raise nothing.

    With `keeps` false nothing is kept for the next time.
    """
    looked = _Look(session.folder, find_derived(session, FILE), session.progress)
    found = looked.plans()
    if keeps and looked.known != looked.seen:
        keep_derived(session, FILE, looked.seen, makes_folder=True)
    return found


def usable_plans(session: Session) -> Sequence[ListedPlan]:
    """The plans that can be read; mistakes in the others are remarked. Raises SourceError for mistakes in bcp.yaml."""
    found = list_plans(session)
    if not found.is_usable:
        raise SourceError(found.mistakes)
    _remark(session, found)
    return found.plans


def _remark(session: Session, found: PlanList) -> None:
    count = len(found.mistakes)
    if count:
        one = _("1 mistake in other files of this office; later: bcp validate")
        many = _("{count} mistakes in other files of this office; later: bcp validate")
        session.remark(one if count == 1 else many.format(count=count))


def plans_to_begin(session: Session, *, keeps: bool = True) -> Sequence[ListedPlan]:
    """The plans from which one is chosen: those with a mistake as they were last without one.

    Raises SourceError where there is a mistake in bcp.yaml, and nothing is kept of before.
    """
    found = list_plans(session, keeps=keeps)
    if found.is_usable:
        _remark(session, found)
    if found.is_usable and not found.unusable:
        return found.plans
    from bcp.app import last_valid

    if not found.is_usable:
        kept = last_valid.find(session)
        if kept is None:
            raise SourceError(found.mistakes)
        return [_listed(loaded.model) for loaded in kept.whole.runbooks.values()]
    usable = {plan.runbook for plan in found.plans}
    broken = [name for name in found.unusable if name not in usable]
    older = [(name, kept) for name in broken if (kept := last_valid.find_reached(session, name)) is not None]
    return [*(_listed(kept.whole.runbooks[name].model) for name, kept in older), *found.plans]


def _listed(runbook: Any) -> ListedPlan:
    return ListedPlan(runbook.runbook, runbook.title, runbook.when)


class _Read(NamedTuple):
    """What files hold that were read as YAML: the plan of each that could be, the mistakes, the files of the others."""

    plans: dict[Path, ListedPlan]
    mistakes: list[Mistake]
    unusable: dict[str, str]


class _Look:
    """One look at the files: what was `known` of them before, and what is `seen` now, each with its hash."""

    def __init__(self, office: Path, known: Mapping[str, Any], progress: Progress) -> None:
        self.office = office
        self.progress = progress
        self.known = known
        self.seen: dict[str, Any] = {}

    def plans(self) -> PlanList:
        """Everything that the list says."""
        mistakes = self._office()
        if mistakes:
            return PlanList(mistakes=mistakes, is_usable=False)
        paths = files_in(self.office / FOLDER, *ENDINGS)
        found = {path: ListedPlan(*told) for path in paths if (told := self._told(path, *ListedPlan._fields))}
        read = self._read(path for path in paths if path not in found)
        names = [plan.runbook for plan in (*found.values(), *read.plans.values())]
        if len(set(names)) < len(names):
            # Two files of one name: which of them counts, and where the mistake is, only a reader of both can say.
            found, read = {}, self._read(paths)
        found |= read.plans
        return PlanList([found[path] for path in paths if path in found], read.mistakes, read.unusable)

    def _office(self) -> list[Mistake]:
        """The mistakes in bcp.yaml; where there is none its language is spoken."""
        told = self._told(self.office / OFFICE, "language")
        if told is None:
            from bcp.office.model import load as load_office
            from bcp.yaml.source import Reader

            reader = Reader()
            office = load_office(self.office, reader)
            if office is None:
                return reader.mistakes
            told = [office.language]
            self._keep(OFFICE, reader.texts[OFFICE], language=office.language)
        speak(told[0])
        return []

    def _read(self, paths: Iterable[Path]) -> _Read:
        """What stands in these files, which are read as YAML."""
        wanted = list(paths)
        if not wanted:
            return _Read({}, [], {})
        from bcp.runbook.model import Runbook
        from bcp.yaml.source import Reader

        reader = Reader(self.progress)
        plans = {}
        for loaded in reader.folder(self.office, FOLDER, "runbook", Runbook, wanted).values():
            plan = _listed(loaded.model)
            plans[loaded.document.path] = plan
            self._keep(loaded.document.shown, loaded.document.text, **plan._asdict())
        unusable = {name: file for (_kind, name), file in reader.unusable.items()}
        return _Read(plans, reader.mistakes, unusable)

    def _told(self, path: Path, *names: str) -> list[str] | None:
        """What is known of a file by these names; None where it is not as it was then."""
        shown = path.relative_to(self.office).as_posix()
        known = self.known.get(shown)
        if not isinstance(known, dict):
            return None
        try:
            if known.get("sha256") != mark(load(path).removeprefix(_BOM)):
                return None
        except Unreadable:
            return None
        told = [known.get(name) for name in names]
        if not all(isinstance(each, str) for each in told):
            return None
        self.seen[shown] = known
        return [str(each) for each in told]

    def _keep(self, shown: str, text: str, **told: str) -> None:
        self.seen[shown] = {"sha256": mark(text.removeprefix("\ufeff").encode()), **told}
