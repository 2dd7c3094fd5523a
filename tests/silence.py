"""A command at a terminal, and for how long it said nothing: whatever takes long has to show that it goes on.

How long is counted in beats of a clock that runs beside it in this process. On a machine that has no time for either,
the beats come late as well, and a command that was not let run is not called silent.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import pexpect

from tests.rows import rows
from tests.terminal import spawn
from tests.waiting import PATIENCE

LONGEST = 2.0
"""Seconds for which a command may say nothing while it works."""
_BEAT = 0.05
_SLICE = 0.02


@dataclass
class Heard:
    """What a command wrote, and its silences: each with how long it was in seconds, and what was there before it."""

    text: str = ""
    silences: list[tuple[float, str]] = field(default_factory=list)
    took: float = 0.0
    status: int | None = None

    @property
    def longest(self) -> tuple[float, str]:
        """The longest silence."""
        return max(self.silences)

    def rows(self) -> list[str]:
        """What the rows of the terminal show in the end."""
        return rows(self.text)


def heard(
    folder: Path,
    words: Sequence[str],
    answers: Mapping[str, str] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    columns: int = 80,
    interrupt_at: str = "",
    answers_after: float = 0.0,
    keys: Mapping[str, str] | None = None,
) -> Heard:
    """Give `bcp` these words at a terminal, or a Python (`-c …`); what was heard, to the end of the command.

    A question that ends with a text of `answers` is answered at once, or `answers_after` seconds; Ctrl-C is pressed
    where `interrupt_at` is shown, and `keys` where theirs is, without Enter.
    """
    own = ["-c", *words[1:]] if words[0] == "-c" else ["-m", "bcp", *words]
    settings = {**os.environ, "BCP_PERSON": "anna", "TERM": "xterm", **(environ or {})}
    seen, left, pressed = Heard(), dict(answers or {}), dict(keys or {})
    with _Beats() as beats:
        began = time.monotonic()
        screen = spawn(sys.executable, own, cwd=str(folder), env=settings, dimensions=(24, columns),
                       encoding="utf-8", codec_errors="replace")  # fmt: skip
        last, since, is_asked = beats.count, 0, False
        while True:
            try:
                part = screen.read_nonblocking(4096, timeout=_SLICE)
            except pexpect.TIMEOUT:
                assert time.monotonic() - began < PATIENCE, seen.text
                continue
            except pexpect.EOF:
                break
            if not is_asked:
                seen.silences.append(((beats.count - last) * _BEAT, seen.text[-200:]))
            seen.text, last, is_asked = seen.text + part, beats.count, False
            question = next((each for each in left if each in seen.text[since:]), None)
            if question is not None:
                time.sleep(answers_after)
                screen.sendline(left.pop(question))
                since, is_asked = len(seen.text), True
            for each in [each for each in pressed if each in seen.text]:
                screen.send(pressed.pop(each))
            if interrupt_at and interrupt_at in seen.text:
                interrupt_at = ""
                screen.sendintr()
        seen.silences.append(((beats.count - last) * _BEAT, seen.text[-200:]))
        seen.took = time.monotonic() - began
        screen.close()
        seen.status = screen.exitstatus
    return seen


class _Beats:
    """Counts as time passes for this process."""

    def __init__(self) -> None:
        self.count = 0
        self._end = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> _Beats:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._end.wait(_BEAT):
            self.count += 1
