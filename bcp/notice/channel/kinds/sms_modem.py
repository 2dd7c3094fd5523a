"""sms-modem: text messages through ModemManager (mmcli), which many laptops and LTE sticks come with."""

from __future__ import annotations

import re
from collections.abc import Callable

from pydantic import Field

from bcp.notice.channel.base import Envelope, Handed
from bcp.notice.channel.sms import Sms, rehearsed
from bcp.outside import Program, World
from bcp.yaml.types import Line


class Modem(Sms):
    """Text messages through ModemManager."""

    modem: Line = Field(default="any", description="its number, as mmcli --list-modems shows it")
    a_minute: float = Field(default=10, gt=0, description="how many messages a minute the card may send")

    def describe(self) -> str:
        """The modem."""
        return f"text messages through the modem {self.modem}"

    def send(self, envelope: Envelope, world: World, claim: Callable[[], None]) -> Handed:
        """Create the message, then send it; claimed between the two."""
        # mmcli splits "key='value'" by itself and knows no way to write ' inside '…'.
        text = envelope.content.decode().replace("'", "’")
        create = f"--messaging-create-sms=text='{text}',number='{envelope.address}'"
        made = world.run(Program(("mmcli", "-m", self.modem, create), 30.0))
        if made.rehearsed:
            claim()
            return rehearsed(made.trouble)
        path = re.search(r"/org/freedesktop/ModemManager1/SMS/\d+", made.output)
        if made.code != 0 or not path:
            return Handed("account", made.last_line or made.trouble, made.code, "sms")
        claim()
        sent = world.run(Program(("mmcli", "-s", path[0], "--send"), 90.0))
        said = sent.last_line or sent.trouble
        if sent.code == 0:
            return Handed("sent", said, 0, "sms", path[0].rpartition("/")[2])
        return Handed("unknown" if sent.code is None else "failed", said, sent.code, "sms")


Kind = Modem
