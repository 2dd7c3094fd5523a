"""Looks at an office every five seconds, as a watch does, until a diagnosis finds something wrong.

`patrol.py OFFICE` says "well" after a round in which all is up, and the verdict at the end. A look that failed for a
moment only, as on a busy machine, is diagnosed as "ok", and the patrol goes on.
"""

import asyncio
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from bcp.check.diagnose import diagnose
from bcp.check.load import load
from bcp.check.model import Check
from bcp.check.round import Round
from bcp.clock import SystemClock
from bcp.probe.base import Shared
from bcp.yaml.source import Reader

EVERY = 5.0


async def patrol(checks: dict[str, Check], shared: Shared) -> str:
    suspicion = asyncio.Event()
    loop = asyncio.get_running_loop()
    looks = set()

    async def look() -> None:
        held = dict.fromkeys(checks, "up")
        outcomes = await Round(checks, held, shared, ZoneInfo("UTC"), suspected=suspicion.set).run(checks)
        if all(outcome.state == "up" for outcome in outcomes):
            print("well", flush=True)

    begun = loop.time()
    while True:
        looks.add(asyncio.create_task(look()))
        begun += EVERY
        try:
            await asyncio.wait_for(suspicion.wait(), max(begun - loop.time(), 0))
        except TimeoutError:
            continue
        verdict = (await diagnose(checks, shared)).verdict
        if verdict != "ok":
            return verdict
        suspicion.clear()


if __name__ == "__main__":
    office, reader = Path(sys.argv[1]), Reader()
    found = {name: each.model for name, each in load(office, reader).items()}
    print(asyncio.run(patrol(found, Shared(SystemClock(), office))), flush=True)
