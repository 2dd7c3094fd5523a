"""Reads the whole office for a command: mistakes stop it only where they concern what it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bcp.app import last_valid
from bcp.app.session import Session
from bcp.contact.load import FOLDER as CONTACTS
from bcp.errors import InputError, Mistake, SourceError
from bcp.i18n import _, speak
from bcp.office.find import FILE
from bcp.runbook.model import Runbook, Step
from bcp.runbook.plan import reach
from bcp.validate import OfficeConfig, read_all
from bcp.yaml.near import did_you_mean
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


def read_now(session: Session, *, keeps: bool = True, makes_folder: bool = True) -> OfficeNow:
    """Read every file; mistakes raise nothing. Where all of it holds it is kept for a day with a slip in it.

    With `keeps` false nothing is: a dry run leaves nothing behind.
    """
    reader = Reader()
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
    if own:
        return SourceError(own)
    hint = did_you_mean(runbook, whole.runbooks) or _("runbooks: {names}").format(
        names=", ".join(whole.runbooks)
    )
    return InputError(_('there is no runbook "{name}"').format(name=runbook), hint)


def _unusable(runbook: Runbook, whole: OfficeConfig) -> Iterator[str]:
    """The files, or their folder, of what a runbook points to and cannot have, because there is a mistake in them."""
    usable = {"runbook": whole.runbooks, "check": whole.checks, "notice": whole.notices}
    for kind, name in _points_to(runbook):
        unread = whole.unusable.get((kind, name)) or whole.unusable.get((kind, ANY))
        if unread is not None and kind in usable and name not in usable[kind]:
            yield unread
        elif kind == "audience" and name not in whole.audiences:
            yield f"{CONTACTS}/"


def _points_to(runbook: Runbook) -> Iterator[tuple[str, str]]:
    """What it names, by kind and name."""
    for _loc, act in runbook.acts():
        yield from ((ref.kind, ref.name) for ref in act.action.refs())
        if act.expect is not None:
            yield "check", act.expect
        if isinstance(act, Step) and act.only_if is not None and act.only_if.check is not None:
            yield "check", act.only_if.check
    for decision in runbook.decisions:
        yield from (("runbook", choice.runbook) for choice in decision.answers if choice.runbook)
