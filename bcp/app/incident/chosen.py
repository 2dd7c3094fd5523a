"""Which plan is begun: that of today, or, where a mistake stands in its way, the one that was last without any."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bcp.app import last_valid
from bcp.app.incident.shell import PlansAsOfLast, Shell
from bcp.app.last_valid import LastValid
from bcp.app.load_office import OfficeNow, office_reached, read_now, refuse_unknown
from bcp.app.office import person_in
from bcp.app.session import Session
from bcp.errors import Exit, InputError, Mistake, SourceError, StoreError
from bcp.i18n import _, speak
from bcp.incident.script import Answers
from bcp.times import local
from bcp.validate import OfficeConfig
from bcp.yaml.source import Reader

_TOLD = 3
"""Mistakes that the record names."""


@dataclass(frozen=True, slots=True)
class StartRequest:
    """What is to be begun; `answers` play the person.

    With `as_of_last` the plans as they were last without a mistake are taken, where one stands in the way today, and
    nobody is asked.
    """

    kind: str
    runbook: str
    by: str | None = None
    answers: Answers | None = None
    as_of_last: bool = False


class AsOfLast(NamedTuple):
    """That plans are taken which are not those of the day: since when they were so, and why today's cannot be."""

    at: datetime
    why: str


class ChosenRunbook(NamedTuple):
    """The office as far as the runbook reaches, its name, and the person who acts; whose plans, where not of today."""

    office: OfficeConfig
    runbook: str
    doer: str
    as_of: AsOfLast | None = None


class NeedsAgreement(SourceError):
    """Only a person can say whether the plans as they were last are good enough."""

    exit = Exit.PERSON_NEEDED


def chosen(
    session: Session, request: StartRequest, shell: Shell, command: str, *, keeps: bool = True
) -> ChosenRunbook:
    """The plan that is to be begun, with what it reaches, and by whom; `command` is what would begin it.

    Raises SourceError for mistakes that concern it, where there are no older plans or nobody wants to go on with them:
    NeedsAgreement where nobody is there to say so. Raises InputError for a runbook or a person that there is not.
    """
    runbook = request.runbook
    office = office_reached(session, runbook, keeps=keeps, makes_folder=True)
    if office is not None:
        return ChosenRunbook(office, runbook, person_in(session, office.office, request.by))
    kept = last_valid.find_reached(session, runbook)
    if kept is None:
        refuse_unknown(session, runbook, keeps=keeps)
    now = read_now(session, keeps=keeps)
    refusal = now.refusal(runbook)
    if refusal is None:
        office = now.used(session)
        return ChosenRunbook(office, runbook, person_in(session, office.office, request.by))
    refusal = _said_of_file(session, kept, runbook, refusal)
    office = _as_of_last(session, kept, runbook, refusal)
    assert kept is not None
    mistakes = refusal.mistakes if isinstance(refusal, SourceError) else ()
    offer = _offer(session, kept, runbook, mistakes)
    speak(office.office.language)
    if not request.as_of_last and not shell.takes_as_of_last(offer):
        raise _not_taken(refusal, offer, shell, f"{command} {runbook} --as-of-last")
    as_of = AsOfLast(kept.at, "; ".join(map(str, mistakes[:_TOLD])) or refusal.message)
    return ChosenRunbook(office, runbook, person_in(session, office.office, request.by), as_of)


def _said_of_file(session: Session, kept: LastValid | None, runbook: str, refusal: InputError) -> InputError:
    """The refusal; of a plan that there was and is not any more it says what became of its file."""
    if isinstance(refusal, SourceError) or kept is None or runbook not in kept.whole.runbooks:
        return refusal
    shown = kept.whole.runbooks[runbook].document.shown
    try:
        Reader().text(session.folder / shown, shown)
    except SourceError as error:
        return error
    words = _('the runbook "{name}" is not in this file any more')
    return SourceError([Mistake(shown, 1, 1, words.format(name=runbook))])


def _as_of_last(session: Session, kept: LastValid | None, runbook: str, refusal: InputError) -> OfficeConfig:
    """The office as it was kept. Raises `refusal`, with where the printed sheet is, where that is no help."""
    if kept is None or OfficeNow(kept.whole, list(kept.mistakes)).refusal(runbook) is not None:
        sheets = _sheets(session, runbook)
        if sheets and isinstance(refusal, SourceError):
            refusal.told_as(
                _("the plan {runbook} cannot be used: there is a mistake in it").format(runbook=runbook),
                _("go on by its printed sheet ({sheets}), or correct the lines above").format(sheets=sheets),
            )
        raise refusal
    return kept.whole


def _offer(session: Session, kept: LastValid, runbook: str, mistakes: Sequence[Mistake]) -> PlansAsOfLast:
    return PlansAsOfLast(
        runbook,
        local(kept.at, kept.whole.office.zone),
        mistakes,
        kept.changed(session.folder),
        _sheets(session, runbook),
    )


def _sheets(session: Session, runbook: str) -> str:
    """Where printed sheets of the plan hang: `Kitchen (by the door), Anna's bag`; nothing where none is noted."""
    from bcp.app.print.sheets import sheets_of

    with suppress(StoreError, InputError):
        return ", ".join(f"{copy.name} ({copy.place})" for copy in sheets_of(session.folder, runbook))
    return ""


def _not_taken(refusal: InputError, offer: PlansAsOfLast, shell: Shell, command: str) -> InputError:
    """The failure where they are not taken: who is there said no; where nobody is, a person is needed."""
    mistakes = refusal.mistakes if isinstance(refusal, SourceError) else ()
    error = SourceError(mistakes) if shell.attended else NeedsAgreement(mistakes)
    words = _(
        "Today's plan {runbook} cannot be used. It is kept as of {time}, when nothing was wrong. {sheets}"
    )
    error.told_as(
        words.format(runbook=offer.runbook, time=offer.at, sheets=offer.where_printed()),
        _("go on with the plan as of {time}: {command}   or correct the lines above").format(
            time=offer.at, command=command
        ),
    )
    return error
