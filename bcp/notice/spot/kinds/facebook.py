"""facebook: a post on the page of the office, pinned to its top.

A post holds 63,206 letters; about 477 are seen before "See more".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bcp.i18n import _
from bcp.notice.spot.base import TextSpot


class Facebook(TextSpot):
    """One post, which is edited when there is news."""

    RANK = 50
    CHECKED = date(2025, 6, 1)
    SOURCE = "https://www.facebook.com/help"
    LIMIT = 63_206
    AT_A_GLANCE = 477

    def title(self) -> str:
        """What people call it."""
        return _("Facebook page")

    def where(self) -> Sequence[str]:
        """As the page, not as the person."""
        return (
            _("Profile picture, top right: switch to the page of the office."),
            _("What's on your mind: paste the text, Post. Then the three dots at the post: Pin post."),
            _("News later: edit this post (three dots, Edit post), so that no old text stays."),
        )

    def down(self) -> Sequence[str]:
        """The post goes."""
        return (_("The three dots at the post: Move to trash."),)


Kind = Facebook
