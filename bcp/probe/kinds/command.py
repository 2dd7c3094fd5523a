"""command: a program looks and says so by its exit status; Nagios plugins can be used as they are.

0 is up, 2 and more is down, 3 is inconclusive (the Nagios plugin convention). 1 is down as for any program,
unless `warning: warning` (told, no outage) or `warning: up` says what a plugin's warning is.
"""

from __future__ import annotations

import asyncio
import errno
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Literal, NamedTuple

from pydantic import Field

from bcp.i18n import _
from bcp.mask import KNOWN
from bcp.printed import asking_for_utf_8, printed, printed_parts, without_controls
from bcp.private import mask_of_others
from bcp.probe.base import Attempt, Probe, Result, State
from bcp.probe.trouble import Trouble
from bcp.process_tree import ProcessTree
from bcp.secret_text import written
from bcp.system_error import number
from bcp.yaml.types import Arguments, EnvName, Text

_MOST_OUTPUT = 1 << 16
_NOTICED = 0.2  # seconds in which it is noticed that a program has ended


class Command(Probe):
    """A program ends with the right exit status."""

    run: Arguments = Field(
        description="the program and its arguments", examples=["[check_load, -w, 5, -c, 10]"]
    )
    windows: Arguments | None = Field(default=None, description="instead of run on Windows")
    macos: Arguments | None = Field(default=None, description="instead of run on macOS")
    warning: Literal["up", "warning", "down"] = Field(
        default="down", description="what exit status 1 means", examples=["warning"]
    )
    env: dict[EnvName, Text] = Field(
        default_factory=dict,
        description="what is added to its environment; the place for secrets",
        examples=["{ROUTER_TOKEN: keyring:router}"],
    )
    stdin: Text | None = Field(
        default=None, description="what it reads from its standard input", examples=["keyring:router"]
    )

    def describe(self) -> str:
        """One line: the program, and the references to what it is given besides."""
        words = _("run {command}").format(command=" ".join(self._arguments()))
        given = [f"{name}={value}" for name, value in self.env.items()]
        given += [f"stdin: {self.stdin}"] if self.stdin is not None else []
        return f"{words} ({', '.join(given)})" if given else words

    def _arguments(self) -> list[str]:
        special = {"win32": self.windows, "darwin": self.macos}.get(sys.platform)
        return special or self.run

    async def see(self, attempt: Attempt) -> Result:
        """Run it and read its status and the first line that it prints."""
        program = self._arguments()
        attempt.doing = _("waiting for {program}").format(program=program[0])
        given = Given(
            {name: _sent(text, attempt) for name, text in self.env.items()},
            None if self.stdin is None else _sent(self.stdin, attempt),
        )
        code, output = await run(program, str(attempt.shared.office), given=given)
        assert code is not None  # it was waited for
        output = without_controls(output)
        first = output.strip().split("\n")[0].split("|")[0].strip()[:200]
        words = (
            _("{program} ends with status {code}") if code >= 0 else _("{program} was ended by signal {code}")
        )
        reason = first or words.format(program=program[0], code=abs(code))
        return Result(self._state(code), reason, evidence={"code": code, "output": output[:2000]})

    def _state(self, code: int) -> State:
        by_code: dict[int, State] = {0: "up", 1: self.warning, 3: "inconclusive"}
        return by_code.get(code, "down")


class Given(NamedTuple):
    """What a program gets besides its arguments, secrets looked up: by its environment, and from its standard input."""

    env: Mapping[str, str] = {}
    stdin: str | None = None


def _sent(text: str, attempt: Attempt) -> str:
    sent = written(text)
    return sent if isinstance(sent, str) else sent.revealed(attempt.shared.secret)


class Finished(NamedTuple):
    """How a program ended: its exit status, None where it was not waited for; and what it printed, bounded."""

    code: int | None
    output: str


_NOTHING = Given()


async def run(
    program: list[str], folder: str, patience: float | None = None, given: Given = _NOTHING
) -> Finished:
    """Run a program and wait for its end, or for so many seconds. If we give up, it dies with its children."""
    try:
        process = await asyncio.create_subprocess_exec(
            *program,
            cwd=folder,
            stdin=asyncio.subprocess.DEVNULL if given.stdin is None else asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**asking_for_utf_8(os.environ), **given.env},
            start_new_session=True,
            umask=mask_of_others(),
        )
    except (OSError, ValueError) as error:
        raise Trouble(_not_run(program[0], error), "inconclusive") from None
    kept = _Output()
    with ProcessTree(process.pid) as tree:
        feeding = asyncio.create_task(_feed(process, given.stdin))
        reading = asyncio.create_task(kept.read(process))
        try:
            async with asyncio.timeout(patience):
                code = await _ended(process, reading)
                return Finished(code, kept.text())
        except TimeoutError:
            return Finished(None, kept.text())
        finally:
            feeding.cancel()
            reading.cancel()
            if process.returncode is None:
                tree.kill()
                await process.wait()
            _let_go(process)


async def _ended(process: asyncio.subprocess.Process, reading: asyncio.Task[None]) -> int:
    """The exit status, once all is read that it printed; what it left running in the background may hold its output."""
    while process.returncode is None and not reading.done():
        await asyncio.wait({reading}, timeout=_NOTICED)
    await asyncio.wait({reading}, timeout=_NOTICED)
    return await process.wait() if reading.done() else process.returncode or 0


def _let_go(process: asyncio.subprocess.Process) -> None:
    """Close its pipes while the loop still runs. asyncio has no public way where something else holds them open."""
    inner: Any = process
    inner._transport.close()


async def _feed(process: asyncio.subprocess.Process, text: str | None) -> None:
    """Give a program what it reads; one that does not want it is left alone."""
    if process.stdin is None or text is None:
        return
    with suppress(OSError):
        process.stdin.write(text.encode("utf-8", "surrogateescape"))
        await process.stdin.drain()
    with suppress(OSError):
        process.stdin.close()


def _not_run(name: str, error: Exception) -> str:
    if isinstance(error, OSError):
        meant = number(error)
        if meant in (errno.ENOENT, errno.ENOTDIR):
            return _("there is no program {name}").format(name=name)
        if meant in (errno.EACCES, errno.EPERM):
            return _("the program {name} may not be run").format(name=name)
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return _("the program {name} cannot be run here: {why}").format(name=name, why=why)


class _Output:
    """The first part of what a program prints; the rest is read, and thrown away."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._is_cut = False

    async def read(self, process: asyncio.subprocess.Process) -> None:
        """Read to the end."""
        assert process.stdout is not None
        while piece := await process.stdout.read(_MOST_OUTPUT):
            room = _MOST_OUTPUT - len(self._kept)
            self._kept += piece[:room]
            self._is_cut |= len(piece) > room

    def text(self) -> str:
        """What was kept, as text without secrets."""
        if not self._is_cut:
            return KNOWN.without_secrets(printed(bytes(self._kept)))
        return KNOWN.without_secrets(printed_parts(bytes(self._kept), b"")[0], cut_behind=True)


Kind = Command
