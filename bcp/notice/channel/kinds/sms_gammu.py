"""sms-gammu: text messages through a GSM modem or phone on this computer, with no internet at all.

Gammu (https://wammu.eu/gammu/) sends through the modem that its configuration names.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pydantic import Field

from bcp.notice.channel.base import Envelope, Handed
from bcp.notice.channel.sms import Sms, rehearsed
from bcp.outside import Program, World
from bcp.yaml.types import Line


class Gammu(Sms):
    """Text messages through Gammu."""

    config: Line | None = Field(default=None, description="its configuration; without it, its own default")
    a_minute: float = Field(default=10, gt=0, description="a modem needs a few seconds for each message")

    def describe(self) -> str:
        """The modem."""
        return "text messages through the GSM modem (gammu)"

    def send(self, envelope: Envelope, world: World, claim: Callable[[], None]) -> Handed:
        """One message; gammu waits for the network's answer. One that was stopped meanwhile is unknown."""
        text = envelope.content.decode()
        config = ("-c", self.config) if self.config else ()
        message = (envelope.address, "-unicode", "-autolen", str(len(text)), "-text", text)
        claim()
        ran = world.run(Program(("gammu", *config, "sendsms", "TEXT", *message), 120.0))
        if ran.rehearsed:
            return rehearsed(ran.trouble)
        if ran.code == 0:
            found = re.search(r"message reference=(\d+)", ran.output)
            return Handed("sent", found[0] if found else ran.last_line, 0, "sms", found[1] if found else "")
        if ran.code is None:
            stopped = bool(ran.output)
            return Handed("unknown" if stopped else "account", ran.trouble, None, "sms")
        # https://docs.gammu.org/gammu/errors.html: 1xx from the program, small numbers from the device.
        return Handed("account", ran.last_line or f"gammu ended with {ran.code}", ran.code, "sms")


Kind = Gammu
