"""What other name servers say of a name of ours: wrong here only, wrong everywhere, or no fault of names at all."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_address

from bcp.host_name import is_address
from bcp.i18n import _, ngettext
from bcp.private_address import is_inside
from bcp.probe.base import Shared
from bcp.probe.name_settings import Server
from bcp.probe.names import Names, ask
from bcp.probe.trouble import Trouble

_SHARE = 0.75
"""What asking may take of the time that a look may take."""


@dataclass(frozen=True, slots=True)
class NameView:
    """The addresses of a name, by whoever this computer asks (`resolver`), and by each of the others that answered."""

    name: str
    ours: tuple[str, ...]
    resolver: str
    others: Mapping[str, tuple[str, ...]]

    @property
    def is_nowhere(self) -> bool:
        """Whether nobody knows an address of it."""
        return not self.ours and bool(self.others) and not any(self.others.values())

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """The addresses that the others give, if ours has none of them.

        An address inside the office's network is given on purpose; this computer itself is what a block list gives.
        """
        return () if self.is_inside else self._theirs

    @property
    def is_inside(self) -> bool:
        """Whether this computer is told addresses inside the office's network alone, and all others are told others."""
        is_on_purpose = bool(self.ours) and all(
            is_inside(each) and not _is_nobody(each) for each in self.ours
        )
        return is_on_purpose and bool(self._theirs)

    @property
    def _theirs(self) -> tuple[str, ...]:
        """The addresses that the others give, none where ours has one of them."""
        theirs = tuple(dict.fromkeys(address for each in self.others.values() for address in each))
        return () if set(theirs) & set(self.ours) else theirs

    @property
    def words(self) -> str:
        """Who says what."""
        none = _("that there is no such name")
        theirs = dict.fromkeys(", ".join(each) or none for each in self.others.values())
        words = ngettext(
            "{resolver} says of {name}: {ours}. {others} says: {theirs}",
            "{resolver} says of {name}: {ours}. {others} say: {theirs}",
            len(self.others),
        )
        return words.format(
            resolver=self.resolver,
            name=self.name,
            ours=", ".join(self.ours) or none,
            others=", ".join(self.others),
            theirs=" / ".join(theirs),
        )


async def view(shared: Shared, name: str, via: str | None) -> NameView | None:
    """What everybody says of `name`; None for what is no name of the internet, and where nobody else answers."""
    plain = name.lower().rstrip(".")
    if is_address(plain) or "." not in plain or plain.endswith(".local"):
        return None
    settings = shared.names.settings
    asked = asyncio.gather(*(_asked(server, plain, via) for server in shared.names.public))
    try:
        async with asyncio.timeout(shared.timeout * _SHARE):
            ours = tuple(await shared.names.addresses(plain, via))
    except (Trouble, TimeoutError, OSError):
        ours = ()
    answers = await asked
    others = {
        server[0]: told for server, told in zip(shared.names.public, answers, strict=True) if told is not None
    }
    if not others:
        return None
    is_known = plain in settings.hosts
    servers = shared.names.servers(via)
    resolver = _("the hosts file of this computer") if is_known or not servers else servers[0][0]
    return NameView(plain, ours, resolver, others)


async def _asked(server: Server, name: str, via: str | None) -> tuple[str, ...] | None:
    """The addresses of a name by one server; None where it does not tell."""
    try:
        async with asyncio.timeout(1.0):
            answers = await asyncio.gather(*(ask((server,), name, kind, via) for kind in ("A", "AAAA")))
    except (Trouble, TimeoutError, OSError, EOFError, ValueError):
        return None
    return (*answers[0].values("A"), *answers[1].values("AAAA"))


def _is_nobody(address: str) -> bool:
    found = ip_address(address.partition("%")[0])
    return found.is_loopback or found.is_unspecified


def believing(shared: Shared, views: Mapping[str, tuple[str, ...]]) -> Shared:
    """The same for looks that believe the others: the names are at these addresses."""
    settings = shared.names.settings
    told = replace(settings, hosts={**settings.hosts, **views})
    return replace(shared, names=Names(lambda: told, public=shared.names.public))
