"""Reads one page as a stranger sees it, over the line that is asked for: not to judge it, but to have it."""

from __future__ import annotations

import asyncio

from bcp.i18n import _
from bcp.probe.base import Attempt, Shared
from bcp.probe.http_client import fetch
from bcp.probe.trouble import Trouble, explain

TIMEOUT = 15.0


def read(shared: Shared, url: str, via: str | None) -> tuple[bytes | None, str]:
    """The page at `url` looked at through `via`; else nothing, and why."""
    attempt = Attempt(shared, shared.interface(via))
    try:
        return asyncio.run(_read(attempt, url))
    except TimeoutError:
        return None, _("no answer within {length}").format(length=f"{TIMEOUT:g} s")
    except Trouble as trouble:
        return None, trouble.reason
    except (OSError, EOFError, ValueError) as error:
        return None, explain(error, attempt.via).reason


async def _read(attempt: Attempt, url: str) -> tuple[bytes | None, str]:
    async with asyncio.timeout(TIMEOUT):
        page = await fetch(attempt, url, headers={"Cache-Control": "no-cache"})
    if not 200 <= page.status <= 299:
        return None, _("{url} answers {status}").format(url=url, status=page.status)
    return page.body, ""
