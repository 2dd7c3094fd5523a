"""Letters, Faults: the protocols through which a step writes to people, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mailing:
    """What a sending would do: how many letters wait for it, and everything worth knowing before, in lines.

    `against` are the mistakes that stand in its way, each with the rule that it breaks. A rehearsed one is confirmed
    by nobody. `untrue` says, in lines, what became wrong in letters that wait since an earlier run; `renew` writes them
    anew and returns how many wait.
    """

    campaign: str
    letters: int
    words: tuple[str, ...] = ()
    against: tuple[tuple[str, str], ...] = ()
    rehearsed: bool = False
    untrue: tuple[str, ...] = ()
    renew: Callable[[], int] | None = None


@dataclass(frozen=True, slots=True)
class LettersSent:
    """How a sending ended: how many contacts are told, waiting, unreachable …, and why it stopped, if it did.

    `calls` is the file of the call list for those who are not told. `lying` letters became files: somebody must send
    or carry them, and `where` is the page that opens each.
    """

    standings: Mapping[str, int]
    stopped: str = ""
    calls: str = ""
    lying: int = 0
    where: str = ""


class Letters(Protocol):
    """A way to tell an audience, once and accounted for."""

    def plan(
        self, notice: str, audience: str, channels: tuple[str, ...], overruled: Mapping[str, str]
    ) -> Mailing:
        """Plan it and freeze every letter; nothing goes out. `overruled` are rules that do not hold now, with reasons.

        Raises BcpError where it cannot be done.
        """
        ...

    def send(self, campaign: str) -> LettersSent:
        """Send what waits. What is not done in the end stays in the ledger and can go on later."""
        ...

    def carried(self, campaign: str) -> LettersSent:
        """The letters that lie as files were sent or carried by somebody, who says so; how it stands then."""
        ...


class Faults(Protocol):
    """What stands behind a call to a provider."""

    def moment(self, said: str) -> datetime | None:
        """The time that the provider's own words name; None where they name none, or one that is over."""
        ...

    def read_back(self, line: str, notice: str, facts: Mapping[str, str]) -> Mailing:
        """Freeze the letter that tells the provider of `line` what it said; nothing goes out.

        Its words are the letter. No letter is left to be sent where this call was read back before. Raises
        BcpError where it cannot be written or there is nowhere to send it.
        """
        ...
