"""`bcp watch` with many checks for some minutes: memory, CPU and lateness, everything included.

A watch in a process of its own looks at 1,000 TCP checks every 10 s, of which 12 in a hundred never answer. Reported
are its peak memory, its CPU per 1,000 looks (both from getrusage in that process, start-up included), and how late
healthy looks began (measured between two looks at the same target by the server, against the interval).

    python bench/watch.py [MINUTES] [CHECKS]
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

WATCH = """
import resource, sys
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo
from bcp.check.load import files, load
from bcp.check.watch import WatchPlan, Wiring, watch
from bcp.clock import SystemClock
from bcp.probe.base import Shared
from bcp.yaml.source import Reader
from bcp.store.spans import StoredSpans
office = Path(sys.argv[1])
def checks():
    return {name: loaded.check for name, loaded in load(office, Reader()).items()}
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
EVERY, HANGING = 10.0, 0.12


async def main(minutes: float, count: int) -> None:
    seen: dict[int, list[float]] = {}

    def at(number: int):  # type: ignore[no-untyped-def]
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
    print(f"memory, peak          {memory:8.1f} MB   hold 60")
    print(f"CPU per 1,000 looks   {cpu / looks * 1000:8.2f} s    hold 1.3")
    print(f"lateness, 99 in 100   {late:8.2f} s    hold 0.5")


if __name__ == "__main__":
    minutes, count = [*sys.argv[1:], *("10", "1000")[len(sys.argv) - 1 :]]
    asyncio.run(main(float(minutes), int(count)))
