"""`bcp watch` with many checks for some minutes: memory, CPU and lateness, everything included.

A watch in a process of its own looks at 1,000 TCP checks every 10 s, of which 12 in a hundred never answer. Reported
are its peak memory, its CPU for 1,000 looks (both from getrusage in that process, start-up included), and how late
healthy looks began (measured between two looks at the same target by the server, against the interval). Beside it a
bare script makes the same looks with asyncio, two seconds each at most, and writes each result into SQLite.

    python bench/watch.py [MINUTES] [CHECKS]
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
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
import asyncio, json, resource, sqlite3, sys, time
async def look(port):
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                return bool(await reader.readline())
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
async def looks(ports, rounds):
    store = sqlite3.connect(sys.argv[1])
    store.executescript("PRAGMA journal_mode=WAL; CREATE TABLE looks (port PRIMARY KEY, state, at, looks)")
    store.executemany("INSERT INTO looks VALUES (?, 0, 0, 0)", [(port,) for port in ports])
    store.commit()
    for _ in range(rounds):
        found = await asyncio.gather(*map(look, ports))
        rows = [(state, time.time(), port) for port, state in zip(ports, found)]
        store.executemany("UPDATE looks SET state = ?, at = ?, looks = looks + 1 WHERE port = ?", rows)
        store.commit()
ports = json.loads(sys.stdin.read())
began = cpu()
asyncio.run(looks(ports, 4))
print((cpu() - began) / 4 / len(ports))
"""
EVERY, HANGING = 10.0, 0.12
MEGABYTES, LOOK, LATE = 60, 2.6, 0.05


async def bare_look(ports: Sequence[int], store: Path) -> float:
    """CPU seconds of one look by a bare script, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-c", BARE, str(store)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    out, _ = await process.communicate(json.dumps(ports).encode())
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
        ports = []
        for number in range(count):
            talk = mute if number < count * HANGING else at(number)
            server = await asyncio.start_server(talk, "127.0.0.1", 0, backlog=64)
            ports.append(port := server.sockets[0].getsockname()[1])
            probe = f"{{tcp: {{host: 127.0.0.1, port: {port}, greets: h}}}}"
            text = f"check: c{number}\ntitle: C\nevery: 10s\nprobes: [{probe}]\n"
            (Path(folder) / f"checks/c{number}.yaml").write_text(text)
        bare = await bare_look(ports, Path(folder) / "bare.sqlite3")
        seen.clear()
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
    print(f"CPU seconds for 1,000 looks: {1000 * cpu / looks:.3f}, of the bare script {1000 * bare:.3f}")
    held = [
        told("memory, peak", memory, MEGABYTES, "MB"),
        told("CPU of a look, everything included, against the bare script", cpu / looks / bare, LOOK),
        told("lateness, 99 in 100, as a share of the interval", late / EVERY, LATE),
    ]
    return int(not all(held))


if __name__ == "__main__":
    minutes, count = [*sys.argv[1:], *("10", "1000")[len(sys.argv) - 1 :]]
    sys.exit(asyncio.run(main(float(minutes), int(count))))
