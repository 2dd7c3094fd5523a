"""What a trial of a line did not try: the part of the day in need that nobody has seen yet."""

from __future__ import annotations

from collections.abc import Iterable

from bcp.i18n import _
from bcp.lever.line.base import LineDriver
from bcp.office.line import OfficeLine

STANDS_BY = "stands by"
"""The state of a line that was well beside the one in use: the office was not switched to it."""


def untried(line: OfficeLine, lines: Iterable[OfficeLine], state: str) -> list[str]:
    """What was not tried when a trial ended in `state`, in sentences; nothing where it failed anyway."""
    if state not in (STANDS_BY, "up") or not isinstance(line.way, LineDriver):
        return []
    missing = []
    if state == STANDS_BY:
        missing.append(_("that the office leads out over it"))
        missing.append(_("that this computer finds names over it"))
    if line.way.is_of_one_computer:
        missing.append(_("the other computers of the office"))
    phones = [other for other in lines if other.number and other is not line]
    if phones:
        names = ", ".join(other.line for other in phones)
        missing.append(_("that the phones register over it: {names}").format(names=names))
    return missing
