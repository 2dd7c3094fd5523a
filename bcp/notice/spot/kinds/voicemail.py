"""voicemail: the announcement of the phone that rings now, read aloud by somebody of the office."""

from __future__ import annotations

from collections.abc import Sequence

from bcp.i18n import _
from bcp.notice.spot.aloud import in_groups
from bcp.notice.spot.base import TextSpot


class Voicemail(TextSpot):
    """It is heard: numbers in groups, and nothing that only a reader can use."""

    RANK = 10
    PARTS = ("voicemail", "say", "paste", "sms")
    TOGETHER = False

    def title(self) -> str:
        """What people call it."""
        return _("announcement of the voicemail")

    def where(self) -> Sequence[str]:
        """The mailbox of a mobile, or the page of the phone provider."""
        return (
            _("Mobile: call its mailbox (often: hold down the key 1), and choose the greeting."),
            _("Telephone system or answering service: its page, Announcements."),
            _(
                "Read the text aloud, slowly, and the number twice. Then call it from another phone and listen."
            ),
        )

    def down(self) -> Sequence[str]:
        """The usual greeting comes back."""
        return (_("Record the usual greeting again, then call the number and listen."),)

    def shaped(self, text: str, part: str) -> str:
        """With its numbers in groups of digits."""
        return in_groups(text)

    def hint(self, part: str) -> str:
        """A text that was not written to be heard is said to be none."""
        if part in ("voicemail", "say"):
            return ""
        return _(
            "This text was written for a screen: leave out what nobody can hear, such as a mail address."
        )


Kind = Voicemail
