"""Delivery reports of gateways: `inbox fetch` asks for all, the watch for those that are due."""

from __future__ import annotations

from dataclasses import dataclass

from bcp.app.session import Session
from bcp.app.worlds import world_of
from bcp.i18n import _
from bcp.incident.state import Incident
from bcp.notice.campaign.reports import MOST_BESIDE, DeliveryRound, Reporting, is_due
from bcp.notice.channel.channels import Ways
from bcp.notice.channel.channels import load as load_channels
from bcp.store.outbox import Outbox
from bcp.yaml.source import Reader


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Of the messages of an incident that gateways took: how many arrived, and of how many nobody knows that."""

    delivered: int
    taken: int


def ask_reports(session: Session) -> tuple[DeliveryRound, bool]:
    """Ask for the messages of which a gateway may know more; and whether the office has a mailbox of answers, too.

    Raises SourceError for mistakes in channels.yaml.
    """
    reader = Reader()
    ways = load_channels(session.folder, reader)
    reader.finish()
    reporting = _reporting(session, ways)
    rows = reporting.unreported(session.stores.of(Outbox).all_campaigns())
    return reporting.ask(world_of(session), rows), ways.inbox is not None


def remind(session: Session) -> list[str]:
    """What a watch tells of reports that are due: the messages that did not arrive, and what to do.

    A mistake in a file of the office is told elsewhere.
    """
    reporting, now = _reporting(session, load_channels(session.folder, Reader())), session.clock.now()
    rows = reporting.unreported(session.stores.of(Outbox).all_campaigns())
    found = reporting.ask(world_of(session), (row for row in rows if is_due(row, now)), MOST_BESIDE)
    words = _("Text messages that did not arrive: {count}. See whom to tell another way: bcp notice status")
    return [words.format(count=len(found.failed))] if found.failed else []


def deliveries(session: Session, incident: Incident) -> Deliveries:
    """What is known of the messages of an incident that went through gateways with reports."""
    reporting = _reporting(session, load_channels(session.folder, Reader()))
    asked = reporting.gateways
    taken = [
        reporting.arrived(row.key)
        for campaign in (reporting.ledger.campaigns(incident.id) if asked else ())
        for row in reporting.ledger.rows(campaign.id)
        if row.key.channel in asked and row.state == "sent" and row.provider_id
    ]
    delivered = sum(at is not None for at in taken)
    return Deliveries(delivered, len(taken) - delivered)


def _reporting(session: Session, ways: Ways) -> Reporting:
    return Reporting(session.stores.of(Outbox), ways.channels, session.clock)
