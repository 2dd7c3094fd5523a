"""Delivery reports of gateways: `inbox fetch` asks for all, the watch for those that are due."""

from __future__ import annotations

from dataclasses import dataclass

from bcp.app.notice.office import post_of
from bcp.app.session import Session
from bcp.app.worlds import world_of
from bcp.errors import BcpError
from bcp.i18n import _
from bcp.incident.state import Incident
from bcp.notice.campaign.reports import MOST_BESIDE, DeliveryRound, ask, is_due, reported, unreported
from bcp.store.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Of the messages of an incident that gateways took: how many arrived, and of how many nobody knows that."""

    delivered: int
    taken: int


def ask_reports(session: Session) -> tuple[DeliveryRound, bool]:
    """Ask for the messages of which a gateway may know more; and whether the office has a mailbox of answers, too."""
    post = post_of(session)
    campaigns = session.stores.of(Outbox).all_campaigns()
    rows = unreported(post, campaigns, session.clock.now())
    return ask(post, world_of(session), rows), post.ways.inbox is not None


def remind(session: Session) -> list[str]:
    """What a watch tells of reports that are due: the messages that did not arrive, and what to do.

    A mistake in a file of the office is told elsewhere.
    """
    try:
        post = post_of(session)
    except BcpError:
        return []
    now = session.clock.now()
    rows = (
        row for row in unreported(post, session.stores.of(Outbox).all_campaigns(), now) if is_due(row, now)
    )
    failed = len(ask(post, world_of(session), rows, MOST_BESIDE).failed)
    words = _("Text messages that did not arrive: {count}. See whom to tell another way: bcp notice status")
    return [words.format(count=failed)] if failed else []


def deliveries(session: Session, incident: Incident) -> Deliveries:
    """What is known of the messages of an incident that went through gateways with reports."""
    post = post_of(session)
    asked = {name for name, way in post.ways.channels.items() if way.reports}
    taken = [
        reported(post, row.key)
        for campaign in (post.ledger.campaigns(incident.id) if asked else ())
        for row in post.ledger.rows(campaign.id)
        if row.key.channel in asked and row.state == "sent" and row.provider_id
    ]
    delivered = sum(at is not None for at in taken)
    return Deliveries(delivered, len(taken) - delivered)
