"""What hangs on the line that was left: it does not move over, and somebody must restart it."""

from __future__ import annotations

from collections.abc import Iterable

from bcp.i18n import _
from bcp.office.line import OfficeLine


def reconnect(line: OfficeLine, lines: Iterable[OfficeLine]) -> str:
    """What to restart now that the office leads out over `line`; the phones of all other lines by name."""
    words = _("open connections hang on the old line: restart the VPN, the mail program and video calls")
    phones = ", ".join(f"{one.line} ({one.number})" for one in lines if one.number and one is not line)
    if not phones:
        return words
    also = _("phones that go over the internet must register again, restart them too: {names}")
    return f"{words}; {also.format(names=phones)}"
