"""Tells people: keeps what they have to hear, tries every way that is due, and writes down who took it.

Each recipient is tried in a thread of his own, so that one dead way stops no other. What no way takes waits, and is
tried again after 5 s, 15 s, 30 s, 1, 2, 5 minutes … by the watch, and at each `check run`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from queue import Empty, Queue
from threading import Thread
from typing import NamedTuple

from bcp.alert.alert import Alert
from bcp.alert.base import AlertTry
from bcp.alert.message import AlertMessage, messages
from bcp.alert.outbox import AlertRow, again, is_due, is_old_news
from bcp.app.alert.carry import Carrier
from bcp.app.alert.kept import KeptAlerts
from bcp.app.alert.recipients import AlertRecipient, recipients_of
from bcp.app.session import Session
from bcp.errors import StoreError
from bcp.i18n import _
from bcp.incident.journal import Busy
from bcp.office.model import Office

OTHERS_FIRST = timedelta(minutes=2)
"""So long the other ways have before one tells that is only for when they fail."""
PATIENCE = 45.0
"""Seconds that a pass waits for ways that hang; what they did is found out by the next."""
_LOG = logging.getLogger(__name__)


class _Result(NamedTuple):
    """What became of a message for a recipient; None where his thread is over."""

    recipient: AlertRecipient
    message: AlertMessage | None = None
    tried: AlertTry | None = None


class AlertPost:
    """The alerts of one office. `say` gets a line where a way begins to fail, and where something is given up."""

    def __init__(self, session: Session, office: Callable[[], Office], say: Callable[[str], None]) -> None:
        self._session, self._office, self._say = session, office, say
        self._kept = KeptAlerts(session)
        self._results: Queue[_Result] = Queue()
        self._busy: dict[str, Sequence[AlertRow]] = {}

    def keep(self, alerts: Iterable[Alert]) -> None:
        """Keep what people have to hear, before anything else is done about it. Nobody is told yet."""
        to = recipients_of(self._office(), self._session.environ)
        self._kept.add([_row(alert, each) for alert in alerts for each in to.values()])

    def open_beside(self) -> set[str]:
        """About what people were told that it is not well while the store could not be used."""
        return self._kept.open_beside()

    def deliver(self, patience: float = PATIENCE) -> datetime | None:
        """Try what is due; when the next is due, None where nothing waits.

        Another process that is at it is left alone. Raises InputError where the office is not ours to run programs of.
        """
        with ExitStack() as stack:
            try:
                stack.enter_context(self._session.stores.alone("alerts"))
            except Busy:
                return self._session.clock.now() + again(1, refused=False)
            except StoreError as error:
                # Where no lock can be made nothing else can be written either; people are told all the same.
                _LOG.info("alerts are told without a lock: %s", type(error).__name__)
            self._gather(0.0)
            waiting = self._begin()
            self._gather(patience)
            left = [row for row in self._kept.waiting() if row.recipient not in self._busy] if waiting else []
            self._kept.close()
        return min((row.not_before or self._session.clock.now() for row in left), default=None)

    def _begin(self) -> bool:
        """Begin a thread for each recipient for whom something is due; whether anything waits at all."""
        to = recipients_of(self._office(), self._session.environ)
        now = self._session.clock.now()
        rows = self._needed(self._readdressed(self._kept.waiting(), to), to, now)
        for name, recipient in to.items():
            own = [row for row in rows if row.recipient == name]
            if own and name not in self._busy and is_due(own, now):
                carrier = Carrier(self._session, self._office(), recipient)
                self._busy[name] = own
                told = messages([row.alert for row in own], self._office().zone, now)
                Thread(target=self._carry, args=(carrier, told), daemon=True, name=f"alert {name}").start()
        return bool(rows)

    def _carry(self, carrier: Carrier, told: Sequence[AlertMessage]) -> None:
        """In a thread: the messages in their order, until one is not taken."""
        recipient = carrier.recipient
        try:
            for message in told:
                tried = carrier.carry(message)
                self._results.put(_Result(recipient, message, tried))
                if tried.fate != "taken":
                    break
        finally:
            carrier.close()
            self._results.put(_Result(recipient))

    def _gather(self, patience: float) -> None:
        """Settle what the threads did, for so many seconds at most."""
        clock = self._session.clock
        ends = clock.monotonic() + patience
        while self._busy:
            try:
                found = self._results.get(timeout=max(0.001, ends - clock.monotonic()))
            except Empty:
                return
            if found.message is None or found.tried is None:
                self._busy.pop(found.recipient.name, None)
            else:
                self._settle(found.recipient, found.message, found.tried)

    def _settle(self, recipient: AlertRecipient, message: AlertMessage, tried: AlertTry) -> None:
        now, rows = self._session.clock.now(), self._busy.get(recipient.name, ())
        _LOG.info("alert by %s: %s", recipient.name.partition(" ")[0], tried.fate)
        if tried.fate == "taken":
            told = [row for row in rows if row.alert.id in message.alerts]
            self._kept.settle(replace(row, state="taken", why=tried.why, at=now) for row in told)
            self._busy[recipient.name] = [row for row in rows if row.alert.id not in message.alerts]
            return
        later = max(row.tries for row in rows) + 1
        at = now + again(later, refused=tried.fate == "refused")
        self._kept.settle(replace(row, tries=later, not_before=at, why=tried.why, at=now) for row in rows)
        if later == 1:
            words = _("Not told yet: {way}: {why}. The message is kept and tried again.")
            self._say(words.format(way=recipient.shown, why=tried.why or _("no reason was given")))

    def _readdressed(self, rows: Sequence[AlertRow], to: Mapping[str, AlertRecipient]) -> list[AlertRow]:
        """The rows of those who are still told; what waited for others alone waits for all of today's instead."""
        gone = [row for row in rows if row.recipient not in to and row.recipient not in self._busy]
        if not gone:
            return [row for row in rows if row.recipient in to]
        self._kept.settle(
            replace(row, state="dropped", why=_("the way is gone from bcp.yaml")) for row in gone
        )
        left = [row for row in rows if row.recipient in to]
        told = {row.alert.id for row in left} | set(self._kept.taken({row.alert.id for row in gone}))
        for alert in {row.alert.id: row.alert for row in gone if row.alert.id not in told}.values():
            new = [_row(alert, each) for each in to.values()]
            self._kept.add(new)
            left += new
        return sorted(left, key=lambda row: row.alert.at)

    def _needed(
        self, rows: Sequence[AlertRow], to: Mapping[str, AlertRecipient], now: datetime
    ) -> list[AlertRow]:
        """Without what is old news, and what need not be told there because another way took it."""
        taken = self._kept.taken({row.alert.id for row in rows})
        needless, old, left = [], [], []
        for row in rows:
            way = to[row.recipient].way
            others = taken.get(row.alert.id, set()) - {row.recipient}
            is_told = any(name in to and to[name].way.counts for name in others)
            if is_told and ((not way.counts and row.tries) or way.when == "others-fail"):
                needless.append(replace(row, state="dropped", why=_("another way told it"), at=now))
            elif is_old_news(row, now):
                old.append(replace(row, state="dropped", at=now))
            else:
                left.append(row)
        self._kept.settle([*needless, *old])
        for name in dict.fromkeys(row.recipient for row in old):
            words = _("Given up after a week: {way}: {why}. To try this way: bcp watch test")
            why = next(row.why for row in old if row.recipient == name)
            self._say(words.format(way=to[name].shown, why=why or _("no reason was given")))
        return left


def _row(alert: Alert, recipient: AlertRecipient) -> AlertRow:
    waits = recipient.way.when == "others-fail"
    return AlertRow(alert, recipient.name, not_before=alert.at + OTHERS_FIRST if waits else None)
