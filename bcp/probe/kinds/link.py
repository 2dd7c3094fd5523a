"""link: this computer is on the office network: cable or Wi-Fi, an address, a way out, a router that answers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bcp.i18n import _
from bcp.probe.base import Attempt, Remote, Result
from bcp.probe.gateway import answers
from bcp.probe.interfaces import Interface, named, read_interfaces, ways_out
from bcp.probe.trouble import Trouble


class Link(Remote):
    """An interface is connected, has an address and a router; the one that leads out where none is named."""

    gateway: Literal["answers", "exists", "none"] = Field(
        default="answers",
        description="what is wanted of the router; some routers answer nothing: then exists",
    )

    def describe(self) -> str:
        """One line: what is looked at."""
        if self.via:
            return _("see that {name} is connected and its router answers").format(name=self.via)
        return _("see that this computer is connected and the office's router answers")

    async def see(self, attempt: Attempt) -> Result:
        """From the plug outwards; the first thing that is missing is the reason."""
        interface = self._chosen(await read_interfaces(), attempt.via)
        evidence = {
            "interface": interface.name,
            "addresses": list(interface.addresses),
            "gateway": interface.gateway,
        }
        missing = what_is_missing(interface, self.gateway != "none")
        if missing:
            raise Trouble(missing, evidence=evidence)
        told = _("{name} is connected").format(name=interface.name)
        if self.gateway == "answers" and interface.gateway:
            attempt.doing = _("waiting for the router {gateway}").format(gateway=interface.gateway)
            how = await answers(interface.gateway, attempt.via)
            told = _("{told}; the router {gateway}: {how}").format(
                told=told, gateway=interface.gateway, how=how
            )
        return Result("up", told, evidence=evidence)

    def _chosen(self, found: list[Interface], via: str | None) -> Interface:
        if via is not None:
            if chosen := named(found, via):
                return chosen
            raise Trouble(_("this computer has no interface {name}").format(name=via), "inconclusive")
        best = [*ways_out(found), *sorted(found, key=lambda each: (not each.has_link, not each.has_address))]
        if not best:
            raise Trouble(_("this computer has no network interface"))
        return best[0]


def what_is_missing(interface: Interface, wants_gateway: bool = True) -> str:
    """What an interface lacks to lead anywhere, in plain words; nothing if it lacks nothing."""
    if not interface.has_link:
        return _("{name} is not connected: the cable is out or the Wi-Fi is lost").format(name=interface.name)
    if not interface.has_address:
        return _("{name} has no address: nobody gave it one").format(name=interface.name)
    if wants_gateway and interface.gateway is None:
        return _("{name} knows no router").format(name=interface.name)
    return ""


Kind = Link
