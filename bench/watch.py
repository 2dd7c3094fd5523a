"""`bcp watch` with many checks for some minutes: memory, CPU and lateness, everything included.

A watch in a process of its own looks at 1,000 TCP checks every 10 s, of which 12 in a hundred never answer. Reported
are its peak memory, its CPU a look (both from getrusage in that process, start-up included; bare asyncio that connects
and reads the same greeting is measured beside it), and how late healthy looks began (measured between two looks at the
same target by the server, against the interval).

    python bench/watch.py [MINUTES] [CHECKS]
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path

from measure import told

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

WATCH = """
import resource, sys
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo
from bcp.check.load import files, load
from bcp.check.watch import watch
from bcp.check.wiring import WatchPlan, Wiring
from bcp.clock import SystemClock
from bcp.probe.base import Shared
from bcp.yaml.source import Reader
from bcp.store.spans import StoredSpans
office = Path(sys.argv[1])
def checks():
    return {name: loaded.model for name, loaded in load(office, Reader()).items()}
spans = StoredSpans(office / "state")
nobody = lambda *told: None
plan = lambda: WatchPlan(checks(), ZoneInfo("UTC"))
watch(Wiring(plan, lambda: files(office), spans, Shared(SystemClock()), nobody, nobody, print, nobody))
spans.close()
used = resource.getrusage(resource.RUSAGE_SELF)
since = SystemClock().now() - timedelta(days=1)
looks = sum(span.looks for name in checks() for span in spans.history(name, since))
print(used.ru_maxrss / 1024, used.ru_utime + used.ru_stime, looks, flush=True)
"""
BARE = """
import asyncio, resource, sys
async def look():
    reader, writer = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
    assert await reader.readline()
    writer.close()
async def looks():
    for _ in range(20):
        await asyncio.gather(*(look() for _ in range(50)))
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
began = cpu()
asyncio.run(looks())
print((cpu() - began) / 1000)
"""
EVERY, HANGING = 10.0, 0.12
MEGABYTES, LOOK, LATE = 60, 8.0, 0.05


async def bare_look(answer: Answer) -> float:
    """CPU seconds of one look by bare asyncio, in a process of its own."""
    async with await asyncio.start_server(answer, "127.0.0.1", 0, backlog=64) as server:
        port = server.sockets[0].getsockname()[1]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", BARE, str(port), stdout=subprocess.PIPE
        )
        out, _ = await process.communicate()
    return float(out)


async def main(minutes: float, count: int) -> int:
    seen: dict[int, list[float]] = {}

    def at(number: int) -> Answer:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seen.setdefault(number, []).append(time.monotonic())
            writer.write(b"hello\r\n")
            writer.close()

        return answer

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "checks").mkdir()
        for number in range(count):
            talk = mute if number < count * HANGING else at(number)
            server = await asyncio.start_server(talk, "127.0.0.1", 0, backlog=64)
            port = server.sockets[0].getsockname()[1]
            probe = f"{{tcp: {{host: 127.0.0.1, port: {port}, greets: h}}}}"
            text = f"check: c{number}\ntitle: C\nevery: 10s\nprobes: [{probe}]\n"
            (Path(folder) / f"checks/c{number}.yaml").write_text(text)
        bare = await bare_look(at(count))
        del seen[count]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WATCH, folder, stdout=subprocess.PIPE
        )
        await asyncio.sleep(minutes * 60)
        process.terminate()
        out, _ = await process.communicate()
    memory, cpu, looks = (float(each) for each in out.split()[-3:])
    gaps = sorted(two - one - EVERY for times in seen.values() for one, two in pairwise(times[1:]))
    late = gaps[int(len(gaps) * 0.99)] if gaps else float("nan")
    print(f"{count} checks every {EVERY:g} s for {minutes:g} min, {HANGING:.0%} hang: {looks:.0f} looks")
    held = [
        told("memory, peak", memory, MEGABYTES, "MB"),
        told("CPU of a look, everything included, against a bare look", cpu / looks / bare, LOOK),
        told("lateness, 99 in 100, as a share of the interval", late / EVERY, LATE),
    ]
    return int(not all(held))


if __name__ == "__main__":
    minutes, count = [*sys.argv[1:], *("10", "1000")[len(sys.argv) - 1 :]]
    sys.exit(asyncio.run(main(float(minutes), int(count))))
