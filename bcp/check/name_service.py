"""Whether name servers do their work: they answer what no cache can know, and know names that exist."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import partial

from bcp.i18n import _
from bcp.probe.dns_message import NO_SUCH_NAME
from bcp.probe.name_settings import Server
from bcp.probe.names import ask
from bcp.probe.race import first
from bcp.probe.trouble import Trouble


async def answering(servers: tuple[Server, ...], names: Sequence[str], via: str | None) -> str:
    """The words for servers that do; `names` are some that exist.

    A name that nobody can have asked for before is asked for, so that no cache answers; that there is none will do.
    Raises Trouble where nobody answers, and where each of the names that exist is said not to.
    """
    if not servers:
        words = _("this computer does not say which name servers it uses: name one")
        raise Trouble(words, "inconclusive")
    fresh = [partial(ask, servers, f"bcp-{secrets.token_hex(4)}.{name}", "A", via) for name in names]
    known = [partial(_known, servers, name, via) for name in names]
    await first(fresh, 0)
    await first(known, 0)
    return _("the name server {server} answers").format(server=servers[0][0])


async def _known(servers: tuple[Server, ...], name: str, via: str | None) -> None:
    answer = await ask(servers, name, "A", via)
    if answer.code == NO_SUCH_NAME:
        words = _("the name server {server} says that there is no such name as {name}")
        raise Trouble(words.format(server=servers[0][0], name=name))
