"""Asks gateways what became of the messages that they took: taken is not delivered.

A message that did not arrive counts as a letter that came back, so that the contact's next way is tried. What arrived
is noted at the letter with its moment. A gateway is asked for each message until it says how that ended, three days at
most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bcp.clock import Clock
from bcp.notice.campaign.ledger import Ledger
from bcp.notice.campaign.outbox import Campaign, Key, LetterRow, Settled, Taken
from bcp.notice.channel.base import Channel, DeliveryReport
from bcp.outside import World

STAGE = "report"
"""The stage of an attempt under which a delivery report is kept."""

KEPT = timedelta(hours=72)
"""For so long networks try to deliver a text message, and gateways are asked."""

MOST = 200
MOST_BESIDE = 20
"""Messages that are asked for with one look of a person, and of a watch beside its work; the rest comes later."""

_OFTEN = timedelta(minutes=15)
_SELDOM = 10
"""An older message is asked for in each tenth minute only."""


@dataclass
class DeliveryRound:
    """What one round of asking brought; `silent` are the gateways that could not be asked, with the reason."""

    asked: int = 0
    delivered: int = 0
    failed: list[str] = field(default_factory=list)
    silent: dict[str, str] = field(default_factory=dict)


def is_due(row: LetterRow, now: datetime) -> bool:
    """Whether a clock asks for this message in this minute: a young one each time, an old one now and then."""
    return row.last_at is None or now - row.last_at < _OFTEN or now.minute % _SELDOM == 0


@dataclass(frozen=True)
class Reporting:
    """Asks the gateways among `channels` for the letters of a ledger."""

    ledger: Ledger
    channels: Mapping[str, Channel]
    clock: Clock

    @property
    def gateways(self) -> set[str]:
        """The channels that can be asked, by name."""
        return {name for name, way in self.channels.items() if way.reports}

    def unreported(self, campaigns: Iterable[Campaign]) -> Iterator[LetterRow]:
        """The messages that a gateway took and of which it may know more, oldest sending first."""
        asked, now = self.gateways, self.clock.now()
        for campaign in campaigns if asked else ():
            if now - campaign.expires_at > KEPT:
                continue
            for row in self.ledger.rows(campaign.id):
                is_ours = row.key.channel in asked and row.state == "sent" and row.provider_id
                if is_ours and row.last_at and now - row.last_at <= KEPT and self.arrived(row.key) is None:
                    yield row

    def arrived(self, key: Key) -> datetime | None:
        """When a message arrived by what its gateway said, or None where that is not known."""
        return next((one.at for one in self.ledger.attempts(key) if one.stage == STAGE), None)

    def ask(self, world: World, rows: Iterable[LetterRow], most: int = MOST) -> DeliveryRound:
        """Ask for these messages, at `most` so many, and keep what is heard. A silent gateway is asked once."""
        done = DeliveryRound()
        for row in rows:
            name = row.key.channel
            if name in done.silent or done.asked >= most:
                continue
            done.asked += 1
            report = self.channels[name].report(row.provider_id, world)
            if report.state == "unheard":
                done.silent[name] = report.words
            elif report.state != "on its way":
                self._keep(row, report, done)
        return done

    def _keep(self, row: LetterRow, report: DeliveryReport, done: DeliveryRound) -> None:
        now = self.clock.now()
        if report.state == "delivered":
            self.ledger.note(row.key, STAGE, report.code, report.words, report.at or now)
            done.delivered += 1
            return
        words = f"not delivered: {report.words}"
        try:
            self.ledger.bounce(row.key, Settled("failed", now, STAGE, report.code, words, counts=False))
        except Taken:
            return
        done.failed.append(row.name)
