"""Sends a PDF to a printer: through CUPS (`lp`), or Windows' own printing; it says what became of the job."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from bcp.clock import Clock
from bcp.errors import NotDelivered
from bcp.outside import Program, Ran, World

_TIMEOUT = 20.0
_PATIENCE = 60.0
_PAUSE = 0.5
_QUOTES = re.compile("['‘’‚‛]")  # PowerShell takes any of them for a quote
_HANDED = "bcp: handed over"
_POWERSHELL = (
    "try {{ [Console]::OutputEncoding = [Text.Encoding]::UTF8 }} catch {{ }}; "
    "try {{ Start-Process -FilePath '{file}' -Verb Print -ErrorAction Stop; '{mark}' }} "
    "catch {{ $_.Exception.Message; exit 1 }}"
)
_IN_ENGLISH = ("env", "LC_ALL=C")
_JOB = re.compile(r"request id is (\S+)")
_GIVEN_UP = re.compile(r"cancell?ed|aborted", re.IGNORECASE)


def send(pdf: Path, printer: str, world: World, clock: Clock) -> str:
    """Print `pdf`; a sentence on how it went. Raises NotDelivered with the reason and what to do by hand."""
    if sys.platform == "win32":
        return _windows(pdf, world)
    to = () if printer == "default" else ("-d", printer)
    ran = world.run(Program((*_IN_ENGLISH, "lp", *to, "-o", "fit-to-page", "--", str(pdf)), _TIMEOUT))
    job = _JOB.search(ran.output)
    if ran.code != 0 or job is None:
        raise _not_printed(pdf, _last_line(ran) or "the printer did not take it")
    return _watched(pdf, job[1], world, clock)


def _watched(pdf: Path, job: str, world: World, clock: Clock) -> str:
    """`lp` only puts the job into the queue: look until it has left the printer or was given up there."""
    end = clock.monotonic() + _PATIENCE
    while clock.monotonic() < end:
        if _told(job, world, "-W", "completed") is not None:
            # CUPS lists a job as over before it says why: the reason comes a moment later.
            clock.sleep(_PAUSE)
            over = _told(job, world, "-W", "completed") or ""
            if _GIVEN_UP.search(over):
                raise _not_printed(pdf, f"the printer gave up {job}: {over}")
            return f"Printed, says the print server: {job}. Look whether every page came out: the last one says END."
        clock.sleep(_PAUSE)
    return f"Waiting at the printer: {job}: {_told(job, world) or 'no reason is told'}"


def _told(job: str, world: World, *which: str) -> str | None:
    """What `lpstat -l` says about one job, as one line; None where the job is not in that list."""
    queue = job.rpartition("-")[0]
    listed = world.run(Program((*_IN_ENGLISH, "lpstat", "-l", *which, "-o", queue), _TIMEOUT)).output
    lines = listed.splitlines()
    starts = [index for index, line in enumerate(lines) if line.split(" ")[0] == job]
    if not starts:
        return None
    below = []
    for line in lines[starts[0] + 1 :]:
        if not line.startswith(("\t", " ")):
            break
        below.append(line.strip())
    return "; ".join(line for line in below if not line.endswith(":"))


def _windows(pdf: Path, world: World) -> str:
    command = _POWERSHELL.format(file=_QUOTES.sub(r"\g<0>\g<0>", str(pdf)), mark=_HANDED)
    ran = world.run(Program(("powershell.exe", "-NoProfile", "-Command", command), _TIMEOUT))
    # Where it may not run, or is another program, it may end well and have done nothing: it must say so itself.
    if ran.code != 0 or _last_line(ran) != _HANDED:
        raise _not_printed(pdf, _last_line(ran) or "Windows did not take it")
    return "handed to Windows' default printer"


def _not_printed(pdf: Path, why: str) -> NotDelivered:
    return NotDelivered(
        f"not printed: {why}", f"open the file and print it from there, all pages at 100 %: {pdf}"
    )


def _last_line(ran: Ran) -> str:
    lines = [line.strip() for line in f"{ran.output}\n{ran.trouble}".splitlines() if line.strip()]
    return lines[-1].removeprefix("lp: ") if lines else ""
