"""door: a sheet at the door of the office."""

from __future__ import annotations

from collections.abc import Sequence

from bcp.i18n import _
from bcp.notice.spot.base import TextSpot


class Door(TextSpot):
    """For whoever comes by."""

    RANK = 90

    def title(self) -> str:
        """What people call it."""
        return _("door of the office")

    def where(self) -> Sequence[str]:
        """On paper."""
        return (
            _("Large, with a QR code, if a printer works: bcp print door"),
            _("Else by hand: a thick pen, the number as large as a hand. Date and hour below it."),
            _("Fix it at the height of the eyes, outside, and once more at the gate."),
        )

    def down(self) -> Sequence[str]:
        """It is taken off."""
        return (_("Take the sheets off the door and the gate."),)


Kind = Door
