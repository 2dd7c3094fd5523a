"""How the system asks a watch to end: by a signal, or by closing its terminal."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable


def end_on_signals(
    loop: asyncio.AbstractEventLoop, end: Callable[[], None], hang_up: Callable[[], None] | None = None
) -> None:
    """Let SIGTERM and SIGINT call `end` in the loop, and SIGHUP `hang_up`: unless it is ignored, as nohup has it."""
    for number in (signal.SIGTERM, signal.SIGINT):
        if sys.platform == "win32":
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(end))
        else:
            loop.add_signal_handler(number, end)
    if sys.platform != "win32" and hang_up and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        loop.add_signal_handler(signal.SIGHUP, hang_up)
