"""sms: a text message to people of the staff, through a gateway or through a modem of our own, which needs no line."""

from __future__ import annotations

import re
from typing import ClassVar

from pydantic import field_validator

from bcp.alert.by_channel import ToPeople
from bcp.i18n import _
from bcp.normalize import normal_phone


class Sms(ToPeople):
    """By text message: the short form alone."""

    medium: ClassVar[str] = "sms"
    thing: ClassVar[str] = "text message"

    @field_validator("to")
    @classmethod
    def _are_people_or_numbers(cls, value: list[str]) -> list[str]:
        return [each if re.fullmatch(r"[a-z][a-z0-9-]*", each) else normal_phone(each) for each in value]

    def describe(self) -> str:
        """To whom."""
        return _("text message to {people}").format(people=", ".join(self.to))


Kind = Sms
