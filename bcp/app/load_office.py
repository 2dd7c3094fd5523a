"""Reads the whole office for a command: mistakes stop it only where they concern what it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bcp.app import last_valid
from bcp.app.notice.good_texts import recalled
from bcp.app.plan_list import list_plans
from bcp.app.reached import read_reached
from bcp.app.session import Session
from bcp.contact.load import FOLDER as CONTACTS
from bcp.errors import InputError, Mistake, SourceError
from bcp.i18n import _, speak
from bcp.office.find import FILE
from bcp.runbook.model import Runbook
from bcp.runbook.plan import reach
from bcp.runbook.reached import points_to
from bcp.runbook.unknown import no_such
from bcp.validate import OfficeConfig, read_all
from bcp.yaml.source import Reader
from bcp.yaml.unread import ANY


@dataclass(frozen=True, slots=True)
class OfficeNow:
    """What the files of the office say now (None where bcp.yaml cannot be used), and every mistake in them."""

    whole: OfficeConfig | None
    mistakes: list[Mistake]

    def refusal(self, runbook: str | None) -> InputError | None:
        """Why a command about `runbook` cannot go by these files; None where nothing stands in its way.

        SourceError for mistakes that concern it, InputError for a runbook that there is not.
        """
        if self.whole is None:
            return SourceError(self.mistakes)
        if runbook is not None and runbook not in self.whole.runbooks:
            return _unknown(runbook, self.whole, self.mistakes)
        concerned = {FILE}
        if runbook is not None:
            for name in reach(runbook, self.whole.runbooks):
                concerned.add(self.whole.runbooks[name].document.shown)
                concerned.update(_unusable(self.whole.runbooks[name].model, self.whole))
        stopping = [each for each in self.mistakes if each.file.startswith(tuple(concerned))]
        return SourceError(stopping) if stopping else None

    def used(self, session: Session) -> OfficeConfig:
        """The office for a command that nothing stands in the way of; mistakes in other files are remarked."""
        assert self.whole is not None
        count = len(self.mistakes)
        if count:
            one = _("1 mistake in other files of this office; later: bcp validate")
            many = _("{count} mistakes in other files of this office; later: bcp validate")
            session.remark(one if count == 1 else many.format(count=count))
        return replace(self.whole, slips=tuple(self.mistakes))


def office_for(session: Session, runbook: str | None, *, keeps: bool = False) -> OfficeConfig:
    """Everything the office says; from now on its language is spoken.

    Mistakes stop only where they concern the runbook, others are remarked: in a crisis a slip in some other file must
    not stand in the way. With `keeps` the plans are kept as in `read_now`, but no folder is made for them.
    Raises SourceError or InputError.
    """
    now = read_now(session, keeps=keeps, makes_folder=False)
    refusal = now.refusal(runbook)
    if refusal is not None:
        raise refusal
    return now.used(session)


def office_reached(
    session: Session, runbook: str, *, keeps: bool = False, makes_folder: bool = False
) -> OfficeConfig | None:
    """The office as far as a runbook reaches, where all of that holds; from now on its language is spoken.

    None where there is a mistake in any of it, or no such runbook: then `read_now` knows what to say. With `keeps` it
    is kept for a day with a slip in it.
    """
    reader = Reader()
    with recalled(session, keeps=keeps, makes_folder=makes_folder):
        office = read_reached(session.folder, runbook, reader)
    if office is None or reader.mistakes:
        return None
    speak(office.office.language)
    if keeps:
        last_valid.keep_reached(session, runbook, office, reader, makes_folder)
    return office


def office_for_one(session: Session, runbook: str) -> OfficeConfig:
    """As `office_for`, but where nothing stands in the way no more is read than the runbook reaches."""
    office = office_reached(session, runbook)
    if office is None:
        refuse_unknown(session, runbook, keeps=False)
        office = office_for(session, runbook)
    return office


def refuse_unknown(session: Session, runbook: str, *, keeps: bool) -> None:
    """Raises InputError for a name that no plan has, with the nearest one; a file with a mistake may hold any."""
    found = list_plans(session, keeps=keeps)
    names = [plan.runbook for plan in found.plans]
    if found.is_usable and not found.unusable and runbook not in names:
        raise no_such(runbook, names)


def read_now(session: Session, *, keeps: bool = True, makes_folder: bool = True) -> OfficeNow:
    """Read every file; mistakes raise nothing. Where all of it holds it is kept for a day with a slip in it.

    With `keeps` false nothing is: a dry run leaves nothing behind.
    """
    reader = Reader(session.progress)
    with recalled(session, keeps=keeps, makes_folder=makes_folder):
        whole = read_all(session.folder, reader)
    if whole is not None:
        speak(whole.office.language)
        if keeps:
            last_valid.keep(session, whole, reader, makes_folder)
    return OfficeNow(whole, reader.mistakes)


def _unknown(runbook: str, whole: OfficeConfig, mistakes: list[Mistake]) -> InputError:
    file = whole.unusable.get(("runbook", runbook))
    own = [
        each
        for each in mistakes
        if each.file == file or each.file.rpartition("/")[2].partition(".")[0] == runbook
    ]
    return SourceError(own) if own else no_such(runbook, whole.runbooks, whole.runbooks.values())


def _unusable(runbook: Runbook, whole: OfficeConfig) -> Iterator[str]:
    """The files, or their folder, of what a runbook points to and cannot have, because there is a mistake in them."""
    usable = {"runbook": whole.runbooks, "check": whole.checks, "notice": whole.notices}
    for kind, name in points_to(runbook):
        unread = whole.unusable.get((kind, name)) or whole.unusable.get((kind, ANY))
        if unread is not None and kind in usable and name not in usable[kind]:
            yield unread
        elif kind == "audience" and name not in whole.audiences:
            yield f"{CONTACTS}/"
