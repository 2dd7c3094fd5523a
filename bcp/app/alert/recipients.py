"""Who is told by which way: what `tell:` and `notify:` of bcp.yaml come to, one recipient each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bcp.alert.base import AlertContext, AlertWay
from bcp.app.session import Session
from bcp.office.model import Office


@dataclass(frozen=True, slots=True)
class AlertRecipient:
    """One who gets each alert once: the way, and to whom. `name` is the same as long as the two are."""

    name: str
    way: AlertWay
    to: str

    @property
    def shown(self) -> str:
        """Who it is and how, in words."""
        alone = self.way.model_copy(update={"to": [self.to]}) if len(self.way.recipients()) > 1 else self.way
        return alone.describe()


def alert_ways(office: Office, environ: Mapping[str, str]) -> list[AlertWay]:
    """The ways of an office: as it says; and the screen of this computer, where it has one and nobody else shows it."""
    from bcp.alert.kinds.desktop import Desktop, has_screen
    from bcp.alert.kinds.program import Program

    ways = [way for way in office.watch.tell if isinstance(way, AlertWay)]
    if office.watch.notify is not None:
        ways.append(Program(run=office.watch.notify))
    programs = [way.run[0] for way in ways if isinstance(way, Program)]
    has_own = any(isinstance(way, Desktop) for way in ways) or any("notify-send" in name for name in programs)
    return [*ways, *([Desktop()] if not has_own and has_screen(environ) else [])]


def recipients_of(office: Office, environ: Mapping[str, str]) -> dict[str, AlertRecipient]:
    """All recipients by name, in the order of the file."""
    found: dict[str, AlertRecipient] = {}
    for way in alert_ways(office, environ):
        kind = type(way).__module__.rpartition(".")[2]
        for to in way.recipients():
            name = first = f"{kind} {to or _which(way)}".strip()
            number = 1
            while name in found:
                number += 1
                name = f"{first} #{number}"
            found[name] = AlertRecipient(name, way, to)
    return found


def _which(way: Any) -> str:
    """What tells two ways of one kind apart that name nobody."""
    said = getattr(way, "room", None) or getattr(way, "channel", None) or getattr(way, "run", [""])[0]
    return str(said or "")


def context_of(session: Session, office: Office, at: datetime) -> AlertContext:
    """What the ways need besides a message."""
    return AlertContext(office, session.folder, _channels_of(session), at, session.environ)


def _channels_of(session: Session) -> Callable[[], Mapping[str, Any]]:
    """The channels of the office, read once and only where a way asks for them; mistakes in the file leave none."""
    found: list[Mapping[str, Any]] = []

    def channels() -> Mapping[str, Any]:
        if not found:
            from bcp.notice.channel.channels import load
            from bcp.yaml.source import Reader

            found.append(load(session.folder, Reader()).channels)
        return found[0]

    return channels
