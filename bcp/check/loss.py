"""Counts the packets that a line loses: a row of connections to well-known addresses, told by those that are late.

The row is as long as it must be (Wald's sequential test): a line that loses nothing and one that loses every fourth are
told apart from the first hundred, one in between takes some more. So the same line gets the same answer each time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from math import log

from bcp.check.way_out import Target
from bcp.probe.handshake import Came

_SPACING, _LATE = 0.012, 0.9
"""The seconds between two connections, and from when on one lost a packet: the first repetition of a lost SYN comes
after a second (RFC 6298)."""
_LONGEST = 4.8
"""Seconds after which nothing more is sent: what is seen by then decides."""
_STALL = 0.5
"""From how many seconds on this computer stood still, so that what was late was not the line."""
_BEAT, _PAUSE = 0.1, 0.2
"""How often it is seen whether this computer stands still, and what may have made an answer seem to have waited."""
_SILENCE = 0.5
"""Seconds for which nothing comes back of a line that has died; lost packets leave no such gap."""
_JITTER, _NEAR, _REPEATED = 0.5, 0.2, (1.0, 2.0, 3.0, 4.0, 5.0, 7.0)
"""What is later than the first by more than that has waited in a queue, and so has what was sent near it; and when a
packet is sent again: twice as late each time, or each second as Linux does since 6.5 (`tcp_syn_linear_timeouts`)."""

_HARMLESS, _HARMFUL = 0.04, 0.08
"""The share of lost round trips that nobody minds (2 % of the packets each way), and the one that people feel."""
_FEW = 12
"""So few tell nothing: three of four answers may get lost, and all of these come."""
_SURE = 5.3
"""ln(0.995 / 0.005): how much likelier one of the two must be than the other."""
_PER_LOST, _PER_ARRIVED = log(_HARMFUL / _HARMLESS), log((1 - _HARMFUL) / (1 - _HARMLESS))


@dataclass(slots=True)
class _Sent:
    """One connection: to which target, when it began, and when it was made, if it was.

    `is_repeated` is whether its packet was sent again; None where the system does not say.
    """

    target: Target
    began: float
    arrived: float | None = None
    is_repeated: bool | None = None


def _weight(lost: int, sent: int) -> float:
    """How much likelier a line that loses a harmful share is than a harmless one, as a logarithm."""
    return lost * _PER_LOST + (sent - lost) * _PER_ARRIVED


def is_lossy(lost: int, sent: int) -> bool:
    """Whether so many of so many round trips are a loss that people feel."""
    return lost > 1 and _weight(lost, sent) > 0


def _touches(spans: Sequence[tuple[float, float]], began: float, ended: float) -> bool:
    return any(began < until and since < ended for since, until in spans)


async def _heard() -> None:
    """Let what came while this computer was busy be heard before it is judged: the beat, and the answers."""
    for _turn in range(3):
        await asyncio.sleep(0)


class LossRow:
    """A row of connections under way; `run` it beside other looks, and ask it at any time what it has seen."""

    def __init__(
        self, targets: Sequence[Target], reach: Callable[[Target], Awaitable[Came]], now: Callable[[], float]
    ) -> None:
        self._targets, self._reach, self._now = targets, reach, now
        self._sent: list[_Sent] = []
        self._stalls: list[tuple[float, float]] = []
        self._pauses: list[tuple[float, float]] = []

    async def run(self) -> None:
        """Send until it is clear how the line is, or time is up; ends when the last one is late or there."""
        began = self._now()
        loop = asyncio.get_running_loop()
        under_way: list[asyncio.Task[None]] = []
        beating = loop.create_task(self._beat())
        try:
            while self._is_unclear(self._now() - began):
                each = _Sent(self._targets[len(self._sent) % len(self._targets)], self._now())
                self._sent.append(each)
                under_way.append(loop.create_task(self._one(each)))
                await asyncio.sleep(max(0.0, began + len(self._sent) * _SPACING - self._now()))
                if self._now() - began > len(self._sent) * _SPACING + _PAUSE:
                    await _heard()
            await asyncio.wait(under_way, timeout=_LATE)
            await _heard()
        finally:
            for task in (beating, *under_way):
                task.cancel()

    def _is_unclear(self, lasted: float) -> bool:
        if not self.has_arrived and lasted > 2 * _LATE:
            return False
        return lasted < _LONGEST and abs(_weight(*self.counted())) < _SURE

    def counted(self) -> tuple[int, int]:
        """How many of how many round trips were lost, of those that had time enough.

        A target that never answered is silent for reasons of its own. What was sent while this computer itself stood
        still, as a busy one does (unless its system says what became of it), or while packets waited in a queue, as
        they do on a line that is full, tells nothing and is left out, whether it came back or not.
        """
        judged = self._judged()
        heard = {each.target for each in judged if each.arrived is not None}
        unclear = [*(() if self._is_told else self._stalls), *self._queues()]
        of_these = [
            each
            for each in judged
            if each.target in heard and not _touches(unclear, each.began, each.began + _LATE)
        ]
        return sum(self._is_lost(each) for each in of_these), len(of_these)

    def _queues(self) -> list[tuple[float, float]]:
        """When packets waited: they came late, and not after the second or the three of a repetition."""
        took = [
            (each.began, each.arrived - each.began)
            for each in self._sent
            if each.arrived is not None
            and not (each.is_repeated and _touches(self._pauses, each.arrived - _PAUSE, each.arrived))
        ]
        least = min((length for _began, length in took), default=0.0)
        return [
            (began - _NEAR, began + _NEAR)
            for began, length in took
            if length - least > _JITTER
            and not any(-_BEAT < length - least - each < _JITTER for each in _REPEATED)
        ]

    @property
    def _is_told(self) -> bool:
        """Whether the system itself says what became of a packet, however late we hear of it."""
        return any(each.is_repeated is not None for each in self._sent)

    @property
    def has_arrived(self) -> bool:
        """Whether anything came back at all."""
        return any(each.arrived is not None for each in self._sent)

    @property
    def heard(self) -> set[Target]:
        """The targets of which anything came back."""
        return {each.target for each in self._sent if each.arrived is not None}

    @property
    def is_losing(self) -> bool:
        """Whether some came back and some did not, or too few are counted yet: what else fails may be a lost packet."""
        lost, sent = self.counted()
        return lost > 0 or (self.has_arrived and sent < _FEW)

    @property
    def has_ended(self) -> bool:
        """Whether it was there, and nothing came back while the last packets were sent: it died meanwhile."""
        arrivals = [each.arrived for each in self._sent if each.arrived is not None]
        return bool(arrivals) and max(arrivals) < self._sent[-1].began - _SILENCE

    def _judged(self) -> list[_Sent]:
        until = self._now() - _LATE
        return [each for each in self._sent if each.began <= until]

    def _is_lost(self, each: _Sent) -> bool:
        # Where it was the answer that got lost, the other side sent that again, and we nothing.
        return bool(each.is_repeated) or each.arrived is None or each.arrived - each.began >= _LATE

    async def _one(self, each: _Sent) -> None:
        came = await self._reach(each.target)
        if came.is_there:
            each.arrived = self._now() if came.took is None else each.began + came.took
            each.is_repeated = came.is_repeated

    async def _beat(self) -> None:
        while True:
            began = self._now()
            await asyncio.sleep(_BEAT)
            if self._now() - began > _BEAT + _PAUSE:
                self._pauses.append((began, self._now()))
            if self._now() - began > _BEAT + _STALL:
                self._stalls.append((began, self._now()))
