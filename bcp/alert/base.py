"""AlertWay: a way to tell people what a watch saw; each kind is one file, its fields are the YAML below `tell:`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from bcp.alert.message import AlertMessage
from bcp.office.model import Office
from bcp.outside import World
from bcp.yaml.types import Model

AlertFate = Literal["taken", "not-now", "refused"]
"""What became of a try: `not-now` may work in a while, `refused` wants somebody to set something right."""


@dataclass(frozen=True, slots=True)
class AlertTry:
    """What became of a try, in words. `no_line` says that nobody answered: another line may reach them."""

    fate: AlertFate
    why: str = ""
    no_line: bool = False


@dataclass(frozen=True)
class AlertContext:
    """What a way needs besides its message: the office and its folder, its channels by name, the time, and the
    environment."""

    office: Office
    folder: Path
    channels: Callable[[], Mapping[str, Any]]
    at: datetime
    environ: Mapping[str, str]


class AlertWay(Model):
    """A way to tell people."""

    when: Literal["always", "others-fail"] = Field(
        default="always",
        description="others-fail: only if no other way took it within two minutes, for what costs money",
    )
    counts: ClassVar[bool] = True
    """Whether who takes it is a person who may be elsewhere; else another way must tell somebody, too."""
    is_far: ClassVar[bool] = False
    """Whether it goes over a line of the office, so that the stand-by line may carry it."""

    def describe(self) -> str:
        """Whom it tells and how, in a few words."""
        raise TypeError(f"{type(self).__name__} has no words")

    def recipients(self) -> tuple[str, ...]:
        """Who gets it, one message each: a person of the office, an address; one empty name where it is one for all."""
        return ("",)

    def slips(self, context: AlertContext) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
        """What can never work about it here: the place below the way, a sentence, a hint."""
        return iter(())

    def send(self, message: AlertMessage, recipient: str, context: AlertContext, world: World) -> AlertTry:
        """Try it once; never raises for what is outside."""
        raise TypeError(f"{type(self).__name__} sends nothing")
