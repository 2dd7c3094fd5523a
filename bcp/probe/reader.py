"""Reads one page as a stranger sees it, over the line that is asked for: not to judge it, but to have it."""

from __future__ import annotations

import asyncio

from bcp.i18n import _
from bcp.probe.base import Attempt, Shared
from bcp.probe.http_answer import unreadable
from bcp.probe.http_client import fetch
from bcp.probe.trouble import Trouble, explain

TIMEOUT = 15.0


def read(shared: Shared, url: str, via: str | None) -> tuple[bytes | None, str]:
    """The page at `url` looked at through `via`; else nothing, and why.

    A page that comes with 503 and Retry-After is there for people to read (maintenance): it is given with the status.
    """
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
    if page.packing:
        return None, unreadable(page).reason
    if 200 <= page.status <= 299:
        return page.body, ""
    is_meant = page.status == 503 and "retry-after" in page.headers
    return page.body if is_meant else None, _("{url} answers {status}").format(url=url, status=page.status)
