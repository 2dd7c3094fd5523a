"""The sign of life: a page is fetched every minute, so that somebody else notices when it stops.

It is honest: it is fetched only while every check was looked at when it was due. Three intervals may pass (a minute
at least), and the time that its looks may take.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from bcp.check.model import Check
from bcp.check.troubles import Troubles
from bcp.i18n import _
from bcp.probe.base import Attempt, Shared
from bcp.probe.http_client import fetch
from bcp.probe.trouble import Trouble

_LEAST = 60.0
_WITHIN = 10.0


class SignOfLife:
    """Knows which checks were looked at, and fetches the page. `now` is the loop's time, in seconds."""

    def __init__(self, shared: Shared, troubles: Troubles) -> None:
        self._shared, self._troubles = shared, troubles
        self._looked: dict[str, float] = {}
        self.has_looked = False
        """Whether anything was looked at: who is only begun again and again gives no sign of life."""

    def planned(self, checks: Iterable[str], now: float) -> None:
        """These are to be looked at; of one that is new the time counts from now on."""
        self._looked = {name: self._looked.get(name, now) for name in checks}

    def looked(self, name: str, now: float) -> None:
        """This one was looked at, or left alone because of its maintenance."""
        self.has_looked = True
        self._looked[name] = now

    def overdue(self, checks: Mapping[str, Check], now: float) -> list[str]:
        """Those that nobody looked at in time."""
        return [
            name
            for name, check in checks.items()
            if now - self._looked.get(name, now) > _allowed(check, self._shared.timeout)
        ]

    async def send(self, page: str, checks: Mapping[str, Check], now: float) -> None:
        """Fetch the page, if all is as it should be. That it cannot be reached is no news: it is there for that."""
        if (checks and not self.has_looked) or self.overdue(checks, now):
            return
        with suppress(TimeoutError, Trouble, OSError, EOFError):
            async with asyncio.timeout(_WITHIN):
                await self._fetch(page)

    async def _fetch(self, page: str) -> None:
        words = _("The sign of life does not work: {host} {said}. If the watch dies, nobody will notice.")
        try:
            answer = await fetch(Attempt(self._shared), page, want_body=False)
        except ValueError as error:
            self._troubles.failed("alive", words.format(host=_("its address"), said=str(error)))
            return
        if 200 <= answer.status < 300:
            self._troubles.over("alive")
        else:
            # Only its host: the rest of such an address is as good as a password.
            said = _("answers {status}").format(status=answer.status)
            self._troubles.failed("alive", words.format(host=urlsplit(page).hostname, said=said))


def _allowed(check: Check, timeout: float) -> float:
    """Seconds between two looks at a check at which nobody need worry yet."""
    longest = max((probe.timeout.total_seconds() if probe.timeout else timeout) for probe in check.probes)
    return max(3 * check.every.total_seconds(), _LEAST) + 2 * check.confirm.looks * longest
