"""ping: a computer answers echo requests; no answer need not mean that it is down, many answer none."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress

from pydantic import Field

from bcp.i18n import _
from bcp.probe.base import Attempt, Remote, Result
from bcp.probe.icmp import BETWEEN, EchoNotAllowed, echo_requests
from bcp.probe.kinds.command import run
from bcp.probe.ping_output import has_tried, times
from bcp.probe.trouble import Trouble
from bcp.yaml.types import Host

_GRACE = 0.1  # seconds kept back from the time-out, to say how many answers came


class Ping(Remote):
    """A computer answers echo requests (ICMP)."""

    host: Host = Field(examples=["192.168.1.1"], description="who is asked for an echo")
    count: int = Field(default=3, ge=1, le=20, description="how many requests are sent")
    answers: int = Field(default=1, ge=1, le=20, description="how many of them must be answered")

    def describe(self) -> str:
        """One line: who is pinged."""
        return _("ping {host}, {answers} of {count} answered").format(
            host=self.host, answers=self.answers, count=self.count
        )

    def targets(self) -> tuple[str, ...]:
        """The host that this looks at."""
        return (self.host,)

    async def see(self, attempt: Attempt) -> Result:
        """Send them ourselves, else by the system's ping; say so if neither is allowed."""
        address = (await attempt.addresses(self.host))[0]
        attempt.doing = _("waiting for echoes of {host}").format(host=self.host)
        patience = self._patience(attempt)
        try:
            with echo_requests(address, attempt.via, self.count, patience) as echoes:
                with suppress(TimeoutError):
                    await asyncio.wait_for(echoes.all_of_them(), patience)
                took = list(echoes.took.values())
        except EchoNotAllowed:
            took = await self._by_program(address, attempt, patience)
        return self._result(took)

    def _patience(self, attempt: Attempt) -> float:
        limit = self.timeout.total_seconds() if self.timeout else attempt.shared.timeout
        return max(0.05, limit - _GRACE)

    def _result(self, took: Sequence[float]) -> Result:
        evidence = {"sent": self.count, "answered": len(took), "lost": self.count - len(took)}
        told = _("{host} answers {answered} of {count} echo requests").format(
            host=self.host, answered=len(took), count=self.count
        )
        if len(took) < min(self.answers, self.count):
            raise Trouble(told, evidence=evidence)
        return Result("up", told, sum(took) / len(took), evidence)

    async def _by_program(self, address: str, attempt: Attempt, patience: float) -> list[float]:
        program = shutil.which("ping")
        if program is None:
            raise Trouble(_("this computer allows no echo requests and has no program ping"), "inconclusive")
        if attempt.via and sys.platform == "win32":  # its ping goes where Windows sends it
            raise Trouble(_("this computer allows no ping over one line of several"), "inconclusive")
        command = ping_command(program, address, self.count, patience, attempt.via)
        code, output = await run(command, "/", patience)
        took = times(output, address)
        if not took and not has_tried(output, address, is_over=code is not None):
            raise Trouble(
                _("the program ping does not work here: {why}").format(why=_last_line(output)), "inconclusive"
            )
        return took[: self.count]


def ping_command(program: str, address: str, count: int, patience: float, via: str | None) -> list[str]:
    """How the system's ping is called: Windows in milliseconds, macOS and Linux in whole seconds."""
    if sys.platform == "win32":
        return [program, "-n", str(count), "-w", str(round(patience * 1000)), address]
    wait, bind = ("-t", "-b") if sys.platform == "darwin" else ("-w", "-I")
    seconds = str(max(1, round(patience)))
    bound = [bind, via] if via else []
    return [program, "-n", "-c", str(count), "-i", str(BETWEEN), wait, seconds, *bound, address]


def _last_line(output: str) -> str:
    return (output.strip().splitlines() or ["-"])[-1][:120]


Kind = Ping
