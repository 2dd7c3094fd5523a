"""One message by each way, in peacetime: who gets it, and why somebody does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, Queue
from threading import Thread

from bcp.alert.base import AlertTry
from bcp.alert.message import AlertMessage
from bcp.alert.short import shortened
from bcp.app.alert.carry import Carrier
from bcp.app.alert.kept import KeptAlerts
from bcp.app.alert.recipients import AlertRecipient, recipients_of
from bcp.app.session import Session
from bcp.i18n import _
from bcp.office.model import Office
from bcp.times import local, local_clock

_PATIENCE = 100.0
"""Seconds for all ways together."""


@dataclass(frozen=True, slots=True)
class AlertTrial:
    """What became of the message for one recipient."""

    recipient: AlertRecipient
    tried: AlertTry

    @property
    def is_bad(self) -> bool:
        """Whether somebody has to set something right."""
        return self.tried.fate != "taken"


@dataclass(frozen=True, slots=True)
class AlertTrials:
    """All of them, in the order of bcp.yaml, and how many messages wait from before."""

    trials: tuple[AlertTrial, ...]
    waiting: int

    @property
    def is_bad(self) -> bool:
        """Whether somebody did not get it, or there is nobody to get it."""
        return any(each.is_bad for each in self.trials) or not self.trials


def try_ways(session: Session, office: Office, begun: Callable[[AlertRecipient], None]) -> AlertTrials:
    """Send one message to each recipient, all at once; `begun` is told of each.

    Raises InputError for an office of somebody else, whose programs would be run.
    """
    session.insist_on_our_office()
    now, results = session.clock.now(), Queue[AlertTrial]()
    found = recipients_of(office, session.environ)
    message = _message(
        office, local_clock(now, office.zone, now), local(now, office.zone), f"test {now.timestamp()}"
    )
    for recipient in found.values():
        carrier = Carrier(session, office, recipient)
        begun(recipient)
        Thread(target=_try, args=(carrier, message, results), daemon=True).start()
    done: dict[str, AlertTrial] = {}
    ends = session.clock.monotonic() + _PATIENCE
    with session.progress.task(_("Waiting for the answers"), len(found)) as task:
        while len(done) < len(found):
            try:
                trial = results.get(timeout=max(0.001, ends - session.clock.monotonic()))
            except Empty:
                break
            done[trial.recipient.name] = trial
            task.advance(1, trial.recipient.name)
    late = AlertTry("not-now", _("no answer within {count} seconds").format(count=round(_PATIENCE)))
    trials = [done.get(name, AlertTrial(recipient, late)) for name, recipient in found.items()]
    waiting = {row.alert.id for row in KeptAlerts(session).waiting()} if session.stores.exist() else set()
    return AlertTrials(tuple(trials), len(waiting))


def _try(carrier: Carrier, message: AlertMessage, results: Queue[AlertTrial]) -> None:
    try:
        results.put(AlertTrial(carrier.recipient, carrier.carry(message)))
    finally:
        carrier.close()


def _message(office: Office, clock: str, moment: str, key: str) -> AlertMessage:
    head = _("TEST {time} {office}: this is how an outage is told").format(time=clock, office=office.name)
    lines = [
        _("Somebody tried at {time} whether messages about outages reach you.").format(time=moment),
        _("Nothing is wrong, and there is nothing to do."),
    ]
    return AlertMessage((key,), shortened(head, todo=_("Nothing is wrong.")), "\n".join(lines))
