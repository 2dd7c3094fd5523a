"""command: a program looks and says so by its exit status; Nagios plugins can be used as they are.

0 is up, 2 and more is down, 3 is inconclusive (the Nagios plugin convention). 1 is down as for any program,
unless `warning: up` says that a plugin's warning is no outage.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from typing import Literal

from pydantic import Field

from bcp.i18n import _
from bcp.probe.base import Attempt, Probe, Result, State
from bcp.probe.trouble import Trouble
from bcp.yaml.types import Arguments

_MOST_OUTPUT = 1 << 16


class Command(Probe):
    """A program ends with the right exit status."""

    run: Arguments = Field(
        description="the program and its arguments", examples=["[check_load, -w, 5, -c, 10]"]
    )
    windows: Arguments | None = None
    macos: Arguments | None = None
    warning: Literal["up", "down"] = Field(default="down", description="what exit status 1 means")

    def describe(self) -> str:
        """One line: the program."""
        return _("run {command}").format(command=" ".join(self._arguments()))

    def _arguments(self) -> list[str]:
        special = {"win32": self.windows, "darwin": self.macos}.get(sys.platform)
        return special or self.run

    async def see(self, attempt: Attempt) -> Result:
        """Run it and read its status and the first line that it prints."""
        program = self._arguments()
        attempt.doing = _("waiting for {program}").format(program=program[0])
        code, output = await run(program, str(attempt.shared.office))
        first = output.strip().split("\n")[0].split("|")[0].strip()[:200]
        reason = first or _("{program} ends with status {code}").format(program=program[0], code=code)
        return Result(self._state(code), reason, evidence={"code": code, "output": output[:2000]})

    def _state(self, code: int) -> State:
        by_code: dict[int, State] = {0: "up", 1: self.warning, 3: "inconclusive"}
        return by_code.get(code, "down")


async def run(program: list[str], folder: str) -> tuple[int, str]:
    """The exit status of a program and what it printed, bounded. If we give up, it dies with its children."""
    try:
        process = await asyncio.create_subprocess_exec(
            *program,
            cwd=folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    except (FileNotFoundError, NotADirectoryError):
        raise Trouble(_("there is no program {name}").format(name=program[0]), "inconclusive") from None
    except PermissionError:
        raise Trouble(
            _("the program {name} may not be run").format(name=program[0]), "inconclusive"
        ) from None
    try:
        return await _finished(process)
    finally:
        if process.returncode is None:
            _kill(process)
            await process.wait()


async def _finished(process: asyncio.subprocess.Process) -> tuple[int, str]:
    assert process.stdout is not None
    output = bytearray()
    while piece := await process.stdout.read(_MOST_OUTPUT):
        output += piece[: _MOST_OUTPUT - len(output)]
    return await process.wait(), output.decode(errors="replace")


def _kill(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


Kind = Command
