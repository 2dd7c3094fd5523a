"""autoresponder: the automatic reply of the mailbox that clients write to.

Gmail: https://support.google.com/mail/answer/25922; Outlook: https://support.microsoft.com/office (automatic replies);
Roundcube: its help page on Vacation, of the plug-in managesieve.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bcp.i18n import _
from bcp.notice.spot.base import TextSpot


class Autoresponder(TextSpot):
    """Each who writes gets it, most often once in some days."""

    RANK = 70
    CHECKED = date(2025, 6, 1)
    SOURCE = "https://support.google.com/mail/answer/25922"

    def title(self) -> str:
        """What people call it."""
        return _("automatic reply of the mailbox")

    def where(self) -> Sequence[str]:
        """In the settings of the mailbox."""
        return (
            _("Gmail: the gear, See all settings, General, Vacation responder on."),
            _("Outlook: Settings, Accounts, Automatic replies. Roundcube: Settings, Filters, Vacation."),
            _(
                "Paste the text, set as its end the day after tomorrow, save. Write to it from another address."
            ),
        )

    def down(self) -> Sequence[str]:
        """It is switched off."""
        return (_("Switch the automatic reply off in the same place, and save."),)


Kind = Autoresponder
