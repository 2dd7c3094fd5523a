"""Wires the watch: where its checks come from, where its spans go, and whom it tells what."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from bcp.atomic import write_whole
from bcp.check.diagnose import Diagnosis
from bcp.check.duty import Duty
from bcp.check.load import files as check_files
from bcp.check.model import Check
from bcp.check.once import Pass
from bcp.check.round import Outcome
from bcp.check.teller import carefully
from bcp.check.watch import Plan, Wiring
from bcp.check.watch import watch as keep_watching
from bcp.cli import looking
from bcp.cli.beginning import begin_auto
from bcp.cli.bug import guarded, tell_bug_beside
from bcp.cli.console import say, show
from bcp.cli.duties import strike
from bcp.cli.histories import metrics_text
from bcp.cli.watch import METRICS_EVERY
from bcp.cli.wiring import Session
from bcp.errors import Exit, InputError
from bcp.folder import FILE
from bcp.incident.book import Busy
from bcp.store.spans import StoredSpans
from bcp.times import local, local_clock
from bcp.tongue import _
from bcp.world.base import Program
from bcp.world.real import Real
from bcp.world.secret import Secrets

NOTIFY_WITHIN = 20.0
CLOCK_EVERY = timedelta(seconds=30)
OVERDUE = timedelta(minutes=1)
"""Who tells of a flip begins its runbook, once there is a diagnosis; what is not begun by then is begun without."""


def watch(session: Session, metrics: Path | None) -> int:
    """Watch until SIGTERM or Ctrl-C. Raises SourceError where the checks do not load at the start."""
    good = _Good(session)
    spans = session.stores.of(StoredSpans)
    teller = _Teller(good)
    told: set[str] = set()
    duties = [Duty("clock", CLOCK_EVERY, guarded(teller.strike, told))]
    if metrics:
        duties.append(Duty("metrics", METRICS_EVERY, guarded(lambda: _write_metrics(session, metrics), told)))
    try:
        with looking.looking_alone(session):
            # Before the first look, for its news come behind them.
            carefully(lambda: teller.hand_on(looking.untold(session, spans.held())), say)
            keep_watching(
                Wiring(
                    load=good.load,
                    files=lambda: _files(session.folder),
                    spans=spans,
                    shared=looking.shared_for(session),
                    told=guarded(teller.tell, told),
                    reminded=guarded(teller.remind, told),
                    bug=lambda error: tell_bug_beside(error, told),
                    say=say,
                    duties=duties,
                )
            )
    except Busy:
        raise InputError("another process looks at these checks already", "see: bcp check status") from None
    finally:
        spans.close()
    say(_("The watch is over; everything that was seen is written down."))
    return Exit.OK


class _Good:
    """The office and its checks as they last loaded without a mistake."""

    def __init__(self, session: Session) -> None:
        """Raises SourceError where they do not load."""
        self.session = session
        self.office, self.checks = looking.office_and_checks(session)

    def load(self) -> Plan:
        """Read them anew. Raises SourceError, and then the last good ones stay."""
        self.office, self.checks = looking.office_and_checks(self.session)
        references = looking.references_of(self.office)
        return Plan(self.checks, self.office.zone, self.office.watch.alive, references)


class _Teller:
    """Tells people what changed; it is called in a thread of its own, so its session is its own, too.

    It goes by the last good files: a slip in a file must not keep an outage from anybody.
    """

    def __init__(self, good: _Good) -> None:
        self._good = good

    def tell(self, outcomes: Sequence[Outcome], diagnosis: Diagnosis | None) -> None:
        """Write the flips down, tell whether or not that worked, and begin what may begin by itself."""
        self.hand_on(outcomes, diagnosis)
        begin_auto(_fresh(self._good.session), self._good.office, self._good.checks)

    def hand_on(self, outcomes: Sequence[Outcome], diagnosis: Diagnosis | None = None) -> None:
        """Write the flips down, and tell whether or not that worked."""
        session, office, checks = _fresh(self._good.session), self._good.office, self._good.checks
        found = Pass(tuple(each for each in outcomes if each.check in checks), diagnosis)
        try:
            looking.write_flips(session, office, checks, found)
        finally:
            looking.tell(session, office, checks, found, verbose=False)
            for outcome in found.news:
                # What came back wants nothing begun, whatever else went down in the same moment.
                alone = Pass((outcome,), diagnosis if outcome.state != "up" else None)
                lines = looking.what_next(session, checks, alone)
                self._notify(session, _words(checks[outcome.check], outcome, lines))

    def strike(self) -> None:
        """Look at the clock: decisions and promises that fall due, and what should have begun by itself."""
        session = _fresh(self._good.session)
        strike(session, lambda words: self._say(session, words))
        begin_auto(session, self._good.office, self._good.checks, OVERDUE)

    def _say(self, session: Session, words: str) -> None:
        show(words)
        self._notify(session, words)

    def remind(self, outcome: Outcome) -> None:
        """Say once more that it is still not up."""
        check = self._good.checks.get(outcome.check)
        if check is not None:
            zone, session = self._good.office.zone, _fresh(self._good.session)
            words = _("{time}  still, since {since}: {words}").format(
                time=local(outcome.at, zone),
                since=local_clock(outcome.since, zone, outcome.at),
                words=_words(check, outcome, ()),
            )
            is_for_us = check.runbook is not None and outcome.state == "down"
            command = f"\n  → {looking.how_to_go_on(session, str(check.runbook))}" if is_for_us else ""
            self._say(session, words + command)

    def _notify(self, session: Session, text: str) -> None:
        """The program that the office named, else the desktop's own; what it refuses is said here."""
        program = self._good.office.watch.notify or (
            ["notify-send", "bcp"] if shutil.which("notify-send") else None
        )
        if program is None:
            return
        ran = Real(Secrets(session.folder, session.environ)).run(Program((*program, text), NOTIFY_WITHIN))
        if ran.code != 0:
            say(_("nobody was notified: {why}").format(why=ran.trouble or ran.output.strip()))


def _words(check: Check, outcome: Outcome, lines: Sequence[str]) -> str:
    return "\n".join((f"{check.title}: {outcome.state}: {outcome.reason}", *lines[:1]))


def _fresh(session: Session) -> Session:
    return Session(str(session.folder), session.environ, session.clock)


def _files(folder: Path) -> Iterable[Path]:
    return [folder / FILE, *check_files(folder)]


def _write_metrics(session: Session, file: Path) -> None:
    """Beside, then renamed, so that a reader never finds half of it."""
    write_whole(file, metrics_text(_fresh(session)))
