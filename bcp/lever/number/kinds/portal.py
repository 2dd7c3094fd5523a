"""portal: a person has the calls forwarded on the provider's website, from any device that is online."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from bcp.i18n import _
from bcp.lever.number.base import Hand, NumberFinding, NumberRequest, Saved, from_before
from bcp.outside import World
from bcp.yaml.types import Line, Text


class Portal(Hand):
    """Sign in, enter the number, save."""

    url: Line | None = Field(default=None, description="else the portal of the number's line")
    sign_in: Text | None = Field(
        default=None,
        description="with what, and where that lies; never the password itself",
        examples=["Account biuro@…; the password is in the red folder"],
    )
    do: Text | None = Field(
        default=None, description="where to click", examples=["Numbers, Forwarding, All calls"]
    )

    def describe(self, order: NumberRequest) -> Sequence[str]:
        """To whom, and where that is set."""
        said = _("Calls to {number} go to {whose} ({to}), set on the provider's website")
        return [order.fill(said), *self.of_no_use(order)]

    def hand(self, order: NumberRequest) -> str:
        """Where, and what."""
        lines = [
            *self._way_in(order),
            _("Look where its calls go now, and write that down."),
            order.fill(_("Forward all calls of {number} to {to}, and save.")),
            order.fill(_("Open the page once more: does it show {to}?")),
        ]
        return "\n".join(lines)

    def hand_back(self, order: NumberRequest, saved: Saved) -> str:
        """The same way back."""
        off = _("Switch the forwarding of {number} off, and save. Open the page once more: is it off?")
        lines = [*self._way_in(order), order.fill(off), from_before(saved)]
        return "\n".join(filter(None, lines))

    def check(self, world: World, order: NumberRequest) -> list[NumberFinding]:
        """Whether it is known where the portal is."""
        if not self._where(order):
            words = _("nobody wrote down the address of the portal: way: {portal: {url: …}} in bcp.yaml")
            return [NumberFinding("bad", words)]
        return [NumberFinding("fine", _("portal: {where}").format(where=self._where(order)))]

    def _where(self, order: NumberRequest) -> str:
        return self.url or (order.line.portal if order.line and order.line.portal else "")

    def _way_in(self, order: NumberRequest) -> list[str]:
        where = self._where(order) or _("the provider's website")
        provider = f" ({order.line.provider})" if order.line and order.line.provider else ""
        return [
            _("Open {where}{provider} on any device that is online.").format(where=where, provider=provider),
            *filter(None, (self.sign_in, self.do)),
        ]


Kind = Portal
