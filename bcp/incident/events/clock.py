"""The computer's clock: it cannot be right, or somebody set it; and when the incident really began."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from bcp.event import Event, moment, stamp
from bcp.frozen import stored
from bcp.i18n import _
from bcp.incident.events.base import Payload, Speaker
from bcp.incident.ledger import StartAmended
from bcp.incident.moved_start import move_start
from bcp.incident.state import Incident
from bcp.times import local


class ClockDoubted(Payload):
    """The clock says `now`; the entry before was written when it said `last`, if there was one."""

    KIND: ClassVar[str] = "clock.doubted"

    now: datetime = stored(read=moment, write=stamp)
    last: datetime | None = stored(default=None, read=moment, write=stamp)

    def apply(self, incident: Incident, event: Event) -> None:
        """The readings of this incident speak for themselves; one of another incident is kept."""
        if event.seq == 2 and self.last is not None:
            incident.clock.elsewhere = self.last
        elif self.last is not None:
            incident.clock.jumped(self.last, self.now)

    def sentence(self, words: Speaker) -> str:
        """`this computer slept or was off, or its clock was set: Wed 1 Jan 2020 01:05 CET to Thu 26 Nov 2026 …`."""
        if self.last is None:
            return _("this computer's clock cannot be right: it says {now}").format(
                now=local(self.now, words.zone)
            )
        return _("this computer slept or was off, or its clock was set: {last} to {now}").format(
            last=local(self.last, words.zone), now=local(self.now, words.zone)
        )


class StartPutRight(Payload):
    """It began at another time than was written down; `was` is that time."""

    KIND: ClassVar[str] = "start.put-right"

    began: datetime = stored(read=moment, write=stamp)
    was: datetime = stored(read=moment, write=stamp)
    reason: str

    def apply(self, incident: Incident, event: Event) -> None:
        """All that counts from the start counts from then; what was written by the wrong clock moves with it."""
        is_wrong = incident.clock.doubts_start(event.recorded_at)
        move_start(incident, self.began, incident.clock.wrong_until if is_wrong else None)
        incident.clock.start_amended = StartAmended(self.was, event.by, self.reason)
        incident.clock.declare()

    def sentence(self, words: Speaker) -> str:
        """`left the runbook: it began Thu 26 Nov 2026 08:10 CET, not Wed 1 Jan 2020 01:05 CET: dead clock`."""
        said = _("it began {time}, not {was}: {reason}").format(
            time=local(self.began, words.zone), was=local(self.was, words.zone), reason=self.reason
        )
        return _("left the runbook: {what}").format(what=said)
