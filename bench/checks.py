"""Passes over checks and their history: what a cron job costs, what hangs, how fast a failure is confirmed.

python bench/checks.py
"""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bcp.check.history import summarise
from bcp.check.model import Check
from bcp.check.network_path import References
from bcp.check.round import Outcome, Round
from bcp.check.span import Seen
from bcp.clock import SystemClock
from bcp.probe.base import Shared
from bcp.probe.names import Names, Settings
from bcp.store.spans import StoredSpans

OFFICE = """name: Bench
country: PL
timezone: Europe/Warsaw
people: [{person: a, name: A}]
roles: [{role: lead, owner: a}]
"""


def told(what: str, value: float, unit: str, hold: float) -> None:
    print(f"{what:58} {value:8.2f} {unit:3} hold {hold:g}")


# All modules are compiled before, as after an installation.
COMPILED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
    "PYTHONPATH": str(Path(__file__).parent.parent)
}


def one_pass_by_cron() -> None:
    """50 checks that are up, as cron runs them: user and system time of the whole process, best of five."""
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.create_server(("127.0.0.1", 0), backlog=512) as server,
    ):
        (Path(folder) / "bcp.yaml").write_text(OFFICE)
        (Path(folder) / "checks").mkdir()
        for number in range(50):
            probe = f"{{tcp: {{host: 127.0.0.1, port: {server.getsockname()[1]}}}}}"
            text = f"check: c{number}\ntitle: C\nprobes: [{probe}]\n"
            (Path(folder) / f"checks/c{number}.yaml").write_text(text)
        environment = COMPILED
        command = [sys.executable, "-m", "bcp", "--office", folder, "check", "run"]
        best = float("inf")
        for _ in range(6):  # the first one makes the store
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, check=True, env=environment)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    told("bcp check run, 50 checks up, whole process, CPU", best, "s", 0.35)


def checks_at(count: int, target: str, port: int, confirm: str) -> dict[str, Check]:
    fields = {"title": "C", "confirm": confirm}
    return {
        f"c{n}": Check.model_validate(
            {"check": f"c{n}", "probes": [{"tcp": {"host": target.format(n), "port": port}}], **fields}
        )
        for n in range(count)
    }


def run(
    checks: dict[str, Check], shared: Shared, references: References | None = None
) -> tuple[list[Outcome], float]:
    began = time.monotonic()
    found = asyncio.run(Round(checks, {}, shared, ZoneInfo("UTC"), references=references).run(checks))
    return found, time.monotonic() - began


def five_hundred_that_hang() -> None:
    """500 names, a name server that never answers; our own path is looked at as well, and hangs too."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as mute, socket.socket() as full:
        mute.bind(("127.0.0.1", 0))
        full.bind(("127.0.0.1", 0))
        server = mute.getsockname()
        shared = Shared(SystemClock(), names=Names(lambda: Settings(servers=(server,)), public=(server,)))
        for confirm, hold in (
            ("1 look in 1s", shared.timeout + 1),
            ("3 looks in 4s", 3 * shared.timeout + 1),
        ):
            _, took = run(checks_at(500, "c{}.test", 80, confirm), shared)
            told(f"500 names that hang, DNS dead, confirm {confirm}", took, "s", hold)


APART = """
ip link set lo up; ip link add v0 type veth peer name v1; ip addr add 10.9.0.2/24 dev v0
ip link set v0 up; ip link set v1 up; ip route add default via 10.9.0.1
echo nameserver 127.0.0.1 > $1/resolv.conf; mount --bind $1/resolv.conf /etc/resolv.conf
$2 -c "import socket, time; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(('127.0.0.1', 53)); time.sleep(60)" &
began=$(date +%s.%N); $2 -m bcp --office $1 check run > $1/told; echo $? $began $(date +%s.%N); kill $!
"""


def five_hundred_that_hang_in_a_whole_process() -> None:
    """The same as cron has it, diagnosis and all, in a network of its own that leads nowhere; the best of three."""
    if os.geteuid() != 0:
        print("500 names that hang, whole process: NOT measured, only root can make a network of its own")
        return
    best, cpu = float("inf"), float("inf")
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "bcp.yaml").write_text(OFFICE)
            (Path(folder) / "checks").mkdir()
            for number in range(500):
                text = f"check: c{number}\ntitle: C\nprobes: [{{http: {{url: 'http://c{number}.test/'}}}}]\n"
                (Path(folder) / f"checks/c{number}.yaml").write_text(text)
            environment = COMPILED
            command = ["unshare", "-n", "-m", "bash", "-c", APART, "apart", folder, sys.executable]
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            status, began, ended = ran.stdout.split()
            assert status == "7", ran.stderr
            best = min(best, float(ended) - float(began))
            cpu = min(cpu, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    told("500 names that hang, whole process, three looks", best, "s", 7)
    told("  of it CPU, whole process", cpu, "s", 1.2)


def a_failure_is_confirmed() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        (outcome,), _ = run(
            checks_at(1, "127.0.0.1", free.getsockname()[1], "3 looks in 4s"), Shared(SystemClock())
        )
    assert (outcome.state, outcome.looks) == ("down", 3)
    told(
        "from the first failure to confirmed, three looks",
        (outcome.at - outcome.since).total_seconds(),
        "s",
        5,
    )


def ten_years() -> None:
    """Ten years of looks every 30 s with 500 flips, kept by the store as a watch keeps them, an hour at a time."""
    with tempfile.TemporaryDirectory() as folder:
        spans, every = StoredSpans(Path(folder)), timedelta(seconds=30)
        now, looks = datetime(2026, 11, 26, tzinfo=UTC), 120
        begin, hours = now - timedelta(days=3650), 3650 * 24
        flips = {round(number * hours / 500) for number in range(500)}
        state = "up"
        batch = []
        for hour in range(hours):
            at = begin + timedelta(hours=hour)
            if hour in flips:
                state = "down" if state == "up" else "up"
            seen = Seen("web", state, at + timedelta(minutes=59, seconds=30), at, "", looks, (0.02,) * 3)  # type: ignore[arg-type]
            batch.append((seen, 3 * every))
            if len(batch) == 1000:
                spans.note(batch)
                batch = []
        spans.note(batch)
        spans.flush()
        began = time.perf_counter()
        told_of = spans.history("web", begin)
        for days in (1, 30, 90):
            since = now - timedelta(days=days)
            summarise(told_of, spans.latencies("web", since), since, now)
        took = (time.perf_counter() - began) * 1000
        spans.close()
        size = sum(file.stat().st_size for file in Path(folder).glob("bcp.sqlite3*")) / 1e6
    told(
        f"history of ten years, {sum(s.looks for s in told_of) / 1e6:.1f} million looks, {len(told_of)} rows",
        took,
        "ms",
        50,
    )
    told("database of these ten years", size, "MB", 2)


if __name__ == "__main__":
    one_pass_by_cron()
    five_hundred_that_hang()
    five_hundred_that_hang_in_a_whole_process()
    a_failure_is_confirmed()
    ten_years()
