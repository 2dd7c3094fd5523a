"""signature: the signature below the mails of everybody in the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bcp.i18n import _
from bcp.notice.spot.base import TextSpot


class Signature(TextSpot):
    """It goes along with each answer."""

    RANK = 80
    CHECKED = date(2025, 6, 1)
    SOURCE = "https://support.google.com/mail/answer/8395"
    PARTS = ("sms", "paste")

    def title(self) -> str:
        """What people call it."""
        return _("mail signature of everybody")

    def where(self) -> Sequence[str]:
        """In each program that writes mail."""
        return (
            _(
                "Gmail: the gear, See all settings, General, Signature. Outlook: Settings, Accounts, Signatures."
            ),
            _("Thunderbird: Account Settings, the mail address, Signature text."),
            _("Put the text above the name. Everybody does it, on each computer and phone that writes mail."),
        )

    def down(self) -> Sequence[str]:
        """Everybody takes it out."""
        return (_("Everybody deletes the text from the signature, on each computer and phone."),)


Kind = Signature
