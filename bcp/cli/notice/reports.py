"""Shows what gateways said of the messages that they took."""

from __future__ import annotations

from bcp.app.notice.reports import Deliveries
from bcp.cli.terminal.output import say, show
from bcp.i18n import _
from bcp.notice.campaign.reports import DeliveryRound


def show_round(done: DeliveryRound) -> None:
    """What a round of asking brought, by name where a message did not arrive; nothing where nothing was asked."""
    if not done.asked:
        return
    words = _("Delivery reports: {asked} asked for, {delivered} arrived, {failed} did not.")
    say(words.format(asked=done.asked, delivered=done.delivered, failed=len(done.failed)))
    for name in done.failed:
        say("  " + _("{name}: not delivered; the next way is tried").format(name=name), "yellow")
    for way, why in done.silent.items():
        say(_("{way} could not be asked: {why}").format(way=way, why=why), "yellow")


def show_deliveries(found: Deliveries) -> None:
    """How many messages arrived, and of how many only the gateway's yes is known."""
    if found.delivered:
        show(_("Text messages that arrived: {count}").format(count=found.delivered))
    if found.taken:
        show(_("Taken by the gateway, and not known to have arrived: {count}").format(count=found.taken))
        say(_("Ask the gateway now: bcp inbox fetch"))
