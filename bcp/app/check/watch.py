"""Wires the watch: where its checks come from, where its spans go, and whom it tells what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import ParamSpec, Protocol

from bcp.app.check import standing
from bcp.app.check.beginning import alone_after_passes, say_whose_it_is, seen_and_not_told, unobserved
from bcp.app.check.flips import write_flips
from bcp.app.check.go_on import how_to_go_on, what_next
from bcp.app.check.history import metrics_text
from bcp.app.check.last_good import LastGood, last_good
from bcp.app.check.notify import notify
from bcp.app.check.probing import shared_for
from bcp.app.check.run import PassResult
from bcp.app.check.watch_mark import WatchMarkFile
from bcp.app.contact.forget_request import waits
from bcp.app.incident.autostart import begin_auto
from bcp.app.session import Session
from bcp.check.diagnose import Diagnosis
from bcp.check.duty import Duty
from bcp.check.grace import MINUTE
from bcp.check.load import files as check_files
from bcp.check.model import Check
from bcp.check.notifier import carefully
from bcp.check.round import Outcome
from bcp.check.single_pass import Pass
from bcp.check.watch import watch as keep_watching
from bcp.check.wiring import Wiring
from bcp.errors import BcpError, StoreError
from bcp.files import write_whole
from bcp.i18n import _
from bcp.office.find import FILE
from bcp.store.spans import StoredSpans
from bcp.times import local, local_clock

CLOCK_EVERY = timedelta(seconds=30)
METRICS_EVERY = timedelta(seconds=15)
LEVERS_EVERY = timedelta(minutes=1)
"""How often it is asked whether what was set is to be looked at; it is less often looked at."""
FORGET_EVERY = timedelta(minutes=1)
GRACE = MINUTE
PATIENCE = 0.3
"""Seconds that a look waits for another program that writes to the store; then it is kept in memory."""
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

    def hung_up(self) -> None:
        """The terminal was closed: nothing can be shown there any more."""

    def bug(self, error: BaseException) -> None:
        """A bug of ours ended something that goes on in the background."""

    def guarded(self, do: Callable[P, None]) -> Callable[P, None]:
        """`do`, in which a bug is kept and told, and ends nothing beside it."""
        ...


def watch(session: Session, metrics: Path | None, watcher: WatchListener) -> BcpError | None:
    """Watch until SIGTERM, Ctrl-C or the terminal is closed; why not all that was seen is written down, else None.

    `metrics` is a file that is kept up to date. A store that is damaged, full or can only be read is told, and keeps
    nobody from looking. Raises SourceError where the checks do not load at the start and no older ones are kept, which
    is told to people, and InputError where another watch looks at them.
    """
    say_whose_it_is(session, watcher.say)
    files = last_good(session)
    teller = _Teller(files, watcher)
    mark = WatchMarkFile(session.stores.folder)
    with alone_after_passes(session, mark, watcher.say):
        spans = StoredSpans(session.stores.database(PATIENCE))
        before, now = mark.read(), session.clock.now()
        mark.begin(now)
        wiring = _wiring(session, files, teller, spans, metrics)
        try:
            if before is not None and before.was_cut_short:
                first_words = [*wiring.first_words, *unobserved(session, spans, files.office.zone)]
                wiring = replace(wiring, first_words=first_words, untold=seen_and_not_told(session, spans))
            else:
                # Before the first look, for its news come behind them.
                carefully(lambda: teller.hand_on(seen_and_not_told(session, spans)), watcher.say)
            return keep_watching(wiring)
        except Exception:
            words = _("The watch has ended because of a fault. Nobody looks now. To go on: bcp watch")
            carefully(lambda: teller.alert(words), watcher.say)
            raise
        finally:
            with suppress(StoreError):  # it was told
                spans.close()
            mark.end(session.clock.now())


def _wiring(
    session: Session, files: LastGood, teller: _Teller, spans: StoredSpans, metrics: Path | None
) -> Wiring:
    watcher = teller.watcher
    duties = [
        Duty("clock", CLOCK_EVERY, teller.strike),
        Duty("levers", LEVERS_EVERY, teller.look_at_levers),
        Duty("forget", FORGET_EVERY, lambda: _go_on_forgetting(session)),
    ]
    if metrics:
        duties.append(Duty("metrics", METRICS_EVERY, lambda: _write_metrics(session, metrics)))
    return Wiring(
        load=files.load,
        files=lambda: _files(session.folder),
        spans=spans,
        shared=shared_for(session),
        told=watcher.guarded(teller.tell),
        reminded=watcher.guarded(teller.remind),
        bug=watcher.bug,
        say=watcher.say,
        duties=duties,
        alert=watcher.guarded(teller.alert),
        first_words=files.mistake,
        grace=GRACE,
        hung_up=watcher.hung_up,
    )


class _Teller:
    """Tells people what changed; it is called in a thread of its own, so its session is its own, too.

    It goes by the last good files: a slip in a file must not keep an outage from anybody.
    """

    def __init__(self, files: LastGood, watcher: WatchListener) -> None:
        self._files, self._watcher = files, watcher

    @property
    def watcher(self) -> WatchListener:
        """Who runs the watch."""
        return self._watcher

    def alert(self, words: str) -> None:
        """Tell what people must hear of the watch itself."""
        self._show(_fresh(self._files.session), words)

    def tell(self, outcomes: Sequence[Outcome], diagnosis: Diagnosis | None) -> None:
        """Write the flips down, tell whether or not that worked, and begin what may begin by itself."""
        self.hand_on(outcomes, diagnosis)
        self._begin(_fresh(self._files.session), timedelta(0))

    def hand_on(self, outcomes: Sequence[Outcome], diagnosis: Diagnosis | None = None) -> None:
        """Write the flips down, and tell whether or not that worked."""
        session, office, checks = _fresh(self._files.session), self._files.office, self._files.checks
        found = Pass(tuple(each for each in outcomes if each.check in checks), diagnosis)
        try:
            write_flips(session, office, checks, found)
        finally:
            self._watcher.tell(session, PassResult(office, checks, found))
            texts = []
            for outcome in found.news:
                # What came back wants nothing begun, whatever else went down in the same moment.
                alone = Pass((outcome,), diagnosis if outcome.state != "up" else None)
                texts.append(_words(checks[outcome.check], outcome, what_next(session, checks, alone)))
            if texts:
                self._notify(session, "\n".join(texts))  # what is found together is one message

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
            self._show(session, words + command)

    def _begin(self, session: Session, after: timedelta) -> None:
        begin = partial(self._watcher.begin, session)
        begin_auto(session, self._files.office, self._files.checks, begin, after)

    def _show(self, session: Session, words: str) -> None:
        self._watcher.show(words)
        self._notify(session, words)

    def _notify(self, session: Session, text: str) -> None:
        trouble = notify(session, self._files.office, text)
        if trouble is not None:
            self._watcher.say(_("nobody was notified: {why}").format(why=trouble))


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
