"""domain: our name on the internet is registered for long enough; a warning where it ends soon, never an outage.

The website tells by itself when a name is gone. This is there so that it does not come to that.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field

from bcp.host_name import ascii_name
from bcp.i18n import _
from bcp.probe.base import Attempt, Probe, Result, State
from bcp.probe.registration import Registration, registration_of
from bcp.probe.trouble import Trouble
from bcp.yaml.shape import Shape
from bcp.yaml.types import Line, SomeDuration, WebAddress

_NAME = re.compile(r"[\w-]{1,63}(\.[\w-]{1,63})+\.?")
_DAY = timedelta(days=1)
_ENDING = {"redemption period", "pending delete", "client hold", "server hold"}
"""What a registry says of a name that is about to be lost (RFC 8056)."""


def _domain(text: str) -> str:
    is_name = re.fullmatch(r"[^\s/:@]+", text) is not None
    if not is_name or _NAME.fullmatch(ascii_name(text)) is None:  # which raises ValueError, too
        raise ValueError('expected a domain such as "example.com"')
    return text


_SHAPE = Shape(r"^\s*[^\s/:@.]+(?:\.[^\s/:@.]+)+\.?\s*$", 'a domain such as "example.com"')


class Domain(Probe):
    """A domain is ours for some time yet, as its registry says."""

    name: Annotated[Line, AfterValidator(_domain), _SHAPE] = Field(
        description="the domain as it is registered, without www", examples=["example.com"]
    )
    days: int = Field(default=30, ge=0, le=3650, description="a warning when it ends in fewer days")
    registry: WebAddress | None = Field(
        default=None,
        description="the RDAP server to ask, if not the one in IANA's list",
        examples=["https://rdap.example/"],
    )
    timeout: SomeDuration | None = Field(
        default=timedelta(seconds=10), description="how long asking may take; 10s where nothing is said"
    )

    silence: ClassVar[State] = "inconclusive"

    def describe(self) -> str:
        """One line: whose name, and for how long."""
        return _("see that the domain {name} is registered for {days} more days").format(
            name=self.name, days=self.days
        )

    async def see(self, attempt: Attempt) -> Result:
        """Ask the registry, once a day at most, and count the days."""
        found = await registration_of(attempt, ascii_name(self.name).rstrip("."), self.registry)
        now = attempt.shared.clock.now()
        evidence: dict[str, Any] = {"until": found.ends, "asked": found.asked, "status": list(found.status)}
        if not found.asked:
            raise Trouble(found.trouble, "inconclusive", evidence)
        if not found.is_known:
            words = _("its registry does not know {name}. Is it the name as it was registered, without www?")
            return Result("warning", words.format(name=self.name), evidence=evidence)
        if lost := sorted(_ENDING & set(found.status)):
            words = _("its registry says “{status}”: the name is about to be lost. Call the registrar today")
            return Result("warning", words.format(status=", ".join(lost)), evidence=evidence)
        if found.until is None:
            why = found.trouble or _("its registry does not say when it ends")
            raise Trouble(why, "inconclusive", evidence)
        left = (found.until - now) // _DAY
        evidence["days_left"] = left
        if left < 0:
            words = _("the domain ended {days} days ago. Renew it today")
            return Result("warning", words.format(days=-left) + _note(found), evidence=evidence)
        if left < self.days:
            words = _("the domain ends in {left} days, sooner than {days}. Renew it")
            return Result(
                "warning", words.format(left=left, days=self.days) + _note(found), evidence=evidence
            )
        words = _("the domain is registered for {left} more days")
        return Result("up", words.format(left=left) + _note(found), evidence=evidence)


def _note(found: Registration) -> str:
    """That this is an older answer, where the registry does not answer now."""
    if not found.trouble:
        return ""
    return _(" (as its registry said on {day}; now: {why})").format(day=found.asked[:10], why=found.trouble)


Kind = Domain
