"""by-hand: a person switches, with a mobile router or a phone's hotspot, and says when it is done."""

from __future__ import annotations

from io import StringIO
from typing import ClassVar

from pydantic import Field

from bcp.i18n import _
from bcp.lever.line.base import Made, Saved, SwitchedElsewhere
from bcp.outside import World
from bcp.yaml.types import Line, Text


class ByHand(SwitchedElsewhere):
    """A person does it."""

    unseen: ClassVar[tuple[str, str]] = (
        "this line is switched by hand, so only a person can test it",
        "connect a laptop to it; if it hangs on this computer: way: {by-hand: {interface: …}} in bcp.yaml",
    )

    do: Text = Field(
        description="what to do, step by step", examples=["Take the LTE router from cabinet B …"]
    )
    back: Text = Field(description="how it is taken back", examples=["Plug the cable into the old router …"])
    wifi: Line | None = Field(
        default=None, max_length=32, description="the hotspot's network; the step shows it as a QR code"
    )
    wifi_password: Line | None = Field(
        default=None, max_length=63, description="readable here, so one that is used for nothing else"
    )

    def describe(self) -> str:
        """That a person does it."""
        return _("A person switches by hand")

    def hand(self) -> str:
        """What to do, and the network as a code to point a phone at."""
        if self.wifi is None:
            return self.do
        words = _("The Wi-Fi {name}: point a phone at this code.").format(name=self.wifi)
        return f"{self.do}\n\n{words}\n{picture(wifi_code(self.wifi, self.wifi_password))}"

    def hand_back(self) -> str:
        """How it is taken back."""
        return self.back

    def present(self, world: World) -> Saved:
        """Nothing that could be read."""
        return {}

    def switch(self, world: World) -> str:
        """The person said that it is done."""
        return self.interface or ""

    def put_back(self, world: World, saved: Saved, made: Made) -> None:
        """The person said that it is done."""


def wifi_code(name: str, password: str | None) -> str:
    """What the code says: `WIFI:T:WPA;S:…;P:…;;`, as the cameras of Android and iOS read it."""
    from segno.helpers import make_wifi_data

    return str(make_wifi_data(name, password, "WPA" if password else None))


def picture(code: str) -> str:
    """A QR code in letters, for the screen."""
    import segno

    drawn = StringIO()
    segno.make(code, error="m", micro=False).terminal(drawn, border=2, compact=True)
    return drawn.getvalue().rstrip("\n")


Kind = ByHand
