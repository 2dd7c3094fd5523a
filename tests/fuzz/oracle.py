"""What a command may do with any input whatever: end with a status of the table, in bounds, with text that is text."""

from __future__ import annotations

import faulthandler
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bcp.errors import Exit
from tests import quick

MAY_END = {each.value for each in Exit} - {Exit.BUG, Exit.INTERRUPTED}
CPU_SECONDS, SECONDS = 40, 110
"""What one input may take. Inputs are small, and the usual one takes a tenth of a second: this is no measurement,
but the end of a loop without one."""
MEMORY = 640 * 2**20
"""Bytes of address space that the inputs together may take beyond what the libraries have."""
REFUSES_CONTROLS = True
"""Whether a control character in the output is a failure."""
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Failed(Exception):
    """An input for which a command did what it may not."""


class _TooMuch(BaseException):
    """Not an Exception: nothing of ours may take it for a failure of its own."""


OUTSIDE = "LOCALAPPDATA" if sys.platform == "win32" else "XDG_STATE_HOME"


def command(office: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """`bcp` in this office with nobody at the keyboard. Raises Failed where it did what no input may make it do."""
    memory = {OUTSIDE: str(office.parent / "memory")}
    surroundings = {**os.environ, **memory, "BCP_PERSON": "anna", "PYTHONUTF8": "1", **environ}
    done = quick.run(arguments, office, surroundings, subprocess.DEVNULL, timeout=SECONDS)
    output = done.stdout + done.stderr
    crashes = sorted((office / "incidents" / "crash").glob("*"))
    words = f"bcp {' '.join(arguments)}: "
    if done.returncode not in MAY_END or crashes:
        kept = "\n".join(each.read_text(encoding="utf-8", errors="replace")[-3000:] for each in crashes[-1:])
        for each in crashes:  # the next input is not at fault
            each.unlink()
        raise Failed(f"{words}status {done.returncode}\n{done.stderr[-2000:]}\n{kept}")
    if "Traceback (most recent" in output or re.search("bug of ours(?!: where)", output):
        raise Failed(f"{words}a traceback\n{output[-3000:]}")
    if REFUSES_CONTROLS and (found := _CONTROLS.search(output)):
        near = output[max(0, found.start() - 60) : found.end() + 20]
        raise Failed(f"{words}a control character in the output: {near!r}")
    return done


@contextmanager
def bounded() -> Iterator[None]:
    """One input: Failed where it takes the processor beyond all measure; the process ends where it hangs."""
    if sys.platform == "win32":
        yield
        return

    def too_much(_number: int, _frame: object) -> None:
        raise _TooMuch

    before = signal.signal(signal.SIGVTALRM, too_much)
    signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS)
    faulthandler.dump_traceback_later(SECONDS, exit=True, file=sys.__stderr__)
    try:
        yield
    except _TooMuch as error:
        import traceback

        where = "".join(traceback.format_tb(error.__traceback__)[-6:])
        raise Failed(f"more than {CPU_SECONDS} seconds of the processor\n{where}") from None
    except MemoryError:
        raise Failed(f"more than {MEMORY} bytes") from None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
        faulthandler.cancel_dump_traceback_later()


def bound_memory() -> None:
    """This process may take so much more memory from now on; where the system knows no such limit, it may take all."""
    if sys.platform != "linux":
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))
