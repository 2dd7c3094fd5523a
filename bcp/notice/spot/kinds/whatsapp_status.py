"""whatsapp-status: a text status of WhatsApp, and the away message of WhatsApp Business.

A text status holds 700 letters and is gone after 24 hours: https://faq.whatsapp.com/.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bcp.i18n import _
from bcp.notice.spot.base import TextSpot


class WhatsappStatus(TextSpot):
    """Seen by whoever has our number; one status a language."""

    RANK = 60
    CHECKED = date(2026, 6, 10)
    SOURCE = "https://faq.whatsapp.com"
    LIMIT = 700
    TOGETHER = False

    def title(self) -> str:
        """What people call it."""
        return _("WhatsApp status")

    def where(self) -> Sequence[str]:
        """On the phone of the office."""
        return (
            _("On the office's phone: WhatsApp, Updates, the pencil: paste the text, send."),
            _("It is gone after 24 hours: put it there again each day."),
            _("WhatsApp Business: Settings, Business tools, Away message: the same text, always send."),
        )

    def down(self) -> Sequence[str]:
        """The status and the away message."""
        return (_("Updates, My status: delete it. WhatsApp Business: switch the away message off."),)


Kind = WhatsappStatus
