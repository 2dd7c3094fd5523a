"""CPU of 1,000 looks by the probes tcp and http, beside the bare libraries and, where installed, Nagios' plugins
and the Prometheus blackbox exporter. Each server runs in a process of its own; user and system time of the looker
alone are counted (getrusage), for plugins that of the children. Best of three, all in this run. Hold: a probe twice
the bare libraries that make the same look.

    python bench/looks.py
"""

from __future__ import annotations

import asyncio
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import h11
import httpx
from measure import told

from bcp.clock import SystemClock
from bcp.probe.base import Shared
from bcp.probe.kinds.http import Http
from bcp.probe.kinds.tcp import Tcp

LOOKS, AT_ONCE, ROUNDS, HOLD = 1000, 50, 3, 2.0
SERVER = """
import asyncio
async def answer(reader, writer):
    try:
        await reader.readuntil(b"\\r\\n\\r\\n")
        writer.write(b"HTTP/1.1 204 No Content\\r\\nConnection: close\\r\\n\\r\\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    writer.close()
async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""
Look = Callable[[], Awaitable[object]]


def cpu(who: int = resource.RUSAGE_SELF) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


async def looks(look: Look) -> float:
    began = cpu()
    for _ in range(LOOKS // AT_ONCE):
        await asyncio.gather(*(look() for _ in range(AT_ONCE)))
    return cpu() - began


async def bare_tcp(port: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()


async def bare_h11(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    talk = h11.Connection(h11.CLIENT)
    request = h11.Request(method="GET", target="/", headers=[("Host", "127.0.0.1"), ("Connection", "close")])
    writer.write((talk.send(request) or b"") + (talk.send(h11.EndOfMessage()) or b""))
    while not isinstance(event := talk.next_event(), h11.Response):
        if event is h11.NEED_DATA:
            talk.receive_data(await reader.read(65536))
    writer.close()


async def ours(port: int) -> bool:
    shared = Shared(SystemClock(), timeout=5)
    tcp = Tcp(host="127.0.0.1", port=port)
    http = Http(url=f"http://127.0.0.1:{port}/", status=[204])
    assert (await tcp.look(shared)).state == (await http.look(shared)).state == "up"
    url = f"http://127.0.0.1:{port}/"
    async with httpx.AsyncClient(limits=httpx.Limits(max_keepalive_connections=0)) as client:
        rows: dict[str, Look] = {
            "tcp, bare asyncio streams": lambda: bare_tcp(port),
            "tcp, our probe": lambda: tcp.look(shared),
            "http, bare asyncio and h11": lambda: bare_h11(port),
            "http, our probe": lambda: http.look(shared),
            "http, one shared httpx client": lambda: client.get(url),
        }
        best = dict.fromkeys(rows, float("inf"))
        for _ in range(ROUNDS):
            for name, look in rows.items():
                best[name] = min(best[name], await looks(look))
    for name, seconds in best.items():
        print(f"{name:34} {seconds:6.2f} s per 1,000")
    pairs = {"tcp": "tcp, bare asyncio streams", "http": "http, bare asyncio and h11"}
    held = [
        told(f"{kind}, our probe, against bare", best[f"{kind}, our probe"] / best[bare], HOLD)
        for kind, bare in pairs.items()
    ]
    return all(held)


def plugin(name: str, port: int) -> None:
    program = Path("/usr/lib/nagios/plugins") / name
    if not program.exists():
        print(f"{'Nagios ' + name:34}  not installed (monitoring-plugins-basic)")
        return
    count, began = LOOKS // 10, cpu(resource.RUSAGE_CHILDREN)
    for _ in range(count):
        arguments = [program, "-H", "127.0.0.1", "-p", str(port)]
        subprocess.run(arguments, stdout=subprocess.DEVNULL, check=False)
    print(f"{'Nagios ' + name:34} {(cpu(resource.RUSAGE_CHILDREN) - began) * 10:6.2f} s per 1,000")


def blackbox(port: int) -> None:
    program = shutil.which("prometheus-blackbox-exporter")
    if program is None:
        print(f"{'blackbox exporter':34}  not installed (prometheus-blackbox-exporter)")
        return
    modules = "modules: {http: {prober: http, http: {valid_status_codes: [204]}}, tcp: {prober: tcp}}\n"
    with (
        tempfile.NamedTemporaryFile("w", suffix=".yml") as file,
        socket.create_server(("127.0.0.1", 0)) as free,
    ):
        file.write(modules)
        file.flush()
        own = free.getsockname()[1]
        free.close()
        listen = f"--web.listen-address=127.0.0.1:{own}"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen([program, f"--config.file={file.name}", listen], **quiet) as exporter:  # type: ignore[call-overload]
            for module in ("tcp", "http"):
                target = f"127.0.0.1:{port}" if module == "tcp" else f"http://127.0.0.1:{port}/"
                url = f"http://127.0.0.1:{own}/probe?module={module}&target={target}"
                for _ in range(50):
                    with suppress(OSError):
                        urllib.request.urlopen(url).read()
                        break
                    time.sleep(0.1)
                began = _cpu_of(exporter.pid)
                for _ in range(LOOKS):
                    urllib.request.urlopen(url).read()
                print(f"{'blackbox exporter ' + module:34} {_cpu_of(exporter.pid) - began:6.2f} s per 1,000")
            exporter.terminate()


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def main() -> int:
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        held = asyncio.run(ours(port))
        for name in ("check_tcp", "check_http"):
            plugin(name, port)
        blackbox(port)
        server.kill()
    return int(not held)


if __name__ == "__main__":
    sys.exit(main())
