"""A watch goes on with sendings: at the hour at which a server wants us back, where a person agreed to the letters."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from threading import Event, Thread
from zoneinfo import ZoneInfo

from bcp.app.check.watch_mark import WatchMarkFile
from bcp.app.session import Session
from bcp.check.notifier import carefully
from bcp.errors import BcpError
from bcp.i18n import _
from bcp.incident.journal import STARTED, IncidentJournal
from bcp.incident.state import Incident
from bcp.notice.campaign.outbox import OF_OUTAGE, Campaign
from bcp.store.sendings import SendingStates, SendingToGoOn
from bcp.times import local_clock

_AGAIN = timedelta(minutes=5)
"""When a sending is tried again that could not even begin, because of a file or because another process sends."""
_LAST_LETTER = 8.0
"""Seconds that the end waits for the letter that is on its way."""


def goes_on_words(session: Session, zone: ZoneInfo, at: datetime, by: str) -> str:
    """When a sending goes on, and who does that; `by` agreed to all that waits, or nobody."""
    time = local_clock(at, zone, session.clock.now())
    mark = WatchMarkFile(session.stores.folder).read()
    if by and mark is not None and mark.runs:
        return _("The watch goes on with it at {time}.").format(time=time)
    if by:
        return _("The server may be asked again at {time}. A watch that runs does that: bcp watch").format(
            time=time
        )
    return _("The server may be asked again at {time}: then give the command again.").format(time=time)


def _is_over(incident: Incident, campaign: Campaign) -> bool:
    """Whether nothing goes out from here: after the closing, letters of the outage are not true any more."""
    if incident.drill or incident.handed_over:
        return True
    return incident.closed_at is not None and campaign.kind in OF_OUTAGE


class _Unseen:
    """Nobody sees a letter go out; it stops behind the present one when the watch ends."""

    def __init__(self, is_over: Event) -> None:
        self._is_over = is_over

    def handed(self, row: object, handed: object) -> None:
        """It is in the ledger."""

    def pausing(self, seconds: float, why: str) -> None:
        """It is in the log."""
        logging.getLogger(__name__).info("the sending pauses for %.0f s", seconds)

    def wants_stop(self) -> bool:
        """Whether the watch ends."""
        return self._is_over.is_set()


class LettersGoOn:
    """Looks for sendings whose moment has come, and sends in a thread of its own: duties wait for no mail server."""

    def __init__(
        self, session: Callable[[], Session], show: Callable[[Session, str], None], say: Callable[[str], None],
        guarded: Callable[[Callable[[], None]], Callable[[], None]],
    ) -> None:  # fmt: skip
        """`session` makes one for a thread; `show` tells people what came of it, `say` only who sits here."""
        self._session, self._show, self._say = session, show, say
        self._go_on = guarded(self._all)
        self._is_over = Event()
        self._later: dict[str, datetime] = {}
        self._thread: Thread | None = None

    def look(self) -> None:
        """Begin with what is due, unless it is being sent still."""
        if self._is_over.is_set() or (self._thread is not None and self._thread.is_alive()):
            return
        if self._due(self._session()):
            self._thread = Thread(
                target=lambda: carefully(self._go_on, self._say), daemon=True, name="letters"
            )
            self._thread.start()

    def end(self) -> None:
        """Stop behind the present letter."""
        self._is_over.set()
        if self._thread is not None:
            self._thread.join(_LAST_LETTER)

    def _due(self, session: Session) -> list[SendingToGoOn]:
        if not session.log.streams(STARTED):
            return []
        now = session.clock.now()
        found = session.stores.of(SendingStates).to_go_on(now)
        return [one for one in found if self._later.get(one.campaign, now) <= now]

    def _all(self) -> None:
        session = self._session()
        for one in self._due(session):
            if self._is_over.is_set():
                return
            try:
                self._send(session, one)
            except BcpError as error:
                # Another process sends, or a file has a slip; said once in a while.
                self._later[one.campaign] = session.clock.now() + _AGAIN
                self._say(str(error))

    def _send(self, session: Session, one: SendingToGoOn) -> None:
        # Loaded where there is something to send.
        from bcp.app.notice.office import letters_of
        from bcp.app.notice.send import standing_words
        from bcp.incident.events.note import NoteWritten

        book = IncidentJournal(session.log, one.incident)
        letters = letters_of(
            session, book.incident, one.by, lambda _count, _clock: nullcontext(_Unseen(self._is_over))
        )
        if _is_over(book.incident, letters.campaign(one.campaign)):
            self._later[one.campaign] = session.clock.now() + _AGAIN
            return
        before = letters.counts(one.campaign)
        ended = letters.go_on(one.campaign)
        after, campaign = letters.counts(one.campaign), letters.campaign(one.campaign)
        words = f"notice {campaign.notice} to {campaign.audience}: {standing_words(after)}"
        if after == before:
            self._say(f"{words}; {ended.words}")
            return
        book.write(lambda _incident: [NoteWritten(words).entry(one.by, how="watch")])
        letters.write_calls(campaign)
        time = local_clock(session.clock.now(), letters.post.office.zone, session.clock.now())
        told = _("{time}  The sending of {notice} to {audience} went on: {standings}").format(
            time=time, notice=campaign.notice, audience=campaign.audience, standings=standing_words(after)
        )
        self._show(session, f"{told}. bcp notice status --incident {one.incident}")
