"""website-contact: the contact page of the website, edited by hand."""

from __future__ import annotations

from collections.abc import Sequence

from bcp.i18n import _
from bcp.notice.spot.base import TextSpot


class WebsiteContact(TextSpot):
    """The page on which clients look for a number."""

    RANK = 20

    def title(self) -> str:
        """What people call it."""
        return _("contact page of the website")

    def where(self) -> Sequence[str]:
        """Wherever the website is edited."""
        return (
            _("Sign in where the website is edited, and open the page Contact."),
            _("Put the text at the very top, above address and form. Save."),
            _("Open the page on a phone with Wi-Fi off, and read it."),
        )

    def down(self) -> Sequence[str]:
        """The text goes."""
        return (_("Delete the text from the page Contact, save, and look at the page on a phone."),)


Kind = WebsiteContact
