"""Wires a walk: the real world for an incident, a rehearsal for a drill; and carries it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, partial
from typing import NamedTuple

from bcp.action.base import Checks, Diagnosed, Look, State, Tools
from bcp.action.letters import Letters
from bcp.app.incident.shell import Shell
from bcp.app.incident.standing import Believer
from bcp.app.incident.summaries import keep
from bcp.app.levers import levers_of
from bcp.app.provider_call import IncidentFaults
from bcp.app.session import Session
from bcp.app.worlds import world_of
from bcp.check.model import Check
from bcp.check.network_path import References
from bcp.check.step_checks import OfficeLooks
from bcp.i18n import _
from bcp.incident.aim import Aim
from bcp.incident.engine import Stop, Walk
from bcp.incident.events.note import NoteWritten
from bcp.incident.journal import IncidentJournal
from bcp.incident.journal_text import TextDifference
from bcp.incident.operator import StepUI
from bcp.incident.script import Answers, AssumedLooks, DrillScript
from bcp.incident.state import Incident
from bcp.outside import World
from bcp.probe.base import Shared

_DIAGNOSIS = 12.0
"""Seconds within which a diagnosis ends."""


@dataclass(frozen=True, slots=True)
class Walked:
    """How a walk ended. `stop` is None where the person interrupted it; `kept` of the answers given by then.

    `troubles` says of the steps of a rehearsal why they did not succeed.
    """

    incident: Incident
    stop: Stop | None
    troubles: Mapping[str, str] = field(default_factory=dict)
    kept: str = ""


def run(
    session: Session, book: IncidentJournal, by: str, shell: Shell, answers: Answers | None = None
) -> Walked:
    """Walk from where the incident stands, its journal.txt brought up to date first.

    Raises StoreError where its record is a copy beside the one that is written.
    """
    session.leads(book.incident)
    if book.incident.closed_at is None and not book.incident.handed_over:
        session.stores.refuse_copy(book.incident.id)
    walked = run_on(session, book, by, shell, answers, mended=session.mend_record(book.incident.id))
    keep(session, walked.incident)
    return walked


def run_on(
    session: Session,
    book: IncidentJournal,
    by: str,
    shell: Shell,
    answers: Answers | None,
    *,
    mended: TextDifference | None = None,
    aim: Aim | None = None,
) -> Walked:
    """Walk from where the incident stands, in the middle of another deed; how journal.txt was `mended` is told.

    `aim` is what it leads through, where that is not simply what comes next.
    """
    guide = _guide(session, book.incident, shell, answers)
    if mended:
        guide.tell(_mended(mended))
    player = guide if isinstance(guide, DrillScript) else None
    try:
        stop = walk(session, book, guide, by, answers=answers, shell=shell, aim=aim).run()
    except KeyboardInterrupt:
        return Walked(book.incident, None, kept=_keep(book, {} if player else shell.half_answered(), by))
    return Walked(book.incident, stop, player.troubles if player else {})


def _mended(found: TextDifference) -> str:
    if found.kept is None:
        return _("journal.txt was brought up to date with the journal.")
    words = _(
        "journal.txt said something else than the journal. It was written anew; the old text is kept: {file}"
    )
    return words.format(file=found.kept)


def _keep(book: IncidentJournal, typed: Mapping[str, tuple[str, str]], by: str) -> str:
    """What was answered of a step's questions, before the last was, is not lost: it stands in a note."""
    facts = book.incident.facts
    lost = [f"{question} {said}" for name, (question, said) in typed.items() if facts.get(name) != said]
    if not lost:
        return ""
    given = "; ".join(lost)
    words = _("answered before it was interrupted: {given}").format(given=given)
    book.write(lambda _incident: [NoteWritten(words).entry(by)])
    return given


def _guide(session: Session, incident: Incident, shell: Shell, answers: Answers | None) -> StepUI:
    """Who is led: the script of a drill, or whom the shell has. Raises SourceError for answers that fit nothing."""
    real = shell.operator(lambda: session.place(incident))
    if answers is None:
        return real
    place = session.place(incident)
    answers.refuse_strange(incident.plan, place)
    return DrillScript(answers, place, real)


