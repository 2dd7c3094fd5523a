"""Reads the whole office for a command: mistakes stop it only where they concern what it is about."""

from __future__ import annotations

from dataclasses import replace

from bcp.app.session import Session
from bcp.errors import InputError, SourceError
from bcp.i18n import _, speak
from bcp.runbook.plan import reach
from bcp.validate import OfficeConfig, read_all
from bcp.yaml.near import did_you_mean
from bcp.yaml.source import Reader


def office_for(session: Session, runbook: str | None) -> OfficeConfig:
    """Everything the office says; from now on its language is spoken.

    Mistakes stop only where they concern the runbook, others are remarked: in a crisis a slip in some other file must
    not stand in the way. Raises SourceError or InputError.
    """
    reader = Reader()
    whole = read_all(session.folder, reader)
    if whole is None:
        raise SourceError(reader.mistakes)
    speak(whole.office.language)
    concerned = {"bcp.yaml"}
    if runbook is not None:
        if runbook not in whole.runbooks:
            _refuse_unknown(runbook, whole, reader)
        concerned |= {whole.runbooks[name].document.shown for name in reach(runbook, whole.runbooks)}
    stopping = [mistake for mistake in reader.mistakes if mistake.file in concerned]
    if stopping:
        raise SourceError(stopping)
    if reader.mistakes:
        count = len(reader.mistakes)
        one = _("1 mistake in other files of this office; later: bcp validate")
        many = _("{count} mistakes in other files of this office; later: bcp validate")
        session.remark(one if count == 1 else many.format(count=count))
    return replace(whole, slips=len(reader.mistakes))


def _refuse_unknown(runbook: str, whole: OfficeConfig, reader: Reader) -> None:
    own = [each for each in reader.mistakes if each.file.rpartition("/")[2].partition(".")[0] == runbook]
    if own:
        raise SourceError(own)
    hint = did_you_mean(runbook, whole.runbooks) or _("runbooks: {names}").format(
        names=", ".join(whole.runbooks)
    )
    raise InputError(_('there is no runbook "{name}"').format(name=runbook), hint)
