"""Runs a program whose secrets were looked up: waits for it, keeps what it prints, ends it with all that it started."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from bcp.outside import Program, Ran
from bcp.printed import asking_for_utf_8
from bcp.private import mask_of_others
from bcp.process_tree import ProcessTree
from bcp.running_process import process as process_of
from bcp.system_error import number
from bcp.world import gate
from bcp.world.hangup import AskedToEnd, ended_in_order
from bcp.world.output import KeptOutput


def run(program: Program, told: Callable[[str], str]) -> Ran:
    """Run it, its words as they are; `told` masks what is said of it. Raises what `born` raises."""
    stdin = None if program.stdin is None else str(program.stdin)
    with ended_in_order() as asked:
        try:
            process = _started(program)
        except (OSError, ValueError) as error:
            return Ran(None, trouble=told(_not_run(str(program.arguments[0]), error)), began=False)
        if stdin is not None:
            threading.Thread(target=_feed, args=(process.stdin, stdin), daemon=True).start()
        return _watched(process, program, told, asked)


def _started(program: Program) -> subprocess.Popen[bytes]:
    """The program, once whoever wants to know of it knows of it."""
    arguments = list(map(str, program.arguments))
    env = {**asking_for_utf_8(os.environ), **{name: str(value) for name, value in program.env.items()}}
    settings: dict[str, Any] = {
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
        "start_new_session": sys.platform != "win32",
        "umask": mask_of_others(),
    }
    reads = program.stdin is not None
    held = None if program.born is None else gate.start(arguments, env, reads, settings)
    if held is None:
        return subprocess.Popen(
            arguments, stdin=subprocess.PIPE if reads else subprocess.DEVNULL, env=env, **settings
        )
    process, let_go = held
    assert program.born is not None
    try:
        program.born(process_of(process.pid))
    except BaseException:
        process.kill()
        process.communicate()
        raise
    let_go()
    return process


def _watched(
    process: subprocess.Popen[bytes], program: Program, told: Callable[[str], str], asked: AskedToEnd
) -> Ran:
    kept = KeptOutput()
    assert process.stdout is not None
    reader = threading.Thread(target=kept.read, args=(process.stdout,), daemon=True)
    trouble = ""
    with ProcessTree(process.pid) as tree:
        try:
            asked.hear()
            reader.start()
            process.wait(program.timeout)
        except subprocess.TimeoutExpired:
            trouble = told(f"{program.arguments[0]} did not end within {program.timeout:g} s and was stopped")
        finally:
            if process.returncode is None:
                tree.kill()
                process.wait()
    # What a program left running in the background may hold the pipe open for ever.
    reader.join(1.0)
    return Ran(None if trouble else process.returncode, kept.text(), trouble, whole=kept.whole())


def _feed(pipe: Any, text: str) -> None:
    """Give a program what it reads; one that does not want it is left alone."""
    with suppress(OSError, ValueError), pipe:
        pipe.write(text.encode("utf-8", "surrogateescape"))


def _not_run(name: str, error: Exception) -> str:
    if isinstance(error, OSError):
        meant = number(error)
        if meant == errno.ENOENT:
            return f"there is no program {name} on this computer"
        if meant in (errno.EACCES, errno.EPERM):
            return f"this user may not run {name}"
        if meant == errno.ENOEXEC:
            return f"{name} is no program that this computer can run"
    return f"{name} could not be run: {error}"