def walk(
    session: Session,
    book: IncidentJournal,
    guide: StepUI,
    by: str,
    *,
    answers: Answers | None = None,
    shell: Shell | None = None,
    aim: Aim | None = None,
) -> Walk:
    """A walk through `book`; a drill gets a world and looks that only pretend, and stores of its own.

    Without a shell nobody sees letters go out.
    """
    world = world_of(session, book.incident.drill)
    if book.incident.drill:
        session = session.with_stores(session.stores.for_drill())
        looks: Checks = (
            AssumedLooks(answers.checks, answers.verdict) if answers is not None else AssumedLooks({})
        )
    else:
        looks = RealLooks(session, guide.tell)

    def tools(incident: Incident, step: str) -> Tools:
        country = incident.plan.office.country
        letters = partial(_letters, session, incident, by, world, shell)
        levers = levers_of(session, incident, step, by, world)
        facts = incident.known
        faults = IncidentFaults(session, incident, by, world)
        return Tools(
            guide, world, looks, session.clock, incident.zone, country, facts, letters, levers, faults
        )

    files = session.stores.files(book.incident.id)
    holds, aim = session.stores.holds, aim or Aim()
    believed = Believer(session, by).believed
    return Walk(book, guide, tools, holds, session.clock, by, files, aim, believed, session.progress)


class RealLooks:
    """The office's checks, and the diagnosis over them; read when first needed, so that most walks read none."""

    def __init__(self, session: Session, tell: Callable[[str], None]) -> None:
        """`tell` is told before what takes long."""
        self._session, self._tell = session, tell

    def look(self, check: str, within: timedelta, wanted: State) -> Look:
        """Look at a check of the office."""
        looks = OfficeLooks(self._read.checks, self._read.shared)
        words = _("Looking at the check {check}").format(check=check)
        with self._session.progress.countdown(words, within.total_seconds()):
            return looks.look(check, within, wanted)

    def diagnose(self) -> Diagnosed:
        """Look at all layers; up to 20 seconds."""
        from bcp.check.diagnose import diagnose_now
        from bcp.check.picture import picture

        read = self._read
        self._tell(_("Looking at everything at once; this takes up to twelve seconds …"))
        with self._session.progress.countdown(_("Looking at everything at once"), _DIAGNOSIS):
            found = diagnose_now(read.checks, read.shared, read.references)
        return Diagnosed(
            found.verdict,
            tuple(f"{state:<9} {name}: {seen}" for state, name, seen in picture(found)),
            thing=found.thing,
            next_step=found.next_step,
        )

    @cached_property
    def _read(self) -> _ToLook:
        return _to_look(self._session)


def _letters(session: Session, incident: Incident, by: str, world: World, shell: Shell | None) -> Letters:
    from bcp.app.notice.by_hand import papers_of
    from bcp.app.notice.office import affair_of, post_of
    from bcp.notice.campaign.letters import IncidentLetters
    from bcp.notice.campaign.watching import unwatched

    watch = shell.watch() if shell is not None else unwatched
    return IncidentLetters(post_of(session), affair_of(incident, by), world, watch, papers_of(session))


class _ToLook(NamedTuple):
    """The checks that can be read, what their probes share, and what stands for the internet."""

    checks: Mapping[str, Check]
    shared: Shared
    references: References


def _to_look(session: Session) -> _ToLook:
    """What can be looked at; a check in which there is a slip now is that of the day when all plans last held."""
    from bcp.app import last_valid
    from bcp.app.check.probing import references_of, shared_for
    from bcp.check.load import load as load_checks
    from bcp.office.model import load as load_office
    from bcp.yaml.source import Reader

    reader = Reader()
    office = load_office(session.folder, reader)
    checks = load_checks(session.folder, reader)
    kept = last_valid.find(session) if reader.mistakes else None
    if kept is not None:
        office = office or kept.whole.office
        broken = [name for kind, name in reader.unusable if kind == "check"]
        checks = {**{name: kept.whole.checks[name] for name in broken if name in kept.whole.checks}, **checks}
    for mistake in reader.mistakes:
        session.remark(str(mistake))
    if reader.mistakes:
        session.remark(_("A check with a mistake runs as it was before the mistake, or does not run."))
    references = references_of(office) if office is not None else References()
    return _ToLook({name: one.model for name, one in checks.items()}, shared_for(session, office), references)
