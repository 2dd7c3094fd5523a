"""Wires the watch: where its checks come from, where its spans go, and whom it tells what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple, ParamSpec, Protocol

from bcp.alert.alert import Alert
from bcp.alert.wording import of_news
from bcp.app.alert.courier import Courier
from bcp.app.alert.of_checks import alerts_of
from bcp.app.check import beginning, gateways, standing
from bcp.app.check.flips import write_flips
from bcp.app.check.go_on import how_to_go_on
from bcp.app.check.good_day import remember
from bcp.app.check.history import metrics_text
from bcp.app.check.last_good import LastGood, last_good
from bcp.app.check.page import FreshPage, PageFile
from bcp.app.check.probing import line_of, shared_for
from bcp.app.check.run import PassResult
from bcp.app.check.watch_mark import WatchMarkFile
from bcp.app.contact.forget_request import waits
from bcp.app.incident.autostart import begin_auto
from bcp.app.notice.go_on import LettersGoOn
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
from bcp.errors import BcpError, Locked, StoreError
from bcp.files import write_whole
from bcp.i18n import _
from bcp.office.find import FILE
from bcp.store.spans import StoredSpans
from bcp.times import local, local_clock

CLOCK_EVERY = timedelta(seconds=30)
METRICS_EVERY = timedelta(seconds=15)
PAGE_EVERY = timedelta(seconds=15)
"""How often it is asked whether the page is to be written; it is less often written."""
LEVERS_EVERY = timedelta(minutes=1)
"""How often it is asked whether what was set is to be looked at; it is less often looked at."""
GOOD_DAY_EVERY = timedelta(hours=1)
FORGET_EVERY = timedelta(minutes=1)
REPORTS_EVERY = timedelta(minutes=1)
LETTERS_EVERY = timedelta(seconds=15)
"""How often it is asked whether a server wants us back with letters."""
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


class KeptFiles(NamedTuple):
    """Files of other programs that a watch keeps up to date, where they are wanted."""

    metrics: Path | None = None
    page: PageFile | None = None


def watch(session: Session, kept: KeptFiles, watcher: WatchListener) -> BcpError | None:
    """Watch until SIGTERM, Ctrl-C or the terminal is closed; why not all that was seen is written down, else None.

    `kept` are files that are kept up to date. A store that is damaged, full or can only be read is told, and keeps
    nobody from looking. Raises SourceError where the checks do not load at the start and no older ones are kept, which
    is told to people, and InputError where another watch looks at them.
    """
    beginning.say_whose_it_is(session, watcher.say)
    files = last_good(session)
    courier = Courier(session.again(), lambda: files.office, watcher.say, watcher.guarded)
    teller = _Teller(files, watcher, courier)
    mark = WatchMarkFile(session.stores.folder)
    with beginning.alone_after_passes(session, mark, watcher.say):
        spans = session.stores.of(StoredSpans, PATIENCE)
        before, now = mark.read(), session.clock.now()
        mark.begin(now)
        wiring = _wiring(session, files, teller, spans, kept)
        try:
            if before is not None and before.was_cut_short:
                first_words = [*wiring.first_words, *beginning.unobserved(session, spans, files.office.zone)]
                wiring = replace(
                    wiring, first_words=first_words, untold=beginning.seen_and_not_told(session, spans)
                )
            else:
                # Before the first look, for its news come behind them.
                carefully(lambda: teller.hand_on(beginning.seen_and_not_told(session, spans)), watcher.say)
            courier.start()
            beginning.say_first_look(len(files.checks), watcher.say)
            with session.progress.aside():  # what goes on for ever has no bar
                return keep_watching(wiring) or _unreadable(session)
        except Exception:
            words = _("The watch has ended because of a fault. Nobody looks now. To go on: bcp watch")
            carefully(lambda: teller.alert(words), watcher.say)
            raise
        finally:
            teller.letters.end()
            courier.end()
            with suppress(StoreError):  # it was told
                spans.close()
            mark.end(session.clock.now())


def _wiring(
    session: Session, files: LastGood, teller: _Teller, spans: StoredSpans, kept: KeptFiles
) -> Wiring:
    watcher = teller.watcher
    return Wiring(
        load=files.load,
        files=lambda: _files(session.folder),
        spans=spans,
        shared=replace(shared_for(session, files.office), line=lambda name: line_of(files.office, name)),
        told=watcher.guarded(teller.tell),
        reminded=watcher.guarded(teller.remind),
        bug=watcher.bug,
        say=watcher.say,
        duties=_duties(session, files, teller, spans, kept),
        alert=watcher.guarded(teller.alert),
        first_words=files.mistake,
        grace=GRACE,
        hung_up=watcher.hung_up,
    )


def _duties(
    session: Session, files: LastGood, teller: _Teller, spans: StoredSpans, kept: KeptFiles
) -> list[Duty]:
    duties = [
        Duty("clock", CLOCK_EVERY, teller.strike),
        Duty("levers", LEVERS_EVERY, teller.look_at_levers),
        Duty("good day", GOOD_DAY_EVERY, lambda: _remember(session, files)),
        Duty("reports", REPORTS_EVERY, lambda: gateways.look(session.again(), teller.alert)),
        Duty("letters", LETTERS_EVERY, teller.letters.look),
        Duty("forget", FORGET_EVERY, lambda: _go_on_forgetting(session)),
    ]
    if (metrics := kept.metrics) is not None:
        duties.append(Duty("metrics", METRICS_EVERY, lambda: _write_metrics(session, metrics)))
    if kept.page is not None:
        page = FreshPage(kept.page, lambda: (session.again(), files.office, files.checks), spans.held)
        duties.append(Duty("page", PAGE_EVERY, page.keep))
    return duties


def _remember(session: Session, files: LastGood) -> None:
    """Keep, once a day, how the line is, where by what was seen last all is well."""
    held = session.again().stores.of(StoredSpans).held()
    remember(session, files.office, files.checks, {name: str(span.state) for name, span in held.items()})


class _Teller:
    """Tells people what changed; it is called in a thread of its own, so its session is its own, too.

    It goes by the last good files: a slip in a file must not keep an outage from anybody. What is to be told is kept
    first, and the courier tells it for as long as it takes.
    """

    def __init__(self, files: LastGood, watcher: WatchListener, courier: Courier) -> None:
        self._files, self._watcher, self._courier = files, watcher, courier
        self.letters = LettersGoOn(files.session.again, self._show, watcher.say, watcher.guarded)

    @property
    def watcher(self) -> WatchListener:
        """Who runs the watch."""
        return self._watcher

    def alert(self, words: str) -> None:
        """Tell what people must hear of the watch itself."""
        self._show(self._files.session.again(), words)

    def tell(self, outcomes: Sequence[Outcome], diagnosis: Diagnosis | None) -> None:
        """Write the flips down, tell whether or not that worked, and begin what may begin by itself."""
        self.hand_on(outcomes, diagnosis)
        self._begin(self._files.session.again(), timedelta(0))

    def hand_on(self, outcomes: Sequence[Outcome], diagnosis: Diagnosis | None = None) -> None:
        """Keep what is to be told, write the flips down, and tell whether or not that worked."""
        session, office, checks = self._files.session.again(), self._files.office, self._files.checks
        found = Pass(tuple(each for each in outcomes if each.check in checks), diagnosis)
        self._courier.keep(alerts_of(session, checks, found.news, diagnosis))
        try:
            write_flips(session, office, checks, found)
        finally:
            self._courier.wake()
            self._watcher.tell(session, PassResult(office, checks, found))

    def strike(self) -> None:
        """Look at the clock: decisions and promises that fall due, and what should have begun by itself."""
        session = self._files.session.again()
        self._watcher.strike(session, lambda words: self._show(session, words))
        self._begin(session, OVERDUE)

    def look_at_levers(self) -> None:
        """Look whether what was set still stands, where that is due, and tell what changed."""
        session = self._files.session.again()
        for words in standing.look(session).news:
            self._show(session, words)

    def remind(self, outcome: Outcome) -> None:
        """Say once more that it is still not up."""
        check = self._files.checks.get(outcome.check)
        if check is not None:
            zone, session = self._files.office.zone, self._files.session.again()
            words = _("{time}  still, since {since}: {words}").format(
                time=local(outcome.at, zone),
                since=local_clock(outcome.since, zone, outcome.at),
                words=_words(check, outcome, ()),
            )
            is_for_us = check.runbook is not None and outcome.state == "down"
            self._watcher.show(words)
            if is_for_us:
                self._watcher.show(f"  → {how_to_go_on(session, str(check.runbook))}")
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


def _unreadable(session: Session) -> StoreError | None:
    """Why nobody can read what was written: a file that was overwritten still seems well to who holds it open."""
    try:
        session.again().stores.of(StoredSpans).held()
    except Locked:
        return None
    except StoreError as error:
        return error
    return None


def _files(folder: Path) -> Iterable[Path]:
    return [folder / FILE, *check_files(folder)]


def _go_on_forgetting(session: Session) -> None:
    """Whom an earlier command could not forget, because the store was in use."""
    if waits(session.stores.folder):
        from bcp.app.contact.forget import go_on_forgetting

        go_on_forgetting(session.again())


def _write_metrics(session: Session, file: Path) -> None:
    """Beside, then renamed, so that a reader never finds half of it."""
    write_whole(file, metrics_text(session.again()), published=True)
