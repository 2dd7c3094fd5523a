"""Wires the watch: where its checks come from, where its spans go, and whom it tells what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import ParamSpec, Protocol

from bcp.alert.alert import Alert
from bcp.alert.wording import of_news
from bcp.app.alert.courier import Courier
from bcp.app.alert.of_checks import alerts_of
from bcp.app.check import standing
from bcp.app.check.flips import untold, write_flips
from bcp.app.check.go_on import how_to_go_on
from bcp.app.check.history import metrics_text
from bcp.app.check.page import FreshPage, PageFile
from bcp.app.check.probing import (
    ChecksToLookAt,
    checks_to_look_at,
    line_of,
    office_and_checks,
    references_of,
    shared_for,
)
from bcp.app.check.run import PassResult, looking_alone
from bcp.app.contact.forget_request import waits
from bcp.app.incident.autostart import begin_auto
from bcp.app.session import Session
from bcp.check.diagnose import Diagnosis
from bcp.check.duty import Duty
from bcp.check.load import files as check_files
from bcp.check.model import Check
from bcp.check.notifier import carefully
from bcp.check.round import Outcome
from bcp.check.single_pass import Pass
from bcp.check.watch import WatchPlan, Wiring
from bcp.check.watch import watch as keep_watching
from bcp.errors import InputError
from bcp.files import write_whole
from bcp.i18n import _
from bcp.incident.journal import Busy
from bcp.office.find import FILE
from bcp.office.line import OfficeLine
from bcp.store.spans import StoredSpans
from bcp.times import local, local_clock

CLOCK_EVERY = timedelta(seconds=30)
METRICS_EVERY = timedelta(seconds=15)
PAGE_EVERY = timedelta(seconds=15)
"""How often it is asked whether the page is to be written; it is less often written."""
LEVERS_EVERY = timedelta(minutes=1)
"""How often it is asked whether what was set is to be looked at; it is less often looked at."""
FORGET_EVERY = timedelta(minutes=1)
OVERDUE = timedelta(minutes=1)
"""Who tells of a flip begins its runbook, once there is a diagnosis; what is not begun by then is begun without."""

P = ParamSpec("P")


class WatchListener(Protocol):
    """Who runs a watch: where its lines go, and what it has no hands for itself."""

    def say(self, text: str) -> None:
        """A line of talk."""

    def show(self, text: str) -> None:
        """A line of news."""

    def tell(self, session: Session, result: PassResult) -> None:
        """What changed."""

    def begin(self, session: Session, runbook: str) -> None:
        """Begin an incident with nobody there, as the office allowed it."""

    def strike(self, session: Session, tell: Callable[[str], None]) -> None:
        """Look at the clock for each open incident, and tell what fell due."""

    def bug(self, error: BaseException) -> None:
        """A bug of ours ended something that goes on in the background."""

    def guarded(self, do: Callable[P, None]) -> Callable[P, None]:
        """`do`, in which a bug is kept and told, and ends nothing beside it."""
        ...


def watch(
    session: Session, metrics: Path | None, watcher: WatchListener, page: PageFile | None = None
) -> None:
    """Watch until SIGTERM or Ctrl-C. `metrics` and `page` are files that are kept up to date.

    Raises SourceError where the checks do not load at the start, InputError where another process looks at them.
    """
    files = _LastGood(session)
    spans = session.stores.of(StoredSpans)
    courier = Courier(_fresh(session), lambda: files.office, watcher.say, watcher.guarded)
    teller = _Teller(files, watcher, courier)
    duties = [Duty("clock", CLOCK_EVERY, watcher.guarded(teller.strike))]
    duties.append(Duty("levers", LEVERS_EVERY, watcher.guarded(teller.look_at_levers)))
    duties.append(Duty("forget", FORGET_EVERY, watcher.guarded(lambda: _go_on_forgetting(session))))
    if metrics:
        duties.append(
            Duty("metrics", METRICS_EVERY, watcher.guarded(lambda: _write_metrics(session, metrics)))
        )
    if page:
        duties.append(Duty("page", PAGE_EVERY, watcher.guarded(_fresh_page(files, page).keep)))
    try:
        with looking_alone(session):
            # Before the first look, for its news come behind them.
            carefully(lambda: teller.hand_on(untold(session, spans.held())), watcher.say)
            courier.start()
            keep_watching(
                Wiring(
                    load=files.load,
                    files=lambda: _files(session.folder),
                    spans=spans,
                    shared=replace(shared_for(session, files.office), line=files.line),
                    told=watcher.guarded(teller.tell),
                    reminded=watcher.guarded(teller.remind),
                    bug=watcher.bug,
                    say=watcher.say,
                    duties=duties,
                )
            )
    except Busy:
        raise InputError("another process looks at these checks already", "see: bcp check status") from None
    finally:
        courier.end()
        spans.close()


class _LastGood:
    """The office and its checks as they last loaded without a mistake."""

    def line(self, name: str) -> OfficeLine | None:
        """A line of bcp.yaml as it is now."""
        return line_of(self.office, name)

    def __init__(self, session: Session) -> None:
        """Raises SourceError where they do not load and no older ones are kept."""
        self.session = session
        self._first: ChecksToLookAt | None = checks_to_look_at(session)
        self.office, self.checks, _is_of_last = self._first

    def load(self) -> WatchPlan:
        """Read them anew. Raises SourceError, and then the last good ones stay."""
        if self._first is None or not self._first.is_of_last:
            self.office, self.checks = office_and_checks(self.session)
        self._first = None
        return WatchPlan(self.checks, self.office.zone, self.office.watch.alive, references_of(self.office))


class _Teller:
    """Tells people what changed; it is called in a thread of its own, so its session is its own, too.

    It goes by the last good files: a slip in a file must not keep an outage from anybody. What is to be told is kept
    first, and the courier tells it for as long as it takes.
    """

    def __init__(self, files: _LastGood, watcher: WatchListener, courier: Courier) -> None:
        self._files, self._watcher, self._courier = files, watcher, courier

    def tell(self, outcomes: Sequence[Outcome], diagnosis: Diagnosis | None) -> None:
        """Write the flips down, tell whether or not that worked, and begin what may begin by itself."""
        self.hand_on(outcomes, diagnosis)
        self._begin(_fresh(self._files.session), timedelta(0))

    def hand_on(self, outcomes: Sequence[Outcome], diagnosis: Diagnosis | None = None) -> None:
        """Keep what is to be told, write the flips down, and tell whether or not that worked."""
        session, office, checks = _fresh(self._files.session), self._files.office, self._files.checks
        found = Pass(tuple(each for each in outcomes if each.check in checks), diagnosis)
        self._courier.keep(alerts_of(session, checks, found.news, diagnosis))
        try:
            write_flips(session, office, checks, found)
        finally:
            self._courier.wake()
            self._watcher.tell(session, PassResult(office, checks, found))

    def strike(self) -> None:
        """Look at the clock: decisions and promises that fall due, and what should have begun by itself."""
        session = _fresh(self._files.session)
        self._watcher.strike(session, lambda words: self._show(session, words))
        self._begin(session, OVERDUE)

    def look_at_levers(self) -> None:
        """Look whether what was set still stands, where that is due, and tell what changed."""
        session = _fresh(self._files.session)
        for words in standing.look(session).news:
            self._show(session, words)

    def remind(self, outcome: Outcome) -> None:
        """Say once more that it is still not up."""
        check = self._files.checks.get(outcome.check)
        if check is not None:
            zone, session = self._files.office.zone, _fresh(self._files.session)
            words = _("{time}  still, since {since}: {words}").format(
                time=local(outcome.at, zone),
                since=local_clock(outcome.since, zone, outcome.at),
                words=_words(check, outcome, ()),
            )
            is_for_us = check.runbook is not None and outcome.state == "down"
            command = f"\n  → {how_to_go_on(session, str(check.runbook))}" if is_for_us else ""
            self._watcher.show(words + command)
            self._send(alerts_of(session, self._files.checks, (outcome,), None, reminder=True))

    def _begin(self, session: Session, after: timedelta) -> None:
        begin = partial(self._watcher.begin, session)
        begin_auto(session, self._files.office, self._files.checks, begin, after)

    def _show(self, session: Session, words: str) -> None:
        self._watcher.show(words)
        self._send([of_news(words, session.clock.now())])

    def _send(self, alerts: Sequence[Alert]) -> None:
        self._courier.keep(alerts)
        self._courier.wake()


def _words(check: Check, outcome: Outcome, lines: Sequence[str]) -> str:
    return "\n".join((f"{check.title}: {outcome.state}: {outcome.reason}", *lines[:1]))


def _fresh(session: Session) -> Session:
    return Session(str(session.folder), session.environ, session.clock, session.remark)


def _files(folder: Path) -> Iterable[Path]:
    return [folder / FILE, *check_files(folder)]


def _go_on_forgetting(session: Session) -> None:
    """Whom an earlier command could not forget, because the store was in use."""
    if waits(session.stores.folder):
        from bcp.app.contact.forget import go_on_forgetting

        go_on_forgetting(_fresh(session))


def _write_metrics(session: Session, file: Path) -> None:
    """Beside, then renamed, so that a reader never finds half of it."""
    write_whole(file, metrics_text(_fresh(session)), published=True)


def _fresh_page(files: _LastGood, page: PageFile) -> FreshPage:
    return FreshPage(page, lambda: (_fresh(files.session), files.office, files.checks))
