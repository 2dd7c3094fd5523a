"""google-profile: the Google Business Profile: an update, the phone number, special hours.

Special hours and closures: https://support.google.com/business/answer/10417060 (from 7 days on: temporarily closed).
Updates hold 1,500 letters and no phone number: https://support.google.com/business/answer/7213077.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bcp.i18n import _
from bcp.notice.spot.aloud import has_number
from bcp.notice.spot.base import TextSpot


class GoogleProfile(TextSpot):
    """Its updates take no phone number; that is a field of its own."""

    RANK = 30
    CHECKED = date(2026, 6, 1)
    SOURCE = "https://support.google.com/business/answer/7213077"
    LIMIT = 1500

    def title(self) -> str:
        """What people call it."""
        return _("Google Business Profile")

    def where(self) -> Sequence[str]:
        """On Google's page of search results."""
        return (
            _("Sign in as the owner, and search Google for the name of the office."),
            _(
                "Edit profile, Contact, Phone number: the number that rings now. Write down the old one first."
            ),
            _("Office closed? Edit profile, Hours, Special hours (up to 6 days), else: Temporarily closed."),
            _("Add update: paste the text, Post."),
        )

    def down(self) -> Sequence[str]:
        """The update, the number and the hours."""
        return (
            _("Updates, the three dots at ours: Delete."),
            _("Edit profile: the usual phone number again; delete the special hours, or: Open."),
        )

    def refuses(self, sentence: str) -> str:
        """A phone number."""
        return _("Google takes no update with a phone number") if has_number(sentence) else ""


Kind = GoogleProfile
