"""mail: a letter to people of the staff, through a mail channel of the office."""

from __future__ import annotations

import re
from typing import ClassVar

from pydantic import field_validator

from bcp.alert.by_channel import ToPeople
from bcp.i18n import _

_ADDRESS = re.compile(r"[^\s@<>,;-][^\s@<>,;]*@[^\s@<>,;]+\.[^\s@<>,;]+")


class Mail(ToPeople):
    """By mail: the short form as the subject, the whole below it."""

    medium: ClassVar[str] = "email"
    thing: ClassVar[str] = "mail"

    @field_validator("to")
    @classmethod
    def _are_people_or_addresses(cls, value: list[str]) -> list[str]:
        for each in value:
            if "@" in each and not _ADDRESS.fullmatch(each):
                raise ValueError(f'expected a mail address, such as anna@example.com, not "{each[:60]}"')
        return value

    def describe(self) -> str:
        """To whom."""
        return _("mail to {people}").format(people=", ".join(self.to))


Kind = Mail
