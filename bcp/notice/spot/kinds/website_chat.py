"""website-chat: the first message of the chat on the website."""

from __future__ import annotations

from collections.abc import Sequence

from bcp.i18n import _
from bcp.notice.spot.base import TextSpot


class WebsiteChat(TextSpot):
    """What a visitor of the website reads before somebody answers."""

    RANK = 40

    def title(self) -> str:
        """What people call it."""
        return _("chat on the website")

    def where(self) -> Sequence[str]:
        """The provider of the chat has a page of its own."""
        return (
            _("Sign in at the provider of the chat: Tidio, Smartsupp, tawk.to and so on."),
            _(
                "Settings: the first message to visitors, and the one while nobody is there. Keep the old texts."
            ),
            _("Put our text in their place, and save. Open the website in a private window and look."),
        )

    def down(self) -> Sequence[str]:
        """The old messages come back."""
        return (_("Put the old messages back, save, and look at the website in a private window."),)


Kind = WebsiteChat
