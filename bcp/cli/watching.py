"""Wires the watch: where its checks come from, where its spans go, and whom it tells what."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from bcp.check.diagnose import Diagnosis
from bcp.check.load import files as check_files
from bcp.check.model import Check
from bcp.check.once import Pass
from bcp.check.round import Outcome
from bcp.check.watch import Duty, Wiring
from bcp.check.watch import watch as keep_watching
from bcp.cli import looking
from bcp.cli.console import say, show
from bcp.cli.duties import strike
from bcp.cli.histories import metrics_text
from bcp.cli.watch import METRICS_EVERY
from bcp.cli.wiring import Session
from bcp.errors import Exit, InputError
from bcp.folder import FILE
from bcp.office import Office
from bcp.store.spans import StoredSpans
from bcp.tongue import _
from bcp.world.base import Program
from bcp.world.real import Real
from bcp.world.secret import Secrets

NOTIFY_WITHIN = 20.0
CLOCK_EVERY = timedelta(seconds=30)


def watch(session: Session, metrics: Path | None) -> int:
    """Watch until SIGTERM or Ctrl-C. Raises SourceError where the checks do not load at the start."""
    office, _checks = looking.office_and_checks(session)
    spans = StoredSpans(session.state)
    teller = _Teller(session.asked_office or str(session.folder), office)
    duties = [Duty("clock", CLOCK_EVERY, teller.strike)]
    if metrics:
        duties.append(Duty("metrics", METRICS_EVERY, lambda: _write_metrics(session, metrics)))
    try:
        with looking.looking_alone(session):
            keep_watching(
                Wiring(
                    load=lambda: looking.office_and_checks(_fresh(session))[1],
                    files=lambda: _files(session.folder),
                    spans=spans,
                    shared=looking.shared_for(session),
                    zone=office.zone,
                    told=teller.tell,
                    reminded=teller.remind,
                    say=say,
                    duties=duties,
                    alive=office.watch.alive,
                    references=looking.references_of(office),
                )
            )
    except looking.Busy:
        raise InputError("another process looks at these checks already", "see: bcp check status") from None
    finally:
        spans.close()
    say(_("The watch is over; everything that was seen is written down."))
    return Exit.OK


class _Teller:
    """Tells people what changed; it is called in a thread of its own, so its session is its own, too."""

    def __init__(self, folder: str, office: Office) -> None:
        self._folder = folder
        self._office = office

    def tell(self, outcomes: Sequence[Outcome], diagnosis: Diagnosis | None) -> None:
        """Write the flips down, tell, and begin what may begin by itself."""
        session = Session(self._folder)
        office, checks = looking.office_and_checks(session)
        found = Pass(tuple(outcomes), diagnosis)
        looking.write_flips(session, office, checks, found)
        looking.tell(session, office, checks, found, verbose=False)
        for outcome in found.news:
            self._notify(session, _words(checks[outcome.check], outcome, looking.commands(checks, found)))
        looking.begin_auto(session, checks, found)

    def strike(self) -> None:
        """Look at the clock: decisions and promises that fall due."""
        session = Session(self._folder)
        strike(session, lambda words: self._say(session, words))

    def _say(self, session: Session, words: str) -> None:
        show(words)
        self._notify(session, words)

    def remind(self, outcome: Outcome) -> None:
        """Say once more that it is still not up."""
        session = Session(self._folder)
        _office, checks = looking.office_and_checks(session)
        words = _words(checks[outcome.check], outcome, ())
        self._say(session, _("still: {words}").format(words=words))

    def _notify(self, session: Session, text: str) -> None:
        """The program that the office named, else the desktop's own; what it refuses is said here."""
        program = self._office.watch.notify or (
            ["notify-send", "bcp"] if shutil.which("notify-send") else None
        )
        if program is None:
            return
        ran = Real(Secrets(session.folder, session.environ)).run(Program((*program, text), NOTIFY_WITHIN))
        if ran.code != 0:
            say(_("nobody was notified: {why}").format(why=ran.trouble or ran.output.strip()))


def _words(check: Check, outcome: Outcome, commands: Sequence[str]) -> str:
    words = f"{check.title}: {outcome.state}: {outcome.reason}"
    return f"{words}\n{_('To begin: {command}').format(command=commands[0])}" if commands else words


def _fresh(session: Session) -> Session:
    return Session(str(session.folder), session.environ, session.clock)


def _files(folder: Path) -> Iterable[Path]:
    return [folder / FILE, *check_files(folder)]


def _write_metrics(session: Session, file: Path) -> None:
    """Beside, then renamed, so that a reader never finds half of it."""
    fresh = file.with_suffix(".new")
    fresh.write_text(metrics_text(_fresh(session)), encoding="utf-8")
    fresh.replace(file)
